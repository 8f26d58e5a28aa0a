"""Expected shortfall as amounts that carry their reasons.

A top node's requirement is the mean of its tail; what each wrapper adds to it (its Euler
contribution) is the wrapper's own mean over the same outcomes, gains counted at the rates on the
way up. Contributions add up to the node; what rounding leaves is a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting
from workstation.book.resolve import Floats
from workstation.harmonised.amounts import crossed
from workstation.harmonised.design import Design
from workstation.harmonised.eligibility import Slots
from workstation.harmonised.explanation import label_of
from workstation.harmonised.revaluation import without_history
from workstation.harmonised.scan import Index, Scan
from workstation.harmonised.simulation import Simulation
from workstation.harmonised.tree import Node, UnitTree

TITLES = {"historical": "Historical expected shortfall",
          "simulated": "Simulated expected shortfall"}
SHOWN = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Tail:
    """Outcomes a top node averages over, with the weight each carries at the node being told."""

    outcomes: Index
    weights: Floats


class TailExplainer:
    """Turns trees of one simulation into explained amounts."""

    def __init__(self, scan: Scan, slots: Slots, simulation: Simulation, design: Design) -> None:
        self._scan, self._slots, self._simulation = scan, slots, simulation
        self._cite = design.cite("tails")

    def risk(self, method: str, trees: tuple[UnitTree, ...]) -> Explained:
        """Return the expected shortfall of all units and of positions scanned alone."""
        units = [total(tree.name, *(self._top(top) for top in tree.tops), cite=self._cite)
                 for tree in trees]
        parts = (*units, *self._alone())
        share = ("tail", f"mean of the worst {self._slots.tail.share:.2%} of outcomes")
        return Explained(TITLES[method], sum((p.amount for p in parts), Decimal(0)), self._cite,
                         (share, *self._simulation.told), parts, "sum")

    def _top(self, node: Node) -> Explained:
        name = label_of(node)
        if node.requirement <= 0:
            return leaf(f"{name}: no loss in the tail", Decimal(0), self._cite)
        tail = _Tail(*node.tail.worst(node.profile))
        parts = self._parts(node, tail)
        amount = crossed(node.requirement)
        residual = amount - sum((p.amount for p in parts), Decimal(0))
        if residual:
            parts = (*parts, leaf("Residual of rounding", residual, self._cite))
        worst = ", ".join(self._simulation.labels[s] for s in tail.outcomes[:SHOWN])
        inputs = (("outcomes in the tail", str(len(tail.outcomes))), ("worst of them", worst),
                  ("worst loss", accounting(-float(node.profile[tail.outcomes[0]]))))
        return Explained(name, amount, self._cite, inputs, parts, "sum")

    def _parts(self, node: Node, tail: _Tail) -> tuple[Explained, ...]:
        if node.level is None:
            return tuple(self._slot(slot, tail) for slot in node.slots)
        return tuple(self._child(child, rate, tail)
                     for child, rate in zip(node.children, node.rates, strict=True))

    def _child(self, child: Node, rate: float, tail: _Tail) -> Explained:
        counted = np.where(child.profile[tail.outcomes] < 0, 1.0, rate)
        parts = self._parts(child, _Tail(tail.outcomes, tail.weights * counted))
        shown = () if rate == 1.0 else (("gains counted at", f"{rate:.1%}"),)
        return Explained(label_of(child), sum((p.amount for p in parts), Decimal(0)), self._cite,
                         shown, parts, "sum")

    def _slot(self, slot: int, tail: _Tail) -> Explained:
        scan, slots = self._scan, self._slots
        symbol, form = scan.legs[slots.leg[slot]]
        root = int(scan.leg_root[slots.leg[slot]])
        profit = float(np.sum(tail.weights * slots.profile[slot][tail.outcomes]))
        whole = tail.weights.sum() or 1.0
        move = float(np.sum(tail.weights * self._simulation.moves[root][tail.outcomes]) / whole)
        account = scan.accounts[slots.account[slot]]
        return leaf(f"{symbol} {form} in {account}", crossed(-profit), self._cite,
                    account=account, positions=len(slots.rows[slot]),
                    mean_move_of_the_root=f"{move:+.2%}")

    def _alone(self) -> Iterator[Explained]:
        rows = np.flatnonzero(without_history(self._scan, self._simulation))
        if not len(rows):
            return
        scan = self._scan
        lines = [leaf(f"{scan.roots[r]}: no history, positions scanned alone",
                      crossed(float(scan.alone[rows[scan.root[rows] == r]].sum())), self._cite,
                      why="too few past moves, or levels that never change; no offset recognised",
                      positions=int((scan.root[rows] == r).sum()))
                 for r in np.unique(scan.root[rows])]
        yield total("Roots without history", *lines, cite=self._cite)

