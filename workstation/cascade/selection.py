"""What a row sells of what it holds: the same share of everything, or one holding before another.

A rule other than pro rata orders the holdings and sells from the first on, no more of each than
the volume of a step lets it, until as much margin is relieved as the same share of everything
would have. Holdings that are halted wait, and hedges, whose sale relieves nothing, are kept; a row
without equity sells everything whatever the rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workstation.cascade.impact import AVERAGE_SHARE

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Selection = Literal["pro rata", "most liquid", "least cost"]
SELECTIONS: tuple[tuple[str, Selection], ...] = (
    ("the same share of everything", "pro rata"), ("the most liquid first", "most liquid"),
    ("most margin relieved per cost first", "least cost"))
"""The rules with what they sell."""


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """What rows hold (n, k), what it is worth, and what margin each holding carries (n, k).

    `room` (k,) is the quantity one row may trade in a step, `adv` the volume of a day; `cost` (k,)
    times the square root of a quantity is the log impact of selling it.
    """

    positions: Floats
    prices: Floats
    carried: Floats
    room: Floats
    adv: Floats
    cost: Floats
    halted: Mask


def wanted(rule: Selection, fraction: Floats, held: Holdings) -> Floats:
    """Return the trades (n, k) by which rows sell a `fraction` (n,) of their margin away."""
    trades = -fraction[:, None] * held.positions
    if rule == "pro rata":
        return trades
    for row in np.flatnonzero((fraction > 0.0) & (fraction < 1.0)):
        trades[row] = -_shares(rule, float(fraction[row]), held, int(row)) * held.positions[row]
    return trades


def _shares(rule: Selection, fraction: float, held: Holdings, row: int) -> Floats:
    """Return the share (k,) of each holding a row sells, best placed first."""
    own, carried = np.abs(held.positions[row]), np.maximum(held.carried[row], 0.0)
    can = (own > 0.0) & (carried > 0.0) & ~held.halted
    most = np.where(can, np.minimum(1.0, held.room / np.where(own > 0.0, own, 1.0)), 0.0)
    share, left = np.zeros(len(own)), fraction * float(np.sum(held.carried[row]))
    for k in _order(rule, held, row):
        if left <= 0.0:
            break
        if most[k] > 0.0:
            share[k] = min(most[k], left / carried[k])
            left -= share[k] * carried[k]
    return share


def _order(rule: Selection, held: Holdings, row: int) -> NDArray[np.intp]:
    """Return the holdings best placed first; those of unknown depth come last."""
    own, known = np.abs(held.positions[row]), held.adv > 0.0
    if rule == "most liquid":
        days = np.divide(own, held.adv, out=np.full(len(own), np.inf), where=known)
        return np.argsort(days, kind="stable")
    lost = AVERAGE_SHARE * held.cost * np.sqrt(own) * own * held.prices
    relief = np.divide(held.carried[row], lost, out=np.full(len(own), -np.inf),
                       where=known & (lost > 0.0))
    return np.argsort(-relief, kind="stable")
