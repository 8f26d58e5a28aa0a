"""Sums over all pairs of a segment, damped by how unlike their concentrations are.

f_kl = min(CR_k, CR_l) / max(CR_k, CR_l). Sorting by CR makes the double sum linear:
G_k = sum over l != k of f_kl v_l = (sum of CR_l v_l below k) / CR_k + CR_k * (sum of v_l / CR_l
above k).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    order = np.lexsort((level, segment))
    v, c = value[order], level[order]
    lengths = np.bincount(segment, minlength=count)
    below = sums_before(v * c, lengths)
    above = sums_before((v / c)[::-1], lengths[::-1])[::-1]
    others, slope = np.empty(len(v)), np.empty(len(v))
    others[order] = below / c + c * above
    slope[order] = above - below / (c * c)
    return PairSums(others, slope)


def total_by(place: Ints, values: Floats, count: int) -> Floats:
    """Return the sum of the values of each place."""
    return np.asarray(np.bincount(place, values, count), dtype=np.float64)


def sums_before(values: Floats, lengths: Ints) -> Floats:
    """Return for each value the sum of those before it in its own segment.

    Segments lie one behind the other. Each is summed by itself, so that a large neighbour costs
    a small one no digits; segments of like length are summed together.
    """
    out = np.zeros(len(values))
    first = np.cumsum(lengths) - lengths
    sizes = np.frexp(lengths.astype(np.float64))[1]
    for size in np.unique(sizes[lengths > 1]):
        chosen = np.flatnonzero((sizes == size) & (lengths > 1))
        width = int(lengths[chosen].max())
        inside = np.arange(width) < lengths[chosen, None]
        places = (first[chosen, None] + np.arange(width))[inside]
        table = np.zeros((len(chosen), width))
        table[inside] = values[places]
        before = np.zeros_like(table)
        np.cumsum(table[:, :-1], axis=1, out=before[:, 1:])
        out[places] = before[inside]
    return out
