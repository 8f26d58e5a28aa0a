"""Auto-deleveraging: what a venue does when an account is below zero and its fund is used up.

The insurance fund pays deficits while it lasts. Then what the account still holds is closed, asset
by asset, against winners on the same venue at the price that leaves the account with nothing:
the winners pay the deficit. They are taken in order of profit over equity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.int64]
NO_VENUE = -1
NOTHING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Venues:
    """Which venue each row stands at (-1 for none), and each venue's insurance fund."""

    of: Index
    fund: Floats


@dataclass(frozen=True, slots=True)
class Deleveraging:
    """One position closed against a winner: `haircut` is what the winner lost against the mark."""

    step: int
    loser: int
    winner: int
    asset: int
    quantity: float
    price: float
    haircut: float


@dataclass(frozen=True, slots=True)
class FundPayment:
    """What a venue's insurance fund paid of one row's deficit."""

    step: int
    row: int
    amount: float


@dataclass(slots=True)
class Deleverager:
    """The venues' funds as they run down, what they paid, and every position closed."""

    venues: Venues
    start: Floats
    left: Floats
    happened: list[Deleveraging]
    payments: list[FundPayment]

    @classmethod
    def of(cls, venues: Venues, prices: Floats) -> Deleverager:
        """Return full funds; profits are counted from these prices."""
        return cls(venues, prices, venues.fund.copy(), [], [])

    @property
    def paid(self) -> float:
        """Return what the funds have paid."""
        return float(np.sum(self.venues.fund - self.left))

    def settle(self, positions: Floats, cash: Floats, prices: Floats, number: int,
               ) -> tuple[Floats, Floats]:
        """Pay deficits from the funds, then close against winners; return positions and cash.

        What is paid changes hands only: quantities of every asset add up as before, and cash rises
        by what the funds paid.
        """
        equity = cash + positions @ prices
        broke = np.flatnonzero((equity < -NOTHING) & (self.venues.of != NO_VENUE))
        if not len(broke):
            return positions, cash
        positions, cash = positions.copy(), cash.copy()
        self._pay(broke, -equity[broke], cash, number)
        for row in broke:
            deficit = -float(cash[row] + positions[row] @ prices)
            if deficit > NOTHING:
                self._close(int(row), deficit, positions, cash, prices, number)
        return positions, cash

    def _pay(self, broke: Index, deficits: Floats, cash: Floats, number: int) -> None:
        """Share each fund among its venue's deficits in proportion."""
        venue = self.venues.of[broke]
        due = np.bincount(venue, deficits, len(self.left))
        paid = np.minimum(due, self.left)
        self.left = self.left - paid
        share = np.divide(paid, due, out=np.zeros_like(due), where=due > 0)
        cash[broke] += deficits * share[venue]
        self.payments += [FundPayment(number, int(row), float(amount)) for row, amount in zip(
            broke, deficits * share[venue], strict=True) if amount > NOTHING]

    def _close(self, row: int, deficit: float, positions: Floats, cash: Floats, prices: Floats,
               number: int) -> None:
        size = float(np.abs(positions[row]) @ prices)
        if size <= NOTHING:
            return
        for k in np.flatnonzero(positions[row]):
            held = float(positions[row, k])
            price = float(prices[k]) * (1.0 + np.sign(held) * deficit / size)
            for winner in self._winners(row, int(k), positions, cash, prices):
                quantity = float(np.sign(held)) * min(abs(held), abs(float(positions[winner, k])))
                positions[row, k] -= quantity
                positions[winner, k] += quantity
                cash[row] += quantity * price
                cash[winner] -= quantity * price
                held -= quantity
                self.happened.append(Deleveraging(
                    number, row, winner, int(k), quantity, price,
                    quantity * (price - float(prices[k]))))
                if abs(held) <= NOTHING:
                    break

    def _winners(self, row: int, k: int, positions: Floats, cash: Floats, prices: Floats,
                 ) -> list[int]:
        """Return who holds the other side on the venue with equity left, best placed first."""
        equity = cash + positions @ prices
        other = (positions[:, k] * positions[row, k] < 0) & (equity > 0) & (
            self.venues.of == self.venues.of[row])
        profit = positions[:, k] * (prices[k] - self.start[k])
        place = np.divide(profit, equity, out=np.zeros_like(profit), where=equity > 0)
        return [int(i) for i in sorted(np.flatnonzero(other), key=lambda i: (-place[i], i))]
