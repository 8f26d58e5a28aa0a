"""Square-root market impact on cumulative volume, and what it does to a forced exit."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
AVERAGE_SHARE = 2.0 / 3.0
"""Average cost of a metaorder as a share of its peak impact, from integrating the root."""
PANEL_REACH = 4.0
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
    """Average price over a slice of the cumulative square-root law, to rounding.

    mean of p x exp(k(g(x) - g(a))) for x from a = done to b = done + traded, g(x) = sgn sqrt|x|
    """
    if traded == 0.0 or k == 0.0:
        return price
    end = done + traded
    if done * end < 0.0:
        return (_slice(price, k, done, -done, done) * -done
                + _slice(price, k, 0.0, end, done) * end) / traded
    return _slice(price, k, done, traded, done)


def _root(volume: float) -> float:
    return math.copysign(math.sqrt(abs(volume)), volume)


def _slice(price: float, k: float, start: float, traded: float, origin: float) -> float:
    """Average price from `start` over `traded` on one side of zero; `price` holds at `origin`.

    In u = sqrt|x| the integrand is smooth, so Gauss-Legendre panels are exact to rounding.
    """
    side = math.copysign(1.0, start + traded if start == 0.0 else start)
    low = math.sqrt(abs(start))
    width = side * traded / (low + math.sqrt(abs(start + traded)))
    panels = 1 + int(abs(k * width) / PANEL_REACH)
    edges = low + width * np.arange(panels)[:, None] / panels
    u = edges + 0.5 * width / panels * (NODES + 1.0)
    area = np.sum(WEIGHTS * u * np.exp(k * (side * u - _root(origin)))) * width / panels
    return price * float(area) * side / traded
