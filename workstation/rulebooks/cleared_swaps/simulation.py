"""Margin from past moves: plain and scaled to today's volatility, with weight on the unscaled.

margin = (1 - w) * tail of scaled profits + w * tail of plain profits, at least 0
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.measures.historical import (
    expected_shortfall,
    value_at_risk,
    weighted_volatility,
)
from workstation.parameters.store import Edition

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a tail is taken from the past."""

    confidence: float
    shortfall: bool
    decay: float
    scale_floor: float
    scale_cap: float
    stress_weight: float

    @classmethod
    def of(cls, edition: Edition) -> Settings:
        """Read the settings of an edition."""
        return cls(float(edition["confidence"].value),
                   bool(edition["use_expected_shortfall"].value),
                   *(float(edition[name].value) for name in (
                       "decay", "scale_floor", "scale_cap", "stress_weight")))


@dataclass(frozen=True, slots=True)
class Simulated:
    """The tail of plain and of scaled profits, and the margin made of both."""

    plain: float
    scaled: float
    margin: float


def scaled_moves(moved: Floats, settings: Settings) -> Floats:
    """Return each vertex's moves brought to its volatility of today, within limits."""
    if not moved.size:
        return moved
    out = np.empty_like(moved)
    for row, series in enumerate(moved):
        volatility = weighted_volatility(series, settings.decay)
        then, now = volatility[:-1], volatility[-1]
        ratio = np.divide(now, then, out=np.ones_like(then), where=then > 0)
        out[row] = series * np.clip(ratio, settings.scale_floor, settings.scale_cap)
    return out


def simulated(plain: Floats, scaled: Floats, settings: Settings) -> Simulated:
    """Return the margin from profits under plain and under scaled moves."""
    tails = [max(0.0, _tail(profit, settings)) for profit in (plain, scaled)]
    weight = settings.stress_weight
    return Simulated(tails[0], tails[1], (1.0 - weight) * tails[1] + weight * tails[0])


def _tail(profit: Floats, settings: Settings) -> float:
    measure = expected_shortfall if settings.shortfall else value_at_risk
    return measure(profit, settings.confidence)
