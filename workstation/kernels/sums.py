"""Sums over positions, tails, leave-one-out and buckets: readable twins of `sums.h`."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Index: TypeAlias = NDArray[np.intp]


def aggregate(unit_pnl: Floats, quantity: Floats, first: Index, out: Floats) -> None:
    """out[g, s] += sum of quantity[i] * unit_pnl[i, s] for i in first[g]:first[g+1]."""
    for group, (start, stop) in enumerate(zip(first[:-1], first[1:], strict=True)):
        out[group] += quantity[start:stop] @ unit_pnl[start:stop]


def offset_gains(group_pnl: Floats, recognised: Floats, first: Index, out: Floats) -> None:
    """out[parent, s] += losses of its groups in full, gains times the share recognised."""
    counted = np.where(group_pnl > 0, group_pnl * recognised[:, None], group_pnl)
    for parent, (start, stop) in enumerate(zip(first[:-1], first[1:], strict=True)):
        out[parent] += counted[start:stop].sum(axis=0)


def worst_without_each(pnl: Floats, total: Floats, out: Floats) -> None:
    """out[i] = max over s of pnl[i, s] - total[s]: the worst loss of the book without i."""
    if pnl.shape[1]:
        out[...] = np.max(pnl - total, axis=1)


def shortfall_without_each(pnl: Floats, total: Floats, out: Floats, worst: int) -> None:
    """out[i] = mean of the `worst` largest losses of the book without i."""
    if not 1 <= worst <= pnl.shape[1]:
        raise ValueError(f"worst must lie in 1 to {pnl.shape[1]} (the scenarios), not {worst}")
    out[...] = np.sort(pnl - total, axis=1)[:, -worst:].mean(axis=1)


def tail_contributions(pnl: Floats, tail: Index, out: Floats) -> None:
    """out[i] = mean loss of i over the tail: Euler's share of the expected shortfall."""
    if not len(tail):
        raise ValueError("tail must name at least one scenario")
    out[...] = -pnl[:, tail].mean(axis=1)


def bucket_squares(weighted: Floats, risk: Floats, first: Index, correlation: Floats,
                   out: Floats) -> None:
    """out[b] = sum_kl WS_k WS_l rho f_kl, f_kl = min(CR)/max(CR), 1 where k = l; every CR > 0.

    Sorted by rising CR prefix sums replace the matrix:
    sum WS^2 + 2 rho sum_l (WS_l / CR_l) sum_{k<l} WS_k CR_k.
    """
    for bucket, (start, stop) in enumerate(zip(first[:-1], first[1:], strict=True)):
        order = start + np.argsort(risk[start:stop], kind="stable")
        ws, cr = weighted[order], risk[order]
        prefix = np.cumsum(ws * cr) - ws * cr
        out[bucket] = ws @ ws + 2.0 * correlation[bucket] * np.sum(ws / cr * prefix)
