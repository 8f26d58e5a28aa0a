"""Exceptions of a review: calls, failed tests, positions left out, obligations that stay short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.results.formats import money, whole, words
from workstation.results.record_tables import all_problems
from workstation.results.run import Run
from workstation.results.table import Column, Table

CALL, EXCLUSION, SHORTFALL, ERROR = "call", "exclusion", "collateral shortfall", "data error"
KINDS = (CALL, EXCLUSION, SHORTFALL, ERROR)
UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One exception; `amount` is None where it has none, `since` the first review it stood in."""

    kind: str
    where: str
    what: str
    amount: Decimal | None
    remedy: str
    since: date
    age: int
    owner: str
    key: str


def exception_rows(run: Run, since: Mapping[str, date] | None = None,
                   owners: Mapping[str, str] | None = None) -> tuple[ExceptionRow, ...]:
    """Return every exception, gravest kind first; `owners` names who deals with a kind."""
    known, by_kind = since or {}, owners or {}
    rows = []
    for kind, where, what, amount, remedy in (*_calls(run), *_left_out(run), *_short(run),
                                              *_errors(run)):
        key = f"{kind}|{where}|{what}" if amount is None else f"{kind}|{where}"
        first = min(known.get(key, run.as_of), run.as_of)
        rows.append(ExceptionRow(kind, where, what, amount, remedy, first,
                                 (run.as_of - first).days, by_kind.get(kind, UNASSIGNED), key))
    return tuple(rows)


_Found = tuple[str, str, str, Decimal | None, str]


def _calls(run: Run) -> list[_Found]:
    return [(CALL, status.account_id, f"{owed.name} call", status.call,
             "deposit the call, or reduce positions")
            for status in run.statuses if (owed := status.first_call) is not None]


def _left_out(run: Run) -> list[_Found]:
    return [(EXCLUSION, item.where, item.what, None, item.remedy) for item in run.excluded]


def _short(run: Run) -> list[_Found]:
    """Return obligations of today's silos that the lots cannot meet in time."""
    found = run.collateral.mobility
    plan = None if found is None else found.plan("silos")
    if plan is None:
        return []
    return [(SHORTFALL, row.name, row.reason or "the lots do not cover it", row.shortfall,
             "bring eligible collateral, or free pledged lots")
            for row in plan.obligations if row.shortfall > 0]


def _errors(run: Run) -> list[_Found]:
    told = {(item.where, item.what) for item in run.excluded}
    return [(ERROR, p.where, p.what, None, p.remedy) for p in all_problems(run)
            if p.severity == "error" and (p.where, p.what) not in told]


def exceptions_table(run: Run, rows: tuple[ExceptionRow, ...]) -> Table:
    """Return the exceptions with their age in days and who deals with them."""
    columns = (
        words("Kind", "kind"), words("Where", "where"), words("What", "what"),
        money(f"Amount ({run.currency})", "amount"), words("Remedy", "remedy"),
        Column("Since", "since", str, excel="yyyy-mm-dd"),
        whole("Age (days)", "age", "since the earliest review given in which it stood"),
        words("Owner", "owner"))
    return Table("Exceptions", columns, rows,
                 "Calls, exclusions, shortfalls and errors, with age and owner.")
