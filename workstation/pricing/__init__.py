"""Scenario revaluation of a resolved book."""
