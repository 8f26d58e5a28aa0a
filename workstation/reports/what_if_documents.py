"""A what-if beside its base, as a JSON document, as text and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, time
from pathlib import Path
from typing import Any

from workstation.base.files import write_whole
from workstation.book.what_if import Branch
from workstation.reports.lines import amounts_row, money_text, wrapped
from workstation.reports.margin_documents import Document, number
from workstation.reports.sheets import Formats, SheetNames, write_table
from workstation.reports.workbook import OPTIONS
from workstation.results.run import Run
from workstation.results.table import Table
from workstation.results.what_if_tables import (
    ChangeRow,
    HoldingRow,
    RuleRow,
    what_if_tables,
)

SCHEMA = "crossmargin.what_if/1"
SHOWN_IN_TEXT = 12


def what_if_document(base: Run, run: Run, lineage: Sequence[Branch]) -> Document:
    """Return current, change and after of every main table; `lineage` ends with the branch."""
    return {
        "schema": SCHEMA,
        "as_of": run.as_of.isoformat(),
        "product_version": run.product_version,
        "inputs": {item.name: item.sha256 for item in base.inputs},
        "parameters": {e.rule: e.edition for e in run.editions},
        "currency": run.currency,
        "branch": lineage[-1].name if lineage else "base",
        "book": run.book.name,
        "complete": run.complete,
        "branches": [_branch(branch) for branch in lineage],
        "tables": {table.name: [_row(row) for row in table.rows]
                   for table in what_if_tables(base, run, lineage)[:-1]},
    }


def _branch(branch: Branch) -> Document:
    return {
        "name": branch.name, "author": branch.author, "at": branch.at.isoformat(),
        "parent": branch.parent, "status": branch.status,
        "changes": [{"operation": str(s.operation), "author": s.author, "at": s.at.isoformat(),
                     "counts": s.counts} for s in branch.steps]}


def _row(row: ChangeRow | HoldingRow | RuleRow) -> Document:
    if isinstance(row, RuleRow):
        return asdict(row)
    if isinstance(row, ChangeRow):
        return {"item": row.item, "figure": row.figure, "current": number(row.current),
                "change": number(row.change), "after": number(row.after), "note": row.note}
    return {"cell": row.where, "symbol": row.symbol, "account": row.account, "what": row.what,
            "current": number(row.current), "change": number(row.change),
            "after": number(row.after), "price_current": number(row.price_current),
            "price_after": number(row.price_after)}


def what_if_text(base: Run, run: Run, lineage: Sequence[Branch]) -> str:
    """Return the comparison to read on a terminal."""
    return "\n".join(_lines(base, run, lineage)) + "\n"


def _lines(base: Run, run: Run, lineage: Sequence[Branch]) -> Iterator[str]:
    yield from wrapped(f"{run.book.name}, as of {run.as_of} ({run.currency})")
    for branch in lineage:
        yield f"  {branch.name}, from {branch.parent}, {branch.status}, by {branch.author}"
        for count, step in enumerate(branch.steps, start=1):
            mark = "" if step.counts else " (left out)"
            yield from wrapped(f"{count}. {step.operation}{mark}", "    ")
    for table in what_if_tables(base, run, lineage)[:-1]:
        if table.rows:
            yield ""
            yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    if not any(column.numeric for column in table.columns):
        yield table.name.upper()
        for row in table.rows:
            yield from wrapped(f"{row.item}: {row.current}, after: {row.after}", "  ")
        return
    yield amounts_row(table.name.upper(), "", "current", "change", "after")
    for row in table.rows[:SHOWN_IN_TEXT]:
        yield amounts_row(*_cells(row))
    if len(table.rows) > SHOWN_IN_TEXT:
        yield f"  and {len(table.rows) - SHOWN_IN_TEXT} more (--json has them all)"


def _cells(row: Any) -> tuple[str, str, str, str, str]:
    if isinstance(row, HoldingRow):
        return (f"  {row.symbol} in {row.account}", row.what, f"{row.current:,f}",
                f"{row.change:,f}", f"{row.after:,f}")
    return (f"  {row.item}", row.figure, money_text(row.current), money_text(row.change),
            money_text(row.after))


def write_what_if(base: Run, run: Run, lineage: Sequence[Branch], path: Path) -> None:
    """Write the comparison as a workbook, one sheet a table; raises OSError."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": run.book.name, "author": "Crossmargin",
                             "created": datetime.combine(run.as_of, time())})
        formats, names = Formats(book), SheetNames()
        for table in what_if_tables(base, run, lineage):
            sheet = book.add_worksheet(names.unique(table.name))
            write_table(sheet, table, formats, f"{run.book.name}, against the base")
    write_whole(path, buffer.getvalue())

