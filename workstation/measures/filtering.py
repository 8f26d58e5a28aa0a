"""Volatility by exponential weights, and returns brought to today's volatility."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
START = 25
"""Returns whose mean square starts the average."""


def ewma_volatility(returns: Floats, decay: float) -> Floats:
    """Return the volatility known before each return, and after the last: (..., n + 1).

    variance[t + 1] = decay x variance[t] + (1 - decay) x return[t]^2; a missing return leaves it.
    """
    squares = np.square(returns)
    known = np.isfinite(squares)
    first = np.where(known, squares, 0.0)[..., :START]
    counted = np.maximum(known[..., :START].sum(axis=-1), 1)
    variance = np.empty((*squares.shape[:-1], squares.shape[-1] + 1))
    variance[..., 0] = first.sum(axis=-1) / counted
    for t in range(squares.shape[-1]):
        following = decay * variance[..., t] + (1.0 - decay) * squares[..., t]
        variance[..., t + 1] = np.where(known[..., t], following, variance[..., t])
    return np.asarray(np.sqrt(variance), dtype=np.float64)


def filter_factors(volatility: Floats, floor: float, cap: float) -> Floats:
    """Return what each past return is scaled by: clip(volatility now / volatility then)."""
    then, now = volatility[..., :-1], volatility[..., -1:]
    ratio = np.divide(now, then, out=np.ones_like(then), where=then > 0)
    return np.asarray(np.clip(ratio, floor, cap), dtype=np.float64)
