"""Axes: where an amount lies, and the round amounts beside an axis."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.base.axes import multiples, round_step

TICKS = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """Places an amount between two edges."""

    low: float
    high: float
    start: float
    end: float

    def at(self, amount: Decimal | float) -> float:
        """Return where an amount lies, in points."""
        share = (float(amount) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def ticks(low: float, high: float) -> list[float]:
    """Return round amounts from low to high, about four of them."""
    span = high - low
    if not span > 0:
        return [low]
    return multiples(low, high, round_step(span / TICKS))


def spread(*amounts: float) -> tuple[float, float]:
    """Return the range of an axis that holds zero and every amount."""
    low, high = min(0.0, *amounts), max(0.0, *amounts)
    return (low, high) if high > low else (0.0, 1.0)
