"""Ledger rows of pairs: underlying against underlying, group against group, class against class."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workstation.harmonised.eligibility import AccountLocations
from workstation.harmonised.levels import Level
from workstation.measures.requirement import Offset, OffsetStatus
from workstation.offsets.considered import NodePair, accounts_of, node_pairs
from workstation.offsets.counterfactual import FULL, NONE, Counterfactuals

KINDS = {Level.PRODUCT_GROUP: "product group offset", Level.ASSET_CLASS: "asset class offset",
         Level.BOOK: "cross-asset offset"}
ROWS_A_LEVEL = 24
"""Pairs shown one by one at each level; the rest share one row."""


def pair_rows(ask: Counterfactuals, locations: AccountLocations) -> Iterator[Offset]:
    """Yield the pairs of each level, largest first, and one row for the many small ones."""
    for level, pairs in node_pairs(ask.assessment):
        shown, rest = pairs[:ROWS_A_LEVEL], pairs[ROWS_A_LEVEL:]
        for pair in shown:
            yield _row(ask, locations, pair)
        if rest:
            yield _rest(ask, level, rest)


def _row(ask: Counterfactuals, locations: AccountLocations, pair: NodePair) -> Offset:
    assessment = ask.assessment
    rate = assessment.rates.pair(*pair.key)
    status, reason, tests = _decision(ask, pair, rate)
    accounts = _accounts(ask, pair)
    return Offset(
        KINDS[pair.level], (pair.one.name, pair.other.name), status, reason,
        _granted(ask, [pair]) if rate > 0 else Decimal(0),
        accounts=tuple(sorted({a for side in accounts for a in side})), level=str(pair.level),
        tests=(("rate", f"{rate:.0%}"), *tests),
        would_save=_withheld(ask, [pair], _target(ask, pair.level)),
        barrier=_barrier(ask, locations, accounts))


def _rest(ask: Counterfactuals, level: Level, pairs: list[NodePair]) -> Offset:
    rates = [ask.assessment.rates.pair(*pair.key) for pair in pairs]
    status: OffsetStatus = "partial" if any(rates) else "denied"
    if min(rates) >= _target(ask, level) > 0:
        status = "granted"
    return Offset(
        KINDS[level], (f"{len(pairs)} smaller pairs",), status,
        f"{sum(r > 0 for r in rates)} of {len(pairs)} pairs offset; taken together here",
        _granted(ask, pairs), level=str(level),
        would_save=_withheld(ask, pairs, _target(ask, level)))


def _target(ask: Counterfactuals, level: Level) -> float:
    """Return the rate a denied pair is valued at: the level's ceiling, in full where that is 0."""
    return ask.assessment.rates.ceilings[level] or FULL


def _granted(ask: Counterfactuals, pairs: list[NodePair]) -> Decimal:
    return ask.granted - ask.switching({pair.key: NONE for pair in pairs})


def _withheld(ask: Counterfactuals, pairs: list[NodePair], target: float) -> Decimal:
    rates = ask.assessment.rates
    raised = {p.key: target for p in pairs if rates.pair(*p.key) < target}
    if not raised:
        return Decimal(0)
    return max(Decimal(0), ask.requirement() - ask.switching(raised))


def _decision(ask: Counterfactuals, pair: NodePair, rate: float
              ) -> tuple[OffsetStatus, str, tuple[tuple[str, str], ...]]:
    assessment = ask.assessment
    target = _target(ask, pair.level)
    status: OffsetStatus = "denied" if rate <= 0 else "granted" if rate >= target else "partial"
    if not assessment.design.flag("tests.required"):
        reason = "granted untested by the design" if rate > 0 else (
            "the design grants no offset at this level")
        return status, reason, (("tests", "not required by the design"),)
    decision = assessment.evidence.decision(*pair.key)
    return status, decision.reason, decision.figures


def _accounts(ask: Counterfactuals, pair: NodePair) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (accounts_of(ask.assessment, pair.level, pair.one.index),
            accounts_of(ask.assessment, pair.level, pair.other.index))


def _barrier(ask: Counterfactuals, locations: AccountLocations,
             sides: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
    """Return today's barrier between the legs; one account's own rulebook is one too."""
    book = ask.assessment.book
    both = sorted(set(sides[0]) & set(sides[1]))
    if both:
        return f"the rulebook of account {both[0]}, which holds both legs"
    one, other = sides[0][0], sides[1][0]
    return locations.barrier(book.account(one), book.account(other))
