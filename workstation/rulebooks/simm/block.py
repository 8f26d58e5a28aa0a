"""One measure of one risk class in every run at once: weigh, aggregate, and differentiate.

For every measure alike:
    x = sum of scale * s over the rows of a factor
    CR = max(1, sqrt(|sum of x over the crowd| / T))
    WS = weight * x * CR
    K^2 = sum of rho f WS WS, S = clamp(sum of WS, -K, K)
    margin = sqrt(sum of K^2 + sum of gamma g S S), the residual bucket by itself and added
and for curvature margin = max(0, sum of x + lambda * that root). `slopes` returns the derivative
of a total by every sensitivity, by the chain rule through the same steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.rulebooks.simm.pair_sums import pair_sums, total_by
from workstation.rulebooks.simm.vocabulary import CURVATURE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Z_99 = 2.3263478740408408
Z_995 = 2.5758293035489004
_Q = Z_995 * Z_995
SIDES = 2
"""Outer groups of a cell: the buckets, and the residual bucket by itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Correlation within a bucket by a fixed matrix over slots (vertices and flat factors)."""

    slot: Ints
    matrix: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Correlation within a bucket: rho for all pairs, and `extra` more inside a group."""

    rho: Floats
    group: Ints
    extra: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Crowds:
    """Which factors are concentrated together, and from which USD amount on."""

    of_factor: Ints
    threshold: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Outer:
    """Where each bucket stands: its cell, its number (residual apart), gamma between numbers.

    `alike` is gamma between any two buckets where it is one number (interest rates); buckets are
    then damped by their concentrations too, and bucket and crowd are the same.
    """

    cell: Ints
    number: Ints
    residual: NDArray[np.bool_]
    gamma: Floats
    alike: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One measure of one risk class: rows, factors, buckets and their numbers."""

    risk_class: int
    measure: int
    rows: Ints
    scale: Floats
    factor: Ints
    weight: Floats
    bucket: Ints
    inner: Slots | Pairs
    outer: Outer
    crowds: Crowds | None = None
    divisor: float = 1.0
    cells: int = 0

    @property
    def buckets(self) -> int:
        """Return the number of buckets in all runs."""
        return len(self.outer.cell)


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """A block at given sensitivities, with every intermediate figure."""

    block: Block
    x: Floats
    crowd_sum: Floats
    crowd_level: Floats
    level: Floats
    weighted: Floats
    slope_k2: Floats
    slope_k2_level: Floats
    k: Floats
    total: Floats
    s: Floats
    across: Floats
    across_slope: Floats
    root: Floats
    lift: Floats
    theta: Floats
    sides: Floats
    margin: Floats
    """Margin of each cell."""


def evaluate(block: Block, amounts: Floats, *, concentrated: bool = True) -> Evaluated:
    """Compute a block; without concentration every CR is 1."""
    x = total_by(block.factor, block.scale * amounts[block.rows], len(block.weight))
    crowd_sum, crowd_level, level = _levels(block, x, concentrated)
    weighted = block.weight * x * level
    k2, slope_k2, slope_k2_level = _within(block, weighted, level)
    k = np.sqrt(np.maximum(k2, 0.0))
    total = total_by(block.bucket, weighted, block.buckets)
    s = np.clip(total, -k, k)
    across, across_slope = _across(block, s, crowd_level)
    side = block.outer.cell * SIDES + block.outer.residual
    count = block.cells * SIDES
    root = np.sqrt(np.maximum(total_by(side, k * k + s * across, count), 0.0))
    sides, lift, theta = _sides(block, x, root, side, count)
    margin = sides.reshape(-1, SIDES).sum(axis=1)
    return Evaluated(block, x, crowd_sum, crowd_level, level, weighted, slope_k2, slope_k2_level,
                     k, total, s, across, across_slope, root, lift, theta, sides, margin)


def _levels(block: Block, x: Floats, concentrated: bool) -> tuple[Floats, Floats, Floats]:
    crowds = block.crowds
    if crowds is None:
        return np.zeros(0), np.ones(block.buckets), np.ones(len(x))
    member = crowds.of_factor >= 0
    sums = total_by(crowds.of_factor[member], x[member], len(crowds.threshold))
    levels = np.ones(len(sums))
    if concentrated:
        levels = np.maximum(1.0, np.sqrt(np.abs(sums) / crowds.threshold))
    return sums, levels, np.where(member, levels[crowds.of_factor], 1.0)


def _within(block: Block, weighted: Floats, level: Floats) -> tuple[Floats, Floats, Floats]:
    """Return K^2 by bucket and its derivatives by WS and by CR of each factor."""
    inner, bucket, count = block.inner, block.bucket, block.buckets
    if isinstance(inner, Slots):
        size = len(inner.matrix)
        place = bucket * size + inner.slot
        table = total_by(place, weighted, count * size).reshape(count, size)
        product = table @ inner.matrix
        k2 = np.einsum("ij,ij->i", table, product)
        return k2, 2.0 * product.ravel()[place], np.zeros(len(weighted))
    pairs = pair_sums(weighted, level, bucket, count)
    rho = inner.rho[bucket]
    others, slope = rho * pairs.others, rho * pairs.slope
    if len(inner.extra):
        inside = pair_sums(weighted, level, inner.group, len(inner.extra))
        extra = inner.extra[inner.group]
        others, slope = others + extra * inside.others, slope + extra * inside.slope
    k2 = total_by(bucket, weighted * (weighted + others), count)
    return k2, 2.0 * (weighted + others), 2.0 * weighted * slope


def _across(block: Block, s: Floats, crowd_level: Floats) -> tuple[Floats, Floats]:
    """Return for each bucket the sum of gamma g S over the others, and its slope by CR."""
    outer = block.outer
    if outer.alike is not None:
        pairs = pair_sums(s, crowd_level, outer.cell, block.cells)
        return outer.alike * pairs.others, outer.alike * pairs.slope
    table = np.zeros((block.cells, len(outer.gamma)))
    inside = ~outer.residual
    table[outer.cell[inside], outer.number[inside]] = s[inside]
    sums = (table @ outer.gamma)[outer.cell, outer.number]
    return np.where(inside, sums, 0.0), np.zeros(len(s))


def _sides(block: Block, x: Floats, root: Floats, side: Ints,
           count: int) -> tuple[Floats, Floats, Floats]:
    """Return the margin of each outer group, lambda and theta (1 and 0 where not curvature)."""
    if block.measure != CURVATURE:
        return root, np.ones(count), np.zeros(count)
    place = side[block.bucket]
    net, gross = total_by(place, x, count), total_by(place, np.abs(x), count)
    theta = np.minimum(0.0, net / np.where(gross > 0, gross, 1.0))
    lift = (_Q - 1.0) * (1.0 + theta) - theta
    return np.maximum(0.0, net + lift * root) / block.divisor, lift, theta


def slopes(done: Evaluated, up: Floats, amounts: int) -> Floats:
    """Return d total / d s for every netted row, `up` being d total / d margin of each cell."""
    block, outer = done.block, done.block.outer
    side = outer.cell * SIDES + outer.residual
    up_side = np.repeat(up, SIDES) * (done.sides > 0) / block.divisor
    up_root = up_side * done.lift
    half = np.divide(up_root, 2.0 * done.root, out=np.zeros_like(up_root), where=done.root > 0)
    by_k2, by_s = half[side], 2.0 * half[side] * done.across
    by_level = 2.0 * half[side] * done.s * done.across_slope
    clamped = np.abs(done.total) > done.k
    share = np.divide(by_s * np.sign(done.total), 2.0 * done.k, out=np.zeros_like(by_s),
                      where=clamped & (done.k > 0))
    by_k2 = by_k2 + share
    by_total = np.where(clamped, 0.0, by_s)
    by_weighted = by_total[block.bucket] + by_k2[block.bucket] * done.slope_k2
    by_x = by_weighted * block.weight * done.level
    if block.crowds is not None:
        by_x = by_x + _by_concentration(done, by_weighted, by_k2, by_level)
    if block.measure == CURVATURE:
        by_x = by_x + _by_net(done, up_side, side)
    out = np.zeros(amounts)
    np.add.at(out, block.rows, block.scale * by_x[block.factor])
    return out


def _by_concentration(done: Evaluated, by_weighted: Floats, by_k2: Floats,
                      by_bucket_level: Floats) -> Floats:
    block, crowds = done.block, done.block.crowds
    assert crowds is not None
    member = crowds.of_factor >= 0
    by_level = (block.weight * done.x * by_weighted
                + by_k2[block.bucket] * done.slope_k2_level)[member]
    by_crowd = total_by(crowds.of_factor[member], by_level, len(crowds.threshold))
    if block.outer.alike is not None:
        by_crowd = by_crowd + by_bucket_level
    active = done.crowd_level > 1.0
    rate = np.divide(by_crowd * done.crowd_level, 2.0 * done.crowd_sum,
                     out=np.zeros_like(by_crowd), where=active)
    return np.where(member, rate[crowds.of_factor], 0.0)


def _by_net(done: Evaluated, up_side: Floats, side: Ints) -> Floats:
    """Return the part of a curvature slope that runs through the sum of x and through theta."""
    place = side[done.block.bucket]
    count = len(up_side)
    net, gross = total_by(place, done.x, count), total_by(place, np.abs(done.x), count)
    safe = np.where(gross > 0, gross, 1.0)
    through = up_side * done.root * (_Q - 2.0) * (done.theta < 0)
    by_theta = 1.0 / safe[place] - np.sign(done.x) * (net / safe**2)[place]
    return np.asarray(up_side[place] + through[place] * by_theta)
