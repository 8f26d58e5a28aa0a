"""Square-root market impact on cumulative volume, and what it does to a forced exit."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
AVERAGE_SHARE = 2.0 / 3.0
"""Average cost of a metaorder as a share of its peak impact, from integrating the root."""
SMALL_ARGUMENT = 1e-3
NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)


def peak_impact(coefficient: float, daily_volatility: float, share_of_adv: float) -> float:
    """Relative price move after trading a share of a day's volume: Y x sigma x sqrt(Q/V)."""
    return coefficient * daily_volatility * math.sqrt(share_of_adv)


def critical_leverage(impact: float) -> float:
    """Leverage at which a full exit leaves no equity: 3 / (2 I), as the exit costs 2/3 of I."""
    return math.inf if impact == 0.0 else 1.0 / (AVERAGE_SHARE * impact)


def slope(coefficient: float, daily_volatility: Floats, adv: Floats) -> Floats:
    """Log price move per square root of quantity: Y x sigma / sqrt(V); 0 without a volume."""
    known = adv > 0
    root = np.sqrt(np.where(known, adv, 1.0))
    return np.where(known, coefficient * daily_volatility / root, 0.0)


def moved_price(price: float, k: float, done: float, traded: float) -> float:
    """Price after signed volume goes from `done` to `done + traded` (negative sells)."""
    return price * math.exp(k * (_root(done + traded) - _root(done)))


def execution_price(price: float, k: float, done: float, traded: float) -> float:
    """Exact average price over a slice of the cumulative square-root law.

    mean of p x exp(k(g(x) - g(a))) for x from a = done to b = done + traded, g(x) = sgn sqrt|x|
    """
    if traded == 0.0 or k == 0.0:
        return price
    start, end = done, done + traded
    area = _primitive(k, end) - _primitive(k, start)
    return price * math.exp(-k * _root(start)) * area / traded


def _root(volume: float) -> float:
    return math.copysign(math.sqrt(abs(volume)), volume)


def _primitive(k: float, volume: float) -> float:
    """Integral of exp(k g(x)) from 0 to `volume`, g the signed root; split at zero by sign."""
    u = math.sqrt(abs(volume))
    slope_here = math.copysign(k, volume)
    reach = slope_here * u
    if abs(reach) < SMALL_ARGUMENT:
        points = 0.5 * u * (NODES + 1.0)
        area = float(np.sum(WEIGHTS * np.exp(slope_here * points) * points)) * u
    else:
        area = 2.0 * (math.exp(reach) * (reach - 1.0) + 1.0) / slope_here**2
    return math.copysign(area, volume)
