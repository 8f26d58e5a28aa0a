"""The search for spreads among the options of one underlying, in float64 columns.

Only which spreads to form is decided here; what each costs is computed exactly afterwards, by
`f_options.f_2_h_spread`. A spread's payoff is held at zero and at every strike of the class, where
all its corners are, so that joining two spreads is adding two rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.book.resolve import Bools, Floats
from workstation.rulebooks.finra_4210.securities import Option

Index = NDArray[np.intp]
MOST_PAIRS = 10_000  # weighed in full; above, each leg keeps its best partners
BEST_PARTNERS = 24
MOST_GROUPS = 60  # groups a spread is offered to: the latest formed
CLOSE = 1e-9  # of the amounts compared: smaller savings are rounding


@dataclass(frozen=True, slots=True)
class Series:
    """Options of one underlying as columns: strikes, premiums and charges of one contract."""

    strike: Floats
    premium: Floats
    alone: Floats
    expiry: Index
    style: Index
    is_call: Bools
    short: Bools
    multiplier: float

    @classmethod
    def of(cls, options: tuple[Option, ...], alone: tuple[float, ...]) -> Series:
        """Write single contracts as columns."""
        def floats(values: list[float]) -> Floats:
            return np.array(values, dtype=np.float64)

        return cls(
            floats([float(o.strike) for o in options]),
            floats([float(o.premium_value) for o in options]), floats(list(alone)),
            np.array([o.terms.expiry.toordinal() for o in options], dtype=np.intp),
            np.array([o.terms.style == "american" for o in options], dtype=np.intp),
            np.array([o.is_call for o in options], dtype=np.bool_),
            np.array([o.short for o in options], dtype=np.bool_),
            float(options[0].multiplier) if options else 1.0)


@dataclass(frozen=True, slots=True)
class Spreads:
    """Spreads as columns: legs by place, what they cost, and what decides whether two may join.

    `longs` is the premium of the long legs, `uncovered` the amount of the shorts alone, `apart`
    what all legs cost alone, `width` the distance of the strikes of each wing.
    """

    longs: Floats
    uncovered: Floats
    apart: Floats
    first_long: Index
    last_short: Index
    style: Index
    width: Floats

    def joined(self, a: Index | int, b: Index | int) -> Spreads:
        """Return spreads a and b as one, row by row."""
        return Spreads(
            self.longs[a] + self.longs[b], self.uncovered[a] + self.uncovered[b],
            self.apart[a] + self.apart[b], np.minimum(self.first_long[a], self.first_long[b]),
            np.maximum(self.last_short[a], self.last_short[b]), self.style[a], self.width[a])

    def charged(self, loss: Floats) -> Floats:
        """Return longs in full plus the lesser of uncovered shorts and greatest loss."""
        return np.asarray(self.longs + np.minimum(self.uncovered, loss))


def pairs(series: Series) -> tuple[Index, Index]:
    """Return every long and short option that (f)(2)(H) lets stand as a spread, by place."""
    longs, shorts = np.flatnonzero(~series.short), np.flatnonzero(series.short)
    i, j = (side.ravel() for side in np.meshgrid(longs, shorts, indexing="ij"))
    allowed = ((series.is_call[i] == series.is_call[j]) & (series.style[i] == series.style[j])
               & (series.expiry[i] >= series.expiry[j]))
    return i[allowed], j[allowed]


def straddles(series: Series) -> tuple[Index, Index, Floats]:
    """Return every short call and short put, by place, and what they save as a straddle."""
    calls = np.flatnonzero(series.short & series.is_call)
    puts = np.flatnonzero(series.short & ~series.is_call)
    i, j = (side.ravel() for side in np.meshgrid(calls, puts, indexing="ij"))
    other = np.where(series.alone[i] >= series.alone[j], series.premium[j], series.premium[i])
    return i, j, np.asarray(np.minimum(series.alone[i], series.alone[j]) - other)


def kept(series: Series, i: Index, j: Index, saving: Floats) -> Index:
    """Return which pairs to weigh: all that save, or in a large class each leg's best few.

    Of partners that save the same the nearest strike comes first: it leaves the others free.
    """
    rows = np.flatnonzero(saving > 0)
    if len(rows) <= MOST_PAIRS:
        return rows
    apart = np.abs(series.strike[i] - series.strike[j])[rows]
    among = np.zeros(len(rows), dtype=np.bool_)
    for leg in (i[rows], j[rows]):
        order = np.lexsort((apart, -saving[rows], leg))
        first = np.searchsorted(leg[order], leg[order])
        among[order[np.arange(len(rows)) - first < BEST_PARTNERS]] = True
    return rows[among]


def spreads_of(series: Series, i: Index, j: Index, contracts: Floats | float = 1.0) -> Spreads:
    """Return two-leg spreads of long i and short j."""
    return Spreads(
        series.premium[i] * contracts, series.alone[j] * contracts,
        (series.alone[i] + series.alone[j]) * contracts, series.expiry[i], series.expiry[j],
        series.style[i], np.abs(series.strike[i] - series.strike[j]))


def pair_losses(series: Series, i: Index, j: Index) -> Floats:
    """Return the greatest loss of two-leg spreads of one contract each."""
    ahead = series.strike[i] - series.strike[j]
    return np.asarray(
        np.maximum(np.where(series.is_call[i], ahead, -ahead), 0.0) * series.multiplier)


def payoffs(series: Series, i: Index, j: Index, contracts: Floats | float = 1.0) -> Floats:
    """Return payoffs of spreads at zero and at every strike: (spreads, points)."""
    at = np.concatenate([[0.0], np.unique(series.strike)])
    ahead = at[None, :] - series.strike[:, None]
    intrinsic = np.maximum(np.where(series.is_call[:, None], ahead, -ahead), 0.0)
    size = np.broadcast_to(contracts, i.shape)[:, None] * series.multiplier
    return np.asarray(size * (intrinsic[i] - intrinsic[j]))


def losses(payoff: Floats) -> Floats:
    """Return the greatest loss of each payoff."""
    return np.asarray(np.maximum(0.0, -payoff.min(axis=-1)))


def may_join(spreads: Spreads, a: Index | int, b: Index | int, *, equal_wings: bool) -> Bools:
    """Say which spreads may stand as one: style, shorts not outliving longs, the firm's wings."""
    first_long = np.minimum(spreads.first_long[a], spreads.first_long[b])
    last_short = np.maximum(spreads.last_short[a], spreads.last_short[b])
    allowed = (spreads.style[a] == spreads.style[b]) & (last_short <= first_long)
    if equal_wings:
        allowed &= spreads.width[a] == spreads.width[b]
    return np.asarray(allowed)


