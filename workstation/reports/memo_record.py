"""The back of the memo: collateral, cascade, what is missing, editions and input files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from workstation.base.money import accounting
from workstation.cascade.result import CascadeResult
from workstation.collateral.report import LotState
from workstation.reports import ink
from workstation.reports.lines import cash_doubt, loss_text
from workstation.reports.memo_results import cell, head
from workstation.reports.paper import SMALL, heading, paragraph, table
from workstation.results.formats import percent_text
from workstation.results.run import Run

MOST_EXCLUDED = 12
MOST_NAMES = 6
MOST_TRIGGERS = 5
SIGN_OFF_GAP = 18


def collateral(run: Run, width: float) -> list[Any]:
    """Return collateral by state and what is free by when."""
    report = run.collateral
    if not report.lots:
        return [*heading("Collateral"), paragraph("The book names no collateral lots.", SMALL)]
    held = [(state, value) for state, value in report.value_by_state if value]
    columns = len(held)
    rows = [head(*(str(state) for state, _ in held), right_from=0),
            [paragraph(accounting(value), SMALL, right=True) for _, value in held]]
    ratio = report.encumbrance_ratio
    encumbered = "" if ratio is None else f"Encumbered: {percent_text(ratio)}. "
    by_day = ", ".join(f"{accounting(value)} by T+{days}" for days, value in report.free_by_lag)
    parts = [*heading(f"Collateral by state, market value ({run.currency})")]
    if columns:
        parts.append(table(rows, [width / len(LotState)] * columns))
    parts.append(paragraph(f"{encumbered}Free after haircut: {accounting(report.free_value)}"
                           + (f"; deliverable {by_day}." if by_day else "."), SMALL))
    return parts


def cascade(run: Run) -> list[Any]:
    """Return the cascade in a sentence, with what set it off."""
    result = run.cascade
    if result is None:
        return [*heading("Liquidation cascade"), paragraph("No cascade was run.", SMALL)]
    factor = result.amplification
    amplified = "" if factor is None else f", amplification {factor:.2f}"
    lines = [
        *heading("Liquidation cascade"),
        paragraph(
            f"{result.scenario} ({result.mode}): {loss_text('direct', result.direct_loss)}, "
            f"{loss_text('total', result.total_loss)}{amplified}; {_calls(result)}; "
            f"defaults: {', '.join(result.defaults) or 'none'}.", SMALL)]
    doubt = cash_doubt(run)
    lines += [paragraph(doubt, SMALL, ink.DENIED)] if doubt else []
    lines += [paragraph(f"{number}. {trigger}", SMALL)
              for number, trigger in enumerate(result.triggers[:MOST_TRIGGERS], start=1)]
    left = len(result.triggers) - MOST_TRIGGERS
    if left > 0:
        lines.append(paragraph(f"{left} more steps are in review.json.", SMALL, ink.MUTED))
    return lines


def _calls(result: CascadeResult) -> str:
    """Return the client's own calls apart from those of the others."""
    client = result.participants[0] if result.participants else ""
    own = [call.call for call in result.calls if call.participant == client]
    together = f", together {accounting(sum(own, Decimal(0)))}" if own else ""
    return (f"calls on the client {len(own)}{together}; on other participants "
            f"{len(result.calls) - len(own)}")


def excluded(run: Run, width: float) -> list[Any]:
    """Return what was left out of the totals and what would bring it in."""
    if run.complete:
        return []
    rows = [head("Where", "account", "why it is excluded", "remedy", right_from=4)]
    rows += [[cell(item.where), cell(item.account_id), cell(item.what), cell(item.remedy)]
             for item in run.excluded[:MOST_EXCLUDED]]
    parts = [*heading(f"Excluded from every total: {len(run.excluded)} positions"),
             table(rows, [width * share for share in (0.17, 0.13, 0.38, 0.32)])]
    left = len(run.excluded) - MOST_EXCLUDED
    if left > 0:
        parts.append(paragraph(f"{left} more are in the workbook, sheet Excluded.", SMALL,
                               ink.DENIED))
    return parts


def editions(run: Run, width: float) -> list[Any]:
    """Return the rule editions read, with the parameters still to confirm."""
    rows = [head("Rule", "edition", "effective", "parameters to confirm", right_from=4)]
    for edition in run.editions:
        names = edition.unverified
        shown = ", ".join(names[:MOST_NAMES])
        left = len(names) - MOST_NAMES
        more = f" and {left} more, in the workbook" if left > 0 else ""
        rows.append([cell(edition.rule), cell(edition.edition), cell(str(edition.effective)),
                     cell(f"{len(names)}: {shown}{more}" if names else "none",
                          ink.PARTIAL if names else ink.TEXT)])
    count = sum(len(edition.unverified) for edition in run.editions)
    return [*heading(f"Rule editions; parameters to confirm: {count}"),
            table(rows, [width * share for share in (0.25, 0.15, 0.12, 0.48)])]


def inputs(run: Run, width: float) -> list[Any]:
    """Return the input files with their hashes."""
    if not run.inputs:
        return []
    rows = [head("Input file", "SHA-256", right_from=2)]
    rows += [[cell(item.name), cell(item.sha256)] for item in run.inputs]
    return [*heading("Input files"), table(rows, [width * 0.35, width * 0.65])]


def sign_off(width: float) -> list[Any]:
    """Return the lines on which the review is signed."""
    from reportlab.platypus import KeepTogether, Spacer

    rows = [head("Sign-off", "name", "date", right_from=3),
            *([cell(role), cell(""), cell("")] for role in ("Prepared by", "Approved by"))]
    return [KeepTogether([
        Spacer(0, SIGN_OFF_GAP), table(rows, [width * share for share in (0.2, 0.5, 0.3)])])]
