"""Losses of past scenarios as a margin: order statistics, tail means, filtered returns.

Losses are sorted from the largest; w = N (1 - confidence) rounded to nine digits, since 500 x
0.01 is 5.000000000000004 in floating point.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_DIGITS = 9


def value_at_risk(profits: Floats, confidence: float) -> float:
    """Return the loss that is exceeded floor(w) times."""
    losses, share = _sorted(profits, confidence)
    return float(losses[math.floor(share)])


def expected_shortfall(profits: Floats, confidence: float) -> float:
    """Return the mean of the w worst losses, the last counted in part."""
    losses, share = _sorted(profits, confidence)
    whole = math.floor(share)
    part = share - whole
    return float((losses[:whole].sum() + part * losses[whole]) / share)


def mean_of_worst(profits: Floats, confidence: float) -> tuple[int, float]:
    """Return how many losses the tail has, rounded up, and their mean."""
    losses, share = _sorted(profits, confidence)
    count = math.ceil(share)
    return count, float(losses[:count].mean())


def weighted_volatility(returns: Floats, decay: float) -> Floats:
    """Return the volatility known before each return, and after the last.

    v[0] = r[0]^2;  v[t + 1] = decay * v[t] + (1 - decay) * r[t]^2
    """
    variance = np.empty(len(returns) + 1)
    variance[0] = returns[0] ** 2
    for day, value in enumerate(returns):
        variance[day + 1] = decay * variance[day] + (1.0 - decay) * value * value
    return np.asarray(np.sqrt(variance))


def filtered_returns(returns: Floats, decay: float, floor: float, cap: float) -> Floats:
    """Return past returns brought to today's volatility, each by a factor within limits."""
    then, now = _then_and_now(returns, decay)
    return np.asarray(returns * np.clip(now / then, floor, cap))


def half_filtered_returns(returns: Floats, decay: float) -> Floats:
    """Return past returns brought halfway to today's volatility.

    scale = (volatility now + volatility then) / (2 volatility then)
    """
    then, now = _then_and_now(returns, decay)
    return np.asarray(returns * (now + then) / (2.0 * then))


def _then_and_now(returns: Floats, decay: float) -> tuple[Floats, float]:
    volatility = weighted_volatility(returns, decay)
    then = volatility[:-1]
    return np.where(then > 0, then, volatility[-1] or 1.0), float(volatility[-1])


def _sorted(profits: Floats, confidence: float) -> tuple[Floats, float]:
    if not len(profits):
        raise ValueError("a tail needs at least one outcome")
    losses = np.sort(-np.asarray(profits, dtype=np.float64))[::-1]
    share = round(len(losses) * (1.0 - confidence), _DIGITS)
    if not 0 < share < len(losses):
        raise ValueError(f"{len(losses)} outcomes have no tail at a confidence of {confidence}")
    return losses, share
