"""Which offsets a design had to decide on: legs that need less together than apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workstation.harmonised.engine import Assessment
from workstation.harmonised.levels import Level
from workstation.harmonised.rates import Pair, hedges
from workstation.harmonised.scan import Index
from workstation.harmonised.tree import Node


@dataclass(frozen=True, slots=True)
class NodePair:
    """Two siblings of the tree; `potential` is what netting them alone would save."""

    level: Level
    one: Node
    other: Node
    potential: float

    @property
    def key(self) -> Pair:
        """Return the pair as rates name it."""
        low, high = sorted((self.one.index, self.other.index))
        return self.level, low, high


def node_pairs(assessment: Assessment) -> Iterator[tuple[Level, list[NodePair]]]:
    """Yield the pairs of every set of siblings above the wrappers, largest potential first.

    A pair met in several units is yielded once, where it is largest.
    """
    for level in (Level.PRODUCT_GROUP, Level.ASSET_CLASS, Level.BOOK):
        found: dict[Pair, NodePair] = {}
        for tree in assessment.trees:
            for met, siblings in tree.nodes:
                if met is level and len(siblings) > 1:
                    _keep_largest(found, _pairs(level, siblings))
        yield level, sorted(found.values(), key=_by_size)


def _by_size(pair: NodePair) -> tuple[float, str, str]:
    return -pair.potential, pair.one.name, pair.other.name


def _keep_largest(found: dict[Pair, NodePair], pairs: Iterator[NodePair]) -> None:
    for pair in pairs:
        known = found.get(pair.key)
        if known is None or known.potential < pair.potential:
            found[pair.key] = pair


def _pairs(level: Level, siblings: tuple[Node, ...]) -> Iterator[NodePair]:
    net = np.array([node.net for node in siblings])
    worst = np.maximum(-net.min(axis=1), 0.0)
    for i, node in enumerate(siblings):
        for j in np.flatnonzero(hedges(i, net, worst)):
            if j > i:
                apart = node.tail.loss(net[i]) + node.tail.loss(net[j])
                yield NodePair(level, node, siblings[j], apart - node.tail.loss(net[i] + net[j]))


@dataclass(frozen=True, slots=True)
class SharedRoot:
    """One underlying held in several accounts: the slots of each account."""

    root: int
    name: str
    slots: Index
    by_account: tuple[tuple[int, Index], ...]


def shared_roots(assessment: Assessment) -> Iterator[SharedRoot]:
    """Yield every underlying that several accounts hold."""
    scan, slots = assessment.scan, assessment.slots
    root_of_slot = scan.leg_root[slots.leg]
    for root in np.unique(root_of_slot):
        members = np.flatnonzero(root_of_slot == root)
        accounts = np.unique(slots.account[members])
        if len(accounts) > 1:
            yield SharedRoot(
                int(root), scan.roots[root], members,
                tuple((int(a), members[slots.account[members] == a]) for a in accounts))


def accounts_of(assessment: Assessment, level: Level, index: int) -> tuple[str, ...]:
    """Return the accounts that hold a node's positions; `level` is where it meets its siblings."""
    scan, slots = assessment.scan, assessment.slots
    root = scan.leg_root[slots.leg]
    node = {Level.PRODUCT_GROUP: root, Level.ASSET_CLASS: scan.group[root],
            Level.BOOK: scan.asset_class[scan.group[root]]}[level]
    return tuple(scan.accounts[a] for a in np.unique(slots.account[node == index]))


def potential_of_slots(assessment: Assessment, own: Index, others: Index) -> float:
    """Return what two sets of slots need less together than apart."""
    profile = assessment.slots.profile
    one, other = profile[own].sum(axis=0), profile[others].sum(axis=0)
    tail = assessment.slots.tail
    return tail.loss(one) + tail.loss(other) - tail.loss(one + other)
