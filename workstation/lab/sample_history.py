"""A synthetic factor history, the same on every machine, so that the lab runs without any data.

Daily log moves are Student-t with a common equity driver and second drivers for rates, metals and
crypto; volatility and correlation change inside the stressed windows; on the days of the joint
scenarios the moves are the scenarios' own. Levels end at 100 and are nobody's prices.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from workstation.base.resources import resource_root
from workstation.book.resolve import Bools, Floats
from workstation.harmonised.factor_moves import inside
from workstation.market.history import History
from workstation.measures.quasi_random import Mixer, chi_square_quantile, normal_quantile
from workstation.parameters.store import read_edition

SAMPLE = "sample"
LAST = date(2026, 11, 13)
DAYS = 2_520
SATURDAY = 5
TRADING_DAYS = 252
END_LEVEL = 100.0
PERCENT = 100.0
DIGITS = 6
FINE = 1 << 53


@lru_cache(maxsize=2)
def sample_history(last: date = LAST, days: int = DAYS) -> History:
    """Return the sample history of `days` weekdays ending on or before `last`."""
    edition = read_edition(resource_root() / "scenarios" / "sample_history.toml")
    rows = edition["factors"].rows
    dates = _weekdays(last, days)
    stressed = inside(dates, tuple(r["window"] for r in edition["stressed_windows"].rows))
    drawn = _Draws(len(dates), int(edition["seed"].value), int(edition["degrees"].value))
    equity, second = drawn.next(), _second_drivers(rows, drawn)
    levels = []
    for row in rows:
        moves = _moves(row, equity, second.get(row.get("second", "")), drawn.next(), stressed)
        for day, move in _known(row["column"]).items():
            if day in dates:
                moves[dates.index(day)] = np.log1p(move)
        path = np.exp(np.cumsum(moves))
        levels.append(tuple(round(float(v), DIGITS) for v in END_LEVEL * path / path[-1]))
    return History(dates, tuple(row["factor"] for row in rows), tuple(levels))


def _weekdays(last: date, count: int) -> tuple[date, ...]:
    found: list[date] = []
    day = last
    while len(found) < count:
        if day.weekday() < SATURDAY:
            found.append(day)
        day -= timedelta(1)
    return tuple(reversed(found))


class _Draws:
    """Independent standardised Student-t series, one after another from one seed."""

    def __init__(self, count: int, seed: int, degrees: int) -> None:
        self._count, self._degrees = count, degrees
        self._mixer = Mixer(seed)
        shape = chi_square_quantile(self._uniform(), degrees)
        self._scale = np.sqrt((degrees - 2) / shape)  # one scale a day: wild days are wild for all

    def next(self) -> Floats:
        """Return the next series, variance one."""
        return np.asarray(normal_quantile(self._uniform()) * self._scale)

    def _uniform(self) -> Floats:
        return np.array([(self._mixer.below(FINE) + 0.5) / FINE for _ in range(self._count)])


def _second_drivers(rows: Sequence[Mapping[str, Any]], drawn: _Draws) -> dict[str, Floats]:
    names = sorted({row["second"] for row in rows if "second" in row})
    return {name: drawn.next() for name in names}


def _moves(row: Mapping[str, Any], equity: Floats, second: Floats | None, own: Floats,
           stressed: Bools) -> Floats:
    """Return daily log moves of one factor: rho x equity + the rest, split with its driver."""
    rho = np.where(stressed, float(row["rho_stressed"]), float(row["rho_calm"]))
    volatility = np.where(stressed, float(row["stressed"]), float(row["calm"]))
    rest = own
    if second is not None:
        share = float(row["share"])
        rest = share * second + np.sqrt(1.0 - share**2) * own
    mixed = rho * equity + np.sqrt(1.0 - rho**2) * rest
    return np.asarray(volatility / np.sqrt(TRADING_DAYS) * mixed)


@lru_cache(maxsize=64)
def _known(column: str) -> dict[date, float]:
    """Return the one-day moves of the joint scenarios in one column, by date."""
    path = resource_root() / "scenarios" / "joint.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["end"]): float(row[column]) / PERCENT
                for row in csv.DictReader(file) if row["horizon"] == "1d" and row.get(column)}
