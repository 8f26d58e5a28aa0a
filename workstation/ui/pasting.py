"""Rows pasted from a spreadsheet: which cell of a table each value means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workstation.ui.editable_model import EditableModel, Refusal

if TYPE_CHECKING:
    from workstation.ui.table_view import TableView

Change = tuple[str, str, Any]
"""The key of a row, a field, and the value it should have."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """The changes a paste makes, and how many values fell on columns that cannot be typed over."""

    changes: tuple[Change, ...]
    passed_over: int = 0

    @property
    def sentence(self) -> str:
        """Return what is worth saying of it; nothing where every value found its cell."""
        count, over = len(self.changes), self.passed_over
        if count and not over:
            return ""
        words = f"{count:,} {'cell' if count == 1 else 'cells'} changed"
        left = f"; {over:,} fell on columns that cannot be typed over" if over else ""
        return f"Pasted: {words}{left}."


def read_rows(text: str) -> list[list[str]]:
    """Return the cells of tab-separated text; quotes around a cell are taken off."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    return [[_bare(cell) for cell in line.split("\t")] for line in lines]


def _bare(cell: str) -> str:
    text = cell.strip()
    is_quoted = len(text) > 1 and text.startswith('"') and text.endswith('"')
    return text[1:-1].replace('""', '"').strip() if is_quoted else text.removeprefix("'")


def pasted(view: TableView, model: EditableModel, text: str) -> Pasted | Refusal:
    """Return what pasting a text at the current cell changes; all of it can be read, or none.

    Values go right and down from the current cell, or by heading and source cell where the text
    carries the table's own headings.
    """
    rows = read_rows(text)
    if not any(cell for row in rows for cell in row):
        return Refusal("There is nothing to paste: copy rows of a spreadsheet first.")
    headed = _by_heading(model, rows[0])
    if headed is not None:
        columns, rows = headed, rows[1:]
    else:
        columns = _from_current(view, len(max(rows, key=len)))
    places = _places(view, model, columns, rows)
    if isinstance(places, Refusal):
        return places
    return _changes(model, columns, rows, places)


def _by_heading(model: EditableModel, cells: Sequence[str]) -> list[int] | None:
    """Return the columns that the first row names, None where it is not a row of headings."""
    known = {column.heading.casefold(): place for place, column in enumerate(model.columns)}
    found = [known.get(cell.casefold(), -1) for cell in cells]
    named = [cell for cell in cells if cell]
    return found if named and sum(place >= 0 for place in found) == len(named) else None


def _from_current(view: TableView, count: int) -> list[int]:
    header = view.horizontalHeader()
    shown = [header.logicalIndex(place) for place in range(header.count())]
    shown = [column for column in shown if not view.isColumnHidden(column)]
    start = view.currentIndex().column()
    first = shown.index(start) if start in shown else 0
    return (shown[first:] + [-1] * count)[:count]


def _places(view: TableView, model: EditableModel, columns: Sequence[int],
            rows: Sequence[Sequence[str]]) -> list[int] | Refusal:
    """Return the shown row each pasted row means, by source cell or downwards."""
    key = next((n for n, column in enumerate(columns)
                if column >= 0 and model.field(column) == model.key_field), None)
    if key is not None:
        found = [model.row_of(row[key]) if key < len(row) else -1 for row in rows]
        lost = [row[key] for row, place in zip(rows, found, strict=True)
                if place < 0 and key < len(row)]
        return Refusal(f"No row shown is {lost[0]}.") if lost else found
    first = max(0, view.currentIndex().row())
    below = [row for row in range(first, model.rowCount()) if model.row_at(row) is not None]
    if len(rows) > len(below):
        return Refusal(f"{len(rows)} rows were copied, but only {len(below)} stand from the "
                       "current one down.")
    return below[:len(rows)]


def _changes(model: EditableModel, columns: Sequence[int], rows: Sequence[Sequence[str]],
             places: Sequence[int]) -> Pasted | Refusal:
    changes: list[Change] = []
    passed_over = 0
    for cells, place in zip(rows, places, strict=True):
        row = model.row_at(place)
        for cell, column in zip(cells, columns, strict=False):
            if not cell or (column >= 0 and model.field(column) == model.key_field):
                continue
            if column < 0 or not model.is_editable(row, model.field(column)):
                passed_over += 1
                continue
            value = model.read(column, cell)
            if isinstance(value, Refusal):
                heading = model.columns[column].heading
                return Refusal(f"{heading} of {model.key(row)}: {value}")
            if value != model.value(model.source(place), column):
                changes.append((str(model.key(row)), model.field(column), value))
    return Pasted(tuple(changes), passed_over)
