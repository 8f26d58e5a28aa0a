"""The scan's tree as amounts that carry their reasons.

Every top node is shown at its own binding scan point: losses positive, gains negative.
"""

from __future__ import annotations

from decimal import Decimal
from typing import cast

import numpy as np

from workstation.base.explain import Citation, Explained, leaf, total
from workstation.base.money import accounting
from workstation.harmonised.amounts import crossed
from workstation.harmonised.design import Design
from workstation.harmonised.eligibility import Slots
from workstation.harmonised.levels import Level
from workstation.harmonised.scan import Scan
from workstation.harmonised.tree import Node, UnitTree

FULL = 1.0
PREFIXES = {Level.SAME_UNDERLYING: "Underlying", Level.PRODUCT_GROUP: "Product group",
            Level.ASSET_CLASS: "Asset class", Level.BOOK: "Book"}


class Explainer:
    """Turns trees of one scan into explained amounts."""

    def __init__(self, scan: Scan, slots: Slots, design: Design) -> None:
        self._scan, self._slots = scan, slots
        self._cite = design.cite("scan")
        self._told = scan.told.setdefault(self._cite, {})

    def scan_risk(self, trees: tuple[UnitTree, ...]) -> Explained:
        """Return the scan requirement of all units."""
        units = tuple(self.unit(tree) for tree in trees)
        return Explained("Scan risk", sum((u.amount for u in units), Decimal(0)), self._cite,
                         (("scan points", str(self._scan.points)),), units, "sum")

    def unit(self, tree: UnitTree) -> Explained:
        """Return the scan requirement of one unit."""
        return total(tree.name, *(self._top(top) for top in tree.tops), cite=self._cite)

    def _top(self, node: Node) -> Explained:
        if node.requirement <= 0:
            return leaf(f"{label_of(node)}: no loss at any scan point", Decimal(0), self._cite)
        return self._loss(node, node.binding, ())

    def _loss(self, node: Node, point: int, shown: tuple[tuple[str, str], ...]) -> Explained:
        inputs = (*shown, ("scan point", f"{point + 1} of {self._scan.points}"))
        if node.level is None:
            parts = self._positions(node, point)
        else:
            parts = tuple(self._child(child, rate, point)
                          for child, rate in zip(node.children, node.rates, strict=True))
        return Explained(label_of(node), sum((p.amount for p in parts), Decimal(0)), self._cite,
                         inputs, parts, "sum")

    def _child(self, child: Node, rate: float, point: int) -> Explained:
        profit = float(child.profile[point])
        if profit < 0 or rate == FULL:
            return self._loss(child, point, ())
        return leaf(f"{label_of(child)}: gain recognised at {rate:.1%}", crossed(-rate * profit),
                    self._cite, gain=accounting(profit), rate=f"{rate:.4f}",
                    scan_point=f"{point + 1} of {self._scan.points}")

    def _positions(self, node: Node, point: int) -> tuple[Explained, ...]:
        """Return a wrapper's positions; the same ones at the same profits read the same."""
        scan = self._scan
        rows = [row for slot in node.slots for row in self._slots.rows[slot]]
        held = [scan.holdings.positions[row] for row in rows]
        at = np.concatenate([scan.pnl[rows, point], scan.moves[rows, point]]).tobytes()
        question = ("wrapper at a scan point", self._cite, at, tuple(map(id, held)))

        def answer() -> tuple[object, tuple[Explained, ...]]:
            # Positions are held on to, so that no other has their identity.
            return held, tuple([self._position(row, point) for row in rows])

        return cast("tuple[Explained, ...]", scan.recent.of(question, answer)[1])

    def _position(self, row: int, point: int) -> Explained:
        known = self._told.get((row, point))
        if known is None:
            known = self._told[row, point] = self._new_position(row, point)
        return known

    def _new_position(self, row: int, point: int) -> Explained:
        scan = self._scan
        position = scan.holdings.positions[row]
        inputs = (("account", position.account_id), ("where", position.where),
                  ("quantity", f"{position.quantity:,f}"),
                  ("move of the root", f"{scan.moves[row, point]:+.2%}"))
        return Explained(position.instrument.symbol, crossed(-scan.pnl[row, point]), self._cite,
                         inputs)


def label_of(node: Node) -> str:
    """Name a node with the level it stands at."""
    prefix = PREFIXES.get(node.level) if node.level is not None else "Wrapper"
    return node.name if node.level is Level.BOOK else f"{prefix} {node.name}"


def nothing_due(label: str, why: str, cite: Citation) -> Explained:
    """Return a line of zero that says why nothing is due."""
    return Explained(label, Decimal(0), cite, (("why", why),))
