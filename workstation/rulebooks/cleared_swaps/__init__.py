"""Cleared swaps: historical simulation of a sensitivity ladder, and margining with futures."""
