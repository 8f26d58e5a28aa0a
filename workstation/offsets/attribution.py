"""Which holdings the requirement comes from: Euler shares that add up, and leave-one-out figures.

Euler: a holding's own mean over the outcomes that bind, gains counted at the rates on the way up;
shares add up to the risk before add-ons, buffers and floors.
Marginal: what the risk falls by without the holding; these do not add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from workstation.book.resolve import Floats
from workstation.harmonised.amounts import crossed
from workstation.harmonised.engine import Assessment
from workstation.harmonised.scan import Index
from workstation.harmonised.tree import Node, scan_requirement

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


def attribution(assessment: Assessment) -> tuple[Attributed, ...]:
    """Return every holding's figures, largest Euler share first; empty where today stands.

    Euler shares add up exactly to the design's risk.
    """
    if assessment.scan_risk is None:
        return ()
    scan, slots = assessment.scan, assessment.slots
    shares = euler_shares(assessment)
    whole = scan_requirement(scan, slots, assessment.rates)
    rows = []
    for slot in range(len(slots.rows)):
        leg = int(slots.leg[slot])
        symbol, form = scan.legs[leg]
        rows.append(Attributed(
            f"{symbol} {form}", scan.accounts[slots.account[slot]],
            scan.roots[scan.leg_root[leg]], len(slots.rows[slot]),
            crossed(shares.get(slot, 0.0)), crossed(whole - _without(assessment, slot))))
    rows.sort(key=lambda row: (-row.euler, row.name, row.account))
    if slots.alone:
        rows.append(Attributed(ALONE, "", "", 0, crossed(slots.alone), None))
    gap = crossed(whole) - sum((row.euler for row in rows), Decimal(0))
    if gap:
        rows.append(Attributed(ROUNDING, "", "", 0, gap, None))
    return tuple(rows)


def euler_shares(assessment: Assessment) -> Mapping[int, float]:
    """Return each slot's share of the trees' requirement, losses positive."""
    found: dict[int, float] = {}
    for tree in assessment.trees:
        for top in tree.tops:
            if top.requirement > 0:
                _share(top, *top.tail.worst(top.profile), assessment.slots.profile, found)
    return found


def _share(node: Node, outcomes: Index, weights: Floats, profile: Floats,
           found: dict[int, float]) -> None:
    """Add up what each slot below a node brings to the outcomes at these weights."""
    for slot in node.slots:
        loss = -float(np.sum(weights * profile[slot][outcomes]))
        found[slot] = found.get(slot, 0.0) + loss
    for child, rate in zip(node.children, node.rates, strict=True):
        counted = np.where(child.profile[outcomes] < 0, 1.0, rate)
        _share(child, outcomes, weights * counted, profile, found)


def _without(assessment: Assessment, slot: int) -> float:
    slots = assessment.slots
    profile = slots.profile.copy()
    profile[slot] = 0.0
    return scan_requirement(assessment.scan, replace(slots, profile=profile), assessment.rates)
