"""Series of different calendars brought onto common dates, with everything odd about them said.

Where some series rest on weekends, the days are theirs: those on which at least half of them have a
level. The weekend's move of a market that never closes then falls on the Monday.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from statistics import median

from workstation.base.problem import Problem
from workstation.base.resources import resource_root
from workstation.market.history import History

Points = Sequence[tuple[date, float]]
LEAST_SHARE = 0.5
LONG_GAP = 10
"""Days without a level that are more than holidays."""
SPARSE = 2.5
"""A series whose usual step is this many times the shortest usual step has another frequency."""
SHOWN = 3
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Aligned:
    """A history on common dates and what the reader should know about it."""

    history: History
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class KnownPoint:
    """A level known to be wrong, or known to be right although it looks wrong."""

    factor: str
    on: date
    wrong: bool
    remark: str


def aligned(series: Mapping[str, Points]) -> Aligned:
    """Align series by date; sorts them, keeps the last of equal dates, and lists what it met."""
    problems: list[Problem] = []
    by_factor = {name: _cleaned(name, points, problems) for name, points in series.items()}
    days = _common_days(by_factor)
    for name, levels in by_factor.items():
        problems += _oddities(name, levels, by_factor)
    history = History(tuple(days), tuple(by_factor), tuple(
        tuple(levels.get(day) for day in days) for levels in by_factor.values()))
    return Aligned(history, (*problems, *listed_points(history)))


def listed_points(history: History) -> tuple[Problem, ...]:
    """Name every level of a history that is known to be odd; none is changed."""
    found = []
    for point in known_points():
        levels = history.of(point.factor)
        if levels is None or point.on not in history.dates:
            continue
        if levels[history.dates.index(point.on)] is not None:
            what = "known to be wrong" if point.wrong else "looks wrong but is right"
            found.append(Problem(f"History {point.factor} {point.on}", f"{what}: {point.remark}",
                                 "correct or clear the level if it should not count"
                                 if point.wrong else "", "warning" if point.wrong else "info"))
    return tuple(found)


@lru_cache(maxsize=1)
def known_points() -> tuple[KnownPoint, ...]:
    """Return the levels known to be odd, as shipped."""
    path = resource_root() / "scenarios" / "known_points.toml"
    rows = tomllib.loads(path.read_text("utf-8"))["point"]
    return tuple(KnownPoint(r["factor"], r["on"], r["wrong"], r["remark"]) for r in rows)


def _cleaned(name: str, points: Points, problems: list[Problem]) -> dict[date, float]:
    days = [day for day, _ in points]
    if days != sorted(days):
        problems.append(Problem(f"History {name}", "dates are not in order",
                                "none needed: they were sorted", "info"))
    twice = sorted({day for day, after in zip(sorted(days), sorted(days)[1:], strict=False)
                    if day == after})
    if twice:
        problems.append(Problem(f"History {name}", f"{_few(twice)} given more than once",
                                "the last level of each date counts; remove the others"))
    return dict(sorted(dict(points).items()))


def _common_days(by_factor: Mapping[str, Mapping[date, float]]) -> list[date]:
    """Keep the days on which at least half of the series that decide have a level."""
    alive_from = [(min(levels), max(levels) + timedelta(LONG_GAP), levels)
                  for levels in by_factor.values() if levels]
    rests = {id(levels): not any(_is_weekend(day) for day in levels)
             for levels in by_factor.values()}
    kept = []
    for day in sorted({day for _, _, levels in alive_from for day in levels}):
        alive = [levels for first, last, levels in alive_from if first <= day <= last]
        deciding = [levels for levels in alive if rests[id(levels)]] or alive
        if sum(day in levels for levels in deciding) >= LEAST_SHARE * len(deciding):
            kept.append(day)
    return kept


def _is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


def _oddities(name: str, levels: Mapping[date, float],
              every: Mapping[str, Mapping[date, float]]) -> Iterator[Problem]:
    where, days = f"History {name}", list(levels)
    if len(set(levels.values())) == 1:
        yield Problem(where, "the level never changes", "give a history that moves or leave the "
                      "factor out")
    below = [day for day, level in levels.items() if level <= 0]
    if below:
        yield Problem(where, f"{len(below)} levels are not positive ({_few(below)})",
                      "differences are used in place of relative moves", "info")
    gaps = [(a, b) for a, b in zip(days, days[1:], strict=False) if (b - a).days > LONG_GAP]
    steps = [_usual_step(other) for other in every.values() if len(other) > 1]
    if len(days) > 1 and _usual_step(levels) >= SPARSE * min(steps):
        yield Problem(where, f"a level only every {_usual_step(levels):g} days, others more often",
                      "give daily levels: moves over missing dates are not made up")
    elif gaps:
        first = ", ".join(f"{a} to {b}" for a, b in gaps[:SHOWN])
        yield Problem(where, f"{len(gaps)} gaps of more than {LONG_GAP} days ({first})",
                      "fill the gaps or expect fewer joint moves")


def _usual_step(levels: Mapping[date, float]) -> float:
    days = list(levels)
    return float(median((b - a).days for a, b in zip(days, days[1:], strict=False)))


def _few(days: Sequence[date]) -> str:
    rest = f" and {len(days) - SHOWN} more" if len(days) > SHOWN else ""
    return ", ".join(day.isoformat() for day in days[:SHOWN]) + rest
