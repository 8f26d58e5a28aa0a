"""Correlation matrices: blends, repair of edited ones, and roots for drawing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TOLERANCE = 1e-13
MOST_ROUNDS = 50_000
NOISE = 1e-10
"""Eigenvalues and pivots smaller than this are rounding, not direction."""


def blend(correlation: Floats, stressed: Floats, weight: float) -> Floats:
    """Move correlations towards stressed ones; valid matrices stay valid."""
    return (1.0 - weight) * correlation + weight * stressed


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


@dataclass(frozen=True, slots=True)
class Repair:
    """A correlation matrix with the largest change that made it one (0: none was needed)."""

    matrix: Floats
    size: float


def repaired(matrix: Floats) -> Repair:
    """Return the nearest correlation matrix and how far it is from the one given."""
    if not len(matrix) or float(np.linalg.eigvalsh(matrix)[0]) >= -NOISE:
        return Repair(matrix, 0.0)
    nearest = nearest_correlation(matrix)
    return Repair(nearest, float(np.max(np.abs(nearest - matrix))))


def semidefinite_root(matrix: Floats) -> Floats:
    """Return lower triangular L with L L' = matrix; columns without a pivot are zero.

    Plain loops over columns: no library decides on signs or order.
    """
    count = len(matrix)
    root = np.zeros((count, count))
    for j in range(count):
        pivot = float(matrix[j, j] - np.sum(root[j, :j] ** 2))
        if pivot <= NOISE:
            continue
        root[j, j] = np.sqrt(pivot)
        for i in range(j + 1, count):
            root[i, j] = (matrix[i, j] - np.sum(root[i, :j] * root[j, :j])) / root[j, j]
    return root
