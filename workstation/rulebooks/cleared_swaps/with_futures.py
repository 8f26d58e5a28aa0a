"""Swaps margined together with rate futures moved into the cleared-swaps account.

total(x) = simulated margin of swaps and x futures + outright margin of the futures left behind.
The number to move is searched: a coarse scan first, then every number around the best.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
COARSE = 64


@dataclass(frozen=True, slots=True)
class Moved:
    """How many contracts are best moved, and what that saves against moving none."""

    contracts: int
    together: float
    apart: float

    @property
    def offset(self) -> float:
        """Return the saving, never negative: moving none is always possible."""
        return self.apart - self.together


def best_move(swaps: Floats, one_future: Floats, contracts: int, outright: float,
              margin: Callable[[Floats], float]) -> Moved:
    """Find how many of `contracts` (signed) to move.

    Parameters
    ----------
    swaps, one_future
        Profit by scenario of the swaps, and of one long contract, in USD.
    outright
        Margin of one contract left in the futures account.
    margin
        Margin of a vector of profits in the swaps account.
    """
    size, sign = abs(contracts), 1 if contracts >= 0 else -1

    def total(number: int) -> float:
        return margin(swaps + sign * number * one_future) + outright * (size - number)

    step = max(1, size // COARSE)
    scanned = {number: total(number) for number in {*range(0, size + 1, step), size}}
    around = min(scanned, key=lambda n: (scanned[n], n))
    for number in range(max(0, around - step), min(size, around + step) + 1):
        scanned.setdefault(number, total(number))
    best = min(scanned, key=lambda n: (scanned[n], n))
    return Moved(sign * best, scanned[best], scanned[0])
