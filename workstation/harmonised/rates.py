"""The share of a node's gains that counts against its siblings' losses.

Two siblings are a pair where they need less together than apart. A gain is shared out over the
siblings it could hedge in proportion to their size (largest profit or loss over the scan), and
each share counts at the pair's rate:

    o[c] = sum over pairs (c, d) of size[d] * rate[c, d] / sum over pairs (c, d) of size[d]

A node that is no sibling's hedge counts at the level's ceiling: its gains may still meet losses
of other groups. Sizes are of plain sums, so a rate granted elsewhere never changes them: granting
one more offset cannot raise the requirement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from workstation.book.resolve import Bools, Floats
from workstation.harmonised.design import Design
from workstation.harmonised.evidence import Evidence
from workstation.harmonised.levels import LEVEL_KNOBS, Level

Index = NDArray[np.intp]
Pair = tuple[Level, int, int]
NOISE = 1e-12
LARGEST_KEPT = 40_000
"""Siblings with more figures than this are met anew each time: keeping them costs memory."""


class Placed(Protocol):
    """What stands in the tree under an index of its level."""

    @property
    def index(self) -> int:
        """The place among its kind."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Ceilings by level, evidence that pairs must pass (None: untested), and switched pairs."""

    ceilings: Mapping[Level, float]
    evidence: Evidence | None = None
    switched: Mapping[Pair, float] = field(default_factory=dict)
    met: dict[tuple[tuple[int, ...], bytes], _Meeting] = field(
        default_factory=dict, compare=False, repr=False)
    tables: dict[tuple[Level, tuple[int, ...]], Floats] = field(
        default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, design: Design, evidence: Evidence | None) -> Rates:
        """Return the rates of a design."""
        cap = design.rate("offsets.cap")
        ceilings = {level: design.rate(knob) for level, knob in LEVEL_KNOBS.items()}
        for level in (Level.PRODUCT_GROUP, Level.ASSET_CLASS, Level.BOOK):
            ceilings[level] = min(ceilings[level], cap)
        return cls(ceilings, evidence if design.flag("tests.required") else None)

    def switching(self, pairs: Mapping[Pair, float]) -> Rates:
        """Return the same rates with some pairs set by hand; the ledger's counterfactual."""
        return replace(self, switched={**self.switched, **pairs})

    def switched_about(self, level: Level, siblings: Sequence[Placed]
                       ) -> frozenset[tuple[Pair, float]]:
        """Return the pairs set by hand that one of these siblings is in."""
        here = [(pair, rate) for pair, rate in self.switched.items() if pair[0] is level]
        if not here:
            return frozenset()
        ids = {sibling.index for sibling in siblings}
        return frozenset(item for item in here if not ids.isdisjoint(item[0][1:]))

    def pair(self, level: Level, one: int, other: int) -> float:
        """Return the rate of one pair."""
        key = (level, min(one, other), max(one, other))
        if key in self.switched:
            return self.switched[key]
        ceiling = self.ceilings[level]
        if not self._tested(level):
            return ceiling
        if self.evidence is None or not (
                self.evidence.known(level, one) and self.evidence.known(level, other)):
            return 0.0
        return self.evidence.decision(level, one, other).rate

    def recognised(self, level: Level, ids: tuple[int, ...], net: Floats) -> Floats:
        """Return the share of each sibling's gains that counts; `net` is (siblings, points)."""
        count = len(ids)
        if count == 1:
            return np.ones(1)
        tested = self._tested(level)
        out = np.zeros(count) if tested else np.full(count, self.ceilings[level])
        rows = self._rows_to_work(level, ids, tested=tested)
        if not rows:
            return out
        meeting, table = self._meeting(ids, net), self._table(level, ids)
        for i in rows:
            paired = meeting.paired(i)
            if not paired.any():
                heard = not tested or self._known(level, ids[i])
                out[i] = self.ceilings[level] if heard else 0.0
                continue
            sizes = meeting.sizes[paired]
            out[i] = np.sum(sizes * table[i][paired]) / sizes.sum()
        return out

    def granting(self, level: Level, ids: tuple[int, ...], net: Floats) -> Granting | None:
        """Return how siblings' shares hang on each other's sums; None where they are fixed."""
        tested = self._tested(level)
        rows = self._rows_to_work(level, ids, tested=tested) if len(ids) > 1 else []
        if not rows:
            return None
        meeting, table = self._meeting(ids, net), self._table(level, ids)
        unpaired = [self.ceilings[level] if not tested or self._known(level, ids[i]) else 0.0
                    for i in rows]
        return Granting(np.array(rows), np.array(unpaired), table[rows],
                        np.array([meeting.paired(i) for i in rows]), net, meeting.sizes,
                        meeting.worst)

    def _meeting(self, ids: tuple[int, ...], net: Floats) -> _Meeting:
        """Return who hedges whom; it hangs on plain sums alone, so counterfactuals share it."""
        if net.size > LARGEST_KEPT:
            return _Meeting.of(net)
        key = (ids, net.tobytes())
        if key not in self.met:
            self.met[key] = _Meeting.of(net)
        return self.met[key]

    def _table(self, level: Level, ids: tuple[int, ...]) -> Floats:
        """Return the rate of every pair of siblings."""
        key = (level, ids)
        if key not in self.tables:
            plain = replace(self, switched={})
            self.tables[key] = np.array([[0.0 if one == other else plain.pair(level, one, other)
                                          for other in ids] for one in ids])
        table = self.tables[key]
        place = {index: i for i, index in enumerate(ids)}
        switched = [(place[k[1]], place[k[2]], rate) for k, rate in self.switched.items()
                    if k[0] is level and k[1] in place and k[2] in place]
        if switched:
            table = table.copy()
            for i, j, rate in switched:
                table[i, j] = table[j, i] = rate
        return table

    def _tested(self, level: Level) -> bool:
        return (self.evidence is not None and level is not Level.SAME_UNDERLYING
                and self.ceilings[level] > 0)

    def _known(self, level: Level, index: int) -> bool:
        return self.evidence is not None and self.evidence.known(level, index)

    def _rows_to_work(self, level: Level, ids: tuple[int, ...], *, tested: bool) -> list[int]:
        """Leave out the rows whose rate follows without looking at pairs."""
        named = {i for key in self.switched if key[0] is level for i in key[1:]}
        return [i for i, index in enumerate(ids)
                if index in named or (tested and self._known(level, index))]


