"""A cascade laid out as arrays: factors, participants, what is traded and what is only marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.cascade.equilibrium import Borrowers
from workstation.cascade.factors import Factor
from workstation.cascade.participants import Participant

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stage:
    """Everyone and everything of one cascade as arrays, before it is solved.

    `fixed_gain` is what positions that are not traded gain at the shock.
    """

    factors: tuple[Factor, ...]
    participants: tuple[Participant, ...]
    borrowers: Borrowers
    equity: Floats
    fixed_gain: Floats


def staged(priced: Sequence[Factor], participants: Sequence[Participant]) -> Stage:
    """Lay participants out as arrays: long exposures are traded, short ones only marked.

    cash = equity - long value + gain of the short exposures at the shock
    """
    place = {factor.name: i for i, factor in enumerate(priced)}
    prices = np.array([factor.price for factor in priced])
    held = np.zeros((len(participants), len(priced)))
    fixed = np.zeros(len(participants))
    for row, participant in enumerate(participants):
        for exposure in participant.exposures:
            column = place.get(exposure.factor)
            if column is None:
                continue
            if exposure.value > 0:
                held[row, column] += exposure.value / prices[column]
            else:
                fixed[row] += exposure.value * priced[column].shock
    equity = np.array([participant.equity for participant in participants])
    gross = held @ prices
    rates = np.array([p.margin_rate(float(g)) for p, g in zip(participants, gross, strict=True)])
    return Stage(tuple(priced), tuple(participants),
                 Borrowers(held, equity - gross + fixed, rates), equity, fixed)
