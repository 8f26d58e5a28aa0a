"""Meeting a call before selling: excess at the same firm, then free collateral of the owner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """Who may help whom: owner and firm number of every row, and free collateral held there.

    `free` is value after haircut that can be delivered elsewhere within the call's deadline;
    `lends` is 1 where excess equity can be drawn on within the firm, 0 for fully paid accounts.
    """

    owner: Index
    firm: Index
    free: Floats
    lends: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Met:
    """What every row received (positive) or gave (negative), by layer."""

    excess: Floats
    collateral: Floats


def unmet(count: int) -> Met:
    """Return the answer where nothing but selling meets a call."""
    return Met(np.zeros(count), np.zeros(count))


def meet(relief: Relief | None, free: Floats, equity: Floats, required: Floats) -> Met:
    """Share what may be moved among called rows in proportion to their calls.

    A donor gives no more than its own excess. Order of rows does not matter.
    """
    calls = np.maximum(required - equity, 0.0)
    if relief is None or not calls.any():
        return unmet(len(equity))
    spare = np.maximum(equity - required, 0.0)
    # Rows of one owner at one firm share a pool; owners with one row have nobody to draw on.
    same_firm = relief.owner * (int(relief.firm.max()) + 1) + relief.firm
    excess = _moved(same_firm, calls, spare * relief.lends)
    calls = calls - np.maximum(excess, 0.0)
    spare = spare + np.minimum(excess, 0.0)
    return Met(excess, _moved(relief.owner, calls, np.minimum(spare, free)))


def _moved(group: Index, needs: Floats, gives: Floats) -> Floats:
    size = int(group.max()) + 1
    need = np.bincount(group, needs, size)
    give = np.bincount(group, gives, size)
    flow = np.minimum(need, give)
    into = np.divide(flow, need, out=np.zeros(size), where=need > 0)
    out_of = np.divide(flow, give, out=np.zeros(size), where=give > 0)
    return np.asarray(needs * into[group] - gives * out_of[group])
