"""The exact Shapley share of each lever: what it moves, averaged over every order of levers.

Every subset S of the n levers is evaluated:

    share[l] = sum over sets S without l of |S|! (n - |S| - 1)! / n! * (total(S + l) - total(S))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial

import numpy as np

from workstation.harmonised.addons import add_ons
from workstation.harmonised.amounts import SMALLEST, crossed
from workstation.harmonised.engine import Assessment
from workstation.harmonised.kept import kept_accounts
from workstation.harmonised.levels import Level
from workstation.harmonised.limits import limits
from workstation.harmonised.rates import Rates
from workstation.harmonised.tree import trees
from workstation.offsets.counterfactual import NONE
from workstation.offsets.waterfall import (
    CROSS_ASSET,
    EVIDENCE,
    LEGAL,
    PRODUCT_GROUP,
    SAME_UNDERLYING,
)

CHARGES = "Add-ons, buffers, floors and caps"
LEVERS = (SAME_UNDERLYING, PRODUCT_GROUP, CROSS_ASSET, LEGAL, EVIDENCE, CHARGES)


@dataclass(frozen=True, slots=True)
class LeverShare:
    """What one lever moves, whatever the order; negative saves margin."""

    label: str
    amount: Decimal


def shapley(assessment: Assessment) -> tuple[LeverShare, ...]:
    """Return each lever's share of the way from equal netting to the design.

    Shares add up exactly to design - model change at equal netting: what the division by n!
    leaves below a hundred-millionth goes to the shares that lost most by it. A design that
    repeats the silos has no levers.
    """
    if assessment.scan_risk is None:
        return ()
    totals = {chosen: _total(assessment, frozenset(chosen))
              for size in range(len(LEVERS) + 1) for chosen in combinations(LEVERS, size)}
    by_set = {frozenset(chosen): total for chosen, total in totals.items()}
    exact = [_share(lever, LEVERS, by_set.__getitem__) for lever in LEVERS]
    amounts = _apportioned(exact, by_set[frozenset(LEVERS)] - by_set[frozenset()])
    return tuple(LeverShare(lever, a) for lever, a in zip(LEVERS, amounts, strict=True))


def _share(lever: str, levers: tuple[str, ...],
           total: Callable[[frozenset[str]], Decimal]) -> Fraction:
    others = [other for other in levers if other != lever]
    count, share = len(levers), Fraction(0)
    for size in range(count):
        weight = Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
        for chosen in combinations(others, size):
            without = frozenset(chosen)
            share += weight * Fraction(total(without | {lever}) - total(without))
    return share


def _apportioned(shares: list[Fraction], whole: Decimal) -> list[Decimal]:
    """Bring shares to the grid of amounts so that they still add up to the whole."""
    grid = Fraction(SMALLEST)
    down = [int((s / grid) // 1) for s in shares]
    missing = int((whole / SMALLEST).to_integral_value(ROUND_FLOOR)) - sum(down)
    by_loss = sorted(range(len(shares)), key=lambda i: (down[i] - shares[i] / grid, i))
    for i in by_loss[:missing]:
        down[i] += 1
    return [d * SMALLEST for d in down]


def _total(assessment: Assessment, chosen: frozenset[str]) -> Decimal:
    """Return the requirement with some levers pulled."""
    scan, slots, design = assessment.scan, assessment.slots, assessment.design
    unit = slots.account
    if SAME_UNDERLYING in chosen:
        unit = slots.unit if LEGAL in chosen else np.zeros_like(slots.unit)
    grown = trees(scan, slots, _rates(assessment, chosen), unit)
    risk = crossed(slots.alone + sum(tree.requirement for tree in grown))
    if CHARGES not in chosen:
        return risk
    before = risk + add_ons(design, scan, slots, grown, assessment.book).amount
    kept = kept_accounts(scan.holdings, scan.included, assessment.silos)
    return before + limits(design, slots, assessment.silos, before, kept).amount


def _rates(assessment: Assessment, chosen: frozenset[str]) -> Rates:
    rates = Rates.of(assessment.design, assessment.evidence if EVIDENCE in chosen else None)
    ceilings = dict(rates.ceilings)
    if PRODUCT_GROUP not in chosen:
        ceilings[Level.PRODUCT_GROUP] = NONE
    if CROSS_ASSET not in chosen:
        ceilings |= {Level.ASSET_CLASS: NONE, Level.BOOK: NONE}
    return Rates(ceilings, rates.evidence if EVIDENCE in chosen else None)
