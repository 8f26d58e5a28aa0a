"""What concentration adds to a requirement: read off its tree."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.explain import ZERO, Explained

LABEL = "concentration"
"""Rulebooks and designs name their concentration charges with this word first."""
HOUSE = "house: "


def concentration_charge(tree: Explained) -> Decimal:
    """Add up the concentration charges that count in an amount: those of the winning branches."""
    if tree.label.lower().removeprefix(HOUSE).startswith(LABEL):
        return tree.amount
    parts = tree.parts
    if tree.combine in ("max", "min"):
        parts = next(((part,) for part in parts if part.amount == tree.amount), ())
    return sum((concentration_charge(part) for part in parts), ZERO)
