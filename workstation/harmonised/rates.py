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

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from workstation.book.resolve import Bools, Floats
from workstation.harmonised.design import Design
from workstation.harmonised.evidence import Evidence
from workstation.harmonised.levels import LEVEL_KNOBS, Level

Pair = tuple[Level, int, int]
NOISE = 1e-12


@dataclass(frozen=True, slots=True)
class Rates:
    """Ceilings by level, evidence that pairs must pass (None: untested), and switched pairs."""

    ceilings: Mapping[Level, float]
    evidence: Evidence | None = None
    switched: Mapping[Pair, float] = field(default_factory=dict)

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
        sizes, worst = np.abs(net).max(axis=1), np.maximum(-net.min(axis=1), 0.0)
        for i in self._rows_to_work(level, ids, tested=tested):
            paired = hedges(i, net, worst)
            if not paired.any():
                heard = not tested or self._known(level, ids[i])
                out[i] = self.ceilings[level] if heard else 0.0
                continue
            shares = sum(sizes[j] * self.pair(level, ids[i], ids[j])
                         for j in np.flatnonzero(paired))
            out[i] = shares / sizes[paired].sum()
        return out

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


def hedges(i: int, net: Floats, worst: Floats) -> Bools:
    """Say with which siblings node i needs less together than apart."""
    saving = worst[i] + worst - np.maximum(-(net[i] + net).min(axis=1), 0.0)
    paired = saving > NOISE * (worst[i] + worst)
    paired[i] = False
    return np.asarray(paired)
