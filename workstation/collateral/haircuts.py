"""Haircuts: the shipped schedule by kind of asset, and the arithmetic stacked on top of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.base.explain import Citation
from workstation.book.collateral import CollateralLot
from workstation.parameters.store import Edition

ZERO = Decimal(0)
ONE = Decimal(1)
FOLDER = "haircuts"
DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Haircut:
    """A haircut as a decimal, where it comes from, and its citation when it is a rule's."""

    value: Decimal
    source: str
    cite: Citation | None = None


def haircut_of(lot: CollateralLot, currency: str, maturity: date | None, as_of: date,
               edition: Edition | None) -> Haircut | None:
    """Return the lot's own haircut, else the schedule's; None where neither has one.

    A bond without a known maturity takes the longest band; a lot in another currency than the
    requirement takes the mismatch add-on.
    """
    if lot.haircut is not None:
        return Haircut(lot.haircut, "file")
    if edition is None:
        return None
    row = _row(lot, maturity, as_of, edition)
    if row is None:
        return None
    listed = edition[str(row["haircut"])]
    source = f"schedule: {row['reads']}"
    if row.get("banded") and maturity is None:
        source += ", maturity not stated"
    if lot.currency == currency:
        return Haircut(listed.value, source, listed.cite)
    addon = edition["currency_mismatch"]
    return Haircut(stacked(listed.value, addon.value), f"{source}, other currency", addon.cite)


def _row(lot: CollateralLot, maturity: date | None, as_of: date, edition: Edition
         ) -> Mapping[str, object] | None:
    """Find the schedule line of a lot by class, symbol and residual maturity."""
    years = None if maturity is None else Decimal((maturity - as_of).days) / DAYS_A_YEAR
    for row in edition["classes"].rows:
        if row["asset_class"] != lot.asset_class.lower():
            continue
        if "symbols" in row and lot.symbol.upper() not in row["symbols"]:
            continue
        below = row.get("below_years")
        if below is None or (years is not None and years < below):
            return row
    return None


def stacked(*haircuts: Decimal) -> Decimal:
    """Add haircuts, never beyond the whole value."""
    return min(ONE, sum(haircuts, ZERO))


def fund_haircut(weights: Sequence[Decimal], haircuts: Sequence[Decimal]) -> Decimal:
    """Haircut of a fund: the average of its assets' haircuts weighted by value."""
    weighted = (w * h for w, h in zip(weights, haircuts, strict=True))
    return sum(weighted, ZERO) / sum(weights, ZERO)


def wrong_way_value(market_value: Decimal, haircut: Decimal, stress_haircut: Decimal,
                    correlation: Decimal, *, own_issuer: bool) -> Decimal:
    """Value of collateral tied to the exposure: MV(1 - h)(1 - rho x stress haircut).

    Collateral issued by the client or its affiliates counts nothing; a negative correlation
    earns no credit.
    """
    if own_issuer:
        return ZERO
    return market_value * (1 - haircut) * (1 - max(correlation, ZERO) * stress_haircut)


def capped_by_group(values: Mapping[str, Decimal], caps: Mapping[str, Decimal],
                    requirement: Decimal) -> dict[str, Decimal]:
    """Limit each group's value after haircut to its share of the requirement; the rest is nil."""
    return {
        group: min(value, caps[group] * requirement) if group in caps else value
        for group, value in values.items()
    }


def size_haircut(quantity: float, adv: float, horizon_days: float, daily_volatility: float,
                 impact: float, participation: float) -> float:
    """Extra haircut for a lot too large to sell: Y x sigma x sqrt(quantity / ADV).

    Nothing where the lot fits into `participation` of the volume over the horizon; all of it where
    the lot has no market.
    """
    if quantity <= participation * adv * horizon_days:
        return 0.0
    if adv <= 0:
        return 1.0
    return impact * daily_volatility * math.sqrt(quantity / adv)
