"""Futures-side margin: dated published rates."""
