"""Cells of any spreadsheet or text file, as one kind of grid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from workstation.base.problem import Problem

Cell = str | float | int | bool | date | datetime | time | timedelta
LETTERS = 26


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `rows[0]` is row 1 from column A, an empty cell is an empty text.

    `unread` holds (row, column) of formulas that carry no stored value; `from_1904` says that
    bare serial numbers count days from 1904. `percents` are cells shown as a percentage;
    `has_unplaced_percents` says that the workbook has some, but not where (.xlsb).
    """

    name: str
    rows: list[list[Cell]]
    visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[str, ...] = ()
    unread: frozenset[tuple[int, int]] = frozenset()
    from_1904: bool = False
    percents: frozenset[tuple[int, int]] = frozenset()
    has_unplaced_percents: bool = False

    def where(self, row: int, column: int = 0) -> str:
        """Return the address of a cell, counting rows and columns from 0."""
        return f"{self.name}!{column_letters(column)}{row + 1}"


@dataclass(frozen=True, slots=True)
class Source:
    """One input file opened: its sheets, or its document (JSON), or its text (XML)."""

    path: Path
    sha256: str
    sort: Literal["workbook", "text", "json", "xml"]
    sheets: tuple[Sheet, ...] = ()
    document: Any = None
    text: str = ""
    problems: tuple[Problem, ...] = field(default=())

    @property
    def visible(self) -> tuple[Sheet, ...]:
        """Return the sheets a reader of the file would see."""
        return tuple(sheet for sheet in self.sheets if sheet.visible)


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """Return the letters of a column counted from 0: A, B, ..., Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def text_of(cell: Cell) -> str:
    """Return a cell as text for reading: whole numbers without a point, dates in ISO form."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def is_blank(cell: Cell) -> bool:
    """Say whether a cell is empty or holds spaces only."""
    return isinstance(cell, str) and not cell.strip()