@dataclass(frozen=True, slots=True, eq=False)
class Granting:
    """What the shares of n siblings follow from: k of them are `rows`, the others' are fixed.

    `table` and `paired` (k, n) are rates and who hedges whom, `unpaired` (k,) the share of a row
    that hedges nobody; sizes, worst losses and plain sums as in `Rates.recognised`.
    """

    rows: Index
    unpaired: Floats
    table: Floats
    paired: Bools
    net: Floats
    sizes: Floats
    worst: Floats

    def with_another(self, place: int, net: Floats) -> Floats:
        """Return the rows' shares (m, k) were the sibling at `place` one of other sums (m, s)."""
        sizes, worst = np.abs(net).max(axis=1), np.maximum(-net.min(axis=1), 0.0)
        together = np.array([(one + self.net).min(axis=1) for one in net])
        apart = worst[:, None] + self.worst
        meets = apart - np.maximum(-together, 0.0) > NOISE * apart
        meets[:, place] = False
        # Pairs without the sibling stay as they are; those with it are weighed anew.
        others = self.paired.copy()
        others[:, place] = False
        weights = others * self.sizes
        own = meets[:, self.rows] * sizes[:, None]
        top = (weights * self.table).sum(axis=1) + own * self.table[:, place]
        below = weights.sum(axis=1) + own
        for k in np.flatnonzero(self.rows == place):
            top[:, k] = (meets * self.sizes * self.table[k]).sum(axis=1)
            below[:, k] = (meets * self.sizes).sum(axis=1)
        out: Floats = np.broadcast_to(self.unpaired, top.shape).copy()
        np.divide(top, below, out=out, where=below > 0)
        return out


@dataclass(slots=True)
class _Meeting:
    """Siblings by plain sum: sizes, worst losses, and who needs less with whom than apart."""

    net: Floats
    sizes: Floats
    worst: Floats
    found: dict[int, Bools] = field(default_factory=dict)

    @classmethod
    def of(cls, net: Floats) -> _Meeting:
        return cls(net, np.abs(net).max(axis=1), np.maximum(-net.min(axis=1), 0.0))

    def paired(self, i: int) -> Bools:
        """Say with which siblings node i needs less together than apart."""
        if i not in self.found:
            self.found[i] = hedges(i, self.net, self.worst)
        return self.found[i]


def hedges(i: int, net: Floats, worst: Floats) -> Bools:
    """Say with which siblings node i needs less together than apart."""
    saving = worst[i] + worst - np.maximum(-(net[i] + net).min(axis=1), 0.0)
    paired = saving > NOISE * (worst[i] + worst)
    paired[i] = False
    return np.asarray(paired)
