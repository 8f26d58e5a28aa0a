"""Factor histories from CSV files: one factor a file (date, close) or one column a factor."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError, reason_of
from workstation.market.history_alignment import Aligned, aligned

LEVEL_COLUMNS = ("close", "adj close", "adj_close", "value", "price", "level")
DATE_COLUMNS = ("date", "day", "observation_date")


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
    for number, row in enumerate(rows, start=2):
        on = _day(row[dated])
        if on is None:
            problems.append(Problem(f"{path.name} line {number}", f"{row[dated]!r} is no date",
                                    "write dates as YYYY-MM-DD", "error"))
            continue
        for factor, column in columns.items():
            level = _level(row[column])
            if level is not None:
                out[factor].append((on, level))
    return out


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


def _level(text: str | None) -> float | None:
    try:
        value = float((text or "").strip().replace(",", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
