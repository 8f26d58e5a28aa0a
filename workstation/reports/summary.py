"""What the command line prints for a review, a regime and an import, as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from workstation.base.money import accounting
from workstation.base.problem import Problem
from workstation.base.wording import regime_words
from workstation.book.book import Exclusion
from workstation.cascade.result import CascadeResult
from workstation.measures.account_status import CASH_NOT_STATED, MAINTENANCE, AccountStatus
from workstation.reports.lines import (
    WIDTH,
    amounts_row,
    cash_doubt,
    client_calls,
    counted,
    loss_text,
    money_text,
    row,
    trigger_text,
    wrapped,
)
from workstation.reports.texts import import_text, margin_text
from workstation.results.formats import percent_text
from workstation.results.licences import licence_notices
from workstation.results.run import DesignOutcome, Run
from workstation.results.tables import all_problems, saving_share, silos_table

__all__ = ["MOST_LISTED", "WIDTH", "import_text", "margin_text", "summary_text"]

MOST_LISTED = 20
MOST_REASONS = 3


def summary_text(run: Run) -> str:
    """Return what a review found: silos, designs, collateral, cascade, and what is missing."""
    blocks = [
        _title(run), _silos(run), _accounts(run), _designs(run), _collateral(run),
        [*_cascade(run.cascade), *_without_cash(run), *_next_trigger(run)], _excluded(run),
        _doubts(run),
        [line for notice in licence_notices(run) for line in wrapped(notice)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _title(run: Run) -> list[str]:
    files = ", ".join(item.name for item in run.inputs) or "no file"
    return [
        *wrapped(f"{run.book.name}, as of {run.as_of} ({run.currency})"),
        *wrapped(f"crossmargin {run.product_version}, kernel {run.kernel}, from {files}"),
    ]


def _silos(run: Run) -> list[str]:
    lines = [row("TODAY, SILO BY SILO", "regime", "initial", "maintenance")]
    for account in silos_table(run).rows:
        label = f"{account.account} {account.name}".strip()
        regime = regime_words(account.regime) or account.status
        lines.append(row(f"  {label}", regime, money_text(account.initial),
                         money_text(account.maintenance)))
    mark = "" if run.complete else "incomplete"
    lines.append(row("  Total", mark, money_text(run.silos.initial.amount),
                      money_text(run.silos.maintenance.amount)))
    return lines


def _accounts(run: Run) -> list[str]:
    if not run.statuses:
        return []
    lines = [amounts_row("EQUITY BY ACCOUNT", "", "equity", "asked of equity", "excess")]
    for status in run.statuses:
        first = status.first_call
        call = _to_call(status) if first is None else f"CALL {accounting(first.call.amount)}"
        kept = status.test(MAINTENANCE)
        lines.append(amounts_row(
            f"  {status.account_id}", call, money_text(status.equity.amount),
            money_text(kept.required.amount if kept else None), money_text(status.excess)))
    lines += [line for status in run.statuses for note in status.notes
              for line in wrapped(f"{status.account_id}: {note}", "  ")]
    added = [s.house for s in run.statuses if s.house is not None]
    if added:
        least = sum((s.regulatory for s in run.statuses if s.regulatory is not None), Decimal(0))
        lines.append(row("  House above the rule", "securities accounts",
                         money_text(sum(added, Decimal(0))), f"rule {money_text(least)}"))
    return lines


def _to_call(status: AccountStatus) -> str:
    if not status.cash_stated:
        return CASH_NOT_STATED
    nearest = None if status.distance is None else status.distance.nearest
    if nearest is None:
        return ""
    return f"call at {'-' if nearest < 0 else '+'}{percent_text(abs(nearest))}"


def _designs(run: Run) -> list[str]:
    if not run.designs:
        return []
    lines = [row("HARMONISED DESIGNS", "status", "requirement", "saving", "%")]
    for outcome in run.designs:
        own = [item for item in outcome.margin.excluded if item not in run.excluded]
        lines += [_design(outcome), *(line for item in own[:MOST_REASONS]
                                      for line in wrapped(_reason(item), "    "))]
    return lines


def _reason(item: Exclusion) -> str:
    return f"{item.what}; {item.remedy}" if item.remedy else item.what


def _design(outcome: DesignOutcome) -> str:
    share = saving_share(outcome)
    margin = outcome.margin
    status = margin.status if margin.complete else f"{margin.status}, incomplete"
    return row(f"  {margin.name}", status, money_text(margin.requirement.amount),
                money_text(outcome.saving), "" if share is None else percent_text(share))


def _collateral(run: Run) -> list[str]:
    report = run.collateral
    if not report.lots:
        return ["COLLATERAL: the book names no lots."]
    held = sum((value for _, value in report.value_by_state), Decimal(0))
    lines = [row("COLLATERAL", "", "market value", "free after haircut"),
             row("  All lots", "", money_text(held), money_text(report.free_value))]
    by_day = ", ".join(
        f"{accounting(value)} by T+{days}" for days, value in report.free_by_lag)
    ratio = report.encumbrance_ratio
    encumbered = "" if ratio is None else f"encumbered {percent_text(ratio)}; "
    return [*lines, *wrapped(f"{encumbered}free: {by_day or 'nothing'}", "  ")]


def _cascade(cascade: CascadeResult | None) -> list[str]:
    if cascade is None:
        return ["CASCADE: none was run."]
    factor = cascade.amplification
    amplified = "" if factor is None else f" (amplification {factor:.2f})"
    defaults = ", ".join(cascade.defaults) or "none"
    own = client_calls(cascade)
    text = (f"CASCADE {cascade.scenario}: {loss_text('direct', cascade.direct_loss)}, "
            f"{loss_text('total', cascade.total_loss)}{amplified}, "
            f"margin calls on the client: {len(own)}, on others: {len(cascade.calls) - len(own)}, "
            f"defaults: {defaults}.")
    return wrapped(text)


def _without_cash(run: Run) -> list[str]:
    said = cash_doubt(run)
    return wrapped(said, "  ") if said and run.cascade is not None else []


def _next_trigger(run: Run) -> list[str]:
    """Return the trigger one factor alone reaches first."""
    return wrapped(f"Next trigger: {trigger_text(run.triggers[0])}.", "  ") if run.triggers else []


def _excluded(run: Run) -> list[str]:
    excluded = run.excluded
    if not excluded:
        return []
    noun = "position" if len(excluded) == 1 else "positions"
    lines = [f"INCOMPLETE: {len(excluded)} {noun} excluded"]
    for item in excluded[:MOST_LISTED]:
        remedy = f"; {item.remedy}" if item.remedy else ""
        lines += wrapped(f"{item.where}: {item.what}{remedy}", "  ")
    if len(excluded) > MOST_LISTED:
        lines.append(f"  and {len(excluded) - MOST_LISTED} more, all in review.json")
    return lines


def _doubts(run: Run) -> list[str]:
    doubtful = [e for e in run.editions if e.unverified]
    count = sum(len(e.unverified) for e in doubtful)
    rules = ", ".join(f"{e.rule} ({len(e.unverified)})" for e in doubtful)
    problems = all_problems(run)
    errors = sum(problem.severity == "error" for problem in problems)
    lines = wrapped(f"Parameters to confirm: {count}" + (f" in {rules}" if rules else "") + ".")
    warnings = sum(problem.severity == "warning" for problem in problems)
    lines.append(f"Problems: {len(problems)}, of which {counted(errors, 'error')} and "
                 f"{counted(warnings, 'warning')}.")
    return lines + _listed(run, problems)


def _listed(run: Run, problems: Sequence[Problem]) -> list[str]:
    """Return errors and warnings as sentences, without those listed as exclusions already."""
    told = {(item.where, item.what) for item in run.excluded}
    grave = [p for severity in ("error", "warning") for p in problems
             if p.severity == severity and (p.where, p.what) not in told]
    lines = [line for problem in grave[:MOST_LISTED]
             for line in wrapped(f"{problem.severity}: {problem.sentence()}", "  ")]
    if len(grave) > MOST_LISTED:
        lines.append(f"  and {len(grave) - MOST_LISTED} more, all in review.json")
    return lines
