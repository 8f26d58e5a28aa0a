"""The spread log of scan-based requirements: every spread formed, denied or left without one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from workstation.results.formats import money, quantity, words
from workstation.results.table import Column, Table

if TYPE_CHECKING:
    from workstation.rulebooks.span.outcome import PortfolioRisk
    from workstation.rulebooks.span.spread_log import SpreadDenied, SpreadFormed

FORMED, DENIED = "formed", "denied"


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One spread considered: formed with its deltas and dollars, or denied with its reason."""

    account: str
    status: str
    kind: str
    priority: int
    legs: str
    count: Decimal | None
    rate: Decimal | None
    before: str
    after: str
    amount: Decimal
    reason: str
    detail: str


def spread_rows(answer: PortfolioRisk) -> tuple[SpreadRow, ...]:
    """Return the spreads of one portfolio, those formed first, in the order they were tried."""
    account = answer.portfolio.account_id
    return (*(_formed(account, item) for item in answer.formed),
            *(_denied(account, item) for item in answer.denied))


def spread_table(answers: Iterable[PortfolioRisk]) -> Table:
    """Return every spread formed or denied, by account, in the order they were tried."""
    return spread_log_table(row for answer in answers for row in spread_rows(answer))


def spread_log_table(rows: Iterable[SpreadRow]) -> Table:
    """Return the spread log as a table."""
    return Table("Spread log", (
        words("Account", "account"), words("Status", "status"), words("Kind", "kind"),
        Column("Priority", "priority", numeric=True), words("Legs", "legs"),
        quantity("Spreads", "count"), quantity("Rate", "rate"),
        words("Deltas before", "before"), words("Deltas after", "after"),
        money("Charge, or credit below nought", "amount"), words("Reason", "reason"),
        words("Detail", "detail")), tuple(rows),
        "Spreads within and between commodities: charges are positive, credits negative")


def _formed(account: str, item: SpreadFormed) -> SpreadRow:
    def deltas(name: str) -> str:
        return "; ".join(f"{leg.commodity} {getattr(leg, name):f}" for leg in item.legs)

    legs = "; ".join(leg.label if item.is_credit else
                     f"{leg.commodity} {leg.ratio.normalize():f} {leg.label} {leg.side}"
                     for leg in item.legs)
    return SpreadRow(account, FORMED, item.kind, item.priority, legs, item.count, item.rate,
                     deltas("before"), deltas("after"),
                     -item.amount if item.is_credit else item.amount, "", "")


def _denied(account: str, item: SpreadDenied) -> SpreadRow:
    within = f"{item.commodities[0]} " if item.kind in ("series", "tier") else ""
    return SpreadRow(account, DENIED, item.kind, item.priority,
                     "; ".join(within + leg for leg in item.legs), None, None, "", "",
                     Decimal(0), item.reason, item.detail)
