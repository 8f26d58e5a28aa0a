"""The curves of a moved book as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from workstation.results.formats import money, percent
from workstation.results.table import Table


class Point(Protocol):
    """What one line of the table shows."""

    @property
    def move(self) -> float:
        """Return the relative move of the price."""

    @property
    def profit(self) -> float:
        """Return the client's profit."""

    @property
    def silos(self) -> float:
        """Return today's requirement after the move."""

    @property
    def design(self) -> float | None:
        """Return the design's requirement after the move."""


@dataclass(frozen=True, slots=True)
class CurveRow:
    """One move: profit, requirements, and what is left above today's."""

    move: float
    profit: float
    silos: float
    design: float | None
    excess: float


def curve_table(points: Sequence[Point], equity: float, currency: str, design: str) -> Table:
    """Return the points as a table; `equity` is the liquidating value before any move."""
    rows = tuple(CurveRow(p.move, p.profit, p.silos, p.design, equity + p.profit - p.silos)
                 for p in points)
    own = [money(f"{design} ({currency})", "design")] if design else []
    columns = (
        percent("Move", "move"), money(f"Profit ({currency})", "profit"),
        money(f"Today, silos ({currency})", "silos"), *own,
        money(f"Liquidating value less today's ({currency})", "excess",
              "what the client is worth after the move, above what it must post"),
    )
    return Table("Curves", columns, rows, "The book margined again after each move.")
