"""The policy lab: every design on every book, with what efficiency costs beside it.

efficiency   requirement and saving against today's silos
coverage     losses over history that the requirement would not have covered
cyclicality  how much the requirement moved over history
stress       the requirement computed again after joint moves
dynamics     liquidation cascades, equity kept and freed margin used, and correlations to one
protection   where margin lies and what stays free
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np

from workstation import __version__
from workstation.base.problem import Problem
from workstation.base.progress import Progress, silent
from workstation.book.book import Book
from workstation.book.resolve import Bools, Floats, ResolvedBook, resolve
from workstation.book.valuation import net_liquidating_value
from workstation.collateral import pool
from workstation.harmonised.design import Design
from workstation.harmonised.eligibility import SHARED_UNIT, AccountLocations
from workstation.harmonised.engine import Assessment, assess
from workstation.harmonised.factor_moves import covers
from workstation.harmonised.scan import Scan
from workstation.harmonised.underlyings import RiskMap
from workstation.lab.dynamics import Ground, dynamics
from workstation.lab.recovery import recoveries
from workstation.lab.replay import Losses, Replay
from workstation.lab.result import (
    AfterStress,
    BookFindings,
    Coverage,
    Cyclicality,
    DesignFindings,
    Findings,
    Protection,
    ReplayDay,
)
from workstation.lab.scenarios import (
    Shock,
    bonds_sell_off_too,
    correlations_to_one,
    historical,
    times,
)
from workstation.lab.stress import StressedMargin, margin_under_stress
from workstation.market.history import History
from workstation.measures.backtest import backtest
from workstation.measures.procyclicality import HORIZONS, procyclicality
from workstation.measures.requirement import Margin
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.volatility import Volatilities, implied_volatilities
from workstation.rulebooks import registry
from workstation.rulebooks.span.margin_history import MarginHistories, MarginReplay, products_of

DEFAULT_STRESS = "2020-03-12 Covid A"
DAYS = 500
ROLLED = "positions held, marks and volatilities rolled"
HELD = "positions, marks and volatilities held"
RULES = "lab"
"""Folder of the editions of what experiments assume."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the lab is asked: stresses, days replayed, and a history for books without one."""

    stress: str = DEFAULT_STRESS
    days: int = DAYS
    history: History | None = None
    own: Shock | None = None
    """A stress of the user's own in place of the named one."""
    rolled: bool = True
    """Whether marks and volatilities follow history in the replay; positions are held always."""
    margins: MarginHistories | None = None
    """Published margin changes, replayed for the contracts a book holds."""

    @property
    def marks(self) -> str:
        """Return what the replay holds and what it rolls, in words."""
        return ROLLED if self.rolled else HELD

    @property
    def shocks(self) -> tuple[Shock, ...]:
        """Return the stress and its companion with correlations to one."""
        return self.own or historical(self.stress), correlations_to_one()

    def margin_shocks(self, severe: float) -> tuple[Shock, ...]:
        """Return the stresses after which margin is computed again; `severe` multiplies one."""
        first, one = self.shocks
        longer = () if self.own else (historical(self.stress, "5d"),)
        return (first, times(first, severe), bonds_sell_off_too(first), *longer, one)


def experiment(books: Sequence[Book], designs: Sequence[Design], settings: Settings | None = None,
               progress: Progress = silent, rules: RuleSet | None = None) -> Findings:
    """Run every design on every book; raises CancelledError through `progress`."""
    chosen, found = settings or Settings(), []
    for i, book in enumerate(books):

        def part(done: float, doing: str, i: int = i, book: Book = book) -> None:
            progress((i + done) / len(books), f"{book.name}: {doing}")

        own = rules if rules is not None and rules.as_of == book.as_of else RuleSet(book.as_of)
        found.append(_Bench(with_history(book, chosen.history), chosen, own).findings(
            designs, part))
    return Findings(__version__, chosen.own.name if chosen.own else chosen.stress, tuple(found))


def with_history(book: Book, history: History | None) -> Book:
    """Return the book with a history where it has none of its own."""
    if history is None or book.market.history.dates:
        return book
    return replace(book, market=replace(book.market, history=history))


