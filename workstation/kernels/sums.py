"""Sums over positions, tails, leave-one-out and pair sums: readable twins of `sums.h`."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Index: TypeAlias = NDArray[np.intp]


def aggregate(unit_pnl: Floats, quantity: Floats, group: Index, out: Floats) -> None:
    """out[group[i], s] += quantity[i] * unit_pnl[i, s], rows in their order."""
    np.add.at(out, group, quantity[:, None] * unit_pnl)


def offset_gains(group_pnl: Floats, recognised: Floats, group: Index, out: Floats) -> None:
    """out[group[i], s] += losses of row i in full, gains times the share recognised."""
    np.add.at(out, group, np.where(group_pnl > 0, group_pnl * recognised[:, None], group_pnl))


def worst_without_each(pnl: Floats, total: Floats, out: Floats) -> None:
    """out[i] = max over s of pnl[i, s] - total[s]: the worst loss of the book without i."""
    if pnl.shape[1]:
        out[...] = np.max(pnl - total, axis=1)


def shortfall_without_each(pnl: Floats, total: Floats, out: Floats, worst: float) -> None:
    """out[i] = mean of the `worst` largest losses of the book without i.

    Where `worst` is no whole number the last of them counts in part.
    """
    if not 1 <= worst <= pnl.shape[1]:
        raise ValueError(f"worst must lie in 1 to {pnl.shape[1]} (the scenarios), not {worst:g}")
    some = math.ceil(worst)
    largest = np.sort(pnl - total, axis=1)[:, -some:]
    out[...] = (largest.sum(axis=1) - (some - worst) * largest[:, 0]) / worst


def pair_sums(value: Floats, risk: Floats, first: Index, others: Floats, slope: Floats) -> None:
    """others[k] = sum over l != k of v_l f_kl, f_kl = min(CR)/max(CR); slope by CR_k of the same.

    k and l are members of one segment first[b]:first[b+1]; every CR > 0. In rising order of CR
    others[k] = (sum of v CR below) / CR_k + CR_k (sum of v / CR above).
    """
    for start, stop in zip(first[:-1], first[1:], strict=True):
        order = start + np.argsort(risk[start:stop], kind="stable")
        v, c = value[order], risk[order]
        below = _before(v * c)
        above = _before((v / c)[::-1])[::-1]
        others[order] = below / c + c * above
        slope[order] = above - below / (c * c)


def _before(values: Floats) -> Floats:
    """Return the sum of all values before each."""
    sums = np.zeros_like(values)
    np.cumsum(values[:-1], out=sums[1:])
    return sums
