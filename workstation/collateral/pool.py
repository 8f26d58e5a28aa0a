"""The client's collateral, lot by lot: states, haircuts, what is free and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.base.money import accounting
from workstation.base.problem import Problem
from workstation.base.wording import asset_class_words
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot, Lien
from workstation.collateral.customer_protection import protection
from workstation.collateral.graph import Aside, Partition, by_lot, partition
from workstation.collateral.haircuts import FOLDER, ONE, Haircut, haircut_of
from workstation.collateral.measures import encumbrance_ratio
from workstation.collateral.report import CollateralReport, LotReport, LotState
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition

ZERO = Decimal(0)
DEADLINES = (0, 1, 2)
LOCATIONS = "account_locations"
ENCUMBERED = (LotState.PLEDGED, LotState.REUSABLE, LotState.REUSED, LotState.SEGREGATED)
_ASIDE = {
    "in transit": "in_transit", "in-transit": "in_transit", "in_transit": "in_transit",
    "ineligible": "ineligible", "frozen": "ineligible", "ineligible_frozen": "ineligible",
    "segregated": "segregated", "seg": "segregated",
}


@dataclass(frozen=True, slots=True)
class _Valued:
    """A lot's report, its accepted claims and what is wrong with it."""

    report: LotReport
    problems: tuple[Problem, ...]


def report(book: Book, rules: RuleSet, requirement: Decimal | None = None) -> CollateralReport:
    """Partition every lot, value it after haircut, and add up by state and by deadline.

    free value = free quantity x price x exchange rate x (1 - haircut)
    """
    schedule = rules.edition(FOLDER) if book.lots and rules.has(FOLDER) else None
    lots, problems = _distinct(book.lots)
    claims, matures = by_lot(book.liens), _maturities(book)
    places = _places(book, rules)
    valued = [_valued(lot, claims.get(lot.lot, []), book, schedule, matures.get(lot.symbol),
                      places.get(lot.account_id, "")) for lot in lots]
    reports = tuple(v.report for v in valued)
    free = sum((lot.free_value for lot in reports), ZERO)
    known = {lot.lot for lot in lots}
    problems += [p for v in valued for p in v.problems]
    problems += [_unknown_lot(lien) for lien in book.liens if lien.lot not in known]
    if requirement and lots:
        problems.append(_against(requirement, free))
    by_state = _by_state(reports)
    return CollateralReport(
        book.market.currency, reports, by_state, free, _by_lag(reports),
        encumbrance_ratio(sum((v for _, v in by_state), ZERO),
                          sum((v for s, v in by_state if s in ENCUMBERED), ZERO)),
        tuple(problems), protection(book, rules))


def _places(book: Book, rules: RuleSet) -> dict[str, str]:
    """Return the location of margin by account, as the law calls it."""
    if not rules.has(LOCATIONS):
        return {}
    rows = {str(row["account_type"]): str(row["location"])
            for row in rules.edition(LOCATIONS)["locations"].rows}
    return {a.account_id: rows.get(a.account_type.value, "") for a in book.accounts}


def _valued(lot: CollateralLot, liens: Sequence[Lien], book: Book, schedule: Edition | None,
            matures: date | None, place: str) -> _Valued:
    split = partition(lot, liens, set_aside(lot, liens))
    problems = [
        Problem(r.lien.where or f"Liens, lot {lot.lot}", f"lot {lot.lot}: {r.what}", r.remedy,
                "error")
        for r in split.refused
    ]
    problems += [_unusable_share(lien) for lien in liens if not ZERO <= lien.reuse <= ONE]
    fx = book.market.fx_rate(lot.currency)
    haircut = haircut_of(lot, book.market.currency, matures, book.as_of, schedule)
    if fx is None:
        problems.append(_no_value(lot, f"no exchange rate from {lot.currency}",
                                  f"add {lot.currency}{book.market.currency} to the Market sheet"))
    if haircut is None:
        problems.append(_no_value(
            lot, f"no haircut in the file and none in the schedule for "
            f"{asset_class_words(lot.asset_class)} {lot.symbol}", "fill in the haircut column"))
        haircut = Haircut(ONE, "none known")
    elif not ZERO <= haircut.value <= ONE:
        problems.append(_no_value(lot, f"haircut {haircut.value:f} is not between 0 and 1",
                                  "state it as a decimal, 0.05 for 5 %"))
        haircut = Haircut(ONE, "file, not usable")
    return _Valued(_reported(lot, split, fx or ZERO, haircut, place), tuple(problems))


