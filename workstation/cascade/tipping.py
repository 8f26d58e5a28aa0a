"""Tipping points of a shock: from which multiple somebody is called, sells, or has nothing left.

An event need not stay once it happens (a hedge may gain more further out), so multiples are first
walked through in even steps and the first bracket is then halved.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from workstation.cascade.dynamic import run
from workstation.cascade.factors import NOTHING_LEFT
from workstation.cascade.model import Mechanics, Scene, Step
from workstation.cascade.played import NOTHING
from workstation.cascade.result import Tipping
from workstation.cascade.reverse import tipping_multiple

Floats = NDArray[np.float64]
Event = Callable[[Step], bool]
WALKED = 12
HALVINGS = 12
"""Enough for four digits of a multiple around one."""


def tipping_points(scene: Scene, shock: Floats, mechanics: Mechanics, most: float, own: slice,
                   ) -> tuple[Tipping, ...]:
    """Return from which multiple each event happens: the client's own, then anybody's."""
    before = scene.cash + scene.positions @ scene.prices
    sound = before > 0  # an account below zero from the start is no news
    events: dict[str, Event] = {
        "client: first call": lambda s: bool(np.any(_short(s)[own] > NOTHING)),
        "client: first forced sale": lambda s: bool(np.any(s.sale_fraction[own] > 0)),
        "client: equity below zero": lambda s: float(np.sum(s.equity[own])) < 0,
        "anyone: first forced sale": lambda s: bool(np.any(s.sale_fraction > 0)),
        "anyone: equity below zero": lambda s: bool(np.any((s.equity < 0) & sound)),
    }
    found = _first_multiples(scene, shock, mechanics, most, tuple(events.values()))
    return tuple(Tipping(name, multiple, most)
                 for name, multiple in zip(events, found, strict=True))


def first_forced_sale(scene: Scene, shock: Floats, mechanics: Mechanics, most: float, own: slice,
                      ) -> float | None:
    """Return the multiple from which the client sells."""
    [found] = _first_multiples(scene, shock, mechanics, most,
                               (lambda s: bool(np.any(s.sale_fraction[own] > 0)),))
    return found


def _first_multiples(scene: Scene, shock: Floats, mechanics: Mechanics, most: float,
                     events: tuple[Event, ...]) -> list[float | None]:
    """Walk the multiples once for all events, then halve each event's first bracket."""

    def steps(multiple: float, until: Event) -> tuple[Step, ...]:
        return run(scene, np.maximum(multiple * shock, NOTHING_LEFT), mechanics, until).steps

    def halved(event: Event, low: float, high: float) -> float | None:
        return tipping_multiple(lambda m: event(steps(m, event)[-1]), low, high, HALVINGS)

    brackets: list[tuple[float, float] | None] = [None] * len(events)
    low = 0.0
    for high in np.linspace(0.0, most, WALKED + 1):
        missing = [n for n, bracket in enumerate(brackets) if bracket is None]
        if not missing:
            break
        seen: set[int] = set()

        def all_seen(step: Step, missing: list[int] = missing, seen: set[int] = seen) -> bool:
            seen.update(n for n in missing if n not in seen and events[n](step))
            return len(seen) == len(missing)

        steps(float(high), all_seen)
        for n in seen:
            brackets[n] = (low, float(high))
        low = float(high)
    return [None if bracket is None else halved(event, *bracket)
            for event, bracket in zip(events, brackets, strict=True)]


def _short(step: Step) -> Floats:
    """Return calls left after excess at the same firm, which no desk calls a call."""
    return np.asarray(step.calls - np.maximum(step.met.excess, 0.0))
