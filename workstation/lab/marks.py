"""How a book stood on each past date: positions held, marks and volatilities rolled or held.

Rolled, every risk root's marks follow its own level and the volatility of its options follows the
root's own realised volatility:

    profit(t) = level[t] / level[today] x profit today at volatility x sigma[t] / sigma[today]

so an option stays as far from the money and from expiry as it is today. Roots whose level may be
negative, and yields, keep today's marks: their moves are absolute already.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workstation.book.resolve import Floats
from workstation.harmonised.factor_moves import RootLevels
from workstation.harmonised.scan import Index, Scan
from workstation.lab.scenarios import variants
from workstation.pricing.grid import option_rows
from workstation.pricing.volatility import Volatilities

PLAIN = np.ones(1)


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Factors on today's marks: `scale` and `volatility` are (roots, dates).

    `nodes` are the factors on volatility at which the book is revalued; between them profit is
    read off straight lines.
    """

    scale: Floats
    volatility: Floats
    nodes: Floats
    exposure: Floats
    """Gross exposure of the book on each date over today's: (dates,)."""

    @property
    def is_held(self) -> bool:
        """Say whether every date has today's marks."""
        return len(self.nodes) == 1 and bool((self.scale == 1.0).all())

    def at(self, stack: Floats, root: Index, place: int) -> Floats:
        """Return profits on one date: `stack` is (nodes, rows, points), `root` is of each row."""
        first, share = self._between(self.volatility[root, place])
        rows = np.arange(len(root))
        low = stack[first, rows]
        if len(self.nodes) > 1:
            low = (1.0 - share)[:, None] * low + share[:, None] * stack[first + 1, rows]
        return np.asarray(self.scale[root, place][:, None] * low)

    def through(self, stack: Floats, places: Index) -> Floats:
        """Return profits of roots on dates: `stack` is (nodes, roots, dates)."""
        first, share = self._between(self.volatility[:, places])
        rows, dates = np.indices(first.shape)
        low = stack[first, rows, dates]
        if len(self.nodes) > 1:
            low = (1.0 - share) * low + share * stack[first + 1, rows, dates]
        return np.asarray(self.scale[:, places] * low)

    def _between(self, factor: Floats) -> tuple[Index, Floats]:
        """Return the node below each factor and how far it is on the way to the next."""
        if len(self.nodes) == 1:
            return np.zeros(factor.shape, dtype=np.intp), np.zeros(factor.shape)
        first = np.clip(np.searchsorted(self.nodes, factor, "right") - 1, 0, len(self.nodes) - 2)
        low, high = self.nodes[first], self.nodes[first + 1]
        return first, (factor - low) / (high - low)

    def scaled(self, volatility: Volatilities) -> list[Volatilities]:
        """Return today's volatilities at every node."""
        return [Volatilities(volatility.volatility * node, volatility.problems)
                for node in self.nodes.tolist()]


def held_marks(roots: int, dates: int) -> Marks:
    """Return today's marks on every date."""
    ones = np.ones((roots, dates))
    return Marks(ones, ones, PLAIN, np.ones(dates))


def rolled_marks(scan: Scan, levels: RootLevels, decay: float) -> Marks:
    """Return marks that follow each root's level, and volatilities its realised volatility."""
    scale = np.ones((len(scan.roots), len(levels.dates)))
    ratio = np.ones_like(scale)
    nodes = _nodes() if len(option_rows(scan.holdings)) else PLAIN
    sigma = levels.volatility(decay)
    for i, root in enumerate(levels.roots.tolist()):
        series = _carried(levels.levels[i])
        known = series[np.isfinite(series)]
        if levels.durations[i] == 0 and len(known) and bool((known > 0).all()):
            scale[root] = np.where(np.isfinite(series), series / known[-1], 1.0)
        if sigma.shape[1] and sigma[i, -1] > 0:
            ratio[root] = sigma[i] / sigma[i, -1]
    gross = np.bincount(scan.root, weights=np.abs(scan.exposure) * scan.included,
                        minlength=len(scan.roots))
    whole = float(gross.sum())
    exposure = gross @ scale / whole if whole > 0 else np.ones(scale.shape[1])
    return Marks(scale, np.clip(ratio, nodes[0], nodes[-1]) if len(nodes) > 1 else ratio, nodes,
                 np.asarray(exposure))


def _nodes() -> Floats:
    """Return the shipped factors on volatility, ascending."""
    return np.array(sorted(float(row["factor"]) for row in variants()["replay_volatility"].rows))


def _carried(series: Floats) -> Floats:
    """Return a series with the last known level carried over missing dates."""
    place = np.where(np.isfinite(series), np.arange(len(series)), -1)
    last = np.maximum.accumulate(place)
    return np.where(last >= 0, series[np.maximum(last, 0)], np.nan)
