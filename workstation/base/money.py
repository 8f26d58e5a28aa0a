"""The one crossing from scenario arithmetic (float) to rule arithmetic (Decimal)."""

from __future__ import annotations

import math
from decimal import Decimal

from workstation.base.numerals import written


def money(value: float) -> Decimal:
    """Return the shortest decimal that reads back as the same float; refuses NaN and infinity."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is not an amount")
    return Decimal(repr(float(value)))


def accounting(value: Decimal | float, decimals: int = 0) -> str:
    """Write an amount for display: thousands separated, negatives in parentheses.

    The signs are those of the thread (`numerals`); outside the window always `1,234.5`.
    """
    text = written(f"{abs(value):,.{decimals}f}")
    if value >= 0:
        return text
    is_zero = not any(digit in text for digit in "123456789")
    return text if is_zero else f"({text})"
