"""Ledger rows across accounts: one underlying in several accounts, and accounts kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

import numpy as np

from workstation.harmonised.eligibility import SHARED_UNIT, AccountLocations
from workstation.harmonised.levels import Level
from workstation.harmonised.scan import Index
from workstation.measures.requirement import Offset
from workstation.offsets.considered import SharedRoot, potential_of_slots, shared_roots
from workstation.offsets.counterfactual import Counterfactuals

KIND = "same underlying across accounts"
APART = "accounts kept apart"
CENT = Decimal("0.01")
ROWS = 40
"""Underlyings and accounts shown one by one; the rest share one row."""
PAIRS_OF_UNITS = 45
NAMED_ACCOUNTS = 3


@dataclass(frozen=True, slots=True)
class _Meeting:
    """One account's slots of an underlying and the others' they could net with."""

    shared: SharedRoot
    own: Index
    others: Index
    same_unit: bool
    potential: float


def same_underlying_rows(ask: Counterfactuals, locations: AccountLocations) -> Iterator[Offset]:
    """Yield, for each underlying in several accounts, whether its legs net across them."""
    meetings = sorted(_meetings(ask), key=_by_size)
    for meeting in meetings[:ROWS]:
        yield from _row(ask, locations, meeting)
    granted = [m for m in meetings[ROWS:] if m.same_unit]
    denied = [m for m in meetings[ROWS:] if not m.same_unit]
    if granted:
        yield _rest_granted(ask, granted)
    if denied:
        yield _rest_denied(ask, denied)


def _by_size(meeting: _Meeting) -> tuple[float, str, int]:
    return -meeting.potential, meeting.shared.name, int(meeting.own[0])


def _meetings(ask: Counterfactuals) -> Iterator[_Meeting]:
    for shared in shared_roots(ask.assessment):
        for meeting in (*_inside_units(ask, shared), *_across_units(ask, shared)):
            if meeting.potential >= float(CENT):
                yield meeting


def _inside_units(ask: Counterfactuals, shared: SharedRoot) -> Iterator[_Meeting]:
    """Set each account's slots against the others' of its unit; two accounts meet once."""
    units = ask.assessment.slots.unit
    for unit in np.unique(units[shared.slots]):
        held = [slots[units[slots] == unit] for _, slots in shared.by_account]
        sides = [slots for slots in held if len(slots)]
        for i, own in enumerate(sides[:1] if len(sides) == len(("one", "other")) else sides):
            others = [slots for j, slots in enumerate(sides) if j != i]
            if others:
                yield _meeting(ask, shared, own, np.concatenate(others), same_unit=True)


def _across_units(ask: Counterfactuals, shared: SharedRoot) -> Iterator[_Meeting]:
    """Set each unit's slots against each other unit's."""
    units = ask.assessment.slots.unit
    for one, other in combinations(np.unique(units[shared.slots]), 2):
        yield _meeting(ask, shared, shared.slots[units[shared.slots] == one],
                       shared.slots[units[shared.slots] == other], same_unit=False)


def _meeting(ask: Counterfactuals, shared: SharedRoot, own: Index, others: Index, *,
             same_unit: bool) -> _Meeting:
    return _Meeting(shared, own, others, same_unit,
                    potential_of_slots(ask.assessment, own, others))


def _row(ask: Counterfactuals, locations: AccountLocations, met: _Meeting) -> Iterator[Offset]:
    """Yield the row of one meeting: granted inside a unit, denied across units."""
    units = ask.assessment.slots.unit
    if met.same_unit:
        alone = ask.moving(met.own, int(units.max()) + 1)
        yield _same_underlying(ask, locations, met, ask.granted - alone, Decimal(0))
        return
    joined = min(ask.moving(met.own, int(units[met.others[0]])),
                 ask.moving(met.others, int(units[met.own[0]])))
    saving = ask.requirement() - joined
    yield _same_underlying(ask, locations, met, Decimal(0), max(Decimal(0), saving))


def _rest_granted(ask: Counterfactuals, meetings: list[_Meeting]) -> Offset:
    """Put every account's slots of the remaining underlyings into units of their own at once."""
    slots = ask.assessment.slots
    moved = slots.unit.copy()
    for meeting in meetings:
        moved[meeting.own] = slots.unit.max() + 1 + slots.account[meeting.own]
    return Offset(KIND, (_how_many(meetings),), "granted",
                  "each nets across its accounts; taken together here",
                  ask.granted - ask.requirement(unit=moved), level=str(Level.SAME_UNDERLYING))


