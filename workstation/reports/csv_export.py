"""One table as CSV: numbers as they are, texts that a spreadsheet would run made harmless."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from workstation.base.files import write_whole
from workstation.results.table import Column, Table

RUNNABLE = ("=", "+", "-", "@", "\t", "\r", "\0")
"""First characters a spreadsheet takes for a formula (ASVS 1.2.10, CWE-1236)."""


def harmless(text: str) -> str:
    """Return a text no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(RUNNABLE) else text


def csv_text(table: Table) -> str:
    """Return a table as CSV with its headings; missing values are empty."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([harmless(column.heading) for column in table.columns])
    for row in range(len(table.rows)):
        writer.writerow([_cell(table.value(row, place), column)
                         for place, column in enumerate(table.columns)])
    return buffer.getvalue()


def write_csv(table: Table, path: Path) -> None:
    """Write a table as CSV, with the mark by which Excel knows it is UTF-8."""
    write_whole(path, csv_text(table).encode("utf-8-sig"))


def _cell(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if column.numeric:
        if isinstance(value, int):
            return str(value)
        return f"{value:f}" if isinstance(value, Decimal) else repr(float(value))
    if isinstance(value, date):
        return value.isoformat()
    return harmless(column.text(value))
