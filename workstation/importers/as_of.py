"""Find the review date a file states in its title, footer or name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workstation.importers.dates import MONTHS, full_year
from workstation.importers.sheets import Cell, Sheet

HEAD_ROWS, FOOT_ROWS = 60, 15
_LABEL = re.compile(
    r"\b(as[ -]of|as at|date downloaded|report date|valuation date|business date|run date|"
    r"cob date|close of business|statement date|position date|pricing date|period end date|"
    r"periodenddate|reporting date|period|stichtag|stand vom|^stand|^per|positions? (?:on|at)|"
    r"portefeuille au|valorisation au|positions au|arr[êe]t[ée] au|situation au|"
    r"a la fecha|^fecha|alla data del|through)\b|^(?:date|datum|data)\s*:?$", re.IGNORECASE)
_NAMES = "|".join(MONTHS)
_FORMS = (
    re.compile(r"(?P<y>20\d{2})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    re.compile(rf"(?<![a-z])(?P<n>{_NAMES})[a-z]*\.?[ -]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?[ -]+"
               r"(?P<y>20\d{2})",
               re.IGNORECASE),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})[ -](?P<n>{_NAMES})[a-z]*\.?,?[ -]+"
               r"(?P<y>20\d{2}|\d{2})\b",
               re.IGNORECASE),
    re.compile(r"\b(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>20\d{2})\b"),
    re.compile(r"(?<!\d)(?P<y>20\d{2})(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)"),
    re.compile(r"(?<![\d/])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{2})(?![\d/])"),
)
LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A review date and the cell or name it was read from."""

    day: date
    where: str


def in_sheets(sheets: Sequence[Sheet]) -> StatedDate | None:
    """Return the first labelled date in titles and footers."""
    for sheet in sheets:
        for row in _edges(len(sheet.rows)):
            found = _in_row(sheet.rows[row])
            if found is not None:
                return StatedDate(found[0], sheet.where(row, found[1]))
    return None


def in_name(name: str) -> StatedDate | None:
    """Return a date written in a file name."""
    days = dates_in(name)
    return StatedDate(days[-1], f"file name {name}") if days else None


def _edges(rows: int) -> Iterator[int]:
    yield from range(min(rows, HEAD_ROWS))
    yield from range(max(HEAD_ROWS, rows - FOOT_ROWS), rows)


def _in_row(row: Sequence[Cell]) -> tuple[date, int] | None:
    for column, cell in enumerate(row):
        if not isinstance(cell, str) or _LABEL.search(cell) is None:
            continue
        days = dates_in(cell[_LABEL.search(cell).start():])  # type: ignore[union-attr]
        if days:
            return days[-1], column
        following = next((other for other in row[column + 1:] if other != ""), "")
        day = _date_in(following)
        if day is not None:
            return day, column + 1
    return None


def _date_in(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    days = dates_in(cell) if isinstance(cell, str) else ()
    return days[-1] if days else None


def dates_in(text: str) -> tuple[date, ...]:
    """Return the dates written in a line of text, in the order written."""
    for form in _FORMS:
        days = tuple(day for found in form.finditer(text) if (day := _made(found.groupdict())))
        if days:
            return days
    return ()


def _made(parts: dict[str, str | None]) -> date | None:
    year = full_year(parts["y"] or "")
    month = parts.get("m") or parts.get("n")
    number = parts.get("d")
    if month is None:
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        if first > LAST_MONTH:
            first, second = second, first
        month, number = str(first), str(second)
    try:
        return date(year, MONTHS.get(month[:3].casefold()) or int(month), int(number or 0))
    except ValueError:
        return None
