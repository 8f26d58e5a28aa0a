"""How volatility-based margin follows returns, and how a stress floor dampens it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def next_volatility(volatility: Floats, returns: Floats, decay: float) -> Floats:
    """Update volatility with one return: sqrt(decay sigma^2 + (1 - decay) r^2)."""
    return np.asarray(np.sqrt(decay * volatility**2 + (1.0 - decay) * returns**2))


def volatility_path(start: float, returns: Floats, decay: float) -> Floats:
    """Return volatility after each of a series of returns."""
    path = np.empty(len(returns))
    volatility = np.array([start])
    for day, value in enumerate(returns):
        volatility = next_volatility(volatility, np.array([value]), decay)
        path[day] = volatility[0]
    return path


def dampened(volatility: Floats, stress: float, weight: float) -> Floats:
    """Blend with a stressed volatility, which lowers the rise in a crisis."""
    return (1.0 - weight) * volatility + weight * stress
