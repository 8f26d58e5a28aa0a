"""The cheapest delivery of today's margin and of each design's, from the lots the client has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import accounting, money
from workstation.book.book import Book
from workstation.collateral.allocation import (
    Allocation,
    Cap,
    Lots,
    Obligations,
    allocate,
    waterfall,
)
from workstation.collateral.plan import (
    Covered,
    Delivery,
    Mobility,
    Move,
    Plan,
    Regret,
    Source,
)
from workstation.collateral.report import CollateralReport
from workstation.collateral.substitutions import proposals
from workstation.collateral.supply import Part, parts
from workstation.collateral.terms import FOLDER, POOL, Due, Terms
from workstation.collateral.wishes import Wishes, allocate_with
from workstation.measures.account_status import AccountStatus
from workstation.measures.requirement import Margin
from workstation.parameters.ruleset import RuleSet

Floats = NDArray[np.float64]
ZERO = Decimal(0)
TODAY = "today"
"""The design that is today's law: its obligations are the accounts', not one pool."""
CENT = Decimal("0.01")
CENTS, RATE_DIGITS = 2, 9
NEVER = 1e9
"""Days of a part that cannot leave where it is."""


@dataclass(frozen=True, slots=True)
class OnePool:
    """What a design asks of the whole book."""

    name: str
    title: str
    requirement: Decimal


def mobility(book: Book, report: CollateralReport, rules: RuleSet, silos: Margin,
             designs: Sequence[OnePool] = (), statuses: Sequence[AccountStatus] = (),
             ) -> Mobility | None:
    """Return the cheapest delivery today, account by account, and under each design as one pool.

    None without lots or without an edition. Spot accounts owe no margin and are no obligation.
    """
    if not book.lots or not rules.has(FOLDER):
        return None
    terms = Terms(rules, book.name, (account.name for account in book.accounts))
    owing = [a for a in book.accounts if terms.owes(a.account_type)]
    dues = _dues(book, terms, silos, statuses)
    supply = parts(book, report, owing)
    now = _Problem(terms, supply, dues)
    plans = [now.plan("silos", "Today, account by account"), *_by_wish(now, terms)]
    everywhere = tuple(a.account_id for a in owing)
    for design in designs:
        if design.name == TODAY:
            continue
        pool = Due("one pool", "", POOL, max(design.requirement, ZERO), everywhere)
        plans.append(_Problem(terms, supply, (pool,)).plan(design.name, design.title))
    return Mobility(report.currency, tuple(plans), _regret(now), terms.cite,
                    terms.told_wishes())


def _by_wish(problem: _Problem, terms: Terms) -> list[Plan]:
    """Return today's delivery with the desk's wishes: most liquid kept first, whole tickets."""
    liquid = tuple(n for n, part in enumerate(problem.supply)
                   if part.asset_class in terms.liquid and part.lag is not None)
    found = []
    if liquid:
        found.append(problem.plan("silos-liquid", "Today, most liquid kept first",
                                  Wishes(liquid=liquid)))
    wishes = terms.wishes([part.asset_class for part in problem.supply])
    if wishes != Wishes():
        found.append(problem.plan("silos-wishes", "Today, in whole tickets and with buffers",
                                  wishes))
    return found


def _dues(book: Book, terms: Terms, silos: Margin, statuses: Sequence[AccountStatus],
          ) -> tuple[Due, ...]:
    excess = {status.account_id: status.excess for status in statuses}
    found = []
    for account in book.accounts:
        margin = silos.of_account(account.account_id)
        rate = None if margin is None else book.market.fx_rate(margin.currency)
        if margin is not None and rate is not None and terms.owes(account.account_type):
            found.append(Due(
                account.account_id, account.firm or account.venue, account.account_type.value,
                max(margin.maintenance.amount * rate, ZERO), (account.account_id,),
                excess.get(account.account_id)))
    return tuple(found)


def _named(part: Part) -> str:
    return f"{part.lot} (pledged for {part.home})" if part.home else part.lot


def _cents(amount: float) -> Decimal:
    return money(round(float(amount), CENTS))


def _rate(price: float) -> Decimal:
    return money(round(float(price), RATE_DIGITS))


class _Problem:
    """Parts against obligations, with haircuts, reasons and limits laid out once."""

    def __init__(self, terms: Terms, supply: Sequence[Part], dues: Sequence[Due]) -> None:
        self.terms, self.supply, self.dues = terms, supply, dues
        answers = [[terms.answer(part, due) for due in dues] for part in supply]
        self.late = [[terms.late(part, due) for due in dues] for part in supply]
        self.barred = [[a.barred for a in row] for row in answers]
        shape = (len(supply), len(dues))
        self.accepted = np.array([[float(a.haircut) for a in row] for row in answers],
                                 np.float64).reshape(shape)
        is_late = np.array([[bool(text) for text in row] for row in self.late],
                           np.bool_).reshape(shape)
        self.haircuts = np.where(is_late, 1.0, self.accepted)
        self.values = np.array([float(part.value) for part in supply], np.float64)
        self.caps = [
            Cap(o, tuple(n for n, part in enumerate(supply) if part.asset_class in row["classes"]),
                float(row["share"]))
            for o, due in enumerate(dues) for row in terms.limits(due)]

    def _lots(self, values: Floats) -> Lots:
        """Return what there is; whether it comes in time is in the haircuts already."""
        costs = np.array([float(self.terms.cost(part)) for part in self.supply], np.float64)
        return Lots(tuple(p.lot for p in self.supply), values, costs, np.zeros(len(costs)))

    def _obligations(self, requirement: Floats) -> Obligations:
        return Obligations(
            tuple(due.name for due in self.dues), requirement,
            np.array([self.terms.deadline(due) for due in self.dues], np.float64))

    def solve(self, requirement: Floats, values: Floats, caps: Sequence[Cap]) -> Allocation:
        """Allocate at the least cost."""
        return allocate(self._lots(values), self._obligations(requirement), self.haircuts, caps)

    def plan(self, regime: str, title: str, wishes: Wishes | None = None) -> Plan:
        """Return the cheapest delivery, within the wishes if any, in the words of the desk."""
        asked = np.array([float(due.requirement) for due in self.dues], np.float64)
        got = self.solve(asked, self.values, self.caps) if wishes is None else allocate_with(
            self._lots(self.values), self._obligations(asked), self.haircuts, wishes, self.caps)
        priced = got.feasible and wishes is None
        simple, missing = waterfall(
            self._lots(self.values), self._obligations(asked), self.haircuts, self.caps)
        return Plan(
            regime, title, got.feasible, _cents(got.cost),
            tuple(self._covered(o, due, got, priced) for o, due in enumerate(self.dues)),
            tuple(self._source(n, part, got, priced) for n, part in enumerate(self.supply)),
            tuple(self._deliveries(got)), _cents(simple), _cents(float(missing.sum())))

    def _covered(self, o: int, due: Due, got: Allocation, priced: bool) -> Covered:
        short = _cents(got.shortfall[o])
        barred = tuple((_named(part), self.barred[n][o] or self.late[n][o])
                       for n, part in enumerate(self.supply)
                       if self.haircuts[n, o] >= 1.0 and part.lag is not None)
        return Covered(
            due.name, due.holder, due.requirement, self.terms.deadline(due),
            max(due.requirement - short, ZERO), short,
            _rate(got.requirement_price[o]) if priced else None,
            self._binding(o, due) if short else "", tuple(dict.fromkeys(barred)), due.excess)

    def _source(self, n: int, part: Part, got: Allocation, priced: bool) -> Source:
        given = _cents(float(got.given[n].sum()))
        worth = _rate(got.lot_price[n]) if priced else None
        return Source(part.lot, part.symbol, part.asset_class, part.value, min(given, part.value),
                      self.terms.cost(part), worth, part.home)

    def _deliveries(self, got: Allocation) -> list[Delivery]:
        return [
            Delivery(n, part.lot, due.name, _cents(got.given[n, o]),
                     _cents(float(got.given[n, o] * (1.0 - self.haircuts[n, o]))))
            for o, due in enumerate(self.dues) for n, part in enumerate(self.supply)
            if got.given[n, o] > float(CENT)]

    def _binding(self, o: int, due: Due) -> str:
        """Say what keeps an obligation short: take away one limit after another."""
        need = float(due.requirement)
        # What is locked for another obligation is not on its way here, however late.
        here = np.array([p.lag is not None or p.home in due.accounts for p in self.supply])
        value = np.where(here, self.values, 0.0)
        whole = value * (1.0 - self.accepted[:, o])
        in_time = self.values * (1.0 - self.haircuts[:, o])
        late = accounting(float(whole.sum() - in_time.sum()))
        if self._capped(o, in_time) >= need:
            return "inventory: the lots that would do are worth more at other obligations"
        if self._capped(o, whole) >= need:
            return f"time: {late} after haircut is accepted but arrives too late"
        if whole.sum() >= need:
            return "concentration: the limits on groups of assets bind"
        if value.sum() >= need:
            return "eligibility: enough market value, too little of it accepted after haircut"
        return "inventory: all lots together are worth less than the requirement"

    def _capped(self, o: int, values: Floats) -> float:
        """Add up values after haircut, each group up to its limit."""
        total, need = float(values.sum()), float(self.dues[o].requirement)
        for cap in self.caps:
            if cap.obligation == o:
                total -= max(float(values[list(cap.lots)].sum()) - cap.share * need, 0.0)
        return total


def _regret(problem: _Problem) -> Regret | None:
    """Compare what is pledged now with the least cost of the same cover; None without pledges.

    Each obligation keeps what it is given now after haircut, or its requirement where less.
    """
    supply, dues = problem.supply, problem.dues
    places = {name: o for o, due in enumerate(dues) for name in due.accounts}
    now = np.zeros((len(supply), len(dues)))
    for n, part in enumerate(supply):
        if part.home in places and part.lag is not None:
            now[n, places[part.home]] = float(part.value)
    if not now.any():
        return None
    return _compared(problem, now)


def _compared(problem: _Problem, now: Floats) -> Regret:
    terms, supply, dues = problem.terms, problem.supply, problem.dues
    cover = (now * (1.0 - problem.haircuts)).sum(axis=0)
    asked = np.minimum(cover, [float(due.requirement) for due in dues])
    # What stays where it is (cash, locked lots) covers nothing here: it is no choice.
    values = np.array([0.0 if part.lag is None else float(part.value) for part in supply])
    best = problem.solve(asked, values, [replace(cap, share=1.0) for cap in problem.caps])
    moves = [Move(part.lot, due.name, _cents(now[n, o]), _cents(best.given[n, o]))
             for o, due in enumerate(dues) for n, part in enumerate(supply)
             if abs(now[n, o] - best.given[n, o]) > float(CENT)]
    costs = np.array([float(terms.cost(part)) for part in supply], np.float64)
    return Regret(_cents(float(costs @ now.sum(axis=1))), _cents(best.cost),
                  tuple(sorted(_merged(moves), key=lambda m: (m.change, m.lot, m.obligation))),
                  proposals([part.lot for part in supply], [due.name for due in dues], now,
                            best.given, problem.haircuts, costs))


def _merged(moves: Sequence[Move]) -> list[Move]:
    """Add up the parts of a lot: what is taken free and what is released are one change."""
    sums: dict[tuple[str, str], Move] = {}
    for move in moves:
        key = (move.lot, move.obligation)
        old = sums.get(key)
        sums[key] = move if old is None else replace(
            old, now=old.now + move.now, cheapest=old.cheapest + move.cheapest)
    return [move for move in sums.values() if abs(move.change) > CENT]
