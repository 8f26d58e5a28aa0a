"""Where a margin comes from: amounts by risk factor that add up to it.

Without concentration the margin is homogeneous of degree one, so A_i = s_i dIM0/ds_i add up to
it (Euler). With concentration they would not: the whole margin is allotted by
A_i = s_i * integral over lambda in 0..1 of dIM(lambda s)/ds_i (Aumann-Shapley), integrated piece
by piece between the points where a concentration factor starts to exceed 1. The difference of the
two is what concentration costs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workstation.rulebooks.simm.block import Block, Evaluated
from workstation.rulebooks.simm.engine import Calculated, at, blocks_of, slopes_of
from workstation.rulebooks.simm.netting import Netted

Floats = NDArray[np.float64]
NODES = 12
MOST_PIECES = 40
"""Books with more breakpoints are integrated between this many of them, evenly chosen."""
STRETCH = 4.0
ROWS_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """Amounts by part (measure of a risk class) and netted factor.

    `euler` adds up to the margin without concentration, `uplift` to the rest; `plain` and `full`
    are both calculations.
    """

    plain: Calculated
    full: Calculated
    euler: tuple[Floats, ...]
    uplift: tuple[Floats, ...]

    @property
    def whole(self) -> Floats:
        """Return the allotment of the margin with concentration, by netted factor."""
        return np.asarray(np.sum([*self.euler, *self.uplift], axis=0))


def allocate(full: Calculated) -> Allocation:
    """Allot the margin of a calculation of one run to its factors."""
    netted, setup = full.netted, full.setup
    blocks = tuple(part.block for part in full.parts)
    plain = at(blocks, netted, setup, netted.amount, concentrated=False)
    euler = tuple(netted.amount * slope for slope in slopes_of(plain))
    if np.array_equal(plain.products, full.products):
        nothing = np.zeros(len(netted))
        return Allocation(plain, full, euler, tuple(nothing for _ in blocks))
    shapley = _aumann_shapley(full)
    uplift = tuple(whole - base for whole, base in zip(shapley, euler, strict=True))
    return Allocation(plain, full, euler, uplift)


def breakpoints(full: Calculated) -> Floats:
    """Return the shares of the book at which a concentration factor starts to exceed 1."""
    points = [_first_concentrated(part) for part in full.parts]
    inside: Floats = np.concatenate([np.zeros(0), *points])
    return np.unique(inside[(inside > 0) & (inside < 1)])


def _first_concentrated(part: Evaluated) -> Floats:
    if part.block.crowds is None:
        return np.zeros(0)
    size = np.abs(part.crowd_sum)
    never = np.full(len(size), np.inf)
    return np.asarray(np.divide(part.block.crowds.threshold, size, out=never, where=size > 0))


def _edges(points: Floats) -> Floats:
    """Return the ends of the pieces; none spans more than a factor `STRETCH` in lambda.

    Margin under concentration grows like lambda to the power 1.5, which long pieces would miss.
    """
    if len(points) > MOST_PIECES:
        points = np.quantile(points, np.linspace(0, 1, MOST_PIECES), method="nearest")
    edges: Floats = np.unique(np.concatenate([points, [1.0]]))
    between = [np.geomspace(low, high, int(np.ceil(np.log(high / low) / np.log(STRETCH))) + 1)[1:-1]
               for low, high in zip(edges[:-1], edges[1:], strict=True)]
    return np.unique(np.concatenate([[0.0], edges, *between]))


def _aumann_shapley(full: Calculated) -> list[Floats]:
    """Integrate the slopes, many shares of the book in one calculation: a share is a run."""
    netted = full.netted
    edges = _edges(breakpoints(full))
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(edges)[:, None] / 2
    shares = (edges[:-1, None] + half * (nodes + 1)).ravel()
    weights = (half * weights).ravel()
    sums = [np.zeros(len(netted)) for _ in full.parts]
    step = max(1, ROWS_AT_ONCE // max(len(netted), 1))
    blocks: dict[int, tuple[Block, ...]] = {}  # the same for as many shares, whatever they are
    for start in range(0, len(shares), step):
        chunk = slice(start, start + step)
        runs = _shared_out(netted, shares[chunk])
        if runs.runs not in blocks:
            blocks[runs.runs] = blocks_of(runs, full.setup)
        done = at(blocks[runs.runs], runs, full.setup, runs.amount)
        for total, slope in zip(sums, slopes_of(done), strict=True):
            total += weights[chunk] @ slope.reshape(-1, len(netted))
    return [netted.amount * total for total in sums]


def _shared_out(netted: Netted, shares: Floats) -> Netted:
    """Return a run of the same factors for each share of the book."""
    count = len(shares)
    cell = (netted.cell + netted.cells * np.arange(count)[:, None]).ravel()
    return replace(
        netted, runs=count, cell=cell, kind=np.tile(netted.kind, count),
        bucket=np.tile(netted.bucket, count), name=np.tile(netted.name, count),
        label=np.tile(netted.label, count), sub=np.tile(netted.sub, count),
        amount=(shares[:, None] * netted.amount).ravel())
