"""The linear programme behind an allocation, kept so that one changed figure is solved warm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.base.solver import quiet_solver

Floats = NDArray[np.float64]
Index = NDArray[np.int64]
FIRST_COVER = 1.5
"""Multiple of a requirement that the cheapest lots taken into the first round would cover."""
LEAST_GAIN = 1e-9
"""Saving a unit, in costs of the dearest lot, above which a pair left out must come in."""
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

    Rows: lots, obligations, groups. Columns: shortfalls, then pairs of a lot and an obligation;
    most pairs are never worth their while, so each comes in once its reduced cost is negative.
    """

    def __init__(self, value: Floats, cost: Floats, requirement: Floats, counted: Floats,
                 usable: NDArray[np.bool_], groups: Sequence[Group] = ()) -> None:
        import highspy

        self._lots, self._dues = len(value), len(requirement)
        self._groups = tuple(groups)
        self._lot, self._due = (np.asarray(side, np.int64) for side in np.nonzero(usable))
        self._worth = counted[self._lot, self._due]
        self._scale = float(cost.max(initial=0.0)) or 1.0
        self._cost = cost[self._lot] / self._scale
        self._inside = [(self._due == group.obligation) & np.isin(self._lot, group.lots)
                        for group in groups]
        self._order: Index = np.zeros(0, np.int64)
        self._outside = np.ones(len(self._lot), np.bool_)
        self._solved = highspy.HighsModelStatus.kOptimal
        self._solver = quiet_solver()
        self._rows(highspy, value, requirement)
        self._enter(self._first(value, requirement))

    def require(self, obligation: int, requirement: float) -> None:
        """Change what one obligation asks for, and the limits that are shares of it."""
        self._solver.changeRowBounds(self._lots + obligation, requirement, np.inf)
        for row, group in enumerate(self._groups, self._lots + self._dues):
            if group.obligation == obligation:
                self._solver.changeRowBounds(row, -np.inf, group.share * requirement)

    def hold(self, lot: int, value: float) -> None:
        """Change what there is of one lot."""
        self._solver.changeRowBounds(lot, -np.inf, value)

    def solve(self) -> Solved:
        """Solve from where the last solution stood."""
        if not self._dues:
            nothing = np.zeros(0)
            return Solved(np.zeros((self._lots, 0)), nothing, nothing, np.zeros(self._lots),
                          nothing)
        while True:
            self._solver.run()
            if self._solver.getModelStatus() != self._solved:
                raise ArithmeticError("an allocation with free shortfalls always exists")
            solution = self._solver.getSolution()
            prices = np.array(solution.row_dual)
            worthwhile = self._worthwhile(prices)
            if not len(worthwhile):
                return self._read(np.array(solution.col_value), prices * self._scale)
            self._enter(worthwhile)

    def _read(self, values: Floats, prices: Floats) -> Solved:
        lots, due = self._lots, self._dues
        given = np.zeros((lots, due))
        given[self._lot[self._order], self._due[self._order]] = values[due:]
        return Solved(given, values[:due], prices[lots:lots + due], 0.0 - prices[:lots],
                      0.0 - prices[lots + due:])

    def _worthwhile(self, prices: Floats) -> Index:
        """Return the pair left out of each lot that would lower the cost most at these prices."""
        lots = self._lots
        reduced = self._cost - prices[self._lot] - self._worth * prices[lots + self._due]
        for inside, price in zip(self._inside, prices[lots + self._dues:], strict=True):
            reduced[inside] -= self._worth[inside] * price
        found = np.flatnonzero(self._outside & (reduced < -LEAST_GAIN))
        by_lot = found[np.lexsort((reduced[found], self._lot[found]))]
        lots_of = self._lot[by_lot]
        return by_lot[np.flatnonzero(np.diff(lots_of, prepend=-1))]

    def _first(self, value: Floats, requirement: Floats) -> Index:
        """Return, for each obligation, its cheapest lots after haircut up to a multiple of it."""
        chosen = [np.zeros(0, np.int64)]
        for due in range(self._dues):
            pairs = np.flatnonzero(self._due == due)
            ranked = pairs[np.argsort(self._cost[pairs] / self._worth[pairs], kind="stable")]
            covered = np.cumsum(value[self._lot[ranked]] * self._worth[ranked])
            enough = int(np.searchsorted(covered, FIRST_COVER * requirement[due])) + 1
            chosen.append(ranked[:enough])
        return np.concatenate(chosen)

    def _rows(self, highspy: Any, value: Floats, requirement: Floats) -> None:
        """Pass the rows, with a shortfall to each obligation."""
        lots, due, groups = self._lots, self._dues, len(self._groups)
        most = [group.share * requirement[group.obligation] for group in self._groups]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = due, lots + due + groups
        model.col_cost_ = np.full(due, SHORT_COST)
        model.col_lower_, model.col_upper_ = np.zeros(due), np.full(due, np.inf)
        model.row_lower_ = np.concatenate(
            [np.full(lots, -np.inf), requirement, np.full(groups, -np.inf)])
        model.row_upper_ = np.concatenate(
            [value, np.full(due, np.inf), np.array(most, np.float64)])
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.arange(due + 1)
        model.a_matrix_.index_ = lots + np.arange(due)
        model.a_matrix_.value_ = np.ones(due)
        self._solver.passModel(model)

    def _enter(self, pairs: Index) -> None:
        """Add the columns of some pairs."""
        column, row, entry = self._entries(pairs)
        starts = np.searchsorted(column, np.arange(len(pairs))).astype(np.int32)
        self._solver.addCols(
            len(pairs), self._cost[pairs], np.zeros(len(pairs)), np.full(len(pairs), np.inf),
            len(entry), starts, row.astype(np.int32), entry)
        self._order = np.concatenate([self._order, pairs])
        self._outside[pairs] = False

    def _entries(self, pairs: Index) -> tuple[Index, Index, Floats]:
        """Return column number, row and entry of some pairs, by column."""
        numbers, worth = np.arange(len(pairs)), self._worth[pairs]
        columns, rows = [numbers, numbers], [self._lot[pairs], self._lots + self._due[pairs]]
        entries = [np.ones(len(pairs)), worth]
        for row, inside in enumerate(self._inside, self._lots + self._dues):
            limited = np.flatnonzero(inside[pairs])
            columns.append(limited)
            rows.append(np.full(len(limited), row))
            entries.append(worth[limited])
        column = np.concatenate(columns)
        order = np.argsort(column, kind="stable")
        return column[order], np.concatenate(rows)[order], np.concatenate(entries)[order]
