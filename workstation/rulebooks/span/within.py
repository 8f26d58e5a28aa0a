"""Spread charges within one commodity: months (series) first, then tiers, then the spot month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.rulebooks.span.commodity import Commodity, IntraLeg, IntraSpread
from workstation.rulebooks.span.deltas import MonthDeltas
from workstation.rulebooks.span.rounding import Conventions
from workstation.rulebooks.span.spread_log import (
    EMPTY_TIER,
    MISSING_LEG,
    NO_DELTA,
    WRONG_SIDE,
    LegTaken,
    SpreadDenied,
    SpreadFormed,
)

ZERO = Decimal(0)
MONTHS_A_YEAR, YEAR_DIGITS, MONTH_DIGITS = 12, 4, 6
KIND_ORDER = ("series", "tier")
PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class SpotCharge:
    """The delivery charge of one month: deltas taken by spreads, deltas left, the charge."""

    month: str
    in_spreads: Decimal
    left: Decimal
    charge: Decimal


@dataclass(frozen=True, slots=True)
class _Pool:
    """Where one leg takes its deltas from: months, and a side."""

    leg: IntraLeg
    months: tuple[str, ...]
    is_long: bool
    ratio: Decimal

    def available(self, deltas: MonthDeltas) -> Decimal:
        if self.leg.month:
            net = deltas.net_left(self.months) * (1 if self.is_long else -1)
            return max(net, ZERO)
        return deltas.side_left(self.months, self.is_long)


def spread_charges(commodity: Commodity, deltas: MonthDeltas, price_risk: Decimal,
                   conventions: Conventions
                   ) -> tuple[list[SpreadFormed], list[SpreadDenied]]:
    """Form spreads by kind and priority, each assumed long on side A and then on side B.

    count = min over legs of deltas available / ratio; charge = count x rate
    """
    formed: list[SpreadFormed] = []
    denied: list[SpreadDenied] = []
    ordered = sorted(commodity.intra_spreads,
                     key=lambda s: (KIND_ORDER.index(s.kind), s.priority))
    for spread in ordered:
        if not _any_leg_held(spread, commodity, deltas):
            continue
        refusal = _refusal(spread, commodity, deltas)
        passes = [_formed(spread, commodity, deltas, price_risk, side, conventions)
                  for side in ("A", "B")]
        done = [item for item in passes if item is not None]
        formed += done
        if not done:
            denied.append(refusal)
    return formed, denied


def _months(leg: IntraLeg, commodity: Commodity, deltas: MonthDeltas) -> tuple[str, ...]:
    if leg.month:
        return (leg.month,) if leg.month in deltas.left else ()
    tier = next((t for t in commodity.intra_tiers if t.number == leg.tier), None)
    return tuple(deltas.months(tier)) if tier else ()


def _any_leg_held(spread: IntraSpread, commodity: Commodity, deltas: MonthDeltas) -> bool:
    return any(_months(leg, commodity, deltas) for leg in spread.legs)


def _pools(spread: IntraSpread, commodity: Commodity, deltas: MonthDeltas, long_side: str
           ) -> list[_Pool]:
    """Join legs that take from the same months on the same side: their ratios add up."""
    pools: dict[tuple[tuple[str, ...], str, bool], _Pool] = {}
    for leg in spread.legs:
        months = _months(leg, commodity, deltas)
        is_long = leg.side == long_side
        known = pools.get((months, leg.label, is_long))
        ratio = leg.ratio + (known.ratio if known else ZERO)
        pools[months, leg.label, is_long] = _Pool(leg, months, is_long, ratio)
    return list(pools.values())


def _formed(spread: IntraSpread, commodity: Commodity, deltas: MonthDeltas, price_risk: Decimal,
            long_side: str, conventions: Conventions) -> SpreadFormed | None:
    pools = _pools(spread, commodity, deltas, long_side)
    count = conventions.delta(min(
        pool.available(deltas) / pool.ratio if pool.ratio else ZERO for pool in pools))
    if count <= 0:
        return None
    rate = _rate(spread, pools, price_risk)
    legs = []
    name = f"{spread.kind} {spread.priority}"
    for pool in pools:
        before = pool.available(deltas)
        deltas.consume(pool.months, count * pool.ratio, pool.is_long, name, within=True)
        sign = 1 if pool.is_long else -1
        legs.append(LegTaken(commodity.code, pool.leg.label, pool.leg.side, pool.ratio,
                             before * sign, pool.available(deltas) * sign,
                             organisation=commodity.organisation))
    return SpreadFormed(spread.kind, spread.priority, count, rate, tuple(legs), count * rate,
                        long_side)


def _rate(spread: IntraSpread, pools: Sequence[_Pool], price_risk: Decimal) -> Decimal:
    match spread.method:
        case "P":
            months = [_ordinal(pool.leg.month) for pool in pools if pool.leg.month]
            apart = max(months) - min(months) if months else 0
            return spread.rate + apart * spread.rate_per_month
        case "W":
            return price_risk * spread.rate / PERCENT
        case _:
            return spread.rate


def _ordinal(month: str) -> int:
    return int(month[:YEAR_DIGITS]) * MONTHS_A_YEAR + int(month[YEAR_DIGITS:MONTH_DIGITS])


def _refusal(spread: IntraSpread, commodity: Commodity, deltas: MonthDeltas) -> SpreadDenied:
    """Say why a spread would not form, judged before it is tried."""
    reason, detail = WRONG_SIDE, "its legs are not on opposite sides of the market"
    for leg in spread.legs:
        months = _months(leg, commodity, deltas)
        if not months or not any(deltas.start[m] for m in months):
            reason = MISSING_LEG if leg.month else EMPTY_TIER
            detail = f"no delta held in {leg.label}"
            break
        if not any(deltas.left[m] for m in months):
            takers = [by for m in months for by in deltas.taken_by.get(m, ())]
            reason = NO_DELTA
            detail = f"priority lost: {leg.label} was consumed by {', '.join(takers)}"
            break
    return SpreadDenied(spread.kind, spread.priority, reason, detail, (commodity.code,),
                        tuple(f"{leg.ratio.normalize():f} {leg.label} {leg.side}"
                              for leg in spread.legs))


def spot_charges(commodity: Commodity, deltas: MonthDeltas, counts_inter: bool
                 ) -> tuple[SpotCharge, ...]:
    """Charge delivery months: |delta in spreads| x spread rate + |delta left| x outright rate."""
    charges = []
    for rate in commodity.spot_rates:
        if rate.month not in deltas.start:
            continue
        taken = deltas.taken_within[rate.month]
        if counts_inter:
            taken += deltas.taken_between[rate.month]
        left = abs(deltas.left[rate.month])
        charges.append(SpotCharge(rate.month, taken, left,
                                  taken * rate.spread + left * rate.outright))
    return tuple(charges)
