"""Averages over the worst outcomes: the worst one alone, or the worst share of the probability.

loss = max(0, - sum over the worst outcomes of weight x profit),  weights adding up to 1
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.kernels import shortfall_without_each, worst_without_each

Floats = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """Which outcomes a requirement averages over.

    Parameters
    ----------
    share
        Share of the probability that is the tail; 0 means the single worst outcome.
    probability
        Probability of every outcome; equal unless given.
    """

    share: float = 0.0
    probability: Floats | None = None

    def loss(self, profits: Floats) -> float:
        """Return the mean loss of the tail, never below zero."""
        if not len(profits):
            return 0.0
        if self.share <= 0:
            return max(0.0, -float(profits.min()))
        rows, weights = self.worst(profits)
        return max(0.0, -float(np.sum(weights * profits[rows])))

    def losses_without(self, profits: Floats, brought: Floats) -> Floats:
        """Return the mean loss of the tail of `profits` (s,) without each row brought (n, s)."""
        out = np.zeros(len(brought))
        if not len(profits):
            return out
        if self.share > 0 and self.probability is not None:
            return np.array([self.loss(profits - row) for row in brought], dtype=np.float64)
        rows = np.ascontiguousarray(brought)
        if self.share <= 0:
            worst_without_each(rows, profits, out)
        else:
            shortfall_without_each(rows, profits, out,
                                   worst=max(1.0, min(1.0, self.share) * len(profits)))
        return np.maximum(out, 0.0)

    def worst(self, profits: Floats) -> tuple[Index, Floats]:
        """Return the outcomes of the tail, worst first, and their weights, which add up to 1."""
        if self.share <= 0:
            return np.array([int(np.argmin(profits))]), np.ones(1)
        rows = _lowest(profits, self._enough(len(profits)))
        each = np.full(len(rows), 1.0 / len(profits)) if self.probability is None else (
            self.probability[rows])
        taken = np.clip(self.share - (np.cumsum(each) - each), 0.0, each)
        kept = taken > 0
        weights = taken[kept]
        return rows[kept], weights / weights.sum()

    def _enough(self, count: int) -> int:
        """Return how many of the worst outcomes surely hold the tail."""
        if self.probability is None:
            return min(count, int(np.ceil(self.share * count)) + 1)
        least = float(self.probability[self.probability > 0].min())
        return min(count, int(np.ceil(self.share / least)) + 1)


WORST = Tail()
"""The single worst outcome."""


def _lowest(profits: Floats, count: int) -> Index:
    """Return the places of the lowest profits, lowest first, earlier places first among equals."""
    if count >= len(profits):
        return np.asarray(np.argsort(profits, kind="stable"), dtype=np.intp)
    bound = np.partition(profits, count - 1)[count - 1]
    candidates = np.flatnonzero(profits <= bound)
    order = np.argsort(profits[candidates], kind="stable")[:count]
    return np.asarray(candidates[order], dtype=np.intp)
