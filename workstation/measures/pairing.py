"""Which strategies to form out of the legs at hand, so that they save most.

Each column is a strategy the rule recognises: the legs it uses up and what it saves a unit. The
pairing is the integer programme

    maximise sum of saving[c] * x[c]   subject to   sum of use[l, c] * x[c] <= supply[l], x >= 0

Two-leg strategies alone make it a transportation problem, which a network solves exactly; the
programme is exact for any mix of columns given. Above `MOST_COLUMNS` columns the largest saving
goes first instead. What is returned never saves less than largest saving first, nor less than
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.base.solver import silent_solver
from workstation.book.resolve import Floats
from workstation.kernels import LEVEL, best_pairs

Index = NDArray[np.intp]
Units = Mapping[int, Decimal]
"""How many units of each column to form; columns left out are not formed."""

ZERO = Decimal(0)
NONE = -1
MOST_COLUMNS = 120_000
_MOST_NODES = 2_000
_CLOSE = 1e-6
_FEWER_LEGS = 1e-9  # of the largest saving: between equal pairings the simpler one
_WHOLE_SAVINGS = 2.0 ** 40  # of the largest saving: finer differences are rounding
_TWIN_COLUMNS = 300
_SMALL = 1_500  # columns up to which the whole-number search does without preparations
_ALWAYS = (("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0),
           ("mip_abs_gap", _FEWER_LEGS), ("mip_max_nodes", _MOST_NODES),
           ("dual_feasibility_tolerance", 1e-10))
_DUAL, _PRIMAL = 1, 4  # nothing formed is a first answer to improve: the primal simplex is faster
_UNPREPARED = (("presolve", "off"), ("mip_heuristic_effort", 0.0), ("mip_allow_restart", False),
               ("mip_detect_symmetry", False), ("mip_heuristic_run_feasibility_jump", False),
               ("mip_heuristic_run_rins", False), ("mip_heuristic_run_rens", False),
               ("mip_heuristic_run_root_reduced_cost", False))


@dataclass(frozen=True, slots=True)
class Columns:
    """Strategies as rows: `legs` (n, w) by place, -1 where there are fewer, and saving a unit.

    A leg named twice is used twice. Savings only order strategies, so they are floats; what is
    charged is computed exactly later.
    """

    legs: Index
    saving: Floats

    def __len__(self) -> int:
        return len(self.saving)

    def uses(self, column: int) -> tuple[tuple[int, int], ...]:
        """Return (leg, units of it) for one unit of a column."""
        counts: dict[int, int] = {}
        for leg in self.legs[column].tolist():
            if leg != NONE:
                counts[leg] = counts.get(leg, 0) + 1
        return tuple(counts.items())

    def matrix(self) -> tuple[Index, Index, Floats]:
        """Return starts of columns, legs and units in column order, each leg once a column."""
        ordered = np.sort(self.legs, axis=1)
        before = np.column_stack([np.full(len(self), NONE), ordered[:, :-1]])
        first = (ordered != NONE) & (ordered != before)
        entry = np.cumsum(first.ravel()) - 1
        units = np.bincount(entry[(ordered != NONE).ravel()], minlength=int(first.sum()))
        starts = np.concatenate([[0], np.cumsum(first.sum(axis=1))])
        return starts, ordered[first], units.astype(np.float64)


def best_pairing(supply: Sequence[Decimal], columns: Columns,
                 first_side: NDArray[np.bool_] | None = None) -> Units:
    """Return how many units of each column to form; columns that save nothing are not formed.

    `first_side` says of every leg on which side it stands, where no column of two legs joins two
    of one side: then a network finds the optimum directly.
    """
    if not len(columns) or columns.saving.max() <= 0:
        return {}
    if first_side is not None and _in_pairs(supply, columns, first_side):
        return _network(supply, columns, first_side)
    if len(columns) > MOST_COLUMNS or not _contested(columns):
        return largest_saving_first(supply, columns)
    exact, bound = _programme(supply, columns)
    if saved(columns, exact) >= bound:
        return exact
    greedy = largest_saving_first(supply, columns)
    return exact if saved(columns, exact) >= saved(columns, greedy) else greedy


def largest_saving_first(supply: Sequence[Decimal], columns: Columns) -> Units:
    """Form the strategy of the largest saving a unit first, then the next; ties by position."""
    left, formed = list(supply), dict[int, Decimal]()
    order = np.argsort(-columns.saving, kind="stable")
    order = order[columns.saving[order] > 0]
    for c, legs in zip(order.tolist(), columns.legs[order].tolist(), strict=True):
        if all(leg == NONE or left[leg] for leg in legs):
            units = _take(left, columns.uses(c), None)
            if units:
                formed[c] = units
    return formed


def saved(columns: Columns, units: Units) -> float:
    """Return what the formed units save together."""
    return sum(float(columns.saving[c]) * float(units[c]) for c in sorted(units))


def _take(left: list[Decimal], uses: Sequence[tuple[int, int]], wanted: Decimal | None) -> Decimal:
    """Use up as much of a column's legs as there is (or is wanted); whole units if possible."""
    most = min(left[leg] / use for leg, use in uses)
    if any(use > 1 for _, use in uses):
        most = Decimal(int(most))
    units = most if wanted is None else min(wanted, most)
    if units:
        for leg, use in uses:
            left[leg] -= use * units
    return units


