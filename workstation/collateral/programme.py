"""The linear programme behind an allocation, kept so that one changed figure is solved warm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.int64]
SHORT_COST = 1e4
"""Cost of one unit short against the dearest lot: missing cover comes last, whatever it saves."""


@dataclass(frozen=True, slots=True)
class Group:
    """Lots that together may cover at most a share of one obligation, after haircut."""

    obligation: int
    lots: tuple[int, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Solved:
    """Market value given (lots, obligations), what is short, and the price of every limit."""

    given: Floats
    short: Floats
    requirement_price: Floats
    lot_price: Floats
    group_price: Floats


class Programme:
    """min sum c x + M s; sum over o of x <= value; sum over l of (1 - h) x + s >= requirement.

    Only usable pairs have a column. Rows: lots, obligations, groups.
    """

    def __init__(self, value: Floats, cost: Floats, requirement: Floats, counted: Floats,
                 usable: NDArray[np.bool_], groups: Sequence[Group] = ()) -> None:
        self._shape = (len(value), len(requirement))
        self._scale = float(cost.max(initial=0.0)) or 1.0
        self._groups = tuple(groups)
        self._lot, self._due = (np.asarray(side, np.int64) for side in np.nonzero(usable))
        import highspy

        self._solved = highspy.HighsModelStatus.kOptimal
        self._solver = _quiet(highspy)
        self._solver.passModel(self._model(highspy, value, cost, requirement, counted))

    def require(self, obligation: int, requirement: float) -> None:
        """Change what one obligation asks for, and the limits that are shares of it."""
        import highspy

        lots, due = self._shape
        self._solver.changeRowBounds(lots + obligation, requirement, highspy.kHighsInf)
        for row, group in enumerate(self._groups, lots + due):
            if group.obligation == obligation:
                self._solver.changeRowBounds(row, -highspy.kHighsInf, group.share * requirement)

    def hold(self, lot: int, value: float) -> None:
        """Change what there is of one lot."""
        import highspy

        self._solver.changeRowBounds(lot, -highspy.kHighsInf, value)

    def solve(self) -> Solved:
        """Solve from where the last solution stood."""
        lots, due = self._shape
        if not due:
            nothing = np.zeros(0)
            return Solved(np.zeros(self._shape), nothing, nothing, np.zeros(lots), nothing)
        self._solver.run()
        if self._solver.getModelStatus() != self._solved:
            raise ArithmeticError("an allocation with free shortfalls always exists")
        solution = self._solver.getSolution()
        values, prices = np.array(solution.col_value), np.array(solution.row_dual) * self._scale
        given = np.zeros(self._shape)
        given[self._lot, self._due] = values[:len(self._lot)]
        return Solved(given, values[len(self._lot):], prices[lots:lots + due],
                      0.0 - prices[:lots], 0.0 - prices[lots + due:])

    def _model(self, highspy: Any, value: Floats, cost: Floats, requirement: Floats,
               counted: Floats) -> Any:
        lots, due = self._shape
        columns, groups = len(self._lot) + due, len(self._groups)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns, lots + due + groups
        model.col_cost_ = np.concatenate(
            [cost[self._lot] / self._scale, np.full(due, SHORT_COST)])
        model.col_lower_, model.col_upper_ = np.zeros(columns), np.full(columns, np.inf)
        most = [group.share * requirement[group.obligation] for group in self._groups]
        model.row_lower_ = np.concatenate(
            [np.full(lots, -np.inf), requirement, np.full(groups, -np.inf)])
        model.row_upper_ = np.concatenate(
            [value, np.full(due, np.inf), np.array(most, np.float64)])
        start, index, entries = self._entries(counted)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = start, index
        model.a_matrix_.value_ = entries
        return model

    def _entries(self, counted: Floats) -> tuple[Index, Index, Floats]:
        """Return the matrix by column: where each begins, its rows, its entries."""
        lots, due = self._shape
        pairs = np.arange(len(self._lot))
        worth = counted[self._lot, self._due]
        columns = [pairs, pairs, len(pairs) + np.arange(due)]
        rows = [self._lot, lots + self._due, lots + np.arange(due)]
        entries = [np.ones(len(pairs)), worth, np.ones(due)]
        for number, group in enumerate(self._groups, lots + due):
            inside = np.flatnonzero(
                (self._due == group.obligation) & np.isin(self._lot, group.lots))
            columns.append(inside)
            rows.append(np.full(len(inside), number))
            entries.append(worth[inside])
        column = np.concatenate(columns)
        order = np.argsort(column, kind="stable")
        start = np.searchsorted(column[order], np.arange(len(pairs) + due + 1))
        return start, np.concatenate(rows)[order], np.concatenate(entries)[order]


def _quiet(highspy: Any) -> Any:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("presolve", "off")
    return solver
