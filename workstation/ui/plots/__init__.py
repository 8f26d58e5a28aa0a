"""Charts drawn from plain data."""
