"""Copy or write a shown table: raw numbers for the spreadsheet, formatted HTML beside them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from workstation.base.files import write_whole
from workstation.ui.copying import Cell, as_html, as_tsv, put_on_clipboard, raw_text
from workstation.ui.table_model import TableModel


def copy_table(model: TableModel) -> bool:
    """Put every shown row on the clipboard as TSV and HTML; False when there is no table."""
    if model.table is None:
        return False
    headings, rows = _headings(model), _rows(model)
    put_on_clipboard(as_tsv(headings, rows), as_html(headings, rows))
    return True


def write_csv(model: TableModel, path: Path) -> None:
    """Write every shown row; the byte-order mark makes spreadsheets read it as UTF-8."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(raw_text(None, heading) for heading in _headings(model))
    lines.writerows([raw_text(value, shown) for value, shown in row] for row in _rows(model))
    write_whole(path, text.getvalue().encode("utf-8-sig"))


def attempt(write: Callable[[Path], object], path: Path) -> tuple[str, str]:
    """Write a file and return what to say of it, and in what tone."""
    try:
        write(path)
    except OSError as problem:
        return f"{path.name} was not written: {problem.strerror or problem}", "bad"
    return f"Saved {path.name}.", ""


def _headings(model: TableModel) -> list[str]:
    return [column.heading for column in model.columns]


def _rows(model: TableModel) -> list[list[Cell]]:
    columns = range(len(model.columns))
    table = model.table
    if table is None:
        return []
    return [[(table.value(row, column), table.text(row, column)) for column in columns]
            for row in model.source_rows()]
