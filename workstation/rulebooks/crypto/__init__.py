"""Crypto held outright, and venues that margin by a grid of scenarios."""
