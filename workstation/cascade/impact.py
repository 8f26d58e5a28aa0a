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
    return float(moved_prices(*_single(price, k, done, traded))[0])


def execution_price(price: float, k: float, done: float, traded: float) -> float:
    """Average price over a slice of the cumulative square-root law, to rounding."""
    return float(execution_prices(*_single(price, k, done, traded))[0])


def _single(*values: float) -> tuple[Floats, ...]:
    return tuple(np.array([value]) for value in values)


def moved_prices(price: Floats, k: Floats, done: Floats, traded: Floats) -> Floats:
    """Prices (k,) after signed volumes go from `done` to `done + traded`."""
    return np.asarray(price * np.exp(k * (_root(done + traded) - _root(done))))


def execution_prices(price: Floats, k: Floats, done: Floats, traded: Floats) -> Floats:
    """Average prices (k,) over slices of the cumulative square-root law, to rounding.

    mean of p x exp(k(g(x) - g(a))) for x from a = done to b = done + traded, g(x) = sgn sqrt|x|;
    split at 0 where the sign changes
    """
    end = done + traded
    turn = np.where(done * end < 0.0, 0.0, end)
    area = _area(k, done, turn, done) + _area(k, turn, end, done)
    moves = (traded != 0.0) & (k != 0.0)
    return np.where(moves, price * area / np.where(moves, traded, 1.0), price)


def _root(volume: Floats) -> Floats:
    return np.asarray(np.copysign(np.sqrt(np.abs(volume)), volume))


def _area(k: Floats, start: Floats, end: Floats, origin: Floats) -> Floats:
    """Integral of exp(k(g(x) - g(origin))) over slices that stay on one side of zero.

    In u = sqrt|x| the integrand is smooth, so Gauss-Legendre panels are exact to rounding.
    """
    side = np.where(np.where(start == 0.0, end, start) < 0.0, -1.0, 1.0)
    low, high = np.sqrt(np.abs(start)), np.sqrt(np.abs(end))
    reach = low + high
    width = side * (end - start) / np.where(reach > 0.0, reach, 1.0)
    panels = 1 + int(np.max(np.abs(k * width), initial=0.0) / PANEL_REACH)
    step = (width / panels)[:, None, None]
    u = low[:, None, None] + step * (np.arange(panels)[:, None] + 0.5 * (NODES + 1.0))
    exponent = k[:, None, None] * (side[:, None, None] * u - _root(origin)[:, None, None])
    return np.asarray(side * np.sum(WEIGHTS * u * np.exp(exponent) * step, axis=(1, 2)))
