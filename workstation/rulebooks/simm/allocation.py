"""Where a margin comes from: amounts by risk factor that add up to it.

Without concentration the margin is homogeneous of degree one, so A_i = s_i dIM0/ds_i add up to
it (Euler). With concentration they would not: the whole margin is allotted by
A_i = s_i * integral over lambda in 0..1 of dIM(lambda s)/ds_i (Aumann-Shapley), integrated piece
by piece between the points where a concentration factor starts to exceed 1. The difference of the
two is what concentration costs.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    blocks = tuple(part.block for part in full.parts) or blocks_of(netted, setup)
    plain = at(blocks, netted, setup, netted.amount, concentrated=False)
    euler = tuple(netted.amount * slope for slope in slopes_of(plain))
    if np.array_equal(plain.products, full.products):
        nothing = np.zeros(len(netted))
        return Allocation(plain, full, euler, tuple(nothing for _ in blocks))
    shapley = _aumann_shapley(full, blocks)
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


def _aumann_shapley(full: Calculated, blocks: tuple[Block, ...]) -> list[Floats]:
    netted: Netted = full.netted
    edges = _edges(breakpoints(full))
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    sums = [np.zeros(len(netted)) for _ in blocks]
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        half = (high - low) / 2
        for node, weight in zip(nodes, weights, strict=True):
            share = low + half * (node + 1)
            done = at(blocks, netted, full.setup, share * netted.amount)
            for total, slope in zip(sums, slopes_of(done), strict=True):
                total += weight * half * slope
    return [netted.amount * total for total in sums]
