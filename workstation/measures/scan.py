"""Scenario profits added up by group, and the worst point of each.

Profit is positive for the client; a requirement is the loss at the worst point.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workstation.book.resolve import Floats
from workstation.kernels import aggregate, offset_gains

Index = NDArray[np.intp]


def by_group(profits: Floats, group: Index, count: int) -> Floats:
    """Return the profits (n, s) of rows added up by group number: (count, s)."""
    out = np.zeros((count, profits.shape[1]))
    aggregate(np.ascontiguousarray(profits), np.ones(len(profits)), group, out)
    return out


def gains_by_group(profits: Floats, share: Floats, group: Index, count: int) -> Floats:
    """Return the same with losses whole and gains at each row's `share` (n,)."""
    out = np.zeros((count, profits.shape[1]))
    offset_gains(np.ascontiguousarray(profits), share, group, out)
    return out


def worst_loss(profits: Floats) -> Floats:
    """Return each row's loss at its worst point, never below zero."""
    return np.maximum(0.0, -profits.min(axis=1)) if profits.size else np.zeros(len(profits))


def points(low: float, high: float, a_side: int) -> Floats:
    """Return equidistant moves from low to high, `a_side` each way, without a zero point."""
    steps = np.arange(1, a_side + 1) / a_side
    return np.concatenate([low * steps[::-1], high * steps])
