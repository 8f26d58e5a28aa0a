"""The tree of offsets: wrappers, underlyings, product groups, asset classes, book.

    profile[parent, s] = sum over children c of min(profile[c, s], 0) + o[c] * max(profile[c, s], 0)
    requirement        = sum over top nodes of max(0, -min over s of profile[top, s])

s are scan points for the hierarchical scan (method A). For expected shortfall (methods H and M)
they are joint outcomes, and the mean of the worst share of them takes the place of the minimum.

A node of which no gain is recognised (o = 0) stands alone as a top node: pairing its scan points
with its siblings' would be an offset too.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

import numpy as np

from workstation.book.resolve import Floats
from workstation.harmonised.eligibility import Slots
from workstation.harmonised.levels import Level
from workstation.harmonised.rates import Pair, Rates
from workstation.harmonised.scan import Index, Scan
from workstation.measures.scan import gains_by_group
from workstation.measures.tails import WORST, Tail

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Node:
    """One node: plain sum, profile after offsets, children that count here and their rates.

    `level` is where its children meet; None for a wrapper leg, whose slots are in `slots`.
    """

    level: Level | None
    index: int
    name: str
    net: Floats
    profile: Floats
    children: tuple[Node, ...] = ()
    rates: tuple[float, ...] = ()
    slots: tuple[int, ...] = ()
    tail: Tail = WORST

    @property
    def requirement(self) -> float:
        """Worst loss over the scan or mean loss of the tail, never below zero."""
        return self.tail.loss(self.profile)

    @property
    def binding(self) -> int:
        """The scan point that binds: the first of the worst."""
        return int(np.argmin(self.profile))


@dataclass(frozen=True, slots=True)
class UnitTree:
    """The top nodes of the positions between which margin may cross, the book node first."""

    name: str
    tops: tuple[Node, ...]
    nodes: tuple[tuple[Level, tuple[Node, ...]], ...]
    """Every set of siblings with the level at which they meet, whether they offset or not."""

    @property
    def requirement(self) -> float:
        """Sum of the top nodes."""
        return sum(top.requirement for top in self.tops)


class Grown:
    """Nodes grown so far, for trees of the same rates that differ in few of their branches."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[object, Any]] = {}

    def of(self, place: Hashable, parts: Sequence[object], grow: Callable[[], T]) -> T:
        """Return what grew in a place from these very parts before, or grow it."""
        key = place, tuple(map(id, parts))
        if key not in self._known:
            self._known[key] = tuple(parts), grow()  # held on to: their identity is the key
        return cast("T", self._known[key][1])


def scan_requirement(scan: Scan, slots: Slots, rates: Rates, unit: Index | None = None,
                     grown: Grown | None = None) -> float:
    """Return the requirement before add-ons; `unit` regroups the slots for a counterfactual."""
    known = Grown() if grown is None else grown

    def needed(tree: UnitTree) -> float:
        return known.of("requirement", (tree,), lambda: tree.requirement)

    return slots.alone + sum(map(needed, trees(scan, slots, rates, unit, known)))


def trees(scan: Scan, slots: Slots, rates: Rates, unit: Index | None = None,
          grown: Grown | None = None) -> tuple[UnitTree, ...]:
    """Build the tree of every unit; what `grown` holds is not grown again."""
    units = slots.unit if unit is None else unit
    known = Grown() if grown is None else grown

    def tree(u: int) -> UnitTree:
        members, name = np.flatnonzero(units == u), _unit_name(slots, u)
        place = name, members.tobytes(), _switched_in(scan, slots, rates, members)
        return known.of(place, (slots,), lambda: unit_tree(
            scan, slots, rates, members, name, known))

    return tuple(tree(u) for u in np.unique(units).tolist())


def _switched_in(scan: Scan, slots: Slots, rates: Rates, members: Index
                 ) -> frozenset[tuple[Pair, float]]:
    """Return the pairs set by hand that a node of the unit is in."""
    if not rates.switched:
        return frozenset()
    legs = slots.leg[members]
    roots = scan.leg_root[legs]
    groups = scan.group[roots]
    there = {Level.SAME_UNDERLYING: legs, Level.PRODUCT_GROUP: roots, Level.ASSET_CLASS: groups,
             Level.BOOK: scan.asset_class[groups]}
    return frozenset((pair, rate) for pair, rate in rates.switched.items()
                     if np.isin(pair[1:], there[pair[0]]).any())


