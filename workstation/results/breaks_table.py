"""The break list as a table: theirs beside ours, the difference, and what likely explains it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.results.breaks import Break, Reconciliation
from workstation.results.formats import money, percent, words
from workstation.results.table import Table


@dataclass(frozen=True, slots=True)
class BreakRow:
    """One figure of theirs beside ours."""

    account: str
    symbol: str
    basis: str
    status: str
    ours: Decimal | None
    stated: Decimal | None
    difference: Decimal
    share: Decimal | None
    likely: str
    unexplained: Decimal
    where: str
    ours_where: str


def breaks_table(found: Reconciliation) -> Table:
    """Return every figure, the largest break first."""
    return Table("Break list", (
        words("Account", "account"), words("Position", "symbol", "blank for the account's total"),
        words("Basis", "basis"), words("Status", "status"), money("Ours", "ours"),
        money("Stated", "stated"), money("Difference", "difference", "stated less ours"),
        percent("of ours", "share"), words("Likely cause", "likely"),
        money("Left unexplained", "unexplained"), words("Stated at", "where"),
        words("Our position", "ours_where")),
        tuple(_row(each) for each in found.breaks),
        "A position's own figure is what it requires alone, before offsets in its account.")


def _row(each: Break) -> BreakRow:
    return BreakRow(each.account_id, each.symbol, each.basis, each.status, each.ours, each.stated,
                    each.difference, each.share, each.likely, each.unexplained, each.where,
                    each.ours_where)
