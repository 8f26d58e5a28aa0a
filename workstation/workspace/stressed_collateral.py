"""Collateral in the scenario of the cascade: the book's moves, wider haircuts, lost pegs."""

from __future__ import annotations

from workstation.base.money import money
from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook
from workstation.cascade.factors import FactorMap
from workstation.cascade.participants import lines
from workstation.cascade.scenarios import proxies
from workstation.collateral.report import CollateralReport, StressedLot
from workstation.collateral.stressed import stressed_lots
from workstation.harmonised.underlyings import RiskMap
from workstation.lab.scenarios import Shock
from workstation.lab.stress import stressed
from workstation.parameters.ruleset import RuleSet
from workstation.workspace.stress import Stress

SMALL_MOVE = 0.01
FOLDER = "allocation"


def stressed_collateral(book: Book, holdings: ResolvedBook, report: CollateralReport,
                        stress: Stress, rules: RuleSet) -> tuple[StressedLot, ...]:
    """Return the lots re-priced in a review's scenario; none without lots or without shocks."""
    if not report.lots or not stress.moves or not rules.has(FOLDER):
        return ()
    shock = Shock(stress.label, stress.moves, {}, proxies(stress.label))
    after = {lot.lot: lot.price for lot in stressed(book, shock, rules).lots}
    moves = {lot.lot: money(float(after[lot.lot] / lot.price - 1))
             for lot in book.lots if lot.price > 0}
    return stressed_lots(book, report, moves, _falling(book, holdings, stress, rules), rules)


def _falling(book: Book, holdings: ResolvedBook, stress: Stress, rules: RuleSet) -> list[str]:
    """Return symbols of lots on factors the book loses on in the scenario."""
    known, risk = FactorMap(rules), RiskMap.of_rules(rules)
    exposure: dict[str, float] = {}
    for line in lines(book, holdings, risk, SMALL_MOVE).rows:
        exposure[line.factor] = exposure.get(line.factor, 0.0) + line.value
    moves = known.shocks(stress.moves)
    losing = {name for name, value in exposure.items() if value * moves.get(name, 0.0) < 0}
    return [lot.symbol for lot in book.lots if known.of(lot.symbol) in losing]
