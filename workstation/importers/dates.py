"""Dates as people write them: the order of day and month is voted on column by column."""

from __future__ import annotations

import math
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from workstation.importers.figures import NOTHING, Fault
from workstation.importers.sheets import Cell

Order = Literal["dmy", "mdy"]
FIRST_SERIAL, LAST_SERIAL = 20_000, 60_000
EXCEL_EPOCH = date(1899, 12, 30)
MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}
OTHER_MONTHS = {
    "ene": 1, "gen": 1, "fev": 2, "mrz": 3, "maa": 3, "avr": 4, "abr": 4, "mai": 5, "mei": 5,
    "mag": 5, "maj": 5, "juin": 6, "giu": 6, "juil": 7, "lug": 7, "aou": 8, "ago": 8, "set": 9,
    "okt": 10, "ott": 10, "out": 10, "dez": 12, "dic": 12}
"""Beginnings of the months in other languages of the West, without accents."""
LAST_MONTH, CENTURY = 12, 100
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ].*)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_YEAR_MONTH = re.compile(r"((?:19|20)\d{2})[-/]?(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: .*)?")
_DAY_NAME = re.compile(r"(\d{1,2})\.?[-\s/]?([^\W\d_]{3,10})\.?[-\s/,]*(\d{4}|\d{2})")
_NAME_DAY = re.compile(r"([^\W\d_]{3,10})\.?[-\s/]*(\d{1,2})(?:st|nd|rd|th)?[-\s/,]+(\d{4})")
_NAME_YEAR = re.compile(r"([^\W\d_]{3,10})\.?[-\s/']*(\d{4}|\d{2})")


@dataclass(frozen=True, slots=True)
class OrderVote:
    """The order of day and month in a column, and whether that was a guess."""

    order: Order
    doubtful: bool = False


def day(cell: Cell, order: Order = "mdy") -> date | Fault | None:
    """Read one cell under a date-like header: a date, a fault, or None for an empty one."""
    if isinstance(cell, str):
        return _from_text(cell, order)
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _from_number(cell, order)
    return Fault(f"{cell} is not a date")


def _from_number(value: float, order: Order) -> date | Fault | None:
    if FIRST_SERIAL <= value <= LAST_SERIAL:
        return EXCEL_EPOCH + timedelta(days=int(value))
    text = f"{value:.0f}" if math.isfinite(value) and value == int(value) else str(value)
    return _from_text(text, order)


@lru_cache(maxsize=8192)
def _from_text(text: str, order: Order) -> date | Fault | None:
    raw = text.strip().casefold()
    if raw in NOTHING:
        return None
    if raw.isdecimal() and FIRST_SERIAL <= int(raw) <= LAST_SERIAL:
        return EXCEL_EPOCH + timedelta(days=int(raw))
    try:
        found = _matched(raw, order)
    except ValueError:
        found = None
    return found or Fault(f"“{text.strip()}” is not a date")


def _matched(raw: str, order: Order) -> date | None:
    """Try each way of writing a date; raises ValueError for one the calendar does not have."""
    if found := _ISO.fullmatch(raw) or _COMPACT.fullmatch(raw):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.fullmatch(raw):
        first, second = int(found[1]), int(found[2])
        month, number = (second, first) if order == "dmy" else (first, second)
        return date(full_year(found[3]), month, number)
    if found := _YEAR_MONTH.fullmatch(raw):
        return month_end(int(found[1]), int(found[2]))
    return _named(raw)


def _named(raw: str) -> date | None:
    if (found := _DAY_NAME.fullmatch(raw)) and (month := _month(found[2])):
        return date(full_year(found[3]), month, int(found[1]))
    if (found := _NAME_DAY.fullmatch(raw)) and (month := _month(found[1])):
        return date(int(found[3]), month, int(found[2]))
    if (found := _NAME_YEAR.fullmatch(raw)) and (month := _month(found[1])):
        return month_end(full_year(found[2]), month)
    return None


def _month(name: str) -> int | None:
    """Return the number of a month by its name or the beginning of it, in any case."""
    split = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in split if not unicodedata.combining(letter))
    return MONTHS.get(plain[:3]) or OTHER_MONTHS.get(plain[:4]) or OTHER_MONTHS.get(plain[:3])


def full_year(text: str) -> int:
    """Return a year of two digits as one of this century."""
    year = int(text)
    return year + 2000 if year < CENTURY else year


def month_end(year: int, month: int) -> date:
    """Return the last day of a month; raises ValueError for a month that does not exist."""
    if not 1 <= month <= LAST_MONTH:
        raise ValueError(month)
    return date(year, month, monthrange(year, month)[1])


def month_only(cell: Cell) -> bool:
    """Say whether a date cell names a month without a day."""
    raw = cell.strip().casefold() if isinstance(cell, str) else ""
    named = _NAME_YEAR.fullmatch(raw)
    return bool(_YEAR_MONTH.fullmatch(raw)) or (named is not None and _month(named[1]) is not None)


def order_vote(columns: Iterable[Sequence[Cell]], expected: Order | None = None) -> OrderVote:
    """Decide day-first or month-first from the cells that allow only one reading."""
    day_first = month_first = ambiguous = dotted = 0
    for cells in columns:
        for cell in cells:
            if not isinstance(cell, str) or (found := _NUMERIC.fullmatch(cell.strip())) is None:
                continue
            first, second = int(found[1]), int(found[2])
            day_first += first > LAST_MONTH >= second
            month_first += second > LAST_MONTH >= first
            ambiguous += first != second and max(first, second) <= LAST_MONTH
            dotted += "." in cell
    if day_first != month_first:
        return OrderVote("dmy" if day_first > month_first else "mdy")
    if expected is not None:
        return OrderVote(expected)
    return OrderVote("dmy" if dotted else "mdy", doubtful=bool(ambiguous) and not dotted)
