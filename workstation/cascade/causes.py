"""The causal chain of a cascade: which sale moved which price and so called whom.

Every called row hangs from what called it: the shock, or the participant whose sales did most to
the factor that has cost the called row most.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import money
from workstation.cascade.played import NOTHING, Played
from workstation.cascade.result import Cause, Liquidation

Floats = NDArray[np.float64]
SHOCK = -1


def causes(played: Played) -> tuple[Cause, ...]:
    """Return the first call of every row in order of time, each with its cause before it."""
    steps = played.outcome.steps
    first = {row: n for row in range(len(played.rows))
             if (n := _first_call(played, row)) is not None}
    order = sorted(first, key=lambda row: (first[row], row))
    place: dict[int, int] = {}
    found: list[Cause] = []
    for row in order:
        number = first[row]
        parent, k = _parent(played, row, number, place)
        step = steps[number]
        mark = 1.0 if parent != SHOCK or played.scene.marks is None else float(
            played.scene.marks[row, k])
        start = played.scene.prices if parent == SHOCK else (
            played.scene.prices * (1.0 + played.shock))
        place[row] = len(found)
        obligor = played.rows[row]
        found.append(Cause(
            number + 1, obligor.owner, obligor.name, parent, played.ground.names[k],
            float(step.prices[k] * mark / start[k] - 1.0), money(float(step.calls[row])),
            money(_sold(played, row))))
    return tuple(found)


def _first_call(played: Played, row: int) -> int | None:
    return next((n for n, step in enumerate(played.outcome.steps)
                 if step.calls[row] > NOTHING), None)


def _parent(played: Played, row: int, number: int, place: dict[int, int]) -> tuple[int, int]:
    """Return the place of what called a row (SHOCK for the shock) and through which factor."""
    steps, scene = played.outcome.steps, played.scene
    arrived = scene.prices * (1.0 + played.shock)
    by_sales = -scene.marked[row] * (steps[number].prices - arrived)
    if number > played.arrived and np.max(by_sales, initial=0.0) > NOTHING:
        k = int(np.argmax(by_sales))
        flows = np.sum([step.flows[:, k] for step in steps[:number]], axis=0)
        against = np.where(np.sign(flows) == np.sign(np.sum(flows)), np.abs(flows), 0.0)
        against[[r for r in range(len(against)) if r not in place]] = 0.0
        if against.any():
            return place[int(np.argmax(against))], k
    by_shock = scene.positions[row] * scene.prices - scene.marked[row] * steps[number].prices
    return SHOCK, int(np.argmax(by_shock))


def _sold(played: Played, row: int) -> float:
    return float(sum(np.abs(step.flows[row]) @ step.prices for step in played.outcome.steps))


def liquidations(played: Played, minutes: float) -> tuple[Liquidation, ...]:
    """Return how long every seller takes to sell, how much of it, and the days of volume it is."""
    steps, scene, found = played.outcome.steps, played.scene, []
    for row, obligor in enumerate(played.rows):
        selling = [n for n, step in enumerate(steps) if np.any(step.flows[row] != 0.0)]
        if not selling:
            continue
        units = np.sum([step.flows for step in steps], axis=0)
        sold = np.abs(scene.quantity(units)[row])
        held = np.abs(scene.positions[row])
        days = np.divide(sold, scene.adv, out=np.zeros_like(sold), where=scene.adv > 0)
        found.append(Liquidation(
            obligor.owner, obligor.name, selling[0] * minutes, selling[-1] * minutes,
            float(sold @ scene.prices / (held @ scene.prices)),
            float(np.max(days, initial=0.0))))
    return tuple(found)