def doubles(series: Series, i: Index, j: Index, *, equal_wings: bool
            ) -> tuple[Index, Index, Floats]:
    """Return pairs of spreads that cost less as one than apart: places in i, j, and savings."""
    spreads, payoff = spreads_of(series, i, j), payoffs(series, i, j)
    a, b = np.triu_indices(len(i), 1)
    allowed = may_join(spreads, a, b, equal_wings=equal_wings)
    a, b = a[allowed], b[allowed]
    both, single = spreads.joined(a, b), spreads.charged(losses(payoff))
    charged = both.charged(losses(payoff[a] + payoff[b]))
    better = single[a] + single[b] - charged > CLOSE * both.apart
    return a[better], b[better], (both.apart - charged)[better]


def joined_groups(series: Series, i: Index, j: Index, contracts: Floats, *, equal_wings: bool
                  ) -> list[list[int]]:
    """Join formed spreads, one after another, each to the group it saves most with.

    Returns groups of places in i and j. A spread that saves with none of the latest groups
    starts its own.
    """
    spreads, payoff = spreads_of(series, i, j, contracts), payoffs(series, i, j, contracts)
    groups: list[list[int]] = []
    joined, together = _rows(spreads, np.zeros(0, dtype=np.intp)), np.zeros_like(payoff)
    for s in range(len(i)):
        one, count = _rows(spreads, np.array([s])), len(groups)
        start = max(0, count - MOST_GROUPS)
        near = _rows(joined, np.arange(start, count))
        g, saving = _best(near, together[start:count], one, payoff[s], equal_wings=equal_wings)
        if saving > CLOSE * spreads.apart[s]:
            groups[start + g].append(s)
            joined = _replaced(joined, start + g, one)
            together[start + g] += payoff[s]
        else:
            together[count] = payoff[s]
            groups.append([s])
            joined = _stacked(joined, one)
    return groups


def _best(groups: Spreads, together: Floats, spread: Spreads, payoff: Floats, *,
          equal_wings: bool) -> tuple[int, float]:
    count = len(groups.longs)
    if not count:
        return 0, 0.0
    both = _stacked(groups, spread)
    every, last = np.arange(count), np.full(count, count)
    union = both.joined(every, last)
    apart = groups.charged(losses(together)) + spread.charged(losses(payoff[None, :]))
    saving = np.where(may_join(both, every, last, equal_wings=equal_wings),
                      apart - union.charged(losses(together + payoff)), 0.0)
    best = int(np.argmax(saving))
    return best, float(saving[best])


def _rows(spreads: Spreads, rows: Index) -> Spreads:
    return Spreads(spreads.longs[rows], spreads.uncovered[rows], spreads.apart[rows],
                   spreads.first_long[rows], spreads.last_short[rows], spreads.style[rows],
                   spreads.width[rows])


def _stacked(one: Spreads, other: Spreads) -> Spreads:
    def both(name: str) -> NDArray[np.float64]:
        return np.concatenate([getattr(one, name), getattr(other, name)])

    return Spreads(both("longs"), both("uncovered"), both("apart"),
                   both("first_long").astype(np.intp), both("last_short").astype(np.intp),
                   both("style").astype(np.intp), both("width"))


def _replaced(groups: Spreads, g: int, spread: Spreads) -> Spreads:
    both = _stacked(groups, spread)
    union = both.joined(np.array([g]), np.array([len(groups.longs)]))
    order = np.arange(len(groups.longs))
    order[g] = len(groups.longs)
    return _rows(_stacked(groups, union), order)
