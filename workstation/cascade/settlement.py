"""Proceeds of securities sold: the account's own at once, other accounts' once they settle."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workstation.parameters.ruleset import RuleSet

Floats = NDArray[np.float64]
Index = NDArray[np.int64]
FOLDER = "securities_settlement"


def cycle_days(rules: RuleSet) -> int:
    """Return the business days after which sales settle (Rule 15c6-1); 0 before any edition."""
    if not rules.has(FOLDER):
        return 0
    return int(rules.edition(FOLDER)["settlement_days"].value)


@dataclass(slots=True)
class Unsettled:
    """Cash of trades by row; `lag` (n,) is how many steps after its trade a row's cash settles."""

    lag: Index
    trades: list[tuple[int, Floats]] = field(default_factory=list)

    def add(self, number: int, cash: Floats) -> None:
        """Note what trades of a step bring each row (n,); purchases are negative."""
        if self.lag.any() and cash.any():
            self.trades.append((number, cash))

    def at(self, number: int) -> Floats:
        """Return what each row (n,) has sold for, less purchases, and not been paid yet."""
        longest = int(self.lag.max(initial=0))
        self.trades = [(since, cash) for since, cash in self.trades if number < since + longest]
        waiting = np.zeros(len(self.lag))
        for since, cash in self.trades:
            waiting += np.where(number < since + self.lag, cash, 0.0)
        return np.maximum(waiting, 0.0)
