"""Allocation with a desk's wishes: least tickets, buffers kept free, the most liquid kept first.

Least tickets make it a mixed-integer programme, which has no prices of collateral; buffers and the
order of liquidity alone leave it linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.base.solver import quiet_solver
from workstation.collateral.allocation import (
    INELIGIBLE,
    SMALL,
    Allocation,
    Cap,
    Lots,
    Obligations,
)

Floats = NDArray[np.float64]
SHORT_COST = 1e4
"""Cost of one unit short against the dearest lot, as in the linear programme."""
SECONDS, GAP = 5.0, 1e-7
KEPT = 1e-9
"""Slack on what the first aim reached, in units of market value, while the cost is minimised."""


@dataclass(frozen=True, slots=True)
class Buffer:
    """Market value of some lots together that has to stay free."""

    lots: tuple[int, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an allocation should keep to besides its limits.

    A lot gives an obligation nothing or at least `least_ticket` of market value, and every ticket
    costs `ticket_cost` a year; `liquid` lots are kept free first, whatever that costs.
    """

    least_ticket: float = 0.0
    ticket_cost: float = 0.0
    buffers: tuple[Buffer, ...] = ()
    liquid: tuple[int, ...] = ()

    @property
    def in_tickets(self) -> bool:
        """Say whether tickets are counted, so that the programme is mixed-integer."""
        return self.least_ticket > 0 or self.ticket_cost > 0


def allocate_with(lots: Lots, obligations: Obligations, haircuts: Floats, wishes: Wishes,
                  caps: Sequence[Cap] = ()) -> Allocation:
    """Allocate at the least cost within the wishes; cost includes what tickets cost.

    min sum c x + f y; m y <= x <= market value y; sum over a buffer's lots of what is left >= it;
    with liquid lots, first the least of them is given away, then the cost is minimised

    Missing cover comes last, whatever it saves; prices are zero, as whole tickets have none.
    """
    model = _Model(lots, obligations, haircuts, wishes, caps)
    if wishes.liquid:
        model.keep_liquid(wishes.liquid)
    return model.solve()


