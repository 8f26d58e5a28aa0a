"""Sums over all pairs of a segment, damped by how unlike their concentrations are.

f_kl = min(CR_k, CR_l) / max(CR_k, CR_l). The kernel sorts by CR, which makes the double sum linear.
Each segment is summed by itself, so that a large neighbour costs a small one no digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation import kernels

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class PairSums:
    """`others[k]` = sum over l != k of f_kl v_l; `slope[k]` = sum over l of v_l df_kl / dCR_k."""

    others: Floats
    slope: Floats


def pair_sums(value: Floats, level: Floats, segment: Ints, count: int) -> PairSums:
    """Return both sums for every member of every segment; `level` is CR, at least 1."""
    if level.max(initial=1.0) == 1.0:
        totals = total_by(segment, value, count)
        return PairSums(totals[segment] - value, np.zeros(len(value)))
    order = np.argsort(segment, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(segment, minlength=count))])
    found = np.empty((2, len(value)))
    kernels.pair_sums(value[order], level[order], first.astype(np.intp), found[0], found[1])
    others, slope = np.empty_like(found)
    others[order], slope[order] = found
    return PairSums(others, slope)


def total_by(place: Ints, values: Floats, count: int) -> Floats:
    """Return the sum of the values of each place."""
    return np.asarray(np.bincount(place, values, count), dtype=np.float64)
