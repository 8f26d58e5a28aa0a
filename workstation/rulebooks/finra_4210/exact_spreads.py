"""The least requirement of one underlying as an integer programme over spreads of any legs.

A spread's legs are of one style and market, and its shorts expire on or before its longs, so every
spread stands under some day: shorts expire by it, longs not before. Greatest losses are
sub-additive: two spreads of one day and style cost no more as one, so one group for each is
enough. With x[g, i] contracts of leg i in group g, and loss[g] its greatest loss:

    maximise  sum over forms of saving x units + sum over g, i of gain[i] x[g, i] - sum loss[g]
    subject to  every leg used at most as often as it is held,
                calls long = calls short and puts long = puts short in every group,
                loss[g] >= - payoff[g] at zero and at every strike

where gain is what a leg costs alone, less the premium a long pays inside the group. The relaxed
programme bounds what whole contracts can save. Of large classes those solutions are searched first
that lie about the relaxed one: what comes within a thousandth of the bound is taken, since proving
the last dollars takes longer than everything else. Otherwise the whole programme starts from that
solution. Where its proof would take too long the best solution found is taken: work is counted in
nodes of the search, never in seconds, so the answer does not depend on the machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from workstation.base.solver import silent_solver
from workstation.book.resolve import Floats
from workstation.measures.pairing import Index, Units, in_whole_units
from workstation.rulebooks.finra_4210.forms import SPREAD, Forms, Legs
from workstation.rulebooks.finra_4210.spread_search import CLOSE, Series, pair_count

MOST_OPTIONS = 60
"""Options of a class above which the programme is not written; each group holds most of them."""
MOST_ENTRIES = 60_000
MOST_PROVEN = 24
"""Options of a class up to which the optimum is to be proven."""
_NEAR_BOUND, _NEAR_UNITS = 1e-3, 1
FEW_WINGS = 2
"""Wings (a long and a short) up to which pairs of spreads joined are every spread there is."""
_MOST_NODES, _MOST_NODES_LARGE = 5_000, 500
_ROUNDED = 1e-6
_OPTIONS = (("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-9))

Group = Mapping[int, Decimal]
"""Contracts of each leg of one spread, by place."""


def worthwhile(legs: Legs) -> bool:
    """Say whether spreads of more than two wings may exist in a class small enough to solve."""
    if not legs.options or len(legs.options) > MOST_OPTIONS:
        return False
    wings = Decimal(0)
    for right in "CP":
        sides = [sum((legs.supply[i] for i in legs.places(short=short, right=right)), Decimal(0))
                 for short in (False, True)]
        wings += min(sides)
    return wings > FEW_WINGS and bool(pair_count(legs.series))


@dataclass(slots=True)
class _Written:
    """The programme while it is written: costs, kinds and entries of its columns, bounds of rows.

    `members[g]` is (leg, column) of group g; the columns of forms come first, in their order.
    """

    scale: float = 1.0
    cost: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    members: list[list[tuple[int, int]]] = field(default_factory=list)

    def worth(self, values: Floats) -> float:
        """Return what a solution costs, in dollars: its saving, negative."""
        return float(np.array(self.cost) @ values) * self.scale

    def column(self, cost: float, uses: Sequence[tuple[int, float]], *, whole: bool) -> int:
        """Add a column and return its place."""
        place = len(self.cost)
        self.cost.append(cost)
        self.whole.append(whole)
        self.entries += [(row, place, units) for row, units in uses]
        return place

    def row(self, entries: Sequence[tuple[int, float]], low: float, high: float) -> None:
        """Add a row."""
        place = len(self.low)
        self.entries += [(place, column, units) for column, units in entries if units]
        self.low.append(low)
        self.high.append(high)


def exact(legs: Legs, forms: Forms, known: float) -> tuple[Units, tuple[Group, ...]] | None:
    """Return units of the forms other than spreads, and the spreads.

    None where nothing saves more than `known`, or where the programme was not solved.
    """
    whole = in_whole_units(legs.supply)
    proven = len(legs.options) <= MOST_PROVEN
    written, chosen = _programme(legs, forms, whole=whole, least=proven)
    if len(written.entries) > MOST_ENTRIES:
        return None
    values = _solved(written, whole=False)
    if values is None or -written.worth(values) <= known * (1 + CLOSE) + CLOSE:
        return None
    if whole and np.abs(values - np.rint(values))[written.whole].max() > _ROUNDED:
        values = _in_whole(written, values, proven=proven)
        if values is None:
            return None
    formed = {place: _size(values[column], whole=whole)
              for column, place in enumerate(chosen) if values[column] > _ROUNDED}
    groups = []
    for members in written.members:
        group = {leg: _size(values[column], whole=whole) for leg, column in members
                 if values[column] > _ROUNDED}
        if group:
            groups.append(group)
    return formed, tuple(groups)


def _in_whole(written: _Written, relaxed: Floats, *, proven: bool) -> Floats | None:
    """Return a solution in whole contracts: of large classes one about the relaxed solution."""
    if proven:
        return _solved(written, whole=True)
    near = _solved(written, whole=True, about=relaxed)
    if near is not None and written.worth(near) <= written.worth(relaxed) * (1 - _NEAR_BOUND):
        return near
    found = _solved(written, whole=True, start=near, most_nodes=_MOST_NODES_LARGE)
    solutions = [solution for solution in (found, near) if solution is not None]
    return min(solutions, key=written.worth, default=None)


def _size(value: float, *, whole: bool) -> Decimal:
    return Decimal(round(value)) if whole else Decimal(repr(round(float(value), 6)))


def _programme(legs: Legs, forms: Forms, *, whole: bool, least: bool
               ) -> tuple[_Written, list[int]]:
    """Write the programme; amounts are scaled so that the largest saving of a form is near one.

    `least` leaves out what only repeats: a proof is then a tenth of the work and more.
    """
    scale = max(1.0, float(np.max(legs.series.alone, initial=0.0)))
    written = _Written(scale, low=[-np.inf] * len(legs.supply),
                       high=[float(n) for n in legs.supply])
    chosen = list[int]()
    for place in range(len(forms.columns)):
        if forms.form(place).kind != SPREAD:
            uses = [(leg, float(n)) for leg, n in forms.columns.uses(place)]
            written.column(-float(forms.columns.saving[place]) / scale, uses, whole=whole)
            chosen.append(place)
    for inside in _groups(legs.series, least=least):
        _group(written, legs.series, inside, scale, whole=whole)
    return written, chosen


def _groups(series: Series, *, least: bool) -> Iterator[Index]:
    """Yield the legs of every group; at least those that no other group holds as a whole.

    No two days have the same legs: each has the shorts that expire on it.
    """
    for style in np.unique(series.style).tolist():
        same = series.style == style
        days = np.unique(series.expiry[series.short & same])[:, None]
        under = same & np.where(series.short, series.expiry <= days, series.expiry >= days)
        for place, legs in enumerate(under):
            held = np.delete(under, place, axis=0) >= legs if least else under[:0]
            if (series.short[legs].any() and not series.short[legs].all()
                    and not held.all(axis=1).any()):
                yield np.flatnonzero(legs)


def _group(written: _Written, series: Series, inside: Index, scale: float, *, whole: bool) -> None:
    gain = np.where(series.short, series.alone, series.alone - series.premium)[inside] / scale
    columns = [written.column(-value, [(leg, 1.0)], whole=whole)
               for leg, value in zip(inside.tolist(), gain.tolist(), strict=True)]
    written.members.append(list(zip(inside.tolist(), columns, strict=True)))
    loss = written.column(1.0, (), whole=False)
    sign = np.where(series.short[inside], -1.0, 1.0)
    for calls in (True, False):
        same = sign * (series.is_call[inside] == calls)
        written.row(list(zip(columns, same.tolist(), strict=True)), 0.0, 0.0)
    for payoff in sign * _intrinsic(series, inside) * (series.multiplier / scale):
        written.row([*zip(columns, payoff.tolist(), strict=True), (loss, 1.0)], 0.0, np.inf)


def _intrinsic(series: Series, inside: Index) -> Floats:
    """Return what one unit of each leg pays at zero and at every strike: (points, legs)."""
    strike = series.strike[inside]
    at = np.concatenate([[0.0], np.unique(strike)])
    ahead = at[:, None] - strike[None, :]
    return np.asarray(np.maximum(np.where(series.is_call[inside], ahead, -ahead), 0.0))


def _bounds(written: _Written, about: Floats | None) -> tuple[Floats, Floats]:
    """Return the least and most of each column: whole ones near those of `about`, if given."""
    least, most = np.zeros(len(written.cost)), np.full(len(written.cost), np.inf)
    if about is not None:
        whole = np.array(written.whole)
        least[whole] = np.maximum(np.floor(about[whole] + _ROUNDED) - _NEAR_UNITS, 0.0)
        most[whole] = np.ceil(about[whole] - _ROUNDED) + _NEAR_UNITS
    return least, most


def _solved(written: _Written, *, whole: bool, about: Floats | None = None,
            start: Floats | None = None, most_nodes: int = _MOST_NODES) -> Floats | None:
    """Solve the programme; whole columns at most a contract off `about` where it is given.

    Returns the optimum, or the best solution known when the nodes are used up, if there is one.
    """
    import highspy

    count = len(written.cost)
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = count, len(written.low)
    problem.col_cost_ = np.array(written.cost)
    problem.col_lower_, problem.col_upper_ = _bounds(written, about)
    problem.row_lower_, problem.row_upper_ = np.array(written.low), np.array(written.high)
    ordered = sorted(written.entries, key=lambda entry: (entry[1], entry[0]))
    problem.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    sizes = np.bincount([column for _, column, _ in ordered], minlength=count)
    problem.a_matrix_.start_ = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    problem.a_matrix_.index_ = np.array([row for row, _, _ in ordered], dtype=np.int32)
    problem.a_matrix_.value_ = np.array([units for *_, units in ordered])
    kinds = highspy.HighsVarType
    if whole:
        problem.integrality_ = [kinds.kInteger if own else kinds.kContinuous
                                for own in written.whole]
    solver = silent_solver()
    rough = () if about is None else (("mip_rel_gap", _NEAR_BOUND / 4),)
    for option, value in (*_OPTIONS, ("mip_max_nodes", most_nodes),
                          ("presolve", "on" if whole else "off"), *rough):
        solver.setOptionValue(option, value)
    solver.passModel(problem)
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = start.tolist()
        solver.setSolution(known)
    solver.run()
    status, statuses = solver.getModelStatus(), highspy.HighsModelStatus
    feasible = solver.getInfo().primal_solution_status == highspy.kSolutionStatusFeasible
    if status != statuses.kOptimal and not (status == statuses.kSolutionLimit and feasible):
        return None
    return np.array(solver.getSolution().col_value, dtype=np.float64)