def _no_value(lot: CollateralLot, what: str, remedy: str) -> Problem:
    return Problem(_where(lot), f"lot {lot.lot}: {what}; counted at no value", remedy, "error")


def _reported(lot: CollateralLot, split: Partition, fx: Decimal, haircut: Haircut,
              place: str) -> LotReport:
    unit = lot.price * fx
    parties = tuple(dict.fromkeys(lien.secured_party for lien in split.accepted))
    return LotReport(
        lot.lot, lot.account_id, lot.symbol, lot.asset_class, _location(lot), lot.quantity,
        lot.quantity * unit, haircut.value, haircut.source, haircut.cite, split.states,
        split.quantity_in(LotState.FREE) * unit * (1 - haircut.value), lot.settlement_lag,
        parties, lot.where, place)


def set_aside(lot: CollateralLot, liens: Sequence[Lien]) -> Aside:
    """Set aside what claims leave of a lot in transit, ineligible or segregated."""
    state = _ASIDE.get(lot.segregation.strip().lower())
    if state is None:
        return Aside()
    split = partition(lot, liens)
    return Aside(**{state: split.quantity_in(LotState.FREE)})


def _location(lot: CollateralLot) -> str:
    """Say where a lot lies; a state word in the segregation column is not a place."""
    place = "" if lot.segregation.strip().lower() in _ASIDE else lot.segregation
    return ", ".join(part for part in (lot.custodian, place) if part)


def _maturities(book: Book) -> dict[str, date | None]:
    """Find bonds' maturities among the positions, for lots of the same bond."""
    found: dict[str, date | None] = {}
    for position in book.positions:
        if position.instrument.bond is not None:
            found.setdefault(position.instrument.symbol, position.instrument.bond.maturity)
    return found


def _distinct(lots: Sequence[CollateralLot]) -> tuple[list[CollateralLot], list[Problem]]:
    """Keep the first lot of each name; a name used twice or a quantity below zero is refused."""
    kept: dict[str, CollateralLot] = {}
    problems: list[Problem] = []
    for lot in lots:
        if lot.lot in kept:
            problems.append(Problem(
                _where(lot), f"lot {lot.lot} is named twice; the second is left out",
                "give every lot its own name", "error"))
        elif lot.quantity < 0:
            problems.append(Problem(
                _where(lot), f"lot {lot.lot} has quantity {lot.quantity:,f} and is left out",
                "state what is held; borrowed securities are not collateral", "error"))
        else:
            kept[lot.lot] = lot
    return list(kept.values()), problems


def _unknown_lot(lien: Lien) -> Problem:
    return Problem(lien.where or "Liens", f"claim of {lien.secured_party} on lot {lien.lot}, "
                   "which is not in the Collateral sheet", "add the lot or correct its name",
                   "error")


def _unusable_share(lien: Lien) -> Problem:
    return Problem(
        lien.where or "Liens", f"lot {lien.lot}: re-use share {lien.reuse:f} of "
        f"{lien.secured_party} is not between 0 and 1; taken as no re-use",
        "state it as a decimal, 0.5 for half", "error")


def _against(requirement: Decimal, free: Decimal) -> Problem:
    return Problem(
        "Collateral", f"free value after haircut {accounting(free)} is {free / requirement:.0%} of "
        f"today's requirement {accounting(requirement)}", severity="info")


def _where(lot: CollateralLot) -> str:
    return lot.where or f"Collateral, lot {lot.lot}"


def _by_state(lots: Sequence[LotReport]) -> tuple[tuple[LotState, Decimal], ...]:
    """Market value of all quantity in each state."""
    sums = dict.fromkeys(LotState, ZERO)
    for lot in lots:
        for state, quantity in lot.states:
            if quantity:
                sums[state] += lot.market_value * quantity / lot.quantity
    return tuple(sums.items())


def _by_lag(lots: Sequence[LotReport]) -> tuple[tuple[int, Decimal], ...]:
    """Cumulative free value deliverable within each number of business days."""
    lags = sorted({*DEADLINES, *(lot.settlement_lag for lot in lots)})
    return tuple(
        (lag, sum((lot.free_value for lot in lots if lot.settlement_lag <= lag), ZERO))
        for lag in lags)
