"""Credits for spreads between commodities: regular, by tier pair, tiered and crush.

The sign of the first leg's remaining delta fixes what side A means; every A leg must have that
sign and every B leg the opposite. Method numbers are those of the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.rulebooks.span.commodity import InterLeg, InterSpread, Tier
from workstation.rulebooks.span.rounding import Conventions
from workstation.rulebooks.span.scan import tier_price_risk
from workstation.rulebooks.span.spread_log import (
    EMPTY_TIER,
    MISSING_LEG,
    NO_DELTA,
    WRONG_SIDE,
    LegTaken,
    SpreadDenied,
    SpreadFormed,
)
from workstation.rulebooks.span.state import CommodityState, Key

ZERO, PERCENT = Decimal(0), Decimal(100)
REGULAR, TIERED, CRUSH, BY_TIER = "01", "02", "03", "20"
NOVEMBER, CRUSH_MONTHS = "11", ("10", "12")
MONTH_AT, MONTH_END = 4, 6

States = Mapping[Key, CommodityState]
Outcome = SpreadFormed | SpreadDenied


@dataclass(frozen=True, slots=True)
class Pool:
    """Where one leg takes its deltas from."""

    leg: InterLeg
    state: CommodityState
    months: tuple[str, ...]

    @property
    def left(self) -> Decimal:
        """Return the signed delta left."""
        return self.state.deltas.net_left(self.months)


def credit(spread: InterSpread, states: States, conventions: Conventions
           ) -> list[Outcome]:
    """Form one spread as often as it can be; nothing where no leg is held."""
    held = [leg for leg in spread.legs if leg.key in states]
    if not held:
        return []
    missing = [leg.commodity for leg in spread.legs if leg.key not in states]
    if missing:
        return [denied(spread, MISSING_LEG, f"nothing held in {', '.join(missing)}")]
    pools = [Pool(leg, states[leg.key], _months(leg, states[leg.key])) for leg in spread.legs]
    refusal = _refusal(spread, pools)
    if refusal is not None:
        return [refusal]
    match spread.method:
        case "02":
            tries = _by_tier(spread, pools)
        case "03":
            tries = _by_month(pools)
        case _:
            tries = [pools]
    return _formed_in_turn(spread, pools, tries, conventions)


def denied(spread: InterSpread, reason: str, detail: str) -> SpreadDenied:
    """Return the log entry of a spread that was not formed."""
    return SpreadDenied(spread.kind, spread.priority, reason, detail,
                        tuple(leg.commodity for leg in spread.legs),
                        tuple(leg.label for leg in spread.legs))


def _tier(leg: InterLeg, state: CommodityState) -> Tier | None:
    if not leg.tier:
        return None
    tiers = state.commodity.inter_tiers or state.commodity.scan_tiers
    return next((t for t in tiers if t.number == leg.tier), None)


def _months(leg: InterLeg, state: CommodityState) -> tuple[str, ...]:
    if leg.month:
        return (leg.month,) if leg.month in state.deltas.start else ()
    tier = _tier(leg, state)
    return () if leg.tier and tier is None else tuple(state.deltas.months(tier))


def _refusal(spread: InterSpread, pools: Sequence[Pool]) -> SpreadDenied | None:
    for pool in pools:
        if pool.left:
            continue
        takers = sorted({by for m in pool.months for by in pool.state.deltas.taken_by.get(m, ())})
        started = any(pool.state.deltas.start[m] for m in pool.months)
        if (pool.leg.tier or pool.leg.month) and not started:
            return denied(spread, MISSING_LEG if pool.leg.month else EMPTY_TIER,
                          f"no delta in {pool.leg.label}")
        why = (f"priority lost: {pool.leg.commodity} was consumed by {', '.join(takers)}"
               if takers else f"the net delta of {pool.leg.commodity} is nil")
        return denied(spread, NO_DELTA, why)
    if not _sides_fit(pools):
        sides = ", ".join(f"{p.leg.commodity} {p.leg.side} is "
                          f"{'long' if p.left > 0 else 'short'}" for p in pools)
        return denied(spread, WRONG_SIDE, sides)
    return None


def _sides_fit(pools: Sequence[Pool]) -> bool:
    """Say whether every leg with delta left is on its side, given the first leg's sign."""
    first = pools[0]
    if not all(pool.left for pool in pools):
        return False
    a_is_long = (first.left > 0) == (first.leg.side == "A")
    return all((pool.left > 0) == (a_is_long == (pool.leg.side == "A")) for pool in pools)


