"""Which strategies to form out of the legs at hand, so that they save most.

Each column is a strategy the rule recognises: the legs it uses up and what it saves a unit. The
pairing is the integer programme

    maximise sum of saving[c] * x[c]   subject to   sum of use[l, c] * x[c] <= supply[l], x >= 0

Two-leg strategies alone make it a transportation problem; the programme is exact for it and for
any mix of columns given. Above `MOST_COLUMNS` columns the largest saving goes first instead.
What is returned never saves less than largest saving first, nor less than nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

ZERO = Decimal(0)
MOST_COLUMNS = 120_000
_MOST_NODES = 2_000
_CLOSE = 1e-6
_FEWER_LEGS = 1e-9  # of the largest saving: between equal pairings the simpler one


@dataclass(frozen=True, slots=True)
class Column:
    """A strategy: (leg, units of it) for one unit of the strategy, and its saving a unit.

    Savings only order strategies, so they are floats; what is charged is computed exactly later.
    """

    uses: tuple[tuple[int, int], ...]
    saving: float


def best_pairing(supply: Sequence[Decimal], columns: Sequence[Column]) -> tuple[Decimal, ...]:
    """Return how many units of each column to form; columns that save nothing stay at zero."""
    if len(columns) > MOST_COLUMNS or not _contested(columns):
        return largest_saving_first(supply, columns)
    exact, bound = _programme(supply, columns)
    if saved(columns, exact) >= bound:
        return exact
    greedy = largest_saving_first(supply, columns)
    return exact if saved(columns, exact) >= saved(columns, greedy) else greedy


def largest_saving_first(supply: Sequence[Decimal],
                         columns: Sequence[Column]) -> tuple[Decimal, ...]:
    """Form the strategy of the largest saving a unit first, then the next; ties by position."""
    left, formed = list(supply), [ZERO] * len(columns)
    order = sorted(range(len(columns)), key=lambda c: (-columns[c].saving, c))
    for c in order:
        if columns[c].saving > 0:
            formed[c] = _take(left, columns[c], None)
    return tuple(formed)


def saved(columns: Sequence[Column], units: Sequence[Decimal]) -> float:
    """Return what the formed units save together."""
    return sum(column.saving * float(n) for column, n in zip(columns, units, strict=True) if n)


def _take(left: list[Decimal], column: Column, wanted: Decimal | None) -> Decimal:
    """Use up as much of the column's legs as there is (or is wanted); whole units if possible."""
    most = min(left[leg] / use for leg, use in column.uses)
    if any(use > 1 for _, use in column.uses):
        most = Decimal(int(most))
    units = most if wanted is None else min(wanted, most)
    for leg, use in column.uses:
        left[leg] -= use * units
    return units


def _contested(columns: Sequence[Column]) -> bool:
    """Say whether two columns want the same leg; where none do, first come is best."""
    seen = set[int]()
    for column in columns:
        for leg, _ in column.uses:
            if leg in seen:
                return True
            seen.add(leg)
    return False


def _programme(supply: Sequence[Decimal], columns: Sequence[Column]
               ) -> tuple[tuple[Decimal, ...], float]:
    """Solve the programme, in whole contracts where the supply is whole.

    Returns the units of each column and what no pairing could save more than, to rounding.
    """
    whole = all(units == units.to_integral_value() for units in supply)
    problem = _written(supply, columns)
    solution = _solved(problem, whole=False)
    formed = _taken(supply, columns, solution, whole=whole)
    most = sum(column.saving * units for column, units in zip(columns, solution, strict=True))
    bound = most * (1 - _FEWER_LEGS)
    if whole and saved(columns, formed) < bound:
        formed = _taken(supply, columns, _solved(problem, whole=True), whole=True)
    return formed, bound


def _taken(supply: Sequence[Decimal], columns: Sequence[Column], solution: Sequence[float], *,
           whole: bool) -> tuple[Decimal, ...]:
    """Form a solution in exact units: whole parts first, then the rest, largest saving first."""
    left, formed = list(supply), [ZERO] * len(columns)
    for c, units in enumerate(solution):
        if units > _CLOSE:
            wanted = Decimal(int(units + _CLOSE)) if whole else Decimal(repr(round(units, 6)))
            formed[c] = _take(left, columns[c], wanted)
    rest = [c for c, units in enumerate(solution) if whole and units > _CLOSE]
    for c in sorted(rest, key=lambda c: (-columns[c].saving, c)):
        formed[c] += _take(left, columns[c], None)
    return tuple(formed)


def _written(supply: Sequence[Decimal], columns: Sequence[Column]) -> Any:
    """Write the programme as the solver reads it: one column a strategy, one row a leg."""
    import highspy

    largest = max(column.saving for column in columns)
    uses = [use for column in columns for use in column.uses]
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = len(columns), len(supply)
    problem.col_cost_ = np.array([_FEWER_LEGS * len(column.uses) - column.saving / largest
                                  for column in columns])
    problem.col_lower_ = np.zeros(len(columns))
    problem.col_upper_ = np.full(len(columns), highspy.kHighsInf)
    problem.row_lower_ = np.full(len(supply), -highspy.kHighsInf)
    problem.row_upper_ = np.array([float(units) for units in supply])
    problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    problem.a_matrix_.start_ = np.concatenate(
        [[0], np.cumsum([len(column.uses) for column in columns])]).astype(np.int32)
    problem.a_matrix_.index_ = np.array([leg for leg, _ in uses], dtype=np.int32)
    problem.a_matrix_.value_ = np.array([float(units) for _, units in uses])
    return problem


def _solved(problem: Any, *, whole: bool) -> list[float]:
    import highspy

    count = problem.num_col_
    kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
    problem.integrality_ = [kind] * count if whole else []
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0),
                          ("mip_rel_gap", 0.0), ("mip_abs_gap", _FEWER_LEGS),
                          ("mip_max_nodes", _MOST_NODES), ("dual_feasibility_tolerance", 1e-10),
                          ("presolve", "on" if whole else "off"), ("simplex_strategy", 1)):
        solver.setOptionValue(option, value)
    solver.passModel(problem)
    solver.run()
    values = solver.getSolution().col_value
    return [float(value) for value in values] if len(values) == count else [0.0] * count
