"""The book after moves, margined again: a grid, joint moves of the past, and its own history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from workstation.base.progress import Progress, part_of, silent
from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook, resolve
from workstation.book.valuation import net_liquidating_value
from workstation.harmonised.design import Design, shipped
from workstation.harmonised.engine import assess
from workstation.lab.experiment import Settings, experiment
from workstation.lab.result import DesignFindings
from workstation.lab.scenarios import Shock, correlations_to_one, library
from workstation.lab.stress import stressed
from workstation.measures.account_status import CASH_NOT_STATED, AccountStatus
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.volatility import implied_volatilities
from workstation.reports.dossier.pack import proposal
from workstation.results.run import Run
from workstation.results.stressed_book import GridCell, PastMove, Replayed, StressedBook
from workstation.rulebooks import registry
from workstation.rulebooks.finra_4210.account_tests import statuses
from workstation.workspace.curves import EVERYTHING, CurveQuestion, curves

if TYPE_CHECKING:
    from workstation.workspace.session import Session

IN_FULL, MOST_POSITIONS = 60, 400
WORST = 5
TODAY = "Today, silos"
CURRENT_LAW = "current law"
TODAY_DESIGN = "today"
RISE_OVER = 5
ZERO = Decimal(0)
TOO_LARGE = (f"Grid, past moves and replay are left out of books above {MOST_POSITIONS} positions "
             "unless asked for: `crossmargin review FILE --stress`.")
IN_PART = (f"Above {IN_FULL} positions the {WORST} moves that cost most are margined again; all of "
           "them, the grid and the replay are asked for with `crossmargin review FILE --stress`.")
MOVES = tuple(n / 100 for n in (-30, -20, -10, 0, 10, 20, 30))
VOLATILITIES = (-0.10, 0.0, 0.10, 0.20)
NO_HISTORY = "The file has no History sheet, so margin cannot be replayed over the book's history."


def stressed_book(session: Session, *, always: bool = False, progress: Progress = silent
                ) -> StressedBook | None:
    """Margin the reviewed book after moves and over its history; None without positions.

    Above `IN_FULL` positions only the moves that cost most are margined, above `MOST_POSITIONS`
    none, each with a note that says so, unless `always`: a pack takes seconds.
    """
    run = session.run
    if run is None or not run.book.positions:
        return None
    if len(run.book.positions) > MOST_POSITIONS and not always:
        return StressedBook(notes=(TOO_LARGE,))
    design = _argued(run, session.terms().designs)
    rules = session.rule_set()
    full = always or len(run.book.positions) <= IN_FULL
    grid, moving = _grid(session, run.book, part_of(progress, 0.0, 0.3)) if full else ((), "")
    after, still = _moved(run, rules, part_of(progress, 0.3, 0.1))
    if not full:
        worst = sorted(after, key=lambda one: one.profit)[:WORST]
        after = [one for one in after if one in worst]
    told = part_of(progress, 0.4, 0.3)
    moves = []
    for number, one in enumerate(after):
        told(number / len(after), f"Margining after {one.name}")
        moves.append(_margined(one, run, design, rules))
    replays = tuple(_replays(run.book, design, rules, part_of(progress, 0.7, 0.3))) if full else ()
    notes = (IN_PART,) if not full else () if run.book.market.history.dates else (NO_HISTORY,)
    if run.without_cash:
        notes = (f"No equity after a move, and no call of {', '.join(run.without_cash)}: "
                 f"{CASH_NOT_STATED}.", *notes)
    title = "" if design is None else design.title or design.name
    return StressedBook(grid, moving, tuple(moves), replays, tuple(still), title, notes)


def _grid(session: Session, book: Book, progress: Progress) -> tuple[tuple[GridCell, ...], str]:
    """Return every price and volatility moved together, and what that moves."""
    question = CurveQuestion(book, EVERYTHING, None, (), MOVES, VOLATILITIES)
    found = curves(session, question, progress)
    return tuple(GridCell(c.move, c.volatility, c.profit, c.silos) for c in found.cells), found.note


def _argued(run: Run, designs: Sequence[Design]) -> Design | None:
    """Return the design the memo argues, None where that is today's law."""
    outcome = proposal(run)
    if outcome is None or outcome.margin.status == CURRENT_LAW:
        return None
    return next((d for d in designs if d.name == outcome.margin.name), None)


@dataclass(frozen=True, slots=True, eq=False)
class _After:
    """The book after one move, revalued."""

    name: str
    book: Book
    held: ResolvedBook
    equity: Decimal
    profit: Decimal


def _moved(run: Run, rules: RuleSet, progress: Progress) -> tuple[list[_After], list[str]]:
    """Return the book after every move that touches it, and the names of those that do not."""
    before = net_liquidating_value(run.book, resolve(run.book))
    shocks = (*library(), correlations_to_one())
    after, still = [], []
    for number, shock in enumerate(shocks):
        progress(number / len(shocks), f"Revaluing after {_named(shock)}")
        book = stressed(run.book, shock, rules)
        if book.positions == run.book.positions:
            still.append(_named(shock))
            continue
        held = resolve(book)
        equity = net_liquidating_value(book, held)
        after.append(_After(_named(shock), book, held, equity, equity - before))
    return after, still


def _margined(after: _After, run: Run, design: Design | None, rules: RuleSet) -> PastMove:
    """Margin the book after one move."""
    book, held = after.book, after.held
    unknown = run.without_cash  # gains of the move do not make the rest of the cash known
    silos = registry.silos(book, held, rules)
    called = [s for s in statuses(book, held, silos, rules)
              if s.call and s.account_id not in unknown]
    asked = None if design is None else assess(
        design, book, held, implied_volatilities(held), silos, rules).margin.requirement.amount
    required = silos.maintenance.amount
    return PastMove(after.name, after.profit, None if unknown else after.equity, required,
                    required - run.silos.maintenance.amount, _owed(called),
                    tuple(s.account_id for s in called), asked)


def _owed(called: Sequence[AccountStatus]) -> Decimal:
    return sum((status.call for status in called), ZERO)


def _named(shock: Shock) -> str:
    return shock.name.removesuffix(", 1d")


def _replays(book: Book, design: Design | None, rules: RuleSet, progress: Progress
             ) -> Iterator[Replayed]:
    if not book.market.history.dates:
        return
    wanted = (shipped()[TODAY_DESIGN], *(() if design is None else (design,)))
    for found in experiment([book], wanted, Settings(), progress, rules).books[0].designs:
        replay = _replay(found)
        if replay is not None:
            yield replay


def _replay(found: DesignFindings) -> Replayed | None:
    coverage, moved = found.coverage, found.cyclicality
    if coverage is None:
        return None
    title = TODAY if found.status == CURRENT_LAW else found.title or found.design
    rises = {} if moved is None else dict(moved.largest_rise)
    return Replayed(title, coverage.window, coverage.days, coverage.exceedances, coverage.kupiec,
                    coverage.zone, coverage.worst_loss, coverage.worst_day,
                    coverage.worst_uncovered, None if moved is None else moved.peak_to_trough,
                    rises.get(RISE_OVER))
