"""The scaling of a vega into a curvature, by time to expiry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workstation.rulebooks.simm.vocabulary import TENOR_DAYS, YEAR_DAYS, Mpor

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HORIZON_DAYS: dict[Mpor, float] = {"10d": 14.0, "1d": 1.4}
_HALF = 0.5
_Z_99 = 2.3263478740408408


def scaling(labels: Ints, mpor: Mpor) -> Floats:
    """Return SF(t) = 0.5 * min(1, horizon / t) of each expiry."""
    days = np.array(TENOR_DAYS)
    return np.asarray((_HALF * np.minimum(1.0, HORIZON_DAYS[mpor] / days))[labels])


def volatility_of_weight(mpor: Mpor) -> float:
    """Return the factor from a delta risk weight to an annual volatility in points.

    sigma = RW * sqrt(365 / horizon) / normal quantile of 99 %
    """
    return float(np.sqrt(YEAR_DAYS / HORIZON_DAYS[mpor]) / _Z_99)