def _rest_denied(ask: Counterfactuals, meetings: list[_Meeting]) -> Offset:
    """Move every account's slots of the remaining underlyings to their counterparts at once."""
    moved = ask.assessment.slots.unit.copy()
    for meeting in meetings:
        moved[meeting.own] = ask.assessment.slots.unit[meeting.others[0]]
    saving = max(Decimal(0), ask.requirement() - ask.requirement(unit=moved))
    test, why = _apart(ask, meetings[0].own, meetings[0].others)
    return Offset(KIND, (_how_many(meetings),), "denied", f"{why}; taken together here",
                  Decimal(0), level=str(Level.SAME_UNDERLYING), tests=(("failed test", test),),
                  would_save=saving)


def _how_many(meetings: list[_Meeting]) -> str:
    return f"{len({meeting.shared.name for meeting in meetings})} smaller underlyings"


def _same_underlying(ask: Counterfactuals, locations: AccountLocations, met: _Meeting,
                     amount: Decimal, would_save: Decimal) -> Offset:
    sides = (_accounts(ask, met.own), _accounts(ask, met.others))
    test, why = _apart(ask, met.own, met.others)
    rate = ask.assessment.rates.ceilings[Level.SAME_UNDERLYING]
    reason = f"one risk root, {met.shared.name}: {rate:.0%} of a gain counts, less the basis charge"
    legs = f"{_wrappers(ask, met.own)} against {_wrappers(ask, met.others)}"
    book = ask.assessment.book
    return Offset(
        KIND, (_leg(ask, met, met.own), _leg(ask, met, met.others)),
        "granted" if met.same_unit else "denied", reason if met.same_unit else why, amount,
        accounts=tuple(sorted({*sides[0], *sides[1]})), level=str(Level.SAME_UNDERLYING),
        tests=(("risk root", met.shared.name), ("wrappers", legs),
               *(() if met.same_unit else (("failed test", test),))),
        would_save=would_save,
        barrier=locations.barrier(book.account(sides[0][0]), book.account(sides[1][0])))


def unit_rows(ask: Counterfactuals, locations: AccountLocations) -> Iterator[Offset]:
    """Yield each pair of units kept apart with what joining them would save."""
    slots = ask.assessment.slots
    numbers = range(len(slots.units))
    pairs = [(a, b) for a, b in combinations(numbers, 2)
             if SHARED_UNIT not in slots.units or SHARED_UNIT in (slots.units[a], slots.units[b])]
    for one, other in pairs[:PAIRS_OF_UNITS]:
        first, second = np.flatnonzero(slots.unit == one), np.flatnonzero(slots.unit == other)
        saving = ask.requirement() - ask.moving(first, other)
        if saving >= CENT:
            yield _kept_apart(ask, locations, first, second, saving)


def _kept_apart(ask: Counterfactuals, locations: AccountLocations, first: Index, second: Index,
                saving: Decimal) -> Offset:
    slots, book = ask.assessment.slots, ask.assessment.book
    test, reason = _apart(ask, first, second)
    accounts = (_account(ask, first[0]), _account(ask, second[0]))
    return Offset(
        APART, (slots.units[slots.unit[first[0]]], slots.units[slots.unit[second[0]]]), "denied",
        reason, Decimal(0), accounts=tuple(sorted(set(accounts))), level="account",
        tests=(("failed test", test),), would_save=saving,
        barrier=locations.barrier(book.account(accounts[0]), book.account(accounts[1])))


def _account(ask: Counterfactuals, slot: int) -> str:
    assessment = ask.assessment
    return assessment.scan.accounts[int(assessment.slots.account[slot])]


def _accounts(ask: Counterfactuals, members: Index) -> tuple[str, ...]:
    return tuple(sorted({_account(ask, slot) for slot in members}))


def _wrappers(ask: Counterfactuals, members: Index) -> str:
    scan, slots = ask.assessment.scan, ask.assessment.slots
    legs = sorted({scan.legs[slots.leg[s]] for s in members})
    return ", ".join(f"{symbol} {form}" for symbol, form in legs)


def _leg(ask: Counterfactuals, met: _Meeting, members: Index) -> str:
    """Name one side: its wrapper, or the risk root where it has several, and its accounts."""
    wrappers, accounts = _wrappers(ask, members), _accounts(ask, members)
    name = met.shared.name if ", " in wrappers else wrappers
    where = ", ".join(accounts) if len(accounts) <= NAMED_ACCOUNTS else f"{len(accounts)} accounts"
    return f"{name} in {where}"


def _apart(ask: Counterfactuals, own: Index, others: Index) -> tuple[str, str]:
    """Return the test that keeps two sets of slots apart and its reason."""
    standing = ask.assessment.slots.standing
    for slot in (*own, *others):
        if standing[slot].reason:
            return standing[slot].test, standing[slot].reason
    return "", ""
