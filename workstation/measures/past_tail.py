"""The profits past moves would bring one account, and the tail that sets its margin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PastTail:
    """One account under one set of past moves, in the reporting currency.

    `profits` are in the order of `ends`, the last day of each window of `days` dates. `loss` is
    the tail that counts, at `confidence`, its mean where `shortfall`; `weight` is its part of the
    margin.
    """

    account_id: str
    moves: str
    currency: str
    days: int
    ends: tuple[date, ...]
    profits: tuple[float, ...]
    confidence: float
    shortfall: bool
    loss: float
    weight: float

    @property
    def beyond(self) -> int:
        """Return how many windows lose at least the tail."""
        return sum(profit <= -self.loss for profit in self.profits) if self.loss else 0
