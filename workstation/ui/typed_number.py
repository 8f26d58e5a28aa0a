"""Read a number as an analyst types it, or say what is wrong with it."""

from __future__ import annotations

import re
from decimal import Decimal

_SCALES = {"": 1, "k": 1_000, "m": 1_000_000, "mm": 1_000_000, "b": 1_000_000_000}
_NUMBER = re.compile(
    r"(?P<sign>[-+\u2212]?)(?P<whole>\d{1,3}(?:[, '\u00a0]\d{3})+|\d*)(?P<rest>\.\d*)?"
    r"(?P<scale>k|mm|m|b)?$", re.IGNORECASE)
MOST_DIGITS = 18


def typed_number(text: str) -> Decimal | str:
    """Return the number, or a sentence that says what to type instead.

    Takes 12500, 12,500, -40, (40), 1.5k, 2mm.
    """
    bare = text.strip()
    if not bare:
        return "Type a number."
    in_parentheses = bare.startswith("(") and bare.endswith(")")
    found = _NUMBER.match(bare[1:-1].strip() if in_parentheses else bare)
    digits = "" if found is None else re.sub(r"\D", "", found["whole"])
    fraction = "" if found is None else (found["rest"] or "")
    if found is None or not (digits or fraction.strip(".")):
        return f"“{bare}” is not a number; type 12500, -40 or (40)."
    if len(digits) > MOST_DIGITS:
        return f"“{bare}” has more than {MOST_DIGITS} digits."
    value = Decimal(f"{digits or 0}{fraction or '.0'}0") * _SCALES[(found["scale"] or "").lower()]
    is_negative = in_parentheses != (found["sign"] in ("-", "\u2212") and bool(found["sign"]))
    exact = value.normalize()
    exact = exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
    return -exact if is_negative else exact


def typed_price(text: str) -> Decimal | str:
    """Return a price, which is never negative, or a sentence that says what to type instead."""
    value = typed_number(text)
    if isinstance(value, Decimal) and value < 0:
        return "A price is not negative; a short position has a negative quantity."
    return value
