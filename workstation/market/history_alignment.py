"""Series of different calendars brought onto common dates, with everything odd about them said.

Where some series rest on weekends, the days are theirs: those on which at least half of them have a
level. The weekend's move of a market that never closes then falls on the Monday.
"""

from __future__ import annotations

import tomllib
from collections import Counter
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
BLOCK = 10
"""Steps over which a usual step is told."""
ALONE, AGREE = 2.0, 1.2
"""A level is a lone jump beyond the first ratio to neighbours that agree within the second."""
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


def aligned(series: Mapping[str, Points], places: Mapping[str, str] | None = None) -> Aligned:
    """Align series by date; sorts them, and lists what it met.

    A date given twice with one level counts once; with two levels it is left out, for nobody
    knows which is right. `places` says where a factor stands, such as `History!B1`.
    """
    problems: list[Problem] = []
    where = {name: f"History {name}" for name in series} | dict(places or {})
    by_factor = {name: _cleaned(where[name], points, problems) for name, points in series.items()}
    days = _common_days(by_factor)
    for name, levels in by_factor.items():
        problems += _oddities(where[name], levels, by_factor)
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


def _cleaned(where: str, points: Points, problems: list[Problem]) -> dict[date, float]:
    days = [day for day, _ in points]
    if days != sorted(days):
        problems.append(Problem(where, "dates are not in order",
                                "none needed: they were sorted", "info"))
    by_day: dict[date, set[float]] = {}
    for day, level in points:
        by_day.setdefault(day, set()).add(level)
    torn = sorted(day for day, levels in by_day.items() if len(levels) > 1)
    if torn:
        problems.append(Problem(where, f"{_few(torn)} given more than once, with different "
                                "levels, and left out", "keep the right level of each date",
                                "error"))
    counted = Counter(days)
    twice = sorted(day for day, levels in by_day.items()
                   if counted[day] > 1 and len(levels) == 1)
    if twice:
        problems.append(Problem(where, f"{_few(twice)} given more than once, with one level",
                                "remove the others; each date counts once", "info"))
    return {day: levels.pop() for day, levels in sorted(by_day.items()) if len(levels) == 1}


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


def _oddities(where: str, levels: Mapping[date, float],
              every: Mapping[str, Mapping[date, float]]) -> Iterator[Problem]:
    days = list(levels)
    if len(set(levels.values())) == 1 and len(days) > 1:
        yield Problem(where, "the level never changes", "give a history that moves or leave the "
                      "factor out")
    below = [day for day, level in levels.items() if level <= 0]
    if below:
        yield Problem(where, f"{len(below)} levels are not positive ({_few(below)})",
                      "differences are used in place of relative moves", "info")
    lone = _lone_jumps(levels)
    if lone:
        yield Problem(where, f"far from the levels before and after: {_few(lone)}",
                      "correct or clear the level if it is a bad print")
    yield from _frequency(where, levels, every)


def _lone_jumps(levels: Mapping[date, float]) -> list[date]:
    """Return the dates whose level is twice its neighbours or half of them, and they agree."""
    days, values = list(levels), list(levels.values())
    found = []
    for i in range(1, len(values) - 1):
        before, here, after = values[i - 1:i + 2]
        if before > 0 and after > 0 and 1 / AGREE <= after / before <= AGREE and (
                here <= 0 or not 1 / ALONE < here / before < ALONE):
            found.append(days[i])
    return found


def _frequency(where: str, levels: Mapping[date, float],
               every: Mapping[str, Mapping[date, float]]) -> Iterator[Problem]:
    """Yield gaps, a frequency unlike the others', and one that changes on the way."""
    days = list(levels)
    gaps = [(a, b) for a, b in zip(days, days[1:], strict=False) if (b - a).days > LONG_GAP]
    steps = [_usual_step(other) for other in every.values() if len(other) > 1]
    changed = _sparse_stretch(days)
    if len(days) > 1 and _usual_step(levels) >= SPARSE * min(steps):
        yield Problem(where, f"a level only every {_usual_step(levels):g} days, others more often",
                      "give daily levels: moves over missing dates are not made up")
    elif len(days) > 1 and _usual_step(levels) >= SPARSE:
        yield Problem(where, f"a level only every {_usual_step(levels):g} days",
                      "give daily levels: designs count closing times in dates of the history")
    elif changed:
        first, last, step = changed
        yield Problem(where, f"mixed frequencies: a level only every {step:g} days from {first} to "
                      f"{last}, more often elsewhere", "give one frequency: a move over some dates "
                      "is longer there")
    elif gaps:
        told = ", ".join(f"{a} to {b}" for a, b in gaps[:SHOWN])
        yield Problem(where, f"{len(gaps)} gap{'s' if gaps[1:] else ''} of more than {LONG_GAP} "
                      f"days ({told})",
                      "fill the gaps or expect fewer joint moves")


def _sparse_stretch(days: Sequence[date]) -> tuple[date, date, float] | None:
    """Return the longest run of blocks whose usual step is far above the shortest one's."""
    steps = [(b - a).days for a, b in zip(days, days[1:], strict=False)]
    blocks = [(i, float(median(steps[i:i + BLOCK])))
              for i in range(0, len(steps) - BLOCK + 1, BLOCK)]
    if not blocks:
        return None
    least = SPARSE * min(step for _, step in blocks)
    runs: list[list[tuple[int, float]]] = [[]]
    for block in blocks:
        if block[1] >= least:
            runs[-1].append(block)
        elif runs[-1]:
            runs.append([])
    longest = max(runs, key=len)
    return None if not longest else (
        days[longest[0][0]], days[longest[-1][0] + BLOCK], median(s for _, s in longest))


def _usual_step(levels: Mapping[date, float]) -> float:
    days = list(levels)
    return float(median((b - a).days for a, b in zip(days, days[1:], strict=False)))


def _few(days: Sequence[date]) -> str:
    rest = f" and {len(days) - SHOWN} more" if len(days) > SHOWN else ""
    return ", ".join(day.isoformat() for day in days[:SHOWN]) + rest
