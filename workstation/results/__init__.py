"""The immutable run, and the tables views and reports read."""
