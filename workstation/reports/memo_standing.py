"""Where the memo says what equity meets: each account's excess or call, and doubts of the data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from workstation.measures.account_status import CASH_NOT_STATED, MAINTENANCE, AccountStatus
from workstation.reports import ink
from workstation.reports.memo_results import cell, figure, head
from workstation.reports.paper import SMALL, heading, paragraph, table
from workstation.results.formats import percent_text
from workstation.results.run import Run
from workstation.results.tables import all_problems

MOST_ACCOUNTS = 16
MOST_DOUBTS = 10


def standing(run: Run, width: float) -> list[Any]:
    """Return equity, what is asked of it, and the excess or the call, account by account."""
    if not run.statuses:
        return []
    rows = [head("Account", "nearest call", f"equity ({run.currency})",
                 f"asked of equity ({run.currency})", f"excess ({run.currency})",
                 f"call ({run.currency})", right_from=2)]
    ordered = sorted(run.statuses, key=lambda status: -status.call)
    rows += [_line(status) for status in ordered[:MOST_ACCOUNTS]]
    left = len(ordered) - MOST_ACCOUNTS
    if left > 0:
        rows.append([cell(f"and {left} more, in the workbook"), *(cell("") for _ in "12345")])
    widths = [width * share for share in (0.18, 0.24, 0.145, 0.145, 0.145, 0.145)]
    return [*heading("Equity and calls by account"), table(rows, widths)]


def _line(status: AccountStatus) -> list[Any]:
    kept, owed = status.test(MAINTENANCE), status.first_call
    name = cell(status.account_id, ink.DENIED if owed else ink.TEXT, bold=owed is not None)
    return [name, cell(f"{owed.name} call" if owed else _distance(status)),
            figure(status.equity.amount), figure(kept.required.amount if kept else None),
            figure(status.excess), figure(status.call or None, bold=True)]


def _distance(status: AccountStatus) -> str:
    if not status.cash_stated:
        return CASH_NOT_STATED
    nearest = None if status.distance is None else status.distance.nearest
    if nearest is None:
        return ""
    way = "fall" if nearest < Decimal(0) else "rise"
    return f"all prices {way} {percent_text(abs(nearest))}"


def doubts(run: Run) -> list[Any]:
    """Return the errors and warnings of the review, for a reader who sees the memo alone."""
    told = {(item.where, item.what) for item in run.excluded}
    problems = [p for p in all_problems(run) if (p.where, p.what) not in told]
    grave = [p for severity in ("error", "warning") for p in problems if p.severity == severity]
    if not grave:
        return []
    parts = [*heading("Doubts about the data")]
    parts += [paragraph(f"{problem.severity}: {problem.sentence()}", SMALL)
              for problem in grave[:MOST_DOUBTS]]
    left = len(grave) - MOST_DOUBTS
    if left > 0:
        parts.append(paragraph(f"{left} more are in the workbook, sheet Problems.", SMALL,
                               ink.MUTED))
    return parts
