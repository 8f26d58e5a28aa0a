"""The review's project file."""
