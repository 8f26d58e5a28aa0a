"""Correlations of the factors of a cascade: from their common history, else assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.harmonised.underlyings import RiskMap
from workstation.market.market import Market
from workstation.measures.correlation import repaired
from workstation.measures.stability import correlation, horizon_returns

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CoMovement:
    """Correlations (k, k), which pairs were measured, and how far the matrix was repaired."""

    matrix: Floats
    measured: tuple[tuple[str, str], ...]
    repair: float


def co_movement(names: Sequence[str], classes: Mapping[str, str], market: Market, risk: RiskMap,
                same: float, across: float) -> CoMovement:
    """Measure the correlation of daily returns of every pair, or assume it by asset class.

    Parameters
    ----------
    names, classes
        Factors and their asset classes.
    market, risk
        Histories, and the columns that carry each factor.
    same, across
        Assumed correlation of one class, and of two.
    """
    series = {name: _returns(name, market, risk) for name in names}
    matrix = np.eye(len(names))
    measured = []
    for i, first in enumerate(names):
        for j in range(i):
            rho = _pair(series[first], series[names[j]])
            if rho is None:
                rho = same if classes[first] == classes[names[j]] else across
            else:
                measured.append((names[j], first))
            matrix[i, j] = matrix[j, i] = rho
    whole = repaired(matrix)
    return CoMovement(whole.matrix, tuple(measured), whole.size)


def _returns(name: str, market: Market, risk: RiskMap) -> Floats | None:
    for column, is_yield in risk.columns(name, market):
        found = horizon_returns(market.history, column, is_yield=is_yield)
        if found is not None:
            return found.values
    return None


def _pair(first: Floats | None, second: Floats | None) -> float | None:
    if first is None or second is None:
        return None
    both = np.isfinite(first) & np.isfinite(second)
    return correlation(first[both], second[both])
