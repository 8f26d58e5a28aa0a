"""The reconciliation with a stated margin: document, text, workbook, dispute sheet (PDF)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from workstation.base.files import write_all
from workstation.base.money import accounting
from workstation.base.problem import Problem
from workstation.reports.dossier.blocks import (
    Block,
    Cell,
    Field,
    Figure,
    Figures,
    Grid,
    Lines,
    Prose,
    Report,
    Section,
)
from workstation.reports.dossier.pack import footer
from workstation.reports.lines import counted, cut, wrapped
from workstation.reports.margin_documents import Document, envelope, number
from workstation.reports.pdf.render import pdf_bytes
from workstation.reports.workbook import table_workbook
from workstation.results.breaks import Break, Reconciliation
from workstation.results.breaks_table import breaks_table
from workstation.results.run import Run

DISPUTE, WORKBOOK = "dispute.pdf", "breaks.xlsx"
ALONE = ("A position's own figure is what it requires alone; offsets act between positions, so "
         "positions need not add up to their account.")


def reconcile_document(run: Run, found: Reconciliation, stated: str, sha256: str) -> Document:
    """Return the reconciliation (`crossmargin.reconcile/1`)."""
    body = envelope("reconcile/1", run)
    ours, theirs = found.totals
    return {
        **body, "inputs": {**body["inputs"], **({stated: sha256} if sha256 else {})},
        "client": run.book.name, "currency": found.currency, "agrees": found.agrees,
        "complete": run.complete, "stated_file": stated,
        "ours": number(ours), "stated": number(theirs), "difference": number(theirs - ours),
        "breaks": [_body(each) for each in found.breaks],
    }


def _body(each: Break) -> Document:
    return {
        "account_id": each.account_id, "symbol": each.symbol or None, "basis": each.basis,
        "status": each.status, "regime": each.regime or None, "ours": number(each.ours),
        "stated": number(each.stated), "difference": number(each.difference),
        "share": number(each.share), "where": each.where or None,
        "position": each.ours_where or None, "unexplained": number(each.unexplained),
        "causes": [{"kind": cause.kind, "what": cause.what, "explains": number(cause.explains)}
                   for cause in each.causes],
    }


def reconcile_text(found: Reconciliation, stated: str, problems: Sequence[Problem] = (),
                   excluded: int = 0) -> str:
    """Return the break list for the console; names are cut, amounts never."""
    ours, theirs = found.totals
    lines = [f"RECONCILED WITH {stated} ({found.currency})",
             f"{'':<38} {'ours':>18} {'stated':>18} {'difference':>18}",
             f"{'Accounts':<38} {accounting(ours):>18} {accounting(theirs):>18} "
             f"{accounting(theirs - ours):>18}"]
    for each in found.breaks:
        name = cut(f"  {each.account_id} {each.symbol}".rstrip(), 28)
        lines.append(f"{name:<28} {each.status:<9} {_amount(each.ours):>18} "
                     f"{_amount(each.stated):>18} {accounting(each.difference):>18}")
        if each.status != "agrees":
            lines += wrapped(f"likely: {each.likely}", "      ")
    lines += wrapped("Everything agrees." if found.agrees else ALONE)
    lines += [line for problem in problems
              for line in wrapped(f"{problem.severity}: {problem.sentence()}", "  ")]
    if excluded:
        lines.append(f"INCOMPLETE: our figures leave out {counted(excluded, 'position')}.")
    return "\n".join(line.rstrip() for line in lines)


def _amount(value: Decimal | None) -> str:
    return "" if value is None else accounting(value)


def write_dispute(run: Run, found: Reconciliation, stated: str, folder: Path,
                  page: str = "A4") -> tuple[Path, ...]:
    """Write the dispute sheet and the break list into a folder; raises OSError."""
    return write_all(folder, {
        DISPUTE: pdf_bytes(dispute_sheet(run, found, stated), page),
        WORKBOOK: table_workbook(breaks_table(found), "Break list",
                                 f"{run.book.name}, as of {run.as_of}, against {stated}")})


def dispute_sheet(run: Run, found: Reconciliation, stated: str) -> Report:
    """Return the sheet that goes to the other side: figures, breaks, causes, a line to sign."""
    return Report(
        title=run.book.name, kind="Margin reconciliation",
        subject=f"As of {run.as_of}, against {stated}. Amounts in {found.currency}; requirements "
        "are positive; a difference is theirs less ours.",
        author="Crossmargin", status="draft", sections=tuple(_sections(run, found)),
        footer=footer(run, "draft"), currency=found.currency)


def _sections(run: Run, found: Reconciliation) -> list[Section]:
    ours, theirs = found.totals
    head: list[Block] = [Figures((
        Figure("Ours", accounting(ours)), Figure("Stated", accounting(theirs)),
        Figure("Difference", accounting(theirs - ours))))]
    if not run.complete:
        head.append(Prose(f"Our figure is incomplete: {len(run.excluded)} positions are left out.",
                          "warning"))
    head += [Prose(problem.sentence(), "missing") for problem in found.problems]
    open_breaks = [each for each in found.breaks if each.status != "agrees"]
    accounts = [each for each in found.breaks if not each.symbol]
    positions = [each for each in open_breaks if each.symbol]
    sections = [Section("Accounts", (*head, _grid(accounts, "Account")))]
    if positions:
        sections.append(Section("Positions that differ", (
            _grid(positions, "Position"), Prose(ALONE, "note"))))
    sections.append(Section("Response", (
        Prose("Please confirm the figures, or name the price, position, edition, parameter or "
              "offset you used where they differ."),
        Lines((("For the client", "", ""), ("For the other side", "", ""))))))
    return sections


def _grid(breaks: list[Break], what: str) -> Grid:
    fields = (Field(what, 1.6), Field("Status", 0.8), Field("Ours", number=True),
              Field("Stated", number=True), Field("Difference", number=True),
              Field("Likely cause", 3.2, lines=4))
    rows = tuple((
        Cell(f"{each.account_id}  {each.symbol}".strip()),
        Cell(each.status, "granted" if each.status == "agrees" else "denied"),
        Cell(_amount(each.ours)), Cell(_amount(each.stated)), Cell(accounting(each.difference)),
        Cell("; ".join(cause.what for cause in each.causes[:2]))) for each in breaks)
    return Grid(fields, rows, note="" if rows else "nothing to show")
