"""The lab's findings as a workbook: its tables, then every figure with topic, window and seed."""

from __future__ import annotations

import io
from datetime import datetime, time
from pathlib import Path

from workstation.base.files import write_whole
from workstation.lab.audit_tables import recovery_table, replay_table
from workstation.lab.basis import basis_table
from workstation.lab.result import Findings
from workstation.lab.tables import lab_tables
from workstation.reports.lab_documents import EVIDENCE, evidence, evidence_csv
from workstation.reports.lab_exhibits import exhibits
from workstation.reports.sheets import Formats, SheetNames, write_table
from workstation.reports.workbook import OPTIONS
from workstation.results.table import Column, Table


def write_evidence(findings: Findings, path: Path) -> None:
    """Write the evidence as .xlsx or .csv, by the file's ending; raises OSError."""
    if path.suffix.casefold() == ".xlsx":
        write_whole(path, lab_workbook(findings))
    else:
        write_whole(path, evidence_csv(findings).encode("utf-8"))


def lab_workbook(findings: Findings) -> bytes:
    """Return the workbook; the same findings give the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    on = max((book.as_of for book in findings.books), default=None)
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        properties: dict[str, object] = {"title": "Designs compared", "author": "Crossmargin"}
        if on is not None:
            properties["created"] = datetime.combine(on, time())
        book.set_properties(properties)
        formats, names = Formats(book), SheetNames()
        for table in (*lab_tables(findings), recovery_table(findings), replay_table(findings),
                      *exhibits(findings), basis_table(findings), evidence_table(findings)):
            sheet = book.add_worksheet(names.unique(table.name))
            write_table(sheet, table, formats, f"Designs compared, stress {findings.stress}")
    return buffer.getvalue()


def evidence_table(findings: Findings) -> Table:
    """Return every figure as one row."""
    return Table("Evidence", tuple(Column(name.replace("_", " ").capitalize(), name)
                                   for name in EVIDENCE), tuple(evidence(findings)))
