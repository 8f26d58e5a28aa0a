"""Cheapest-to-deliver allocation: which lot meets which obligation, and what one more unit costs.

A linear programme; where several allocations cost the same, the prices (duals) still say what an
extra unit of requirement costs and what an extra unit of a lot is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
INELIGIBLE = 1.0
SMALL = 1e-9


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
class Cap:
    """Lots that together may cover at most a share of one obligation, after haircut."""

    obligation: int
    lots: tuple[int, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Allocation:
    """Market value of each lot given to each obligation, and what it costs at the margin.

    Without enough eligible collateral `shortfall` is the smallest amount to call for, by
    obligation, and there are no prices (zero).
    """

    feasible: bool
    given: Floats
    free: Floats
    cost: float
    requirement_price: Floats
    lot_price: Floats
    shortfall: Floats


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
    usable = (haircuts < INELIGIBLE) & (
        lots.settlement_lag[:, None] <= obligations.deadline[None, :])
    rows = _Rows.of(lots, obligations, haircuts, caps)
    costs = np.repeat(lots.cost, len(obligations.names))
    found = _solve(rows, costs, usable.ravel())
    if found is not None:
        return _allocation(lots, obligations, found, np.zeros(len(obligations.names)), True)
    slack_cost = np.concatenate([np.zeros(costs.size), np.ones(len(obligations.names))])
    called = _solve(rows.with_slack(len(lots.names)), slack_cost,
                    np.concatenate([usable.ravel(), np.ones(len(obligations.names), np.bool_)]))
    if called is None:
        raise ArithmeticError("an allocation with free shortfalls always exists")
    given = _Solved(called.values[:costs.size], np.zeros_like(called.duals))
    return _allocation(lots, obligations, given, called.values[costs.size:], False)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Constraint matrix with bounds: lots, then obligations, then caps."""

    matrix: Floats
    lower: Floats
    upper: Floats

    @classmethod
    def of(cls, lots: Lots, obligations: Obligations, haircuts: Floats, caps: Sequence[Cap],
           ) -> _Rows:
        count, due = len(lots.names), len(obligations.names)
        counted = 1.0 - haircuts
        inventory = np.kron(np.eye(count), np.ones(due))
        cover = np.vstack([
            (np.eye(due)[o] * counted).ravel() for o in range(due)]) if due else np.zeros((0, 0))
        limits = [_cap_row(cap, counted) for cap in caps]
        most = [cap.share * obligations.requirement[cap.obligation] for cap in caps]
        return cls(
            np.vstack([inventory, cover, *limits]),
            np.concatenate([np.full(count, -np.inf), obligations.requirement,
                            np.full(len(caps), -np.inf)]),
            np.concatenate([lots.market_value, np.full(due, np.inf), np.array(most, float)]))

    def with_slack(self, lots: int) -> _Rows:
        """Add one shortfall to each obligation's row."""
        due = self.matrix.shape[1] // lots
        slack = np.zeros((len(self.lower), due))
        slack[lots:lots + due] = np.eye(due)
        return _Rows(np.hstack([self.matrix, slack]), self.lower, self.upper)


def _cap_row(cap: Cap, counted: Floats) -> Floats:
    row = np.zeros_like(counted)
    row[list(cap.lots), cap.obligation] = counted[list(cap.lots), cap.obligation]
    return row.ravel()


@dataclass(frozen=True, slots=True)
class _Solved:
    values: Floats
    duals: Floats


def _solve(rows: _Rows, costs: Floats, usable: NDArray[np.bool_]) -> _Solved | None:
    """Solve the programme; None where it is infeasible."""
    import highspy

    solver = _quiet(highspy)
    solver.passModel(_model(highspy, rows, costs, usable))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    return _Solved(np.array(solution.col_value), np.array(solution.row_dual))


def _quiet(highspy: Any) -> Any:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver


def _model(highspy: Any, rows: _Rows, costs: Floats, usable: NDArray[np.bool_]) -> Any:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(costs), len(rows.lower)
    model.col_cost_ = costs
    model.col_lower_ = np.zeros(len(costs))
    model.col_upper_ = np.where(usable, np.inf, 0.0)
    model.row_lower_, model.row_upper_ = rows.lower, rows.upper
    columns = [np.flatnonzero(column) for column in rows.matrix.T]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(c) for c in columns])])
    model.a_matrix_.index_ = np.concatenate([*columns, np.zeros(0, np.intp)]).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate(
        [*(rows.matrix[c, i] for i, c in enumerate(columns)), np.zeros(0)])
    return model


def _allocation(lots: Lots, obligations: Obligations, found: _Solved, shortfall: Floats,
                feasible: bool) -> Allocation:
    count, due = len(lots.names), len(obligations.names)
    given = found.values.reshape(count, due)
    used = given.sum(axis=1)
    return Allocation(
        feasible, given, lots.market_value - used, float(lots.cost @ used),
        found.duals[count:count + due], 0.0 - found.duals[:count],
        np.where(shortfall > SMALL, shortfall, 0.0))
