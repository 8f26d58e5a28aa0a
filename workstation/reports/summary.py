"""The summary table of a review, as plain text."""

from __future__ import annotations

import textwrap
from decimal import Decimal

from workstation.base.money import accounting
from workstation.cascade.result import CascadeResult
from workstation.results.formats import percent_text
from workstation.results.run import DesignOutcome, Run
from workstation.results.tables import all_problems, saving_share, silos_table

WIDTH = 100
NAME_WIDTH = 28
KIND_WIDTH = 22
AMOUNT_WIDTH = 19
SHARE_WIDTH = 10
MOST_LISTED = 20


def summary_text(run: Run) -> str:
    """Return what a review found: silos, designs, collateral, cascade, and what is missing."""
    blocks = [
        _title(run), _silos(run), _designs(run), _collateral(run), _cascade(run.cascade),
        _excluded(run), _doubts(run),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _title(run: Run) -> list[str]:
    files = ", ".join(item.name for item in run.inputs) or "no file"
    return [
        *_wrapped(f"{run.book.name}, as of {run.as_of} ({run.currency})"),
        *_wrapped(f"crossmargin {run.product_version}, kernel {run.kernel}, from {files}"),
    ]


def _silos(run: Run) -> list[str]:
    lines = [_row("TODAY, SILO BY SILO", "regime", "initial", "maintenance")]
    for row in silos_table(run).rows:
        label = f"{row.account} {row.name}".strip()
        regime = row.regime or row.status
        lines.append(_row(f"  {label}", regime, _money(row.initial), _money(row.maintenance)))
    mark = "" if run.complete else "incomplete"
    lines.append(_row("  Total", mark, _money(run.silos.initial.amount),
                      _money(run.silos.maintenance.amount)))
    return lines


def _designs(run: Run) -> list[str]:
    if not run.designs:
        return []
    return [_row("HARMONISED DESIGNS", "status", "requirement", "saving", "%"),
            *(_design(outcome) for outcome in run.designs)]


def _design(outcome: DesignOutcome) -> str:
    share = saving_share(outcome)
    margin = outcome.margin
    status = margin.status if margin.complete else f"{margin.status}, incomplete"
    return _row(f"  {margin.name}", status, _money(margin.requirement.amount),
                _money(outcome.saving), "" if share is None else percent_text(share))


def _collateral(run: Run) -> list[str]:
    report = run.collateral
    if not report.lots:
        return ["COLLATERAL: the book names no lots."]
    held = sum((value for _, value in report.value_by_state), Decimal(0))
    lines = [_row("COLLATERAL", "", "market value", "free after haircut"),
             _row("  All lots", "", _money(held), _money(report.free_value))]
    by_day = ", ".join(
        f"{accounting(value)} by T+{days}" for days, value in report.free_by_lag)
    ratio = report.encumbrance_ratio
    encumbered = "" if ratio is None else f"encumbered {percent_text(ratio)}; "
    return [*lines, *_wrapped(f"{encumbered}free: {by_day or 'nothing'}", "  ")]


def _cascade(cascade: CascadeResult | None) -> list[str]:
    if cascade is None:
        return ["CASCADE: none was run."]
    factor = cascade.amplification
    amplified = "" if factor is None else f" (amplification {factor:.2f})"
    defaults = ", ".join(cascade.defaults) or "none"
    text = (f"CASCADE {cascade.scenario}: direct loss {accounting(cascade.direct_loss)}, "
            f"total loss {accounting(cascade.total_loss)}{amplified}, "
            f"margin calls: {len(cascade.calls)}, defaults: {defaults}.")
    return _wrapped(text)


def _excluded(run: Run) -> list[str]:
    excluded = run.excluded
    if not excluded:
        return []
    noun = "position" if len(excluded) == 1 else "positions"
    lines = [f"INCOMPLETE: {len(excluded)} {noun} excluded"]
    for item in excluded[:MOST_LISTED]:
        remedy = f"; {item.remedy}" if item.remedy else ""
        lines += _wrapped(f"{item.where}: {item.what}{remedy}", "  ")
    if len(excluded) > MOST_LISTED:
        lines.append(f"  and {len(excluded) - MOST_LISTED} more, all in review.json")
    return lines


def _doubts(run: Run) -> list[str]:
    doubtful = [e for e in run.editions if e.unverified]
    count = sum(len(e.unverified) for e in doubtful)
    rules = ", ".join(f"{e.rule} ({len(e.unverified)})" for e in doubtful)
    problems = all_problems(run)
    errors = sum(problem.severity == "error" for problem in problems)
    lines = _wrapped(f"Parameters to confirm: {count}" + (f" in {rules}" if rules else "") + ".")
    return [*lines, f"Problems: {len(problems)}, of which {errors} errors."]


def _row(label: str, kind: str, first: str, second: str, share: str = "") -> str:
    name, what = _cut(label, NAME_WIDTH), _cut(kind, KIND_WIDTH)
    return (f"{name:<{NAME_WIDTH}} {what:<{KIND_WIDTH}} {first:>{AMOUNT_WIDTH}}"
            f"{second:>{AMOUNT_WIDTH}}{share:>{SHARE_WIDTH}}").rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _money(value: Decimal | None) -> str:
    return "" if value is None else accounting(value)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
