"""Tipping points of a shock: from which multiple somebody is called, sells, or has nothing left."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from workstation.cascade.dynamic import Mechanics, Scene, Step, run
from workstation.cascade.factors import NOTHING_LEFT
from workstation.cascade.played import NOTHING
from workstation.cascade.result import Tipping
from workstation.cascade.reverse import tipping_multiple

Floats = NDArray[np.float64]
HALVINGS = 20
"""Enough for a millionth of the search."""


def first_multiple(scene: Scene, shock: Floats, mechanics: Mechanics, most: float,
                   event: Callable[[Step], bool]) -> float | None:
    """Bisect for the multiple of a shock from which an event happens in some step."""

    def happens(multiple: float) -> bool:
        shocked = np.maximum(multiple * shock, NOTHING_LEFT)
        return any(map(event, run(scene, shocked, mechanics, event).steps[-1:]))

    return tipping_multiple(happens, 0.0, most, HALVINGS)


def tipping_points(scene: Scene, shock: Floats, mechanics: Mechanics, most: float, own: slice,
                   ) -> tuple[Tipping, ...]:
    """Return from which multiple each event happens: the client's own, then anybody's."""
    before = scene.cash + scene.positions @ scene.prices
    sound = before > 0  # an account below zero from the start is no news
    events: tuple[tuple[str, Callable[[Step], bool]], ...] = (
        ("client: first call", lambda s: bool(np.any(_short(s)[own] > NOTHING))),
        ("client: first forced sale", lambda s: bool(np.any(s.sale_fraction[own] > 0))),
        ("client: equity below zero", lambda s: float(np.sum(s.equity[own])) < 0),
        ("anyone: first forced sale", lambda s: bool(np.any(s.sale_fraction > 0))),
        ("anyone: equity below zero", lambda s: bool(np.any((s.equity < 0) & sound))),
    )
    return tuple(Tipping(name, first_multiple(scene, shock, mechanics, most, event), most)
                 for name, event in events)


def first_forced_sale(scene: Scene, shock: Floats, mechanics: Mechanics, most: float, own: slice,
                      ) -> float | None:
    """Return the multiple from which the client sells."""
    return first_multiple(scene, shock, mechanics, most,
                          lambda s: bool(np.any(s.sale_fraction[own] > 0)))


def _short(step: Step) -> Floats:
    """Return calls left after excess at the same firm, which no desk calls a call."""
    return np.asarray(step.calls - np.maximum(step.met.excess, 0.0))