class _Model:
    """The programme: givings x by usable pair, shortfalls by obligation, then tickets y."""

    def __init__(self, lots: Lots, obligations: Obligations, haircuts: Floats, wishes: Wishes,
                 caps: Sequence[Cap]) -> None:
        usable = (haircuts < INELIGIBLE) & (
            lots.settlement_lag[:, None] <= obligations.deadline[None, :])
        usable &= lots.market_value[:, None] >= max(wishes.least_ticket, KEPT)
        self._lot, self._due = np.nonzero(usable)
        self._lots, self._obligations, self._wishes = lots, obligations, wishes
        self._worth = 1.0 - haircuts[self._lot, self._due]
        self._pairs, self._dues = len(self._lot), len(obligations.names)
        dearest = float(np.max(lots.cost, initial=0.0)) or 1.0
        self._cost = np.concatenate([
            lots.cost[self._lot], np.full(self._dues, SHORT_COST * dearest),
            np.full(self._pairs if wishes.in_tickets else 0, wishes.ticket_cost)])
        self._rows: list[tuple[float, float, list[int], list[float]]] = []
        self._limit(caps)

    def _limit(self, caps: Sequence[Cap]) -> None:
        value, due = self._lots.market_value, self._obligations
        for n in range(len(value)):
            self._row(-np.inf, float(value[n]), self._of(lots=(n,)))
        for o in range(self._dues):
            there = np.flatnonzero(self._due == o)
            entries = [*self._worth[there].tolist(), 1.0]
            self._rows.append((float(due.requirement[o]), np.inf,
                               [*there.tolist(), self._pairs + o], entries))
        for cap in caps:
            pairs = [p for p in self._of(lots=cap.lots) if self._due[p] == cap.obligation]
            self._rows.append((-np.inf, cap.share * float(due.requirement[cap.obligation]), pairs,
                               self._worth[pairs].tolist()))
        for buffer in self._wishes.buffers:
            most = float(value[list(buffer.lots)].sum()) - buffer.value
            self._row(-np.inf, max(most, 0.0), self._of(lots=buffer.lots))
        if self._wishes.in_tickets:
            self._tickets()

    def _tickets(self) -> None:
        first = self._pairs + self._dues
        for p in range(self._pairs):
            most = float(self._lots.market_value[self._lot[p]])
            self._rows.append((-np.inf, 0.0, [p, first + p], [1.0, -most]))
            self._rows.append((0.0, np.inf, [p, first + p], [1.0, -self._wishes.least_ticket]))

    def _of(self, lots: Sequence[int]) -> list[int]:
        return [int(p) for p in np.flatnonzero(np.isin(self._lot, lots))]

    def _row(self, low: float, high: float, pairs: list[int]) -> None:
        self._rows.append((low, high, pairs, [1.0] * len(pairs)))

    def keep_liquid(self, liquid: Sequence[int]) -> None:
        """Find how little of the liquid lots can be given away, and allow no more than that."""
        pairs = self._of(lots=liquid)
        aim = np.zeros(len(self._cost))
        aim[pairs] = 1.0
        aim[self._pairs:self._pairs + self._dues] = SHORT_COST
        found = self._solved(aim)
        self._row(-np.inf, float(found[pairs].sum()) * (1.0 + KEPT) + KEPT, pairs)

    def solve(self) -> Allocation:
        """Return the allocation of least cost."""
        found = self._solved(self._cost)
        lots, dues = len(self._lots.market_value), self._dues
        given = np.zeros((lots, dues))
        given[self._lot, self._due] = np.maximum(found[:self._pairs], 0.0)
        short = found[self._pairs:self._pairs + dues]
        least = SMALL * max(1.0, float(self._obligations.requirement.max(initial=0.0)))
        short = np.where(short > least, short, 0.0)
        tickets = float(np.sum(given > KEPT)) * self._wishes.ticket_cost
        used = given.sum(axis=1)
        return Allocation(
            not short.any(), given, self._lots.market_value - used,
            float(self._lots.cost @ used) + tickets, np.zeros(dues), np.zeros(lots), short,
            np.zeros(0))

    def _solved(self, cost: Floats) -> Floats:
        import highspy

        made: Any = highspy
        model, wide = made.HighsLp(), len(cost)
        model.num_col_, model.num_row_ = wide, len(self._rows)
        model.col_cost_, model.col_lower_ = cost, np.zeros(wide)
        whole = self._wishes.in_tickets
        upper = np.full(wide, np.inf)
        if whole:
            upper[self._pairs + self._dues:] = 1.0
            continuous = [made.HighsVarType.kContinuous] * (self._pairs + self._dues)
            model.integrality_ = continuous + [made.HighsVarType.kInteger] * self._pairs
        model.col_upper_ = upper
        model.row_lower_ = np.array([row[0] for row in self._rows])
        model.row_upper_ = np.array([row[1] for row in self._rows])
        model.a_matrix_.format_ = made.MatrixFormat.kRowwise
        starts = np.cumsum([0, *(len(row[2]) for row in self._rows)])
        model.a_matrix_.start_ = starts.astype(np.int32)
        model.a_matrix_.index_ = np.array([c for row in self._rows for c in row[2]], np.int32)
        model.a_matrix_.value_ = np.array([v for row in self._rows for v in row[3]], np.float64)
        solver = quiet_solver()
        solver.setOptionValue("presolve", "choose")
        solver.setOptionValue("time_limit", SECONDS)
        solver.setOptionValue("mip_rel_gap", GAP)
        solver.passModel(model)
        solver.run()
        values = np.array(solver.getSolution().col_value, dtype=np.float64)
        if len(values) != wide:
            raise ArithmeticError(f"HiGHS gave no allocation: {solver.getModelStatus()}")
        return values
