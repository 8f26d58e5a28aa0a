"""Stresses of an open review: everything margined again after each, and how far one may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workstation.base.progress import Progress, part_of, silent
from workstation.book.book import Book
from workstation.book.resolve import resolve
from workstation.book.valuation import net_liquidating_value, unstated
from workstation.cascade.factors import FactorMap
from workstation.collateral import pool
from workstation.harmonised.design import Design
from workstation.harmonised.engine import assess
from workstation.harmonised.underlyings import RiskMap
from workstation.lab.reverse import reverse_stress
from workstation.lab.scenarios import Shock, custom, historical, times
from workstation.lab.stress import stressed
from workstation.lab.stress_set import stress_set
from workstation.measures.account_status import AccountStatus
from workstation.measures.stressed import AfterShock, CalledAccount, ReverseStress
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.volatility import implied_volatilities
from workstation.rulebooks import registry

if TYPE_CHECKING:
    from workstation.workspace.session import Session
    from workstation.workspace.stress import Stress

SEVERE = "severe_multiple"
SHOWN = 4
DIRECTION = "direction"
EVERY_PRICE = "every price together"


@dataclass(frozen=True, slots=True)
class Stresses:
    """The answer: the book after every stress, and where things begin along each direction."""

    currency: str
    after: tuple[AfterShock, ...]
    reverse: tuple[ReverseStress, ...]


@dataclass(frozen=True, slots=True)
class StressQuestion:
    """What is stressed, as a snapshot of the review; `first` is its own stress.

    A design that repeats the silos is left out: its requirement is theirs.
    """

    book: Book
    designs: tuple[Design, ...]
    first: Shock
    rules: RuleSet


def stress_question(session: Session, first: Shock | None = None) -> StressQuestion:
    """Return what is asked of a session as it stands; `first` is its own stress unless given."""
    terms = session.terms()
    designs = tuple(design for design in terms.designs if not design.repeats_silos)
    return StressQuestion(session.book, designs, first or shock_of(session.stress),
                          terms.rules())


def shock_of(stress: Stress) -> Shock:
    """Return the shock that a review asks its cascade for."""
    moves = {name: move for name, move in stress.moves.items() if move}
    named = not stress.shocks and stress.replay is None
    try:
        found = historical(stress.scenario) if named else custom(moves, stress.label)
    except KeyError:  # an episode of the cascade's own: its moves, and nothing of volatility
        found = custom(moves, stress.label)
    return found if stress.multiplier == 1 or not named or not found.proxies else times(
        found, stress.multiplier)


def stresses(question: StressQuestion, progress: Progress = silent) -> Stresses:
    """Put the book through every stress and search along the first; raises CancelledError."""
    severe = float(question.rules.edition("lab")[SEVERE].value)
    after = after_shocks(question, stress_set(question.book, question.first, severe),
                         part_of(progress, 0.0, 0.6))
    return Stresses(question.book.market.currency, after,
                    reverse(question, part_of(progress, 0.6, 0.4)))


def after_shocks(question: StressQuestion, shocks: Sequence[tuple[str, Shock]],
                 progress: Progress = silent) -> tuple[AfterShock, ...]:
    """Compute the book after each of many shocks with their kinds."""
    tried = _Tried(question)
    rows = []
    for number, (kind, shock) in enumerate(shocks):
        progress(number / len(shocks), f"Margining the book after {shock.name}")
        rows.append(tried.after(kind, shock))
    return tuple(rows)


def reverse(question: StressQuestion, progress: Progress = silent) -> tuple[ReverseStress, ...]:
    """Search along the first stress; nothing where it moves nothing of the book."""
    tried, moves = _Tried(question), held_moves(question)
    if not moves and not question.first.volatility and not question.first.flat:
        return ()
    return reverse_stress(
        question.first.name,
        lambda m: tried.after(DIRECTION, times(question.first, m)), moves[:SHOWN], progress)


def held_moves(question: StressQuestion) -> list[tuple[str, float]]:
    """Return the moves of the book's own risk roots under the first stress, largest first."""
    shock, factors = question.first, FactorMap(question.rules)
    given, risk = factors.shocks(shock.moves), RiskMap.of_rules(question.rules)
    found: dict[str, float] = {}
    for position in question.book.positions:
        root = risk.of(position, question.book.market)
        leader = shock.proxies.get(root.asset_class, "") if root.sign > 0 else ""
        move = given.get(root.name, given.get(factors.of(leader), 0.0))
        if move:
            found[root.name] = move
    return sorted(found.items(), key=lambda item: (-abs(item[1]), item[0]))


class _Tried:
    """Margins one book again after a shock, with what never changes kept."""

    def __init__(self, question: StressQuestion) -> None:
        self._question = question
        holdings = resolve(question.book)
        self._equity = net_liquidating_value(question.book, holdings)
        self._silos = registry.silos(question.book, holdings, question.rules).maintenance.amount

    def after(self, kind: str, shock: Shock) -> AfterShock:
        """Return everything computed again."""
        from workstation.workspace.standing import called

        rules = self._question.rules
        book = stressed(self._question.book, shock, rules)
        held = resolve(book)
        silos = registry.silos(book, held, rules)
        volatility = implied_volatilities(held) if self._question.designs else None
        designs = () if volatility is None else tuple(
            (d.name, assess(d, book, held, volatility, silos, rules).margin.requirement.amount)
            for d in self._question.designs)
        accounts = tuple(a for s in called(book, held, silos, rules)
                         if (a := _account(s)) is not None)
        return AfterShock(
            shock.name, kind, self._equity, net_liquidating_value(book, held), self._silos,
            silos.maintenance.amount, designs, accounts,
            pool.report(book, rules).free_value if book.lots else None,
            not unstated(self._question.book))


def _account(status: AccountStatus) -> CalledAccount | None:
    """Return an account's tightest test; None where its cash is not stated."""
    tests = [test for test in status.tests if not test.condition]
    if not tests or not status.cash_stated:
        return None
    owed = status.first_call
    tightest = owed or min(tests, key=lambda test: test.excess)
    return CalledAccount(
        status.account_id, status.regime, tightest.name, status.equity.amount,
        tightest.required.amount, tightest.excess, status.call)
