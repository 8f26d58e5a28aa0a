"""Which holdings the requirement comes from: Euler shares that add up, and leave-one-out figures.

Euler: a holding's own mean over the outcomes that bind, gains counted at the rates on the way up;
shares add up to the risk before add-ons, buffers and floors.
Marginal: what the risk falls by without the holding; these do not add up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from workstation.book.resolve import Floats
from workstation.harmonised.amounts import crossed
from workstation.harmonised.engine import Assessment
from workstation.harmonised.revaluation import in_outcomes, without_history
from workstation.harmonised.scan import Index
from workstation.harmonised.tree import Node
from workstation.offsets.leave_one_out import LeaveOneOut

ALONE = "positions scanned alone"
ROUNDING = "rounding"


@dataclass(frozen=True, slots=True)
class Attributed:
    """One wrapper of an underlying in one account: its Euler share and its marginal figure.

    `marginal` is None for lines that are no holding.
    """

    name: str
    account: str
    underlying: str
    positions: int
    euler: Decimal
    marginal: Decimal | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """One position: its Euler share and the margin released if it goes.

    Both None where the design does not scan it. Released is negative where it hedges.
    """

    where: str
    account: str
    symbol: str
    euler: Decimal | None
    released: Decimal | None


def attribution(assessment: Assessment) -> tuple[Attributed, ...]:
    """Return every holding's figures, largest Euler share first; empty where today stands.

    Euler shares add up exactly to the design's risk.
    """
    if assessment.scan_risk is None:
        return ()
    scan, slots = assessment.scan, assessment.slots
    binding, without = _binding(assessment), LeaveOneOut(assessment)
    rows = []
    for slot, profile in enumerate(slots.profile):
        leg = int(slots.leg[slot])
        symbol, form = scan.legs[leg]
        released = without.released(slot, profile[None, :], whole_slot=True)
        rows.append(Attributed(
            f"{symbol} {form}", scan.accounts[slots.account[slot]],
            scan.roots[scan.leg_root[leg]], len(slots.rows[slot]),
            crossed(binding.share(slot, profile[None, :])[0]), crossed(released[0])))
    rows.sort(key=lambda row: (-row.euler, row.name, row.account))
    if slots.alone:
        rows.append(Attributed(ALONE, "", "", 0, crossed(slots.alone), None))
    whole = slots.alone + sum(tree.requirement for tree in assessment.trees)
    gap = crossed(whole) - sum((row.euler for row in rows), Decimal(0))
    if gap:
        rows.append(Attributed(ROUNDING, "", "", 0, gap, None))
    return tuple(rows)


def contributions(assessment: Assessment) -> tuple[Contribution, ...]:
    """Return every position's figures in book order; empty where today stands.

    Euler shares add up to the design's risk but for rounding; a position without history counts
    alone under an expected-shortfall method.
    """
    if assessment.scan_risk is None:
        return ()
    scan, slots = assessment.scan, assessment.slots
    euler, released = np.full((2, len(scan.holdings)), np.nan)
    apart = _apart(assessment)
    euler[apart] = released[apart] = scan.alone[apart]
    binding, without = _binding(assessment), LeaveOneOut(assessment)
    for slot, members in enumerate(slots.rows):
        rows = np.array(members, dtype=np.intp)
        rows = rows[~np.isin(rows, apart)]
        if len(rows):
            profits = _profits(assessment, rows)
            euler[rows] = binding.share(slot, profits)
            released[rows] = without.released(slot, profits, whole_slot=len(members) == 1)
    return tuple(
        Contribution(p.where, p.account_id, p.instrument.symbol, _amount(share), _amount(falls))
        for p, share, falls in zip(scan.holdings.positions, euler.tolist(), released.tolist(),
                                   strict=True))


def _amount(value: float) -> Decimal | None:
    return None if np.isnan(value) else crossed(value)


def _apart(assessment: Assessment) -> Index:
    """Return the positions that take part without history of their root: each stands alone."""
    scan, revalued = assessment.scan, assessment.revalued
    if revalued is None:
        return np.zeros(0, dtype=np.intp)
    return np.flatnonzero(without_history(scan, revalued.simulation))


def _profits(assessment: Assessment, rows: Index) -> Floats:
    """Return the profit of some positions in the outcomes of the slots."""
    scan, revalued = assessment.scan, assessment.revalued
    if revalued is None:
        return np.asarray(scan.pnl[rows])
    return in_outcomes(revalued, scan.root[rows], revalued.pnl[rows])


@dataclass(slots=True)
class _Binding:
    """The outcomes that bind each slot and the weights they carry there."""

    found: dict[int, list[tuple[Index, Floats]]] = field(default_factory=dict)

    def share(self, slot: int, profits: Floats) -> Floats:
        """Return the Euler shares of holdings of a slot: their losses where it binds, weighed."""
        out = np.zeros(len(profits))
        for outcomes, weights in self.found.get(slot, ()):
            out -= profits[:, outcomes] @ weights
        return out

    def descend(self, node: Node, outcomes: Index, weights: Floats) -> None:
        """Carry outcomes down to the slots below a node, gains counted at the rates passed."""
        for slot in node.slots:
            self.found.setdefault(slot, []).append((outcomes, weights))
        for child, rate in zip(node.children, node.rates, strict=True):
            counted = np.where(child.profile[outcomes] < 0, 1.0, rate)
            self.descend(child, outcomes, weights * counted)


def _binding(assessment: Assessment) -> _Binding:
    binding = _Binding()
    for tree in assessment.trees:
        for top in tree.tops:
            if top.requirement > 0:
                binding.descend(top, *top.tail.worst(top.profile))
    return binding
