"""Copy cells as tab-separated raw numbers and as formatted HTML, safe to paste in a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QTableView, QTreeView

from workstation.base.numerals import in_use
from workstation.reports.csv_export import harmless

RAW = int(Qt.ItemDataRole.UserRole)
Cell = tuple[Any, str]
"""A raw value and the text shown for it."""


def raw_text(value: Any, shown: str, decimal: str = ".") -> str:
    """Return what a spreadsheet should read: plain numbers, and text that starts no formula."""
    if isinstance(value, bool):
        return shown
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", decimal)
    if isinstance(value, int | float):
        return repr(value).replace(".", decimal)
    if isinstance(value, date):
        return value.isoformat()
    is_text = value is None or isinstance(value, str)
    return harmless(" ".join((shown if is_text else str(value)).split()))


def as_tsv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return rows as tab-separated text, headings first; negative numbers carry a minus.

    Decimals carry the sign of the style in use, which a spreadsheet of the same locale reads.
    """
    decimal = in_use().decimal
    lines = ["\t".join(raw_text(None, heading) for heading in headings)] if headings else []
    lines += ["\t".join(raw_text(value, shown, decimal) for value, shown in row)
              for row in rows]
    return "\n".join(lines)


def as_html(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return rows as an HTML table, formatted as on screen."""
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(_html_cell(*cell) for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>" if head else f"<table>{body}</table>"


def _html_cell(value: Any, shown: str) -> str:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    align = ' align="right"' if is_number else ""
    return f"<td{align}>{escape(shown.strip())}</td>"


def copy_selection(view: QAbstractItemView, *, headers: bool = True) -> bool:
    """Put the selected cells of any table or tree on the clipboard; False without a selection."""
    indexes = [i for i in view.selectionModel().selectedIndexes() if _is_shown(view, i)]
    if not indexes:
        return False
    columns = sorted({i.column() for i in indexes}, key=lambda c: _visual(view, c))
    rows: dict[tuple[int, ...], dict[int, QModelIndex]] = {}
    for index in indexes:
        rows.setdefault(_path(index), {})[index.column()] = index
    cells = [[_cell(rows[path].get(column)) for column in columns] for path in sorted(rows)]
    headings = [_heading(view, column) for column in columns] if headers else []
    put_on_clipboard(as_tsv(headings, cells), as_html(headings, cells))
    return True


_last: list[str] = []


def put_on_clipboard(text: str, html: str) -> None:
    """Offer a text for spreadsheets and its HTML for documents."""
    data = QMimeData()
    data.setText(text)
    data.setHtml(html)
    QGuiApplication.clipboard().setMimeData(data)
    _last[:] = [text]


def release_clipboard() -> None:
    """Leave what we copied as plain text of Qt's own, before Python goes.

    The data object is ours; a platform that keeps it to the very end would call into an
    interpreter that is gone.
    """
    clipboard = QGuiApplication.clipboard()
    if _last and clipboard.text() == _last[0]:
        clipboard.setText(_last[0])
    _last.clear()


def _is_shown(view: QAbstractItemView, index: QModelIndex) -> bool:
    if isinstance(view, QTableView | QTreeView):
        return not view.isColumnHidden(index.column())
    return True


def _visual(view: QAbstractItemView, column: int) -> int:
    if isinstance(view, QTableView):
        return view.horizontalHeader().visualIndex(column)
    return view.header().visualIndex(column) if isinstance(view, QTreeView) else column


def _path(index: QModelIndex) -> tuple[int, ...]:
    """Return the rows from the root to the cell, so that tree lines copy in reading order."""
    path = []
    while index.isValid():
        path.append(index.row())
        index = index.parent()
    return tuple(reversed(path))


def _cell(index: QModelIndex | None) -> Cell:
    if index is None:
        return None, ""
    return index.data(RAW), str(index.data() or "")


def _heading(view: QAbstractItemView, column: int) -> str:
    """Return the plain heading of a column, without the arrow of its sorting."""
    model, across = view.model(), Qt.Orientation.Horizontal
    plain = model.headerData(column, across, RAW)
    return str(plain if plain is not None else model.headerData(column, across) or "")
