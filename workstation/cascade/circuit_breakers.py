"""The circuit breakers in force, as the breakers of a cascade's factors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from workstation.base.problem import Problem
from workstation.cascade.halts import Breaker
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition

FOLDER = "circuit_breakers"
OWN = "own"


def breakers(rules: RuleSet, names: Sequence[str], classes: Mapping[str, str],
             shares: Sequence[str], steps_a_day: float) -> tuple[Breaker, ...]:
    """Return the breakers that watch one of these factors; none before the first edition.

    Parameters
    ----------
    names, classes
        Factors in the order of the cascade's columns, with their asset classes.
    shares
        Factors that are single shares, which pause on their own fall.
    """
    if not rules.has(FOLDER):
        return ()
    edition = rules.edition(FOLDER)
    step = float(edition["session_minutes"].value) / steps_a_day
    place = {name: column for column, name in enumerate(names)}
    found = []
    for row in edition["halts"].rows:
        if row["watch"] in place:
            covered = tuple(place[n] for n in names if classes[n] == row["class"])
            found.append(_breaker(row, place[row["watch"]], covered, step))
    for row in edition["pauses"].rows:
        found += [_breaker(row, place[n], (place[n],), step) for n in names
                  if n in shares and classes[n] == row["class"]]
    return tuple(found)


def _breaker(row: Mapping[str, Any], watched: int, halted: tuple[int, ...], step: float
             ) -> Breaker:
    minutes = float(row["minutes"])
    steps = math.ceil(minutes / step) if minutes > 0 else None
    return Breaker(str(row["market"]), float(row["level"]), steps, watched, halted)


def faults(edition: Edition) -> tuple[Problem, ...]:
    """Name levels that overlap or make no sense; a cascade refuses to run on them."""
    rows = (*edition["halts"].rows, *edition["pauses"].rows)
    found: dict[tuple[str, str], list[float]] = {}
    problems = []
    for row in rows:
        level = float(row["level"])
        before = found.setdefault((row["class"], row.get("watch", OWN)), [])
        if not 0.0 < level < 1.0 or float(row["minutes"]) < 0:
            problems.append(_fault(edition, row, "is not a fall between 0 and 1 with a halt of 0 "
                                   "or more minutes"))
        elif before and level <= before[-1]:
            problems.append(_fault(edition, row, f"overlaps the level {before[-1]:.0%} before it"))
        before.append(level)
    return tuple(problems)


def _fault(edition: Edition, row: Mapping[str, Any], what: str) -> Problem:
    return Problem(edition.path.name, f"circuit breaker {row['market']} at {row['level']} {what}",
                   "list the levels of a market in rising order, each once", "error")
