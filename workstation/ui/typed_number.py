"""Read a number as an analyst types it, or say what is wrong with it."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from workstation.base.numerals import in_use, written
from workstation.ui.editable_model import Refusal

_SCALES = {"": 1, "k": 1_000, "m": 1_000_000, "mm": 1_000_000, "b": 1_000_000_000}
MOST_DIGITS = 18
SPACES = " '\u00a0\u202f"


@cache
def _pattern(decimal: str) -> re.Pattern[str]:
    """Return the form of a number; where the comma is the decimal sign, the point groups."""
    groups = re.escape(SPACES + ("." if decimal == "," else ","))
    return re.compile(
        rf"(?P<sign>[-+\u2212]?)(?P<whole>\d{{1,3}}(?:[{groups}]\d{{3}})+|\d*)"
        rf"(?P<rest>{re.escape(decimal)}\d*)?(?P<scale>k|mm|m|b)?$", re.IGNORECASE)


def typed_number(text: str) -> Decimal | Refusal:
    """Return the number, or a sentence that says what to type instead.

    Takes 12500, 12,500, -40, (40), 1.5k, 2mm; 12.500 and 1,5k where the comma is decimal.
    """
    decimal = in_use().decimal
    bare = text.strip()
    if not bare:
        return Refusal("Type a number.")
    in_parentheses = bare.startswith("(") and bare.endswith(")")
    found = _pattern(decimal).match(bare[1:-1].strip() if in_parentheses else bare)
    digits = "" if found is None else re.sub(r"\D", "", found["whole"])
    fraction = "" if found is None else (found["rest"] or "").replace(decimal, ".")
    if found is None or not (digits or fraction.strip(".")):
        return Refusal(f"“{bare}” is not a number; type 12500, -40 or {written('1.5')}k.")
    if len(digits) > MOST_DIGITS:
        return Refusal(f"“{bare}” has more than {MOST_DIGITS} digits.")
    value = Decimal(f"{digits or 0}{fraction or '.0'}0") * _SCALES[(found["scale"] or "").lower()]
    is_negative = in_parentheses != (found["sign"] in ("-", "\u2212") and bool(found["sign"]))
    exact = value.normalize()
    exact = exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
    return -exact if is_negative else exact


def typed_price(text: str) -> Decimal | Refusal:
    """Return a price, which is never negative, or a sentence that says what to type instead."""
    value = typed_number(text)
    if isinstance(value, Decimal) and value < 0:
        return Refusal("A price is not negative; a short position has a negative quantity.")
    return value


def typed_level(text: str) -> Decimal | Refusal:
    """Return the price of an underlying, which is above zero, or a sentence."""
    value = typed_number(text)
    if isinstance(value, Decimal) and value <= 0:
        return Refusal("The price of an underlying is above zero.")
    return value


def typed_percent(text: str) -> Decimal | Refusal:
    """Return a share from what is typed as a percentage: 18.5 or 18.5 % is 0.185.

    A bare number below 1 reads as a decimal typed by mistake and is refused; with its sign it
    is taken as it stands.
    """
    bare = text.strip()
    value = typed_number(bare.removesuffix("%"))
    if isinstance(value, Refusal):
        return value
    if value < 0:
        return Refusal("A volatility is not negative.")
    if 0 < value < 1 and not bare.endswith("%"):
        return Refusal(f"Type percent: {value * 100:f} for {value * 100:f} %, "
                       f"or {bare}% for {bare} %.")
    return (value / 100).normalize()
