"""The product's own estimate for futures without a file and without a published rate.

total = x * historical + (1 - x) * stress + liquidity + concentration. Historical is the value at
risk of past returns brought to today's volatility; stress is the worst past return as it was.
An estimate, not an exchange figure, and labelled so wherever it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting, money
from workstation.market.history import History
from workstation.measures.historical import filtered_returns, value_at_risk
from workstation.parameters.store import Edition

FOLDER = "futures_estimate"
LABEL = "estimate, not an exchange figure"
Floats = NDArray[np.float64]
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Exposure:
    """Net contracts of one product: signed notional in the reporting currency, and volume."""

    product: str
    contracts: Decimal
    notional: Decimal
    volume: Decimal | None = None


def returns_of(history: History, factors: Sequence[str]) -> Floats | None:
    """Return the daily log returns of the first factor that has a history; gaps are skipped."""
    for factor in factors:
        levels = history.of(factor)
        if levels is not None:
            known = [level for level in levels if level is not None and level > 0]
            return np.array([log(b / a) for a, b in zip(known[:-1], known[1:], strict=True)])
    return None


def estimated(exposure: Exposure, returns: Floats, edition: Edition) -> Explained | str:
    """Estimate the margin of one product, or say why there is not enough history."""
    fewest = int(edition["fewest_returns"].value)
    if len(returns) < fewest:
        return f"its history has {len(returns)} returns, an estimate needs {fewest}"
    notional = float(exposure.notional)
    stretch = sqrt(float(edition["horizon_days"].value))
    scaled = filtered_returns(returns, *(float(edition[name].value) for name in (
        "decay", "scale_floor", "scale_cap")))
    historical = max(value_at_risk(
        notional * np.expm1(scaled * stretch), float(edition["confidence"].value)), 0.0)
    stress = max(float(np.max(-notional * np.expm1(returns * stretch))), 0.0)
    return _tree(exposure, money(historical), money(stress), len(returns), edition)


def _tree(exposure: Exposure, historical: Decimal, stress: Decimal, look_back: int,
          edition: Edition) -> Explained:
    x = edition["historical_weight"]
    confidence = edition["confidence"]
    parts = [
        leaf("historical, weighted", x.value * historical, confidence.cite,
             value_at_risk=accounting(historical, 2), x=x.value,
             confidence=f"{confidence.value:.1%}", look_back=f"{look_back} daily returns",
             model="historical simulation, returns at today's volatility"),
        leaf("stress, weighted", (1 - x.value) * stress, x.cite,
             worst_past_loss=accounting(stress, 2), weight=1 - x.value),
        leaf("liquidity", abs(exposure.notional) * edition["liquidity"].value,
             edition["liquidity"].cite, notional=accounting(exposure.notional, 2)),
    ]
    base = sum((part.amount for part in parts), ZERO)
    parts.append(_concentration(exposure, base, edition))
    return total(f"{exposure.product} ({LABEL})", *parts)


def _concentration(exposure: Exposure, base: Decimal, edition: Edition) -> Explained:
    """Charge the part of a position above a share of daily volume."""
    start, share = edition["concentration_from"], edition["concentration_share"]
    size = abs(exposure.contracts)
    if not exposure.volume or not size:
        return leaf("concentration", ZERO, start.cite, volume="not stated")
    above = max(size - start.value * exposure.volume, ZERO) / size
    return leaf("concentration", base * above * share.value, start.cite,
                contracts=f"{size:f}", daily_volume=f"{exposure.volume:f}",
                share_above=f"{above:.1%}")
