"""Meeting a call before selling: one layer after another.

Excess at the same firm, free collateral of the owner, collateral recalled from re-use or lending
once it is back, then the committed credit line of the owner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.int64]
NEVER = -1
ROUNDING = 1e-12
"""A call of no more than this share of the requirement is rounding, as where a row has just given
all its excess away."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Value after haircut in one row that can be delivered so many steps after it is asked for."""

    row: int
    value: float
    steps: int


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """Who may help whom: owner and firm number of every row, and free collateral held there.

    `free` is value after haircut that can be delivered elsewhere within the call's deadline;
    `lends` is 1 where excess equity can be drawn on within the firm, 0 for fully paid accounts;
    `credit` (owners,) is what each owner may borrow against its name.
    """

    owner: Index
    firm: Index
    free: Floats
    lends: Floats
    recalls: tuple[Recall, ...] = ()
    credit: Floats | None = None
    later: Index | None = None
    """Firm number once accounts of a failed firm have been moved; None where none moves."""

    def firms(self, moved: NDArray[np.bool_] | None) -> Index:
        """Return the firm of every row, given which have been moved."""
        if moved is None or self.later is None:
            return self.firm
        return np.where(moved, self.later, self.firm)


@dataclass(frozen=True, slots=True, eq=False)
class Met:
    """What every row received (positive) or gave (negative), by layer; credit is from outside."""

    excess: Floats
    collateral: Floats
    recalled: Floats
    credit: Floats

    @property
    def moved(self) -> Floats:
        """Return what every row's cash changed by."""
        return self.excess + self.collateral + self.recalled + self.credit

    @property
    def received(self) -> Floats:
        """Return what met each row's call."""
        return np.maximum(self.moved, 0.0)


def unmet(count: int) -> Met:
    """Return the answer where nothing but selling meets a call."""
    return Met(*np.zeros((4, count)))


@dataclass(slots=True)
class Pools:
    """What is left to meet calls with, and the step in which each owner began to recall."""

    free: Floats
    recalled: Floats
    credit: Floats
    asked: Index
    back: set[int]

    @classmethod
    def of(cls, relief: Relief | None, rows: int) -> Pools:
        """Return the pools before any call."""
        if relief is None:
            return cls(np.zeros(rows), np.zeros(rows), np.zeros(0), np.zeros(0, np.int64), set())
        owners = int(relief.owner.max(initial=-1)) + 1
        credit = np.zeros(owners) if relief.credit is None else relief.credit.copy()
        return cls(relief.free.copy(), np.zeros(rows), credit,
                   np.full(owners, NEVER, dtype=np.int64), set())

    def arrive(self, relief: Relief, number: int) -> None:
        """Let come back what was asked for long enough ago."""
        for n, recall in enumerate(relief.recalls):
            since = self.asked[relief.owner[recall.row]]
            if n not in self.back and since != NEVER and number >= since + recall.steps:
                self.recalled[recall.row] += recall.value
                self.back.add(n)


def called(required: Floats, equity: Floats) -> Floats:
    """Return what equity falls short of the requirement by, but for rounding."""
    short = np.maximum(required - equity, 0.0)
    return np.where(short > ROUNDING * required, short, 0.0)


def meet(relief: Relief | None, pools: Pools, equity: Floats, required: Floats, number: int = 0,
         able: Floats | None = None, moved: NDArray[np.bool_] | None = None,
         unsettled: Floats | None = None) -> Met:
    """Share what may be moved among called rows in proportion to their calls.

    A donor gives no more than its own excess. Order of rows does not matter. `able` is 0 for rows
    that can neither give nor be paid into (their firm has failed), else 1; `moved` rows stand at
    the firm that took them. A row's `unsettled` proceeds cover its own requirement and stay
    with it: what it keeps is the larger of the two.
    """
    calls = called(required, equity) * (1.0 if able is None else able)
    if relief is None or not calls.any():
        return unmet(len(equity))
    pools.arrive(relief, number)
    kept = required if unsettled is None else np.maximum(required, unsettled)
    spare = np.maximum(equity - kept, 0.0) * (1.0 if able is None else able)
    # Rows of one owner at one firm share a pool; owners with one row have nobody to draw on.
    firm = relief.firms(moved)
    same_firm = relief.owner * (int(firm.max()) + 1) + firm
    excess = _moved(same_firm, calls, spare * relief.lends)
    calls, spare = _after(calls, spare, excess)
    collateral = _moved(relief.owner, calls, np.minimum(spare, pools.free))
    pools.free = pools.free + np.minimum(collateral, 0.0)
    calls, spare = _after(calls, spare, collateral)
    recalled = _moved(relief.owner, calls, np.minimum(spare, pools.recalled))
    pools.recalled = pools.recalled + np.minimum(recalled, 0.0)
    calls, _ = _after(calls, spare, recalled)
    credit = _borrowed(relief, pools, calls)
    _ask(relief, pools, calls - credit, number)
    return Met(excess, collateral, recalled, credit)


def _after(calls: Floats, spare: Floats, moved: Floats) -> tuple[Floats, Floats]:
    """Return calls still open and excess still there; what rounding leaves of a call is met."""
    return (np.asarray(np.maximum(calls - np.maximum(moved, 0.0), 0.0)),
            np.asarray(spare + np.minimum(moved, 0.0)))


def _borrowed(relief: Relief, pools: Pools, calls: Floats) -> Floats:
    """Draw the owners' lines, shared among their calls in proportion."""
    if not pools.credit.any():
        return np.zeros(len(calls))
    need = np.bincount(relief.owner, calls, len(pools.credit))
    drawn = np.minimum(need, pools.credit)
    pools.credit = pools.credit - drawn
    share = np.divide(drawn, need, out=np.zeros_like(need), where=need > 0)
    return np.asarray(calls * share[relief.owner])


def _ask(relief: Relief, pools: Pools, open_calls: Floats, number: int) -> None:
    """Recall for owners whose calls stand open; asked once."""
    need = np.bincount(relief.owner, open_calls, len(pools.asked))
    pools.asked[(need > 0) & (pools.asked == NEVER)] = number


def _moved(group: Index, needs: Floats, gives: Floats) -> Floats:
    size = int(group.max()) + 1
    need = np.bincount(group, needs, size)
    give = np.bincount(group, gives, size)
    flow = np.minimum(need, give)
    into = np.divide(flow, need, out=np.zeros(size), where=need > 0)
    out_of = np.divide(flow, give, out=np.zeros(size), where=give > 0)
    return np.asarray(needs * into[group] - gives * out_of[group])
