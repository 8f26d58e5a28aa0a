"""The project file: one SQLite database a client review."""
