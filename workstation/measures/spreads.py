"""Greatest loss a set of options on one underlying can bring at expiry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.instruments.terms import Right

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Leg:
    """One option of a spread: units of the underlying it controls, negative when short."""

    right: Right
    strike: Decimal
    units: Decimal


def greatest_loss(legs: Sequence[Leg]) -> Decimal | None:
    """Return the greatest net intrinsic loss of the legs together; None when it has no limit.

    loss = max(0, -min over S of sum of units * intrinsic(S)), S at zero, at every strike and
    above the highest strike. The payoff is straight between strikes, so those points suffice;
    above the highest strike it falls without limit exactly when the calls are net short.
    """
    slope_above = sum((leg.units for leg in legs if leg.right == "C"), ZERO)
    if slope_above < 0:
        return None
    at_zero = sum((leg.units * leg.strike for leg in legs if leg.right == "P"), ZERO)
    slope = -sum((leg.units for leg in legs if leg.right == "P"), ZERO)
    payoff, reached, worst = at_zero, ZERO, at_zero
    for leg in sorted(legs, key=lambda each: each.strike):
        payoff += slope * (leg.strike - reached)
        reached = leg.strike
        worst = min(worst, payoff)
        slope += leg.units
    return max(ZERO, -worst)
