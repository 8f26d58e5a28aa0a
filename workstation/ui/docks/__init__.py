"""The panels around the positions table."""
