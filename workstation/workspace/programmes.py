"""Every cross-margin programme for a client: who may come in, what it would save, where it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from workstation.base.money import money
from workstation.base.progress import Progress, silent
from workstation.base.vocabulary import AssetClass
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import Floats, ResolvedBook, resolve
from workstation.instruments.terms import FutureTerms
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.pricing.past_profits import PastProfits, past_profits
from workstation.pricing.volatility import implied_volatilities
from workstation.results.programmes_table import ProgrammeRow
from workstation.rulebooks.cleared_swaps.account import FOLDER as CLEARED
from workstation.rulebooks.cleared_swaps.simulation import Settings, simulated
from workstation.rulebooks.cleared_swaps.with_futures import best_move
from workstation.rulebooks.registry import account_margin
from workstation.rulebooks.sbs import cleared_programme
from workstation.rulebooks.sbs.margin import FOLDER as GRID
from workstation.rulebooks.span.house_models import (
    Sides,
    house_models,
    rate_futures,
    two_house_margin,
)
from workstation.rulebooks.span.programmes import (
    FOLDER,
    PROGRAMMES,
    ProgrammeView,
    programme_view,
)
from workstation.workspace.session import Session

SWAPS_WITH_FUTURES = "cme-irs"
CREDIT = cleared_programme.REGIME
ROUNDS = 4
ZERO = Decimal(0)
ESTIMATE = "own estimate in the shape of the published descriptions, no house's figure"


@dataclass(frozen=True, slots=True)
class _Case:
    """One programme on one book, ready to be estimated."""

    view: ProgrammeView
    book: Book
    holdings: ResolvedBook
    volatility: Floats
    rules: RuleSet
    edition: Edition

    def profits(self, days: int) -> PastProfits:
        return past_profits(self.holdings, self.volatility, rate_futures(self.edition), days)

    @property
    def futures(self) -> list[int]:
        """Return the places of admitted futures."""
        return [n for n, p in enumerate(self.holdings.positions)
                if p.instrument.asset_class is AssetClass.FUTURE]

    @property
    def others(self) -> list[int]:
        return [n for n in range(len(self.holdings)) if n not in set(self.futures)]


def programmes(session: Session, progress: Progress = silent, *, customer: bool = True
               ) -> tuple[ProgrammeRow, ...]:
    """Judge and estimate every programme; nothing where no edition is in force."""
    book = session.book
    rules = session.rule_set()
    if not rules.has(FOLDER):
        return ()
    edition, holdings = rules.edition(FOLDER), resolve(book)
    volatility = implied_volatilities(holdings).volatility
    found = []
    for number, name in enumerate(PROGRAMMES):
        progress(number / len(PROGRAMMES), f"Estimating {name}")
        view = programme_view(name, book, edition, customer=customer)
        rows = [n for n, p in enumerate(book.positions) if p in set(view.admitted)]
        found.append(_row(_Case(view, book, holdings.take(rows), volatility[rows], rules,
                                edition)))
    return tuple(found)


def _row(case: _Case) -> ProgrammeRow:
    view = case.view
    row = ProgrammeRow(
        view.programme, " and ".join(view.houses), len(view.admitted), len(view.refused),
        _accounts(case), view.location, refused=tuple(
            (position.where, position.instrument.symbol, why) for position, why in view.refused))
    if not view.admitted:
        return row.without("no position of the client is eligible")
    if view.programme == SWAPS_WITH_FUTURES:
        return _swaps_with_futures(case, row)
    if view.programme == CREDIT:
        return _cleared_credit(case, row)
    models = house_models(case.edition)
    if len(view.houses) != 2 or any(house not in models for house in view.houses):  # noqa: PLR2004
        return row.without("margined by the clearing house's own model, which is not public")
    return _two_houses(case, row)


def _accounts(case: _Case) -> str:
    held = {p.account_id for p in case.view.admitted}
    return ", ".join(a.account_id for a in case.book.accounts if a.account_id in held)


def _two_houses(case: _Case, row: ProgrammeRow) -> ProgrammeRow:
    models = house_models(case.edition)
    first, second = (models[house] for house in case.view.houses)
    if not case.futures or not case.others:
        return row.without("positions at one of the two houses only: nothing to offset")
    lack = _lacking(case, max(first.days, second.days))
    if lack:
        return row.without(lack)

    def sides(days: int) -> Sides:
        profits = case.profits(days)
        return Sides(profits.of(case.others), profits.of(case.futures))

    answer = two_house_margin((first, second), sides, case.edition)
    apart = answer.margins.amount + answer.saved
    return row.saving(apart, answer.margins.amount, f"{answer.reduction:.1%} of both, fixed by "
                      f"{answer.binding}", _note(case))


def _cleared_credit(case: _Case, row: ProgrammeRow) -> ProgrammeRow:
    """Estimate indices and single names in one account by the regulatory grid."""
    if not case.rules.has(GRID):
        return row.without("no edition of the grid of credit default swaps is in force")
    apart, together = cleared_programme.estimate(case.holdings, case.rules)
    if not apart:
        return row.without("no swap has a spread and a maturity, on which the grid depends")
    share = case.edition[cleared_programme.OFFSET].value
    return row.saving(apart, together, f"{share:.0%} of the smaller of indices and single names "
                      "in each cell of the grid", _note(case))


def _lacking(case: _Case, days: int) -> str:
    """Say why no estimate can be made; empty where it can."""
    profits = case.profits(days)
    lost = [f"{p.instrument.symbol}: {why}" for p, why in zip(
        case.holdings.positions, profits.lacking, strict=True) if why]
    if lost:
        return lost[0] + (f" (and {len(lost) - 1} more)" if len(lost) > 1 else "")
    least = int(case.edition["fewest_windows"].value)
    windows = profits.profits.shape[1]
    return "" if windows >= least else (
        f"{windows} past moves common to every position, fewer than {least}")


def _note(case: _Case) -> str:
    firms = {a.firm for a in case.book.accounts
             if a.firm and a.account_id in {p.account_id for p in case.view.admitted}}
    one_firm = "" if len(firms) < 2 else (  # noqa: PLR2004
        f"; needs one firm at both houses, now at {' and '.join(sorted(firms))}")
    return ESTIMATE + one_firm


def _swaps_with_futures(case: _Case, row: ProgrammeRow) -> ProgrammeRow:
    """Find which rate futures to move into the cleared-swaps account, and how many of each."""
    if not case.futures or not case.others:
        return row.without("cleared swaps and rate futures are not both held")
    cleared = case.rules.edition(CLEARED)
    days, settings = int(cleared["horizon_days"].value), Settings.of(cleared)
    lack = _lacking(case, days)
    if lack:
        return row.without(lack)
    profits = case.profits(days)

    def margin(pnl: Floats) -> float:
        return simulated(pnl, pnl, settings).margin

    swaps = profits.of(case.others)
    held = [_future(case, place, profits) for place in case.futures]
    moved = _best_moves(swaps, held, margin)
    apart = margin(swaps) + sum(f.outright * abs(f.contracts) for f in held)
    left = sum(f.outright * (abs(f.contracts) - abs(n)) for f, n in zip(held, moved, strict=True))
    together = left + margin(swaps + sum(
        (f.one * n for f, n in zip(held, moved, strict=True)), np.zeros_like(swaps)))
    words = ", ".join(f"{n:,d} of {f.contracts:,d} {f.symbol}"
                      for f, n in zip(held, moved, strict=True) if n) or "none"
    return row.saving(money(apart), money(together), f"move {words}", _note(case))


@dataclass(frozen=True, slots=True)
class _Future:
    symbol: str
    contracts: int
    one: Floats
    outright: float


def _future(case: _Case, place: int, profits: PastProfits) -> _Future:
    position = case.holdings.positions[place]
    contracts = int(position.quantity)
    return _Future(_name(position), contracts, profits.profits[place] / float(position.quantity),
                   _outright(case, place, position))


def _name(position: Position) -> str:
    terms = position.instrument.terms
    return terms.product if isinstance(terms, FutureTerms) else position.instrument.symbol


def _outright(case: _Case, place: int, position: Position) -> float:
    """Return what one contract asks in its own account, in the reporting currency."""
    alone = account_margin(case.book.account(position.account_id), case.holdings.take([place]),
                           case.rules)
    return float(alone.maintenance.amount / abs(position.quantity))


def _best_moves(swaps: Floats, held: Sequence[_Future], margin: Callable[[Floats], float]
                ) -> list[int]:
    """Move one product after the other, the rest as they stand, until nothing improves."""
    moved = [0] * len(held)
    for _ in range(ROUNDS):
        before = list(moved)
        for number, future in enumerate(held):
            others = swaps + sum((f.one * n for k, (f, n) in enumerate(
                zip(held, moved, strict=True)) if k != number), np.zeros_like(swaps))
            moved[number] = best_move(others, future.one, future.contracts, future.outright,
                                      margin).contracts
        if moved == before:
            break
    return moved
