"""Encumbrance, haircuts and what is really free."""
