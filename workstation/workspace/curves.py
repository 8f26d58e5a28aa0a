"""What the book earns, and what it must post, as one factor or all of them move.

Every point is the full calculation: the book is revalued, gains that settle daily are paid, and
today's silos and the chosen design margin it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workstation.base.progress import Progress, silent
from workstation.base.vocabulary import AssetClass
from workstation.book.book import Book
from workstation.book.resolve import resolve
from workstation.book.valuation import net_liquidating_value
from workstation.cascade.factors import FactorMap
from workstation.harmonised.design import Design
from workstation.lab.scenarios import Shock
from workstation.lab.stress import margin_under_stress, stressed
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks import registry

if TYPE_CHECKING:
    from workstation.workspace.session import Session

EVERYTHING = ""
"""The factor that stands for every price at once."""
TOGETHER = ("every stock, fund, coin, commodity and what is written on them moves; debt, rates, "
            "currencies and cash stay.")
STILL = frozenset({AssetClass.CASH, AssetClass.STABLECOIN, AssetClass.MONEY_MARKET_FUND,
                   AssetClass.TREASURY, AssetClass.AGENCY, AssetClass.MUNICIPAL,
                   AssetClass.CORPORATE_BOND, AssetClass.CDS, AssetClass.CDS_INDEX})
STILL_CLASSES = frozenset({"rates", "currency", "cash", "credit"})
CLASSES = ("equity", "rates", "currency", "commodity", "crypto")
MOVES = tuple(n / 100 for n in (-50, -40, -30, -25, -20, -15, -10, -5, 0, 5, 10, 15, 20, 25, 30,
                                40, 50))
MAP_MOVES = tuple(n / 100 for n in (-40, -30, -20, -10, 0, 10, 20, 30, 40))
MAP_VOLATILITIES = tuple(n / 100 for n in (30, 20, 10, 0, -10))


@dataclass(frozen=True, slots=True)
class CurveQuestion:
    """One factor's moves to look at, as a snapshot of the review."""

    book: Book
    factor: str
    design: Design | None
    moves: tuple[float, ...] = MOVES
    map_moves: tuple[float, ...] = MAP_MOVES
    map_volatilities: tuple[float, ...] = MAP_VOLATILITIES
    """Changes of 30-day volatility, absolute: 0.10 is ten points."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Profit of the client and requirements after one move, in the reporting currency."""

    move: float
    profit: float
    silos: float
    design: float | None


@dataclass(frozen=True, slots=True)
class MapCell:
    """Profit and today's requirement at one move of price and one change of volatility."""

    move: float
    volatility: float
    profit: float
    silos: float


@dataclass(frozen=True, slots=True)
class Curves:
    """The answer: points by rising move, cells by falling volatility and rising move."""

    factor: str
    currency: str
    design: str
    equity: float
    """Liquidating value before any move."""
    points: tuple[CurvePoint, ...]
    cells: tuple[MapCell, ...]
    note: str = ""

    @property
    def worst(self) -> CurvePoint:
        """Return the point of the greatest loss."""
        return min(self.points, key=lambda point: point.profit)

    @property
    def shortfalls(self) -> tuple[float, ...]:
        """Return the smallest fall and rise, of those tried, that leave less than today's margin.

        None are returned where that holds before any move.
        """
        short = [p.move for p in self.points if self.equity + p.profit < p.silos]
        if 0.0 in short:
            return ()
        falls, rises = [m for m in short if m < 0], [m for m in short if m > 0]
        return (*(falls[-1:]), *(rises[:1]))


def moving_factors(book: Book, rules: RuleSet) -> tuple[str, ...]:
    """Return the factors that move when every price does: not debt, rates, currencies, cash."""
    known = FactorMap(rules)
    names = dict.fromkeys(
        known.of(p.instrument.underlying or p.instrument.symbol) for p in book.positions
        if p.instrument.asset_class not in STILL)
    return tuple(n for n in names if known.asset_class(n, book.market) not in STILL_CLASSES)


def curve_question(session: Session, factor: str, design: str) -> CurveQuestion:
    """Return what is asked about a session as it stands."""
    chosen = next((d for d in session.terms().designs if d.name == design), None)
    return CurveQuestion(session.book, factor, chosen)


def curves(session: Session, question: CurveQuestion, progress: Progress = silent) -> Curves:
    """Compute curves and map; raises CancelledError through `progress`."""
    book = question.book
    rules = session.rule_set()
    moved = _moved(book, question.factor, rules)
    steps = len(question.moves) + len(question.map_moves) * len(question.map_volatilities)
    tell = _Telling(progress, steps)
    points = tuple(_points(question, moved, rules, tell))
    cells = tuple(_cells(question, moved, rules, tell))
    design = question.design.name if question.design is not None else ""
    equity = float(net_liquidating_value(book, resolve(book)))
    note = TOGETHER if question.factor == EVERYTHING else "everything else stands still."
    return Curves(question.factor, book.market.currency, design, equity, points, cells, note)


class _Telling:
    """Counts the steps done."""

    def __init__(self, progress: Progress, steps: int) -> None:
        self._progress, self._steps, self._done = progress, steps, 0

    def step(self) -> None:
        """Tell of one more step."""
        self._progress(self._done / self._steps, "Margining the book after moves")
        self._done += 1


def _moved(book: Book, factor: str, rules: RuleSet) -> Sequence[str]:
    return moving_factors(book, rules) if factor == EVERYTHING else (factor,)


def _shock(names: Sequence[str], move: float, volatility: float = 0.0) -> Shock:
    changes: Mapping[str, float] = dict.fromkeys(CLASSES, volatility) if volatility else {}
    return Shock(f"{move:+.0%}", dict.fromkeys(names, move), changes, {})


def _points(question: CurveQuestion, names: Sequence[str], rules: RuleSet, tell: _Telling
            ) -> Iterator[CurvePoint]:
    designs = () if question.design is None else (question.design,)
    for move in question.moves:
        tell.step()
        after = margin_under_stress(question.book, _shock(names, move), designs, rules)
        own = float(after.designs[0][1]) if after.designs else None
        yield CurvePoint(move, -float(after.loss), float(after.silos), own)


def _cells(question: CurveQuestion, names: Sequence[str], rules: RuleSet, tell: _Telling
           ) -> Iterator[MapCell]:
    before = net_liquidating_value(question.book, resolve(question.book))
    for volatility in question.map_volatilities:
        for move in question.map_moves:
            tell.step()
            book = stressed(question.book, _shock(names, move, volatility), rules)
            held = resolve(book)
            profit = net_liquidating_value(book, held) - before
            silos = registry.silos(book, held, rules).maintenance.amount
            yield MapCell(move, volatility, float(profit), float(silos))
