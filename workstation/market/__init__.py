"""Prices, classes and histories of underlyings on the review date."""
