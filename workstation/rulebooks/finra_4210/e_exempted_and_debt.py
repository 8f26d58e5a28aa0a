"""FINRA 4210(e): offsets of the same security, and exempted and debt securities."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from workstation.base.explain import Explained, greater_of
from workstation.base.vocabulary import AssetClass
from workstation.base.wording import asset_class_words
from workstation.parameters.store import Edition, Parameter
from workstation.rulebooks.finra_4210.charges import (
    charge,
    dollars,
    fraction_of,
    plain,
    with_inputs,
)
from workstation.rulebooks.finra_4210.securities import Debt, Stock

_INVESTMENT_GRADE = ("AAA", "AA", "A", "BBB", "BAA")
EXEMPTED = frozenset({AssetClass.TREASURY, AssetClass.AGENCY, AssetClass.MUNICIPAL})
_MARKS = "+-123 *"
_DAYS_A_YEAR = Decimal("365.25")
_PER_CENT = 100


def requirement(debt: Debt, on: date, rule: Edition) -> Explained:
    """Return the margin of one net debt position by the paragraph that fits it."""
    if debt.exempt_account and debt.asset_class in EXEMPTED:
        node = e_2_f_exempt_account(debt, rule)
    elif debt.exempt_account and is_investment_grade(debt.terms.rating.strip()):
        node = e_2_g_exempt_account(debt, rule)
    elif debt.asset_class in (AssetClass.TREASURY, AssetClass.AGENCY):
        node = e_2_a_government(debt, on, rule)
    elif debt.asset_class is AssetClass.MUNICIPAL:
        node = e_2_b_municipal(debt, rule)
    else:
        node = e_2_c_corporate(debt, rule)
    return with_inputs(node, (("principal", plain(debt.principal)),
                              ("price", f"{dollars(debt.price * _PER_CENT)} per cent of par")))


def e_1_same_security(stock: Stock, rule: Edition) -> Explained:
    """Charge the same security held long and sold short.

    requirement = fraction * market value of the long
    """
    node = charge(f"{stock.symbol}: long and short the same security",
                  rule["same_security_fraction"], stock.market_value)
    return with_inputs(node, (("shares", plain(stock.shares)), ("price", dollars(stock.price))))


def e_1_exchangeable(long: Stock, short: Stock, rule: Edition) -> Explained:
    """Charge a security held long that may be exchanged for the one sold short.

    requirement = fraction * market value of the long; the short is marked to the market
    """
    node = charge(f"{long.symbol}: exchangeable for the short {short.symbol}",
                  rule["exchangeable_fraction"], long.market_value)
    return with_inputs(node, (("principal", plain(long.shares)),
                              ("shares sold short", plain(short.shares)),
                              ("price", dollars(short.price))))


def e_2_a_government(debt: Debt, on: date, rule: Edition) -> Explained:
    """Treasuries and agencies by years to maturity, on the net long or net short position.

    requirement = fraction * market value; zero coupons of five years and more at least a
    share of principal
    """
    years = _years(debt, on)
    steps = rule["treasury_steps"]
    fraction = next(Decimal(step["fraction"]) for step in steps.rows
                    if years < step["below_years"])
    node = fraction_of(_label(debt), steps, fraction, debt.market_value,
                       (("years to maturity", f"{years:.2f}"),))
    if not debt.terms.is_zero_coupon or years < rule["zero_coupon_years"].value:
        return node
    floor = charge("zero coupon: share of principal", rule["zero_coupon_principal_fraction"],
                   debt.principal)
    return greater_of(_label(debt), node, floor, cite=steps.cite)


def e_2_b_municipal(debt: Debt, rule: Edition) -> Explained:
    """Municipal and other exempted securities: requirement = fraction * market value."""
    return charge(_label(debt), rule["municipal_fraction"], debt.market_value)


def e_2_c_corporate(debt: Debt, rule: Edition) -> Explained:
    """Corporate debt: a fraction of value if investment grade, otherwise the greater of two.

    requirement = max(fraction * market value, fraction * principal) below investment grade
    """
    rating = debt.terms.rating.strip()
    if is_investment_grade(rating):
        return charge(_label(debt), rule["investment_grade_fraction"], debt.market_value,
                      (("rating", rating),))
    by_value: Parameter = rule["other_debt_fraction"]
    node = greater_of(
        _label(debt),
        charge("share of market value", by_value, debt.market_value),
        charge("share of principal", rule["other_debt_principal_fraction"], debt.principal),
        cite=by_value.cite)
    return with_inputs(
        node, (("rating", rating or "not given: taken as below investment grade"),))


def e_2_f_exempt_account(debt: Debt, rule: Edition) -> Explained:
    """Exempted securities in an exempt account: requirement = fraction (none) * market value.

    A mark-to-market loss need not be collected; the member takes it off its own capital.
    """
    return charge(f"{_label(debt)}, exempt account", rule["exempt_account_fraction"],
                  debt.market_value)


def e_2_g_exempt_account(debt: Debt, rule: Edition) -> Explained:
    """Investment-grade debt in an exempt account: requirement = fraction * market value."""
    return charge(f"{_label(debt)}, exempt account", rule["exempt_account_grade_fraction"],
                  debt.market_value, (("rating", debt.terms.rating.strip()),))


def is_investment_grade(rating: str) -> bool:
    """Say whether a long-term rating (either scale) is BBB- / Baa3 or better."""
    return rating.upper().rstrip(_MARKS) in _INVESTMENT_GRADE


def _years(debt: Debt, on: date) -> Decimal:
    """Return years to maturity; an anniversary of the review date counts as whole years."""
    maturity = debt.terms.maturity
    if maturity is None:
        raise ValueError(f"{debt.symbol}: no maturity came this far")
    whole = maturity.year - on.year - ((maturity.month, maturity.day) < (on.month, on.day))
    return whole + Decimal((maturity - _anniversary(on, whole)).days) / _DAYS_A_YEAR


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=day.day - 1)


def _label(debt: Debt) -> str:
    name = asset_class_words(debt.asset_class)
    return f"{debt.symbol}: {name}, net {'short' if debt.short else 'long'}"
