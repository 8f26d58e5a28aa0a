"""Column-oriented result tables: the only shape the views and reports read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """A heading with its unit, the field it shows, and how its value is written.

    `excel` is the number format of the workbook; `total` says whether a totals row adds it up, and
    `every` that no sum is given unless every row has an amount.
    """

    heading: str
    field: str
    text: Callable[[Any], str] = str
    numeric: bool = False
    excel: str = ""
    total: bool = False
    hint: str = ""
    every: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one result with the columns that present them."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Any]
    about: str = ""

    def value(self, row: int, column: int) -> Any:
        """Return the raw value of one cell."""
        return getattr(self.rows[row], self.columns[column].field)

    def text(self, row: int, column: int) -> str:
        """Return one cell as written for display."""
        value = self.value(row, column)
        return "" if value is None else self.columns[column].text(value)