def _in_pairs(supply: Sequence[Decimal], columns: Columns, first_side: NDArray[np.bool_]) -> bool:
    """Say whether every column joins one leg of each side, in whole units."""
    legs = columns.legs
    if LEVEL == "reference" and len(columns) > _TWIN_COLUMNS:
        return False  # the readable twin would take minutes
    if (legs[:, 2:] != NONE).any() or (legs[:, :2] == NONE).any():
        return False
    return bool((first_side[legs[:, 0]] != first_side[legs[:, 1]]).all()) and in_whole_units(
        supply)


def in_whole_units(supply: Sequence[Decimal]) -> bool:
    """Say whether every leg is held in whole units."""
    return all(units == units.to_integral_value() for units in supply)


def _network(supply: Sequence[Decimal], columns: Columns, first_side: NDArray[np.bool_]) -> Units:
    """Solve the transportation problem of two-leg strategies exactly, in whole units."""
    whole = np.array([int(units) for units in supply], dtype=np.int64)
    first, second = whole[first_side], whole[~first_side]
    place = np.where(first_side, np.cumsum(first_side), np.cumsum(~first_side)) - 1
    left, right = columns.legs[:, 0], columns.legs[:, 1]
    on_first = np.where(first_side[left], left, right)
    on_second = np.where(first_side[left], right, left)
    saving = np.rint(columns.saving * (_WHOLE_SAVINGS / columns.saving.max())).astype(np.int64)
    units = np.zeros(len(columns), dtype=np.int64)
    best_pairs(first, second, place[on_first], place[on_second], saving, units,
               np.zeros_like(first), np.zeros_like(second))
    return {c: Decimal(int(units[c])) for c in np.flatnonzero(units).tolist()}


def _contested(columns: Columns) -> bool:
    """Say whether two columns want the same leg; where none do, first come is best."""
    return bool(np.bincount(columns.matrix()[1]).max() > 1)


def _programme(supply: Sequence[Decimal], columns: Columns) -> tuple[Units, float]:
    """Solve the programme, in whole contracts where the supply is whole.

    Returns the units of each column and what no pairing could save more than, to rounding.
    """
    whole = in_whole_units(supply)
    problem = _written(supply, columns)
    solution = _solved(problem, whole=False)
    formed = _taken(supply, columns, solution, whole=whole)
    used = np.flatnonzero(solution).tolist()
    most = sum(float(columns.saving[c]) * float(solution[c]) for c in used)
    bound = most * (1 - _FEWER_LEGS)
    if whole and saved(columns, formed) < bound:
        formed = _taken(supply, columns, _solved(problem, whole=True), whole=True)
    return formed, bound


def _taken(supply: Sequence[Decimal], columns: Columns, solution: Floats, *, whole: bool) -> Units:
    """Form a solution in exact units: whole parts first, then the rest, largest saving first."""
    left, formed = list(supply), dict[int, Decimal]()
    used = np.flatnonzero(solution > _CLOSE).tolist()
    for c in used:
        units = float(solution[c])
        wanted = Decimal(int(units + _CLOSE)) if whole else Decimal(repr(round(units, 6)))
        formed[c] = _take(left, columns.uses(c), wanted)
    for c in sorted(used if whole else (), key=lambda c: (-columns.saving[c], c)):
        formed[c] += _take(left, columns.uses(c), None)
    return {c: units for c, units in formed.items() if units}


def _written(supply: Sequence[Decimal], columns: Columns) -> Any:
    """Write the programme as the solver reads it: one column a strategy, one row a leg."""
    import highspy

    starts, legs, units = columns.matrix()
    count = (columns.legs != NONE).sum(axis=1)
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = len(columns), len(supply)
    problem.col_cost_ = _FEWER_LEGS * count - columns.saving / columns.saving.max()
    problem.col_lower_ = np.zeros(len(columns))
    problem.col_upper_ = np.full(len(columns), highspy.kHighsInf)
    problem.row_lower_ = np.full(len(supply), -highspy.kHighsInf)
    problem.row_upper_ = np.array([float(units) for units in supply])
    problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    problem.a_matrix_.start_ = starts.astype(np.int32)
    problem.a_matrix_.index_ = legs.astype(np.int32)
    problem.a_matrix_.value_ = units
    return problem


def _solved(problem: Any, *, whole: bool) -> Floats:
    import highspy

    count = problem.num_col_
    kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
    problem.integrality_ = [kind] * count if whole else []
    solver = silent_solver()
    prepared = whole and count > _SMALL
    for option, value in (*_ALWAYS, *((("presolve", "on"),) if prepared else _UNPREPARED)):
        solver.setOptionValue(option, value)
    solver.setOptionValue("simplex_strategy", _DUAL if whole else _PRIMAL)
    solver.passModel(problem)
    solver.run()
    values = np.array(solver.getSolution().col_value, dtype=np.float64)
    return values if len(values) == count else np.zeros(count)
