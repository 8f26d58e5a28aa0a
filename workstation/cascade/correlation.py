"""Margin of netted and gross exposures, and correlations that hurt a book."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from workstation.measures.correlation import blend, nearest_correlation

__all__ = ["blend", "gross_margin", "nearest_correlation", "netted_margin", "worst_signs"]

Floats = NDArray[np.float64]


def netted_margin(exposures: Floats, daily_volatility: Floats, correlation: Floats,
                  multiple: float) -> float:
    """Margin of netted exposures: multiple x sqrt(y' rho y), y = exposure x volatility."""
    risk = exposures * daily_volatility
    return multiple * math.sqrt(max(float(risk @ correlation @ risk), 0.0))


def gross_margin(exposures: Floats, daily_volatility: Floats, multiple: float) -> float:
    """Margin without netting: multiple x sum of |exposure| x volatility."""
    return multiple * float(np.sum(np.abs(exposures) * daily_volatility))


def worst_signs(exposures: Floats) -> Floats:
    """Return correlations of one that hurt this book: +1 between like signs, -1 between unlike."""
    signs = np.where(exposures < 0, -1.0, 1.0)
    return np.outer(signs, signs)
