"""Factor histories from CSV files: one factor a file (date, close) or one column a factor."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError, reason_of
from workstation.market.history_alignment import Aligned, aligned

LEVEL_COLUMNS = ("close", "adj close", "adj_close", "value", "price", "level")
DATE_COLUMNS = ("date", "day", "observation_date")
NO_LEVEL = frozenset({"", ".", "-", "--", "*", "n/a", "na", "nan", "none", "null", "#n/a"})
"""How sources write a day without an observation."""
WITH_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


def read_histories(paths: Sequence[Path], names: Mapping[str, str] | None = None) -> Aligned:
    """Read files and align them; `names` renames factors (file stem or column to factor).

    Raises UnusableInputError for a file without dates or levels.
    """
    given = names or {}
    series: dict[str, list[tuple[date, float]]] = {}
    problems: list[Problem] = []
    for path in paths:
        for factor, points in _file(path, problems).items():
            series.setdefault(given.get(factor, factor), []).extend(points)
    found = aligned(series)
    return Aligned(found.history, (*problems, *found.problems))


def _file(path: Path, problems: list[Problem]) -> dict[str, list[tuple[date, float]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnusableInputError(Problem(
            str(path), f"cannot be read as a history ({reason_of(error)})",
            "give a CSV file")) from error
    header = [name for name in (rows[0] if rows else {}) if name]
    dated = next((name for name in header if name.strip().casefold() in DATE_COLUMNS), None)
    if dated is None:
        raise UnusableInputError(Problem(
            str(path), "has no rows or no date column", "name the first column date"))
    columns = _levels(path, header, dated)
    out: dict[str, list[tuple[date, float]]] = {factor: [] for factor in columns}
    unread: dict[str, list[tuple[int, str]]] = {factor: [] for factor in columns}
    for number, row in enumerate(rows, start=2):
        on = _day(row[dated])
        if on is None:
            problems.append(Problem(f"{path.name} line {number}", f"{row[dated]!r} is no date",
                                    "write dates as YYYY-MM-DD", "error"))
            continue
        for factor, column in columns.items():
            text = (row[column] or "").strip()
            level = _level(text)
            if level is not None:
                out[factor].append((on, level))
            elif text.casefold() not in NO_LEVEL:
                unread[factor].append((number, text))
    problems += [_no_levels(path, factor, cells) for factor, cells in unread.items() if cells]
    return out


def _no_levels(path: Path, factor: str, cells: Sequence[tuple[int, str]]) -> Problem:
    """Say once a column which cells hold no number, so that a column of text is one sentence."""
    number, text = cells[0]
    others = f", nor are {len(cells) - 1} more of {factor}" if cells[1:] else ""
    return Problem(f"{path.name} line {number}", f"{text!r} is no level of {factor}{others}",
                   "write numbers as 1234.5; leave a day without an observation empty", "error")


def _levels(path: Path, header: Sequence[str], dated: str) -> dict[str, str]:
    """Return column by factor: the close of a single series, else every column."""
    others = [name for name in header if name != dated]
    for name in others:
        if name.strip().casefold() in LEVEL_COLUMNS:
            return {path.stem: name}
    return {name.strip(): name for name in others}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        return None


def _level(text: str) -> float | None:
    """Return a finite number; commas only where they part thousands, for 1,5 may mean 1.5."""
    plain = text.replace(",", "") if WITH_THOUSANDS.fullmatch(text) else text
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