def _unit_name(slots: Slots, unit: int) -> str:
    return slots.units[unit] if unit < len(slots.units) else "Regrouped"


def unit_tree(scan: Scan, slots: Slots, rates: Rates, members: Index, name: str, grown: Grown
              ) -> UnitTree:
    """Build one unit's tree from the wrappers up."""
    grower = _Grower(rates, slots.tail, grown)
    legs = [grown.of(tuple(found), (slots,), partial(_leg_node, scan, slots, found))
            for found in _by_leg(slots, members)]
    roots = grower.grow(Level.SAME_UNDERLYING, legs, lambda i: int(scan.leg_root[i]),
                        lambda i: scan.roots[i])
    groups = grower.grow(Level.PRODUCT_GROUP, roots, lambda i: int(scan.group[i]),
                         lambda i: scan.groups[i])
    classes = grower.grow(Level.ASSET_CLASS, groups, lambda i: int(scan.asset_class[i]),
                          lambda i: scan.asset_classes[i])
    book = grower.grow(Level.BOOK, classes, lambda _: 0, lambda _: name)
    whole = tuple(node for node in book if node.children)
    return UnitTree(name, (*whole, *grower.alone), tuple(grower.siblings))


def _by_leg(slots: Slots, members: Index) -> list[list[int]]:
    """Gather slots of the same wrapper, in the order of the legs."""
    found: dict[int, list[int]] = {}
    for slot in members:
        found.setdefault(int(slots.leg[slot]), []).append(int(slot))
    return [found[leg] for leg in sorted(found)]


def _leg_node(scan: Scan, slots: Slots, members: list[int]) -> Node:
    leg = int(slots.leg[members[0]])
    symbol, form = scan.legs[leg]
    one = len(members) == 1
    total = slots.profile[members[0]] if one else slots.profile[members].sum(axis=0)
    return Node(None, leg, f"{symbol}, {form}", total, total, slots=tuple(members),
                tail=slots.tail)


class _Grower:
    """Joins siblings level by level and collects the nodes that stand alone."""

    def __init__(self, rates: Rates, tail: Tail, grown: Grown) -> None:
        self._rates, self._tail, self._grown = rates, tail, grown
        self.alone: list[Node] = []
        self.siblings: list[tuple[Level, tuple[Node, ...]]] = []

    def grow(self, level: Level, children: list[Node], parent: Callable[[int], int],
             name: Callable[[int], str]) -> list[Node]:
        """Join the children of each parent."""
        families: dict[int, list[Node]] = {}
        for child in children:
            families.setdefault(parent(child.index), []).append(child)
        return [self._joined(level, index, name(index), families[index])
                for index in sorted(families)]

    def _joined(self, level: Level, index: int, name: str, children: list[Node]) -> Node:
        self.siblings.append((level, tuple(children)))
        place = level, index, name, self._rates.switched_about(level, children)
        node, alone = self._grown.of(
            place, children, lambda: self._new(level, index, name, children))
        self.alone.extend(alone)
        return node

    def _new(self, level: Level, index: int, name: str, children: list[Node]
             ) -> tuple[Node, list[Node]]:
        """Return the parent of some siblings, and those of them that stand alone."""
        if len(children) == 1:
            only = children[0]
            return Node(level, index, name, only.net, only.profile, (only,), (1.0,),
                        tail=self._tail), []
        net = np.array([child.net for child in children])
        shares = self._rates.recognised(level, tuple(c.index for c in children), net)
        counted = [(c, float(o)) for c, o in zip(children, shares, strict=True) if o > 0]
        alone = [c for c, o in zip(children, shares, strict=True)
                 if o <= 0 and (c.children or c.slots)]
        return Node(level, index, name, net.sum(axis=0), _after_offsets(counted, net.shape[1]),
                    tuple(c for c, _ in counted), tuple(o for _, o in counted),
                    tail=self._tail), alone


def _after_offsets(children: Iterable[tuple[Node, float]], points: int) -> Floats:
    counted = list(children)
    profiles = np.array([child.profile for child, _ in counted]).reshape(len(counted), points)
    shares = np.array([share for _, share in counted], dtype=np.float64)
    profile: Floats = gains_by_group(profiles, shares, np.zeros(len(counted), np.intp), 1)[0]
    return profile
