"""Lots re-priced in the scenario of the cascade: marks that fall, haircuts that widen, de-pegs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from workstation.book.book import Book
from workstation.collateral.report import CollateralReport, LotReport, LotState, StressedLot
from workstation.collateral.terms import FOLDER
from workstation.collateral.tokens import local_depeg_losses
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition

ZERO, ONE = Decimal(0), Decimal(1)
EVERY_OTHER = "*"
VISIBLE = Decimal("0.0005")
SAFE = frozenset({"cash", "treasury", "agency", "money_market_fund"})
"""Classes that do not fall with the book: never wrong way."""


def stressed_lots(book: Book, report: CollateralReport, moves: Mapping[str, Decimal],
                  falling: Sequence[str], rules: RuleSet) -> tuple[StressedLot, ...]:
    """Return every lot with something free, valued in the scenario.

    value = free quantity x price x (1 + move) x (1 - widened haircut), for lots that fall with
    the book further x (1 - correlation x stressed loss)

    Parameters
    ----------
    moves
        Relative price move of each lot in the scenario.
    falling
        Symbols of lots on factors the book loses on: wrong way.
    """
    edition = rules.edition(FOLDER)
    pegs = {row.lot: row.stressed / row.mark - ONE for row in local_depeg_losses(book, rules)
            if row.mark > 0}
    return tuple(_of_lot(lot, moves.get(lot.lot, ZERO), pegs.get(lot.lot), lot.symbol in falling,
                         edition) for lot in report.lots if lot.free_value > 0)


def _of_lot(lot: LotReport, move: Decimal, peg: Decimal | None, falls: bool, edition: Edition,
            ) -> StressedLot:
    why = [f"marked {move:+.1%}"] if abs(move) >= VISIBLE else []
    if peg is not None and peg < move:
        move = peg
        why = [f"loses its peg at its own venue, {peg:+.1%}"]
    widened = min(ONE, lot.haircut * _times(lot.asset_class.lower(), edition))
    if widened != lot.haircut:
        why.append(f"haircut {lot.haircut:.1%} becomes {widened:.1%}")
    wrong = falls and move < 0 and lot.asset_class.lower() not in SAFE
    kept = ONE
    if wrong:
        kept -= Decimal(edition["wrong_way_correlation"].value) * Decimal(
            edition["wrong_way_loss"].value)
        why.append(f"falls with the book: counted at {kept:.0%}")
    free = lot.market_value * lot.quantity_in(LotState.FREE) / lot.quantity
    value = free * (ONE + move) * (ONE - widened) * kept
    return StressedLot(lot.lot, lot.symbol, lot.settlement_lag, lot.free_value, move, widened,
                       wrong, max(value, ZERO), "; ".join(why) or "as today")


def _times(asset_class: str, edition: Edition) -> Decimal:
    for row in edition["stress_haircuts"].rows:
        if asset_class in row["classes"] or EVERY_OTHER in row["classes"]:
            return Decimal(row["times"])
    return ONE
