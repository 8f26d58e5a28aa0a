"""The review as a workbook: one sheet a table, values only, and a first sheet that explains it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, time

from workstation.base.explain import Explained
from workstation.book.what_if import branch_of
from workstation.reports import ink
from workstation.reports.dossier.pack import Pack
from workstation.reports.lines import counted
from workstation.reports.sheets import Formats, SheetNames, write_lines, write_table
from workstation.reports.workbook_charts import add_bars, add_waterfall
from workstation.results.changes import Changes, change_tables
from workstation.results.check_totals import check_totals_table
from workstation.results.exceptions import exceptions_table
from workstation.results.licences import licence_notices
from workstation.results.margin_tables import BridgeRow
from workstation.results.run import Run
from workstation.results.stressed_book import moves_grid_table, past_moves_table, replays_table
from workstation.results.table import Column, Table
from workstation.results.tables import all_tables, explain_table

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
ABOUT, EXPLAIN = "About", "Explain"
MOST_EXPLAINED = 100_000


def workbook_bytes(pack: Pack) -> bytes:
    """Return the workbook; the same pack gives the same bytes."""
    import xlsxwriter

    run = pack.run
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({
            "title": f"Margin review of {run.book.name}", "author": "Crossmargin",
            "subject": f"as of {run.as_of}", "created": datetime.combine(run.as_of, time()),
        })
        formats = Formats(book)
        names = SheetNames(ABOUT)
        about = book.add_worksheet(ABOUT)
        written: list[tuple[str, Table]] = []
        for table in _tables(pack):
            name = names.unique(table.name)
            sheet = book.add_worksheet(name)
            write_table(sheet, table, formats, f"{run.book.name}, {run.as_of}")
            if table.rows and isinstance(table.rows[0], BridgeRow):
                add_waterfall(book, sheet, table, formats(font_color=ink.MUTED))
            add_bars(book, sheet, table)
            if branch_of(run.book.name):
                sheet.set_tab_color(ink.token("what_if"))
            written.append((name, table))
        write_lines(about, _about(pack, written), formats)
    return buffer.getvalue()


def change_workbook_bytes(changes: Changes) -> bytes:
    """Return the workbook of a comparison."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": f"Change of {changes.client}", "author": "Crossmargin",
                             "created": datetime.combine(changes.after_as_of, time())})
        formats, names = Formats(book), SheetNames(ABOUT)
        about = book.add_worksheet(ABOUT)
        lines: list[tuple[str, ...]] = [
            ("title", f"Change: {changes.client}"),
            ("line", "From", changes.before_as_of.isoformat()),
            ("line", "To", changes.after_as_of.isoformat()),
            ("line", "Currency", changes.currency), ("head", "Sheet", "What it holds")]
        for table in change_tables(changes):
            name = names.unique(table.name)
            write_table(book.add_worksheet(name), table, formats, changes.client)
            lines.append(("link", name, f"{table.about} {len(table.rows)} rows."))
        write_lines(about, [*lines, *(("line", "Note", note) for note in changes.notes)], formats)
    return buffer.getvalue()


def table_workbook(table: Table, name: str, subject: str) -> bytes:
    """Return one table as a workbook of one sheet; `subject` is what its sheet says it is of."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": name, "author": "Crossmargin"})
        write_table(book.add_worksheet(name), table, Formats(book), subject)
    return buffer.getvalue()


def _tables(pack: Pack) -> tuple[Table, ...]:
    """Return every sheet of the workbook: the run's tables, and those of the pack around them."""
    run, changes = pack.run, pack.changes
    return (*all_tables(run), *_stressed(pack), *pack.beneath.tables(run),
            exceptions_table(run, pack.exceptions),
            *(change_tables(changes) if changes is not None else ()), check_totals_table(run),
            _explanations(run))


def _stressed(pack: Pack) -> tuple[Table, ...]:
    found, unit = pack.stressed, pack.run.currency
    if found is None:
        return ()
    tables = (moves_grid_table(found, unit), past_moves_table(found, unit),
              replays_table(found, unit))
    return tuple(table for table in tables if table.rows)


@dataclass(frozen=True, slots=True)
class ExplainLine:
    """One node of one of the review's explanations."""

    result: str
    level: int
    label: str
    amount: object
    combine: str
    binding: str
    citation: str
    inputs: str


def _explanations(run: Run) -> Table:
    """Return every explanation of the review under one another, with the result it explains."""
    trees: list[tuple[str, Explained]] = [
        ("Today, maintenance", run.silos.maintenance), ("Today, initial", run.silos.initial),
        *((f"Design {d.margin.name}", d.margin.requirement) for d in run.designs),
    ]
    tables = [(name, explain_table(name, tree, run.currency)) for name, tree in trees]
    lines = tuple(
        ExplainLine(name, row.level, row.label, row.amount, row.combine, row.binding,
                    row.citation, row.inputs)
        for name, table in tables
        for row in table.rows
    )
    columns = (Column("Result", "result"), *tables[0][1].columns)
    about = "Every amount, the rule that fixes it, its inputs, and the amounts it is made of."
    left = len(lines) - MOST_EXPLAINED
    if left > 0:
        about += f" The last {left} lines are only in review.json."
    return Table(EXPLAIN, columns, lines[:MOST_EXPLAINED], about)


def _about(pack: Pack, written: list[tuple[str, Table]]) -> list[tuple[str, ...]]:
    """Return the lines of the first sheet; the first word of each says how it is set."""
    run = pack.run
    branch = branch_of(run.book.name)
    lines: list[tuple[str, ...]] = [
        ("title", f"Margin review: {run.book.name}"),
        *((("what_if", f"WHAT-IF {branch}: not the client's book as it is"),) if branch else ()),
        *((("line", "Firm", pack.template.firm),) if pack.template.firm else ()),
        ("line", "As of", run.as_of.isoformat()),
        ("line", "Status", str(pack.standing.status)),
        *(("line", str(d.status), f"by {d.author}, {d.at:%Y-%m-%d %H:%M} UTC"
           + (f"; {d.conditions}" if d.conditions else "")) for d in pack.standing.decisions),
        ("line", "Currency", run.currency),
        ("line", "Product", f"crossmargin {run.product_version}, kernel {run.kernel}"),
        ("line", "Signs", "requirements are positive; profit is positive for the client; "
         "negatives stand in parentheses"),
    ]
    if not run.complete:
        lines.append(("warning", f"INCOMPLETE: {counted(len(run.excluded), 'position')} excluded "
                      "from every total; see the sheet Excluded"))
    lines += [("line", "Licence", notice) for notice in licence_notices(run)]
    lines.append(("head", "Sheet", "What it holds"))
    lines += [("link", name, f"{table.about} {len(table.rows)} rows.") for name, table in written]
    lines.append(("head", "Input file", "SHA-256"))
    lines += [("line", item.name, item.sha256) for item in run.inputs]
    lines.append(("head", "Rule", "Edition, effective date, parameters to confirm"))
    for edition in run.editions:
        doubts = f"; to confirm: {', '.join(edition.unverified)}" if edition.unverified else ""
        lines.append(("line", edition.rule,
                      f"{edition.edition}, effective {edition.effective}{doubts}"))
    return lines
