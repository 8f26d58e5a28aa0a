"""Scenario profits added up by group, and the worst point of each.

Profit is positive for the client; a requirement is the loss at the worst point.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workstation.book.resolve import Floats

Index = NDArray[np.intp]


def by_group(profits: Floats, group: Index, count: int) -> Floats:
    """Return the profits (n, s) of rows added up by group number: (count, s)."""
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(count))
    out = np.zeros((count, profits.shape[1]))
    if len(order):
        filled = np.bincount(group, minlength=count) > 0
        out[filled] = np.add.reduceat(profits[order], starts[filled], axis=0)
    return out


def gains_counted(profits: Floats, share: Floats | float) -> Floats:
    """Return losses whole and gains at `share` (one, or one a row as (n, 1)), point by point."""
    return np.where(profits < 0, profits, share * profits)


def worst_loss(profits: Floats) -> Floats:
    """Return each row's loss at its worst point, never below zero."""
    return np.maximum(0.0, -profits.min(axis=1)) if profits.size else np.zeros(len(profits))


def points(low: float, high: float, a_side: int) -> Floats:
    """Return equidistant moves from low to high, `a_side` each way, without a zero point."""
    steps = np.arange(1, a_side + 1) / a_side
    return np.concatenate([low * steps[::-1], high * steps])
