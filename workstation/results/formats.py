"""How the columns of result tables are written: on screen, and in the workbook."""

from __future__ import annotations

import math
from decimal import Decimal

from workstation.base import wording
from workstation.base.money import accounting
from workstation.results.table import Column

EXCEL_MONEY = "#,##0_);(#,##0)"
EXCEL_PRICE = "#,##0.00######_);(#,##0.00######)"
EXCEL_QUANTITY = "#,##0.########_);(#,##0.########)"
EXCEL_PERCENT = "0.0%"
EXCEL_WHOLE = "0"
EXCEL_RATIO = "0.000"
PRICE_DECIMALS = 2
MOST_DECIMALS = 8
RATIO_DECIMALS = 3
PERCENT = 100


def _decimals(value: Decimal | float) -> int:
    """Return how many decimals a figure was given with, trailing zeros apart."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    exponent = exact.normalize().as_tuple().exponent
    return min(MOST_DECIMALS, max(0, -exponent)) if isinstance(exponent, int) else 0


def amount_text(value: Decimal | float) -> str:
    """Write money to the unit, negatives in parentheses."""
    return accounting(value)


def price_text(value: Decimal | float) -> str:
    """Write a price with the decimals it has, two at least."""
    return accounting(value, max(PRICE_DECIMALS, _decimals(value)))


def level_text(value: Decimal | float) -> str:
    """Write a computed price with six figures, and no digit that only computing gave it."""
    magnitude = math.floor(math.log10(abs(float(value)))) if value else 0
    return accounting(value, min(8, max(PRICE_DECIMALS, 5 - magnitude)))


def quantity_text(value: Decimal | float) -> str:
    """Write a quantity with the decimals it has and no more."""
    return accounting(value, _decimals(value))


def percent_text(value: Decimal | float) -> str:
    """Write a share as a percentage with one decimal."""
    shown = accounting(value * PERCENT, 1)
    return f"{shown[:-1]} %)" if shown.endswith(")") else f"{shown} %"


def ratio_text(value: Decimal | float) -> str:
    """Write a ratio, a multiple or a probability with three decimals."""
    return accounting(value, RATIO_DECIMALS)


def yes_no(value: bool) -> str:
    """Write a truth as a word."""
    return "yes" if value else "no"


def words(heading: str, field: str, hint: str = "") -> Column:
    """Return a column of text."""
    return Column(heading, field, hint=hint)


def regime(heading: str, field: str, hint: str = "") -> Column:
    """Return a column of rulebooks, by their names in the field."""
    return Column(heading, field, wording.regime_words, hint=hint)


def account_type(heading: str, field: str) -> Column:
    """Return a column of account types."""
    return Column(heading, field, wording.account_type_words)


def asset_class(heading: str, field: str) -> Column:
    """Return a column of asset classes."""
    return Column(heading, field, wording.asset_class_words)


def money(heading: str, field: str, hint: str = "", *, total: bool = False,
          every: bool = False) -> Column:
    """Return a column of money, in the currency its table names."""
    return Column(heading, field, amount_text, True, EXCEL_MONEY, total, hint, every)


def price(heading: str, field: str, hint: str = "") -> Column:
    """Return a column of prices."""
    return Column(heading, field, price_text, True, EXCEL_PRICE, hint=hint)


def level(heading: str, field: str, hint: str = "") -> Column:
    """Return a column of computed prices."""
    return Column(heading, field, level_text, True, EXCEL_PRICE, hint=hint)


def ratio(heading: str, field: str, hint: str = "") -> Column:
    """Return a column of ratios, multiples or probabilities."""
    return Column(heading, field, ratio_text, True, EXCEL_RATIO, hint=hint)


def quantity(heading: str, field: str, hint: str = "") -> Column:
    """Return a column of quantities; quantities of different things are never added."""
    return Column(heading, field, quantity_text, True, EXCEL_QUANTITY, hint=hint)


def percent(heading: str, field: str, hint: str = "") -> Column:
    """Return a column of shares, written as percentages."""
    return Column(heading, field, percent_text, True, EXCEL_PERCENT, hint=hint)


def whole(heading: str, field: str, hint: str = "") -> Column:
    """Return a column of whole numbers: steps, days, counts."""
    return Column(heading, field, str, True, EXCEL_WHOLE, hint=hint)
