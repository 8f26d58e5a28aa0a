"""Cheapest-to-deliver allocation: which lot meets which obligation, and what one more unit costs.

A linear programme; where several allocations cost the same, the prices (duals) still say what an
extra unit of requirement costs and what an extra unit of a lot is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.collateral.programme import Group as Cap
from workstation.collateral.programme import Programme, Solved

__all__ = ["Allocation", "Cap", "Lots", "Obligations", "Standing", "allocate", "waterfall"]

Floats = NDArray[np.float64]
INELIGIBLE = 1.0
SMALL = 1e-9
"""Shortfalls below this share of the largest requirement are rounding."""


@dataclass(frozen=True, slots=True)
class Lots:
    """Lots available: market value, opportunity cost a year per unit, days to settle."""

    names: tuple[str, ...]
    market_value: Floats
    cost: Floats
    settlement_lag: Floats


@dataclass(frozen=True, slots=True)
class Obligations:
    """What must be covered: requirement after haircut, days until due."""

    names: tuple[str, ...]
    requirement: Floats
    deadline: Floats


@dataclass(frozen=True, slots=True)
class Allocation:
    """Market value of each lot given to each obligation, and what it costs at the margin.

    `cap_price` is what one more unit of cover under each concentration limit would save a year.
    Without enough eligible collateral `shortfall` is the smallest amount to call for, by
    obligation, what is given leaves it smallest at the least cost, and there are no prices (zero).
    """

    feasible: bool
    given: Floats
    free: Floats
    cost: float
    requirement_price: Floats
    lot_price: Floats
    shortfall: Floats
    cap_price: Floats


def allocate(lots: Lots, obligations: Obligations, haircuts: Floats, caps: Sequence[Cap] = (),
             ) -> Allocation:
    """Minimise the yearly cost of covering all obligations, or say what is missing.

    min sum c x; sum over o of x <= market value; sum over l of (1 - h) x >= requirement;
    x = 0 where the haircut is 100 % or the lot settles after the deadline

    Parameters
    ----------
    lots, obligations
        What there is and what is due.
    haircuts
        (lots, obligations), 1 for ineligible.
    caps
        Concentration limits.
    """
    return Standing(lots, obligations, haircuts, caps).allocation()


class Standing:
    """An allocation kept to be solved again, warm, after one requirement or one lot changed."""

    def __init__(self, lots: Lots, obligations: Obligations, haircuts: Floats,
                 caps: Sequence[Cap] = ()) -> None:
        self._cost = lots.cost
        self._value, self._requirement = lots.market_value.copy(), obligations.requirement.copy()
        usable = (haircuts < INELIGIBLE) & (
            lots.settlement_lag[:, None] <= obligations.deadline[None, :])
        self._programme = Programme(
            self._value, self._cost, self._requirement, 1.0 - haircuts, usable, caps)

    def require(self, obligation: int, requirement: float) -> None:
        """Change what one obligation asks for."""
        self._requirement[obligation] = requirement
        self._programme.require(obligation, requirement)

    def hold(self, lot: int, market_value: float) -> None:
        """Change what there is of one lot."""
        self._value[lot] = market_value
        self._programme.hold(lot, market_value)

    def allocation(self) -> Allocation:
        """Return the cheapest allocation of the figures as they now stand."""
        solved = self._programme.solve()
        least = SMALL * max(1.0, float(self._requirement.max(initial=0.0)))
        short = np.where(solved.short > least, solved.short, 0.0)
        return self._read(solved, short, not short.any())

    def _read(self, solved: Solved, short: Floats, feasible: bool) -> Allocation:
        used = solved.given.sum(axis=1)
        known = 1.0 if feasible else 0.0
        return Allocation(
            feasible, solved.given, self._value - used, float(self._cost @ used),
            known * solved.requirement_price, known * solved.lot_price, short,
            known * solved.group_price)


def waterfall(lots: Lots, obligations: Obligations, haircuts: Floats, caps: Sequence[Cap] = (),
              ) -> tuple[float, Floats]:
    """Return the yearly cost and what is short where each obligation takes its cheapest lots.

    The soonest due chooses first, as a desk without a programme would; limits are kept.
    """
    left, cost = lots.market_value.copy(), 0.0
    short = obligations.requirement.copy()
    for due in np.argsort(obligations.deadline, kind="stable"):
        room = {cap: cap.share * float(obligations.requirement[due])
                for cap in caps if cap.obligation == due}
        counted = 1.0 - haircuts[:, due]
        usable = (counted > 0.0) & (lots.settlement_lag <= obligations.deadline[due])
        worth = np.where(usable, counted, 1.0)
        for lot in np.argsort(np.where(usable, lots.cost / worth, np.inf), kind="stable"):
            if not usable[lot] or short[due] <= 0.0:
                break
            limits = [cap for cap in room if lot in cap.lots]
            met = min(left[lot] * worth[lot], short[due], *(room[cap] for cap in limits))
            left[lot] -= met / worth[lot]
            cost += float(lots.cost[lot] * met / worth[lot])
            short[due] -= met
            for cap in limits:
                room[cap] -= met
    least = SMALL * max(1.0, float(obligations.requirement.max(initial=0.0)))
    return cost, np.where(short > least, short, 0.0)
