"""Levels of risk factors by date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class History:
    """Factor levels: `levels[f][d]` is factor `factors[f]` on `dates[d]`, None where missing."""

    dates: tuple[date, ...] = ()
    factors: tuple[str, ...] = ()
    levels: tuple[tuple[float | None, ...], ...] = ()

    def of(self, factor: str) -> tuple[float | None, ...] | None:
        """Return the levels of one factor, or None when there is no such history."""
        return self.levels[self.factors.index(factor)] if factor in self.factors else None
