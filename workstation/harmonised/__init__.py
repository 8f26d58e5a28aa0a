"""Configurable joint margin designs."""
