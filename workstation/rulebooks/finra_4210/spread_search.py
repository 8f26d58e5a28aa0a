"""The search for spreads among the options of one underlying, in float64 columns.

Only which spreads to form is decided here; what each costs is computed exactly afterwards, by
`f_options.f_2_h_spread`. A spread's payoff is held at zero and at every strike of the class, where
all its corners are, so that joining two spreads is adding two rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
    """Options of one underlying as columns: strikes, premiums and charges of one contract.

    `style` tells exercise and listing apart: only legs alike in both stand as a spread.
    """

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
            np.array([(o.terms.style == "american") + 2 * o.otc for o in options],
                     dtype=np.intp),
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

    def copied(self) -> Spreads:
        """Return columns that may be written to."""
        return Spreads(*(column.copy() for column in self._columns()))

    def put(self, row: int, other: Spreads, other_row: int) -> None:
        """Write one row of other columns over a row of these."""
        for mine, theirs in zip(self._columns(), other._columns(), strict=True):
            mine[row] = theirs[other_row]

    def with_one(self, rows: slice, other: Spreads, s: int) -> Spreads:
        """Return some rows, each joined with spread s of other columns."""
        return Spreads(
            self.longs[rows] + other.longs[s], self.uncovered[rows] + other.uncovered[s],
            self.apart[rows] + other.apart[s],
            np.minimum(self.first_long[rows], other.first_long[s]),
            np.maximum(self.last_short[rows], other.last_short[s]), self.style[rows],
            self.width[rows])

    def may_stand(self, other: Spreads, s: int, before: Spreads, rows: slice, *,
                  equal_wings: bool) -> Bools:
        """Say which of these unions may stand: style, shorts not outliving longs, wings."""
        allowed = (before.style[rows] == other.style[s]) & (self.last_short <= self.first_long)
        if equal_wings:
            allowed &= before.width[rows] == other.width[s]
        return np.asarray(allowed)

    def _columns(self) -> tuple[NDArray[Any], ...]:
        return (self.longs, self.uncovered, self.apart, self.first_long, self.last_short,
                self.style, self.width)


def pairs(series: Series) -> tuple[Index, Index]:
    """Return every long and short option that (f)(2)(H) lets stand as a spread, by place."""
    longs, shorts, allowed = _against(series)
    rows, columns = np.nonzero(allowed)
    return longs[rows], shorts[columns]


def pair_count(series: Series) -> int:
    """Return how many pairs there are."""
    return int(np.count_nonzero(_against(series)[2]))


def _against(series: Series) -> tuple[Index, Index, Bools]:
    longs, shorts = np.flatnonzero(~series.short), np.flatnonzero(series.short)

    def both(column: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        return column[longs][:, None], column[shorts][None, :]

    (right, other), (style, another), (late, early) = map(
        both, (series.is_call, series.style, series.expiry))
    return longs, shorts, np.asarray((right == other) & (style == another) & (late >= early))


def refused(series: Series, longs: Index, short: int) -> Bools:
    """Say which longs of the short's right (f)(2)(H) lets not stand against it."""
    same = series.is_call[longs] == series.is_call[short]
    return np.asarray(same & ((series.style[longs] != series.style[short])
                              | (series.expiry[longs] < series.expiry[short])))


def straddles(series: Series) -> tuple[Index, Index, Floats]:
    """Return every short call and short put, by place, and what they save as a straddle."""
    calls = np.flatnonzero(series.short & series.is_call)
    puts = np.flatnonzero(series.short & ~series.is_call)
    i, j = (side.ravel() for side in np.meshgrid(calls, puts, indexing="ij"))
    ahead = series.alone[i] - series.alone[j]
    larger = np.maximum(series.premium[i], series.premium[j])  # of equal sides
    other = np.where(ahead > 0, series.premium[j], np.where(ahead < 0, series.premium[i], larger))
    return i, j, np.asarray(np.minimum(series.alone[i], series.alone[j]) - other)


def kept(series: Series, i: Index, j: Index, saving: Floats) -> Index:
    """Return which pairs to weigh: all that save, or in a large class each leg's best few.

    Of partners that save the same the nearest strike comes first: it leaves the others free.
    """
    rows = np.flatnonzero(saving > 0)
    if len(rows) <= MOST_PAIRS:
        return rows
    apart = np.abs(series.strike[i] - series.strike[j])[rows]
    among, best = np.zeros(len(rows), dtype=np.bool_), np.lexsort((apart, -saving[rows]))
    small = np.int16 if len(series.short) <= np.iinfo(np.int16).max else np.intp  # radix sort
    for leg in (i[rows], j[rows]):
        order = best[np.argsort(leg[best].astype(small), kind="stable")]
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
                  ) -> tuple[list[list[int]], float]:
    """Join formed spreads, one after another, each to the group it saves most with.

    Returns groups of places in i and j, and what they save against all legs alone. A spread that
    saves with none of the latest groups starts its own.
    """
    spreads, payoff = spreads_of(series, i, j, contracts), payoffs(series, i, j, contracts)
    cost = spreads.charged(losses(payoff))
    # Columns of the groups so far: those of their spreads, joined.
    groups, places = spreads.copied(), list[list[int]]()
    together, charged = payoff.copy(), cost.copy()
    for s in range(len(i)):
        count = len(places)
        near = slice(max(0, count - MOST_GROUPS), count)
        if near.start < count:
            union = groups.with_one(near, spreads, s)
            both = union.charged(losses(together[near] + payoff[s]))
            saving = np.where(union.may_stand(spreads, s, groups, near, equal_wings=equal_wings),
                              charged[near] + cost[s] - both, 0.0)
            best = int(np.argmax(saving))
            if saving[best] > CLOSE * spreads.apart[s]:
                g = near.start + best
                places[g].append(s)
                groups.put(g, union, best)
                together[g] += payoff[s]
                charged[g] = both[best]
                continue
        groups.put(count, spreads, s)
        together[count], charged[count] = payoff[s], cost[s]
        places.append([s])
    count = len(places)
    return places, float((groups.apart[:count] - charged[:count]).sum())


def apart_saving(series: Series, i: Index, j: Index, contracts: Floats) -> float:
    """Return what two-leg spreads save against their legs alone, none of them joined."""
    spreads = spreads_of(series, i, j, contracts)
    return float((spreads.apart - spreads.charged(pair_losses(series, i, j) * contracts)).sum())
