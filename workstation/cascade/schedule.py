"""Selling over a chosen horizon: expected cost and its variance (Almgren-Chriss)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Liquidation:
    """What is sold and in which market: quantity, days, periods, and impact coefficients.

    `fixed_cost` is per unit, `permanent` per unit squared, `temporary` per unit and unit a day;
    `daily_volatility` is in price units.
    """

    quantity: float
    days: float
    periods: int
    daily_volatility: float
    fixed_cost: float
    permanent: float
    temporary: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """Quantity left after each period, expected cost, variance, and the speed of selling.

    `half_life` is None where risk does not hurry the sale.
    """

    left: Floats
    expected_cost: float
    variance: float
    urgency: float
    half_life: float | None


def optimal(sale: Liquidation, risk_aversion: float) -> Schedule:
    """Find the schedule that minimises expected cost + risk aversion x variance.

    cosh(k t) = 1 + (K t)^2 / 2, K^2 = aversion sigma^2 / (eta - gamma t / 2);
    left_j = X sinh(k (T - t_j)) / sinh(k T)
    """
    step = sale.days / sale.periods
    temporary = sale.temporary - 0.5 * sale.permanent * step
    speed = math.sqrt(risk_aversion * sale.daily_volatility**2 / temporary)
    urgency = math.acosh(1.0 + 0.5 * (speed * step) ** 2) / step
    remaining = sale.days - step * np.arange(sale.periods + 1)
    if urgency > 0.0:
        left = sale.quantity * np.sinh(urgency * remaining) / math.sinh(urgency * sale.days)
    else:
        left = sale.quantity * remaining / sale.days
    sold = -np.diff(left)
    cost = (0.5 * sale.permanent * sale.quantity**2 + sale.fixed_cost * sale.quantity
            + temporary / step * float(sold @ sold))
    variance = sale.daily_volatility**2 * step * float(left[1:] @ left[1:])
    return Schedule(left, cost, variance, urgency, 1.0 / speed if speed > 0.0 else None)
