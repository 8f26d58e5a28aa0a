"""From amounts to pixels, with round figures for the axis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtGui import QFontMetricsF

from workstation.base.axes import multiples, round_step
from workstation.base.money import accounting
from workstation.ui.plots.style import compact

TICK_ROOM = 24.0
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear axis from `low` at `left` to `high` at `right`."""

    low: float
    high: float
    left: float
    right: float

    @classmethod
    def over(cls, low: Decimal | float, high: Decimal | float, left: float, right: float) -> Scale:
        """Return an axis that spans some width even where all amounts are equal."""
        first, last = float(low), float(high)
        return cls(first, last if last > first else first + 1.0, left, max(right, left + 1.0))

    def at(self, value: Decimal | float) -> float:
        """Return where an amount stands, in pixels."""
        share = (float(value) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)

    def ticks(self, metrics: QFontMetricsF) -> list[tuple[float, str]]:
        """Return where round amounts stand, and their words, no denser than the words allow.

        Amounts are written in full, as in the tables, unless that leaves less than three.
        """
        ticks = self._ticks(metrics, accounting)
        return ticks if len(ticks) >= FEWEST else self._ticks(metrics, compact)

    def _ticks(self, metrics: QFontMetricsF,
               write: Callable[[float], str]) -> list[tuple[float, str]]:
        widest = max(metrics.horizontalAdvance(write(end)) for end in (self.low, self.high))
        most = max(1, int((self.right - self.left) / (widest + TICK_ROOM)))
        step = round_step((self.high - self.low) / most)
        return [(self.at(amount), write(amount)) for amount in multiples(self.low, self.high, step)]