class _Bench:
    """One book with everything its designs share."""

    def __init__(self, book: Book, settings: Settings, rules: RuleSet) -> None:
        self._book, self._settings, self._rules = book, settings, rules
        self._holdings: ResolvedBook = resolve(book)
        self._volatility: Volatilities = implied_volatilities(self._holdings)
        self._silos: Margin = registry.silos(book, self._holdings, rules)
        self._equity = net_liquidating_value(book, self._holdings)
        self._free = pool.report(book, rules).free_value
        assumed = rules.edition(RULES)
        self._severe = float(assumed["severe_multiple"].value)
        self._failure_rate = float(assumed["failure_rate"].value)
        self._scans: dict[object, Scan] = {}
        self._losses: dict[object, Losses | Problem] = {}
        self._replays: dict[object, Replay] = {}

    def findings(self, designs: Sequence[Design], progress: Progress) -> BookFindings:
        """Answer for every design in turn."""
        answers = []
        after = [margin_under_stress(self._book, shock, tuple(designs), self._rules)
                 for shock in self._settings.margin_shocks(self._severe)]
        for i, design in enumerate(designs):

            def part(done: float, doing: str, i: int = i) -> None:
                progress((i + done) / len(designs), doing)

            part(0.0, design.title)
            answers.append(self._design(design, after, part))
        problems = dict.fromkeys(p for p in self._losses.values() if isinstance(p, Problem))
        alone = sum((amount for account in self._book.accounts for amount in registry.alone(
            account, self._holdings.of_account(account.account_id), self._rules)
            if amount is not None), Decimal(0))
        return BookFindings(
            self._book.name, self._book.as_of, self._book.market.currency, alone,
            self._silos.maintenance.amount, covers(self._book.market.history), tuple(answers),
            tuple(problems), tuple((e.rule, e.edition) for e in self._rules.used()),
            self._published())

    def _published(self) -> tuple[MarginReplay, ...]:
        """Replay the published margin of each contract held over the dates the lab replays."""
        margins, dates = self._settings.margins, self._book.market.history.dates
        if margins is None:
            return ()
        window = dates[-self._settings.days:]
        first, last = (window[0], window[-1]) if window else (None, None)
        found = (margins.replay(product, first, last)
                 for product in sorted(products_of(self._book.positions)))
        return tuple(replay for replay in found if replay is not None)

    def _design(self, design: Design, after: Sequence[StressedMargin], progress: Progress
                ) -> DesignFindings:
        assessment = self._assessed(design)
        amount, silos = assessment.margin.requirement.amount, self._silos.maintenance.amount
        coverage, cyclicality = self._history(assessment, progress)
        risk = assessment.scan_risk
        told = () if risk is None else (*risk.inputs, *(i for p in risk.parts for i in p.inputs
                                                        if risk.combine == "max"))
        ground = Ground(self._book, self._holdings, self._equity, silos, self._rules)
        refusal = assessment.margin.excluded[0].what if assessment.refused else ""
        return DesignFindings(
            design.name, design.title, design.version, design.status, design.choice("method"),
            assessment.margin.complete, refusal, amount, silos - amount,
            (silos - amount) / silos if silos else None, tuple(told), coverage, cyclicality,
            () if assessment.refused else tuple(
                d for shock in self._settings.shocks for d in dynamics(ground, amount, shock)),
            () if assessment.refused else tuple(
                AfterStress(s.shock, asked, s.equity, asked - amount)
                for s in after for name, asked in s.designs if name == design.name),
            self._protection(assessment, amount))

    def _assessed(self, design: Design) -> Assessment:
        found = assess(design, self._book, self._holdings, self._volatility, self._silos,
                       self._rules, self._scans.get(design.scan_key()))
        self._scans[design.scan_key()] = found.scan
        return found

    def _history(self, assessment: Assessment, progress: Progress
                 ) -> tuple[Coverage | None, Cyclicality | None]:
        design = assessment.design
        base = (design.scan_key(), design.flag("tails.proxies"))
        if base not in self._replays:
            self._replays[base] = Replay(
                assessment, self._volatility, RiskMap.of_rules(self._rules), self._settings.days,
                rolled=self._settings.rolled)
        replay = self._replays[base]
        key = (*base, design.rate("tails.volatility_response"),
               tuple(v for n, v in design.knobs.items() if n.startswith("mpor.")))
        if key not in self._losses:
            self._losses[key] = replay.losses(design)
        losses = self._losses[key]
        if isinstance(losses, Problem):
            return None, None
        required = replay.requirements(assessment, losses, progress)
        told = np.isfinite(required) & (required > 0)
        if not told.any():
            return None, None
        return (_coverage(required, losses, told, self._settings.marks, self._failure_rate),
                _cyclicality(required[told]))

    def _protection(self, assessment: Assessment, amount: Decimal) -> Protection:
        locations = AccountLocations(self._rules)
        slots = assessment.slots
        shared = {int(a) for a, unit in zip(slots.account, slots.unit, strict=True)
                  if slots.units[unit].startswith(SHARED_UNIT)}
        joined = {locations.location(self._book.account(assessment.scan.accounts[a]))
                  for a in shared}
        if assessment.design.keeps_silos:
            joined, shared = set(), set()
        accounts = frozenset(assessment.scan.accounts[a] for a in shared)
        return Protection(
            tuple((a.account_id, locations.location(a)) for a in self._book.accounts),
            tuple(sorted(joined)), self._free, self._equity - amount,
            recoveries(self._book, self._silos, amount, accounts, self._rules))


def _coverage(required: Floats, losses: Losses, told: Bools, marks: str, failure_rate: float
              ) -> Coverage:
    """Test days that do not overlap: every closing time one."""
    rows = np.flatnonzero(told)[::max(1, losses.days_to_close)]
    lost, asked, counted = losses.losses[rows], required[rows], set(rows.tolist())
    tests = backtest(asked.tolist(), lost.tolist(), failure_rate)
    every = np.flatnonzero(told)
    worst = int(every[np.argmax(losses.losses[every])])
    beyond = float(np.max(losses.losses[every] - required[every]))
    return Coverage(
        f"{_day(losses.dates, every[0])} to {_day(losses.dates, every[-1])}, every "
        f"{losses.days_to_close} dates, loss over {losses.days_to_close} dates",
        tests.days, tests.exceedances, failure_rate, tests.coverage.p_value,
        tests.independence.p_value, tests.zone, float(losses.losses[worst]),
        losses.dates[worst], max(0.0, beyond), losses.left_out, marks,
        tuple(ReplayDay(losses.dates[i], float(required[i]), float(losses.losses[i]), i in counted)
              for i in every))


def _day(dates: tuple[date, ...], place: int) -> str:
    return dates[place].isoformat()


def _cyclicality(required: Floats) -> Cyclicality:
    found = procyclicality(required, [n for n in HORIZONS if n < len(required)])
    return Cyclicality(found.peak_to_trough, tuple(sorted(found.largest_rise.items())))
