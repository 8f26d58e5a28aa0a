"""Measures of encumbrance, re-use and liquidity: pure arithmetic on values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


def encumbrance_ratio(total_assets: Decimal, encumbered: Decimal, received: Decimal = ZERO,
                      reused: Decimal = ZERO) -> Decimal | None:
    """Share of all assets that is tied up; None without assets (EBA definition).

    (encumbered own assets + received collateral re-used) / (total assets + received collateral)
    """
    whole = total_assets + received
    return (encumbered + reused) / whole if whole else None


def encumbered_reported(own: Decimal, received_reused: Decimal) -> Decimal:
    """Count own assets once and re-used received collateral once, however long the chain."""
    return own + received_reused


@dataclass(frozen=True, slots=True)
class Matching:
    """Collateral matched to one liability: what is in excess, and the amount used by asset."""

    over_collateralisation: Decimal
    pro_rata: Mapping[str, Decimal]


def matched(liability: Decimal, collateral: Mapping[str, Decimal]) -> Matching:
    """Match collateral to a liability pro rata to value."""
    whole = sum(collateral.values(), ZERO)
    used = min(liability, whole)
    shares = {name: used * value / whole if whole else ZERO for name, value in collateral.items()}
    return Matching(whole - used, shares)


@dataclass(frozen=True, slots=True)
class LockUp:
    """What a broker may pledge of a customer's securities, and what it must lock up."""

    pledgeable: Decimal
    excess_margin: Decimal


def rule_15c3_3(net_debit: Decimal, long_market_value: Decimal, share: Decimal) -> LockUp:
    """Split margin securities at `share` (140 %) of the net debit.

    pledgeable = min(market value, share x debit), nothing without a debit; the rest is excess
    margin and locked up
    """
    pledgeable = min(long_market_value, max(share * net_debit, ZERO))
    return LockUp(pledgeable, long_market_value - pledgeable)


@dataclass(frozen=True, slots=True)
class Chain:
    """Value secured at each hop of a re-use chain, its sum, and the sum per unit of the lot."""

    by_hop: tuple[Decimal, ...]
    secured: Decimal
    multiplier: Decimal


def reuse_chain(value: Decimal, haircuts: Sequence[Decimal]) -> Chain:
    """Follow a lot through hops, each applying its haircut to what the hop before secured."""
    hops: list[Decimal] = []
    left = value
    for haircut in haircuts:
        left *= 1 - haircut
        hops.append(left)
    secured = sum(hops, ZERO)
    return Chain(tuple(hops), secured, secured / value if value else ZERO)


def endless_multiplier(reuse_share: Decimal, haircut: Decimal) -> Decimal:
    """Limit of the re-use multiplier of an endless chain: r(1 - h) / (1 - r(1 - h))."""
    kept = reuse_share * (1 - haircut)
    if kept >= 1:
        raise ValueError("an endless chain without haircut secures without bound")
    return kept / (1 - kept)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One day's calls against what had become deliverable."""

    day: int
    available: Decimal
    called: Decimal
    met: Decimal
    shortfall: Decimal


def by_deadline(free: Sequence[tuple[Decimal, int]], calls: Sequence[Decimal],
                ) -> tuple[Bucket, ...]:
    """Meet each day's call from free value settled by then; unmet calls are not carried on.

    Parameters
    ----------
    free
        (value after haircut, settlement lag in business days).
    calls
        Call of day 0, 1, 2, ...
    """
    buckets: list[Bucket] = []
    used = ZERO
    for day, called in enumerate(calls):
        available = sum((value for value, lag in free if lag <= day), ZERO) - used
        met = min(called, available)
        used += met
        buckets.append(Bucket(day, available, called, met, called - met))
    return tuple(buckets)


@dataclass(frozen=True, slots=True)
class Substitution:
    """Whether new collateral may replace old: in first, then release."""

    value_before: Decimal
    value_after: Decimal
    accepted: bool


def substitution(required: Decimal, before: Sequence[tuple[Decimal, Decimal]],
                 after: Sequence[tuple[Decimal, Decimal]]) -> Substitution:
    """Accept a substitution that keeps the value after haircut and covers the requirement.

    Parameters
    ----------
    required
        Requirement after haircut.
    before, after
        (market value, haircut) of each lot.
    """
    old, new = (sum((value * (1 - cut) for value, cut in lots), ZERO) for lots in (before, after))
    return Substitution(old, new, new >= old and new >= required)
