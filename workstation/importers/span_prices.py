"""Settlement prices and strikes of positional files: decimals, eighths, 32nds, 64ths, no price.

The last digit of a fraction is a truncated eighth: 0 1 2 3 5 6 7 8 stand for 0/8 to 7/8, 4 and 9
are not prices.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from workstation.rulebooks.span.contracts import STRIKE_UNITS

NO_PRICE = 9_999_999
EIGHTHS, THIRTY_SECONDS, SIXTY_FOURTHS = "0", "C", "K"
_STEPS = {THIRTY_SECONDS: 32, SIXTY_FOURTHS: 64}
_EIGHTH = np.array([0, 1, 2, 3, -1, 4, 5, 6, 7, -1], np.int64)
TEN, PAIR = 10, 100
EIGHT = 8
STRIKE_DECIMALS = 9
Whole = NDArray[np.int64]


def in_units(raw: Whole, decimals: Whole, alignment: str) -> Whole:
    """Return prices in billionths; -1 marks a digit that is not an eighth.

    `raw` is the unsigned field as a whole number, `decimals` those of the product.
    """
    if alignment == EIGHTHS:
        eighth = _EIGHTH[raw % TEN]
        value = raw // TEN * STRIKE_UNITS + eighth * (STRIKE_UNITS // EIGHT)
        return np.where(eighth < 0, -1, value)
    if alignment in _STEPS:
        return _in_fractions(raw, decimals, _STEPS[alignment])
    scale = np.power(TEN, np.maximum(STRIKE_DECIMALS - decimals, 0))
    return raw * scale


def _in_fractions(raw: Whole, decimals: Whole, steps: int) -> Whole:
    """Read two digits of 32nds (or 64ths) and, with three decimals, an eighth of one."""
    unit = np.power(TEN, decimals)
    fraction = raw % unit
    has_eighth = decimals > 2  # noqa: PLR2004 -- two digits hold the steps themselves
    eighth = np.where(has_eighth, _EIGHTH[fraction % TEN], 0)
    step = np.where(has_eighth, fraction // TEN, fraction)
    value = raw // unit * STRIKE_UNITS + (step * EIGHT + eighth) * (
        STRIKE_UNITS // (steps * EIGHT))
    return np.where((eighth < 0) | (step >= steps), -1, value)


def decoded_price(raw: str, decimals: int, alignment: str, sign: str = "+") -> Decimal | None:
    """Return one price as text fields give it; None for no price or an impossible fraction."""
    digits = raw.strip()
    if not digits.isdigit() or int(digits) == NO_PRICE:
        return None
    found = int(in_units(np.array([int(digits)]), np.array([decimals]), alignment.strip())[0])
    if found < 0:
        return None
    value = Decimal(found) / STRIKE_UNITS
    return -value if sign == "-" else value