def _count(pools: Sequence[Pool], conventions: Conventions) -> Decimal:
    return conventions.delta(min(
        abs(pool.left) / pool.leg.ratio if pool.leg.ratio else ZERO for pool in pools))


def _by_tier(spread: InterSpread, pools: Sequence[Pool]) -> list[list[Pool]]:
    """Return the legs of each tier number in order; a leg with a tier of its own keeps it."""
    numbers = sorted({t.number for p in pools for t in p.state.commodity.inter_tiers})
    tries = []
    for number in numbers:
        legs = [replace(p.leg, tier=p.leg.tier or number) for p in pools]
        tries.append([Pool(leg, p.state, _months(leg, p.state))
                      for leg, p in zip(legs, pools, strict=True)])
    return tries


def _by_month(pools: Sequence[Pool]) -> list[list[Pool]]:
    """Return month-by-month legs: November of the first leg pairs October, else December."""
    first = pools[0]
    return [[Pool(first.leg, first.state, (month,)),
             *(Pool(p.leg, p.state, (partner,)) for p in pools[1:])]
            for month in first.months for partner in _partners(month)]


def _partners(month: str) -> tuple[str, ...]:
    if month[MONTH_AT:MONTH_END] != NOVEMBER:
        return (month,)
    return tuple(month[:MONTH_AT] + other + month[MONTH_END:] for other in CRUSH_MONTHS)


def _formed_in_turn(spread: InterSpread, whole: Sequence[Pool], tries: Sequence[Sequence[Pool]],
                    conventions: Conventions) -> list[Outcome]:
    """Form each attempt, never more in all than the whole commodities allow."""
    most = _count(whole, conventions)
    formed: list[Outcome] = []
    for pools in tries:
        if not _sides_fit(pools):
            continue
        count = min(_count(pools, conventions), most)
        if count > 0:
            formed.append(_form(spread, pools, count, conventions))
            most -= count
    if formed:
        return formed
    return [denied(spread, NO_DELTA if tries else EMPTY_TIER,
                   "no month or tier has deltas on both sides" if spread.method in (TIERED, CRUSH)
                   else "what is left makes less than one ten-thousandth of a spread")]


def _form(spread: InterSpread, pools: Sequence[Pool], count: Decimal, conventions: Conventions
          ) -> SpreadFormed:
    """Consume the deltas and credit each leg.

    credit = price risk of one delta x count x ratio x rate
    """
    legs = []
    name = f"{spread.kind} {spread.priority}"
    for pool in pools:
        before = pool.left
        price_risk, earned, rate = _leg_credit(spread, pool, count, len(pools), conventions)
        pool.state.deltas.consume(pool.months, count * pool.leg.ratio, before > 0, name,
                                  within=False)
        legs.append(LegTaken(
            pool.leg.commodity, pool.leg.label, pool.leg.side, pool.leg.ratio, before, pool.left,
            rate, price_risk, earned, pool.leg.organisation))
    amount = sum((leg.credit or ZERO for leg in legs), ZERO)
    return SpreadFormed(spread.kind, spread.priority, count, spread.rate, tuple(legs), amount,
                        flat=spread.flat, method=spread.method)


def _leg_credit(spread: InterSpread, pool: Pool, count: Decimal, legs: int,
                conventions: Conventions) -> tuple[Decimal | None, Decimal, Decimal]:
    rate = spread.rate if pool.leg.rate is None else pool.leg.rate
    if spread.flat:
        # A flat rate is money for the whole spread: shared equally unless each leg has its own.
        shared = rate if pool.leg.rate is not None else rate / legs
        return None, conventions.money(count * shared), rate
    if spread.method == BY_TIER:
        tier = _tier(pool.leg, pool.state)
        price_risk = pool.state.price_risk_of_one if tier is None else tier_price_risk(
            pool.state.commodity, tier, pool.state.held, conventions)
        one = conventions.price_risk(price_risk * rate / PERCENT)
        return price_risk, one * count * pool.leg.ratio, rate
    price_risk = pool.state.price_risk_of_one
    return price_risk, price_risk * count * pool.leg.ratio * rate / PERCENT, rate
