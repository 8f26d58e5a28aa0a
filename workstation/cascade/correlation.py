"""Correlations under stress: blends, their margin, and repair of edited matrices."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TOLERANCE = 1e-13
MOST_ROUNDS = 50_000


def netted_margin(exposures: Floats, daily_volatility: Floats, correlation: Floats,
                  multiple: float) -> float:
    """Margin of netted exposures: multiple x sqrt(y' rho y), y = exposure x volatility."""
    risk = exposures * daily_volatility
    return multiple * math.sqrt(max(float(risk @ correlation @ risk), 0.0))


def gross_margin(exposures: Floats, daily_volatility: Floats, multiple: float) -> float:
    """Margin without netting: multiple x sum of |exposure| x volatility."""
    return multiple * float(np.sum(np.abs(exposures) * daily_volatility))


def blend(correlation: Floats, stressed: Floats, weight: float) -> Floats:
    """Move correlations towards stressed ones; valid matrices stay valid."""
    return (1.0 - weight) * correlation + weight * stressed


def worst_signs(exposures: Floats) -> Floats:
    """Return correlations of one that hurt this book: +1 between like signs, -1 between unlike."""
    signs = np.where(exposures < 0, -1.0, 1.0)
    return np.outer(signs, signs)


def nearest_correlation(matrix: Floats) -> Floats:
    """Repair a symmetric matrix to the nearest correlation matrix in the Frobenius norm.

    Alternating projections on the positive semidefinite and unit-diagonal matrices with
    Dykstra's correction (Higham). Needed for edited matrices only, never for blends.
    """
    current, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(MOST_ROUNDS):
        shifted = current - correction
        values, vectors = np.linalg.eigh(shifted)
        projected = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = projected - shifted
        following = projected.copy()
        np.fill_diagonal(following, 1.0)
        done = float(np.max(np.abs(following - current))) <= TOLERANCE
        current = following
        if done:
            break
    return current
