"""The risk of a design without each holding, exactly, from the sums the whole was made of.

A holding stands on one path up its tree; every node beside that path stays as it is. What a
holding brings to its wrapper is its own profit; what it brings to the node above follows from
what it brings to the node below:

    brought to the parent = counted(child) - counted(child - brought),  counted as in `tree`

and the risk without it is the tail of the top node less what it brings there. Where shares
recognised hang on evidence they are found anew, since they follow the size of the holdings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workstation.book.resolve import Floats
from workstation.harmonised.engine import Assessment
from workstation.harmonised.levels import Level
from workstation.harmonised.rates import Granting, Rates
from workstation.harmonised.scan import Index, Scan
from workstation.harmonised.tree import Node, UnitTree
from workstation.measures.tails import Tail

MOST_CELLS = 1_000_000
"""Figures worked on at once: holdings x outcomes."""
PAIR = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Brought:
    """What m holdings bring to one node: to its plain sum and to its profile, each (m, s).

    `beside` (m,) is what they add to the nodes that stand alone below it; `all_of_it` says that
    nothing is left of the node without them.
    """

    to_net: Floats
    to_profile: Floats
    beside: Floats
    all_of_it: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Family:
    """Siblings, the shares of their gains that count, and the profile of their parent."""

    siblings: tuple[Node, ...]
    profiles: Floats
    shares: Floats
    profile: Floats
    alone: Floats
    granting: Granting | None
    tail: Tail

    @classmethod
    def of(cls, level: Level, siblings: tuple[Node, ...], rates: Rates) -> _Family:
        net = np.array([node.net for node in siblings])
        profiles = np.array([node.profile for node in siblings])
        ids = tuple(node.index for node in siblings)
        shares = rates.recognised(level, ids, net)
        counted = shares > 0
        profile = _counted(profiles[counted], shares[counted, None]).sum(axis=0)
        tail = siblings[0].tail
        alone = np.array([0.0 if on else tail.loss(own)
                          for on, own in zip(counted, profiles, strict=True)])
        return cls(siblings, profiles, shares, profile, alone,
                   rates.granting(level, ids, net), tail)

    def above(self, place: int, found: _Brought) -> _Brought:
        """Return what holdings of the sibling at `place` bring to the parent."""
        if len(self.siblings) == 1:
            return found
        if found.all_of_it and len(self.siblings) == PAIR:
            left = 1 - place  # an only child counts in full
            return _Brought(found.to_net, (self.profile - self.profiles[left])[None, :],
                            found.beside + self.alone.sum(), False)
        shares = self._shares(place, found.to_net)
        if shares is None:
            return self._fixed(place, found)
        rest = np.delete(np.arange(len(self.siblings)), place)
        on, own = shares > 0, self.profiles[place] - found.to_profile
        profile = (on[:, rest].astype(np.float64) @ np.minimum(self.profiles[rest], 0.0)
                   + (shares * on)[:, rest] @ np.maximum(self.profiles[rest], 0.0)
                   + on[:, place, None] * _counted(own, shares[:, place, None]))
        lone = np.array([self.tail.loss(row) for row in self.profiles])
        left = (~on[:, rest]) @ lone[rest] + np.where(
            on[:, place], 0.0, self.tail.losses_without(self.profiles[place], found.to_profile))
        return _Brought(found.to_net, self.profile - profile,
                        found.beside + self.alone.sum() - left, False)

    def _fixed(self, place: int, found: _Brought) -> _Brought:
        """Return the same where the share of the sibling stays what it is."""
        share, profile = float(self.shares[place]), self.profiles[place]
        if share <= 0:
            left = self.tail.losses_without(profile, found.to_profile)
            return _Brought(found.to_net, np.zeros_like(found.to_profile),
                            found.beside + self.alone[place] - left, False)
        if share == 1.0:
            return _Brought(found.to_net, found.to_profile, found.beside, False)
        brought = _counted(profile, share) - _counted(profile - found.to_profile, share)
        return _Brought(found.to_net, brought, found.beside, False)

    def _shares(self, place: int, to_net: Floats) -> Floats | None:
        """Return all shares (m, n) without the holdings; None where none of them changes."""
        if self.granting is None:
            return None
        shares = np.tile(self.shares, (len(to_net), 1))
        shares[:, self.granting.rows] = self.granting.with_another(
            place, self.granting.net[place] - to_net)
        return None if np.array_equal(shares, np.broadcast_to(self.shares, shares.shape)) else (
            shares)


class LeaveOneOut:
    """Answers for one assessment what its risk is without a holding."""

    def __init__(self, assessment: Assessment) -> None:
        self._scan = assessment.scan
        self._families: list[Mapping[tuple[Level, int], _Family]] = []
        self._leg: dict[int, tuple[int, Node]] = {}
        for number, tree in enumerate(assessment.trees):
            self._families.append(_families(assessment.scan, tree, assessment.rates))
            for level, siblings in tree.nodes:
                if level is Level.SAME_UNDERLYING:
                    self._leg |= {slot: (number, leg) for leg in siblings for slot in leg.slots}

    def released(self, slot: int, profits: Floats, *, whole_slot: bool) -> Floats:
        """Return by how much risk falls without each of some holdings of a slot.

        Parameters
        ----------
        slot
            Where the holdings stand in the assessment's slots.
        profits
            Their profit in every outcome of the slots, (m, s).
        whole_slot
            Whether a holding is all the slot holds; then m is 1.
        """
        size = max(1, MOST_CELLS // max(1, profits.shape[1]))
        return np.concatenate([
            self._released(slot, profits[start:start + size], whole_slot=whole_slot)
            for start in range(0, max(1, len(profits)), size)])

    def _released(self, slot: int, profits: Floats, *, whole_slot: bool) -> Floats:
        number, leg = self._leg[slot]
        found = _Brought(profits, profits, np.zeros(len(profits)),
                         whole_slot and len(leg.slots) == 1)
        index = leg.index
        families = self._families[number]
        for level in Level:
            above = _parent(self._scan, level, index)
            family = families[level, above]
            place = next(i for i, node in enumerate(family.siblings) if node.index == index)
            found, index = family.above(place, found), above
        top = families[Level.BOOK, index]
        left = top.tail.losses_without(top.profile, found.to_profile)
        return np.asarray(top.tail.loss(top.profile) - left + found.beside)


def _families(scan: Scan, tree: UnitTree, rates: Rates) -> dict[tuple[Level, int], _Family]:
    return {(level, _parent(scan, level, siblings[0].index)): _Family.of(level, siblings, rates)
            for level, siblings in tree.nodes}


def _parent(scan: Scan, level: Level, index: int) -> int:
    """Return the index under which siblings that meet at a level have their parent."""
    places: dict[Level, Index] = {
        Level.SAME_UNDERLYING: scan.leg_root, Level.PRODUCT_GROUP: scan.group,
        Level.ASSET_CLASS: scan.asset_class}
    return int(places[level][index]) if level in places else 0


def _counted(profile: Floats, share: Floats | float) -> Floats:
    return np.asarray(np.minimum(profile, 0.0) + share * np.maximum(profile, 0.0))
