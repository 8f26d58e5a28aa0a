"""Where a design's scenario figures become amounts.

Scan losses and charges cross to Decimal at a hundred-millionth of the currency unit, so that
trees of any size and the bridge add up exactly in 28 digits; nothing is rounded after that.
"""

from __future__ import annotations

from decimal import Decimal

from workstation.base.money import money

CROSSING_DECIMALS = 8
SMALLEST = Decimal(1).scaleb(-CROSSING_DECIMALS)


def crossed(value: float) -> Decimal:
    """Return a scenario figure as an amount."""
    amount = money(round(float(value), CROSSING_DECIMALS))
    return amount if amount else Decimal(0)


def settled(value: Decimal) -> Decimal:
    """Return a product of amounts and rates on the same grid as every other amount."""
    amount = value.quantize(SMALLEST)
    return amount if amount else Decimal(0)
