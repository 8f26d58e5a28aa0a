"""The correlation of two legs over time, beside the threshold and windows a design holds it to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from workstation.harmonised.engine import Assessment
from workstation.harmonised.levels import Level
from workstation.measures.stability import StressWindow, rolling_correlations


@dataclass(frozen=True, slots=True)
class RollingPair:
    """Correlation of the returns up to each date; `factors` carry the legs."""

    between: tuple[str, str]
    factors: tuple[str, str]
    window: int
    dates: tuple[date, ...]
    values: tuple[float, ...]
    threshold: float
    stress: tuple[StressWindow, ...]


def rolling_pair(assessment: Assessment, level: str, between: tuple[str, str]
                 ) -> RollingPair | None:
    """Return the rolling correlation behind a ledger row; None where a leg has no history."""
    names = _names(assessment, Level(level))
    if between[0] not in names or between[1] not in names:
        return None
    one, other = (names.index(name) for name in between)
    found = assessment.evidence.factors(Level(level), one, other)
    if found is None:
        return None
    x, y = found
    design, sign = assessment.design, _sign(assessment, Level(level), one, other)
    together = np.flatnonzero(np.isfinite(x.values) & np.isfinite(y.values))
    window = design.count("tests.rolling_window")
    series = rolling_correlations(x.values[together], sign * y.values[together], window)
    days = assessment.scan.holdings.market.history.dates
    told = np.flatnonzero(np.isfinite(series))
    return RollingPair(
        between, (x.factor, y.factor), window,
        tuple(days[together[i + window - 1]] for i in told),
        tuple(float(series[i]) for i in told), design.rate("tests.rho_stress_min"),
        tuple(StressWindow.read(text) for text in design.texts("tests.stress_windows")))


def _names(assessment: Assessment, level: Level) -> tuple[str, ...]:
    scan = assessment.scan
    return {Level.PRODUCT_GROUP: scan.roots, Level.ASSET_CLASS: scan.groups,
            Level.BOOK: scan.asset_classes}.get(level, ())


def _sign(assessment: Assessment, level: Level, one: int, other: int) -> int:
    """Return -1 where one of two roots rises as its group falls."""
    if level is not Level.PRODUCT_GROUP:
        return 1
    return assessment.scan.signs[one] * assessment.scan.signs[other]
