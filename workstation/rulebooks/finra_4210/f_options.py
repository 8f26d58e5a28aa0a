"""FINRA 4210(f)(2): listed options, alone, as spreads and as straddles.

Amounts are gross: the premium of a short option is inside its requirement, a long option is paid
in full. The net basis takes the premium of every short option off again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from workstation.base.explain import Explained, greater_of, lesser_of, total
from workstation.base.vocabulary import UnderlyingClass
from workstation.measures.spreads import Leg, greatest_loss
from workstation.parameters.store import Edition, Parameter
from workstation.rulebooks.finra_4210.charges import (
    Inputs,
    amount,
    charge,
    cited,
    dollars,
    fraction_of,
    per_cent,
    plain,
)
from workstation.rulebooks.finra_4210.names import spread_name, straddle_name
from workstation.rulebooks.finra_4210.securities import Option

SPREAD = "(f)(2)(H)"
STRADDLE = "(f)(2)(G)"
_CLASS = {
    UnderlyingClass.BROAD_INDEX_HIGH_CAP: "broad_index",
    UnderlyingClass.BROAD_INDEX: "broad_index",
    UnderlyingClass.NARROW_INDEX: "narrow_index",
    UnderlyingClass.VOLATILITY_INDEX: "volatility_index",
    UnderlyingClass.INTEREST_RATE: "interest_rate",
    UnderlyingClass.TREASURY_NOTE: "treasury_note",
    UnderlyingClass.TREASURY_BOND: "treasury_bond",
    UnderlyingClass.CURRENCY: "foreign_currency",
    UnderlyingClass.CRYPTO: "crypto_etp",
}


_OTC_CLASS = {
    UnderlyingClass.EQUITY: "equity",
    UnderlyingClass.SECTOR_ETF: "narrow_index",
    UnderlyingClass.NARROW_INDEX: "narrow_index",
    UnderlyingClass.BROAD_INDEX: "broad_index",
    UnderlyingClass.BROAD_INDEX_HIGH_CAP: "broad_index",
    UnderlyingClass.INTEREST_RATE: "us_government",
    UnderlyingClass.TREASURY_NOTE: "us_government",
    UnderlyingClass.TREASURY_BOND: "us_government",
    UnderlyingClass.OTHER_GOVERNMENT: "other_government",
    UnderlyingClass.CORPORATE_DEBT: "corporate_debt",
}


def f_2_d_long(option: Option, on: date, rule: Edition) -> Explained:
    """Long options: the premium in full, three quarters of it beyond nine months.

    requirement = fraction * premium * multiplier * contracts
    """
    months = rule["long_option_loan_months"]
    late = option.outlasts(on, int(months.value))
    if late and option.otc:
        return _long_otc(option, rule)
    rate = rule["long_option_over_nine_months_fraction" if late else "long_option_fraction"]
    side = "over" if late else "up to"
    expiry = ("expiry", f"{option.terms.expiry}, {side} {months.value} months")
    return charge(f"{option.symbol}: long option", rate, option.premium_value,
                  (*_size(option), expiry))


def _long_otc(option: Option, rule: Edition) -> Explained:
    """Return (f)(2)(F) for long OTC options over nine months.

    requirement = fraction * in the money + premium above it in full
    """
    rate = rule["long_otc_in_the_money_fraction"]
    inside = min(option.in_the_money * option.multiplier * option.contracts, option.premium_value)
    return total(f"{option.symbol}: long OTC option",
                 charge("in the money", rate, inside, _size(option)),
                 charge("the rest of the premium", rule["long_option_fraction"],
                        option.premium_value - inside), cite=rate.cite)


def f_2_f_otc(option: Option, on: date, rule: Edition) -> Explained:
    """OTC options, long or short without cover: percentages of their own."""
    return f_2_e_uncovered(option, rule) if option.short else f_2_d_long(option, on, rule)


def f_2_d_paid_in_full(option: Option, rule: Edition) -> Explained:
    """Long options inside a strategy: the premium in full."""
    rate = rule["long_option_fraction"]
    return charge(f"{option.symbol}: long, paid in full", rate, option.premium_value,
                  _size(option))


def f_2_e_uncovered(option: Option, rule: Edition) -> Explained:
    """Short options without cover.

    requirement = premium + max(fraction * leverage * underlying - out of the money,
                                floor * leverage * (underlying for calls, strike for puts))
    """
    fraction, floor = rates(option, rule)
    units = option.multiplier * option.contracts
    parts = _per_unit(option, fraction, floor)
    percentage = amount(
        "share of underlying less out-of-the-money amount", parts[0] * units, fraction.cite,
        (("rate", _rate(fraction, option)), ("underlying", dollars(option.spot)),
         ("out of the money", dollars(option.out_of_the_money))))
    least = fraction_of("least amount", floor, floor.value * option.leverage,
                        _floor_base(option) * units)
    premium = amount("premium", option.premium_value, fraction.cite,
                     (("price", dollars(option.premium)),))
    above = greater_of("above the premium", percentage, least, cite=fraction.cite)
    return Explained(f"{option.symbol}: short, uncovered", premium.amount + above.amount,
                     fraction.cite, _size(option), (premium, above), "sum")


def uncovered_amount(option: Option, rule: Edition) -> Decimal:
    """Return the amount of `f_2_e_uncovered` without its explanation."""
    units = option.multiplier * option.contracts
    return option.premium_value + max(_per_unit(option, *rates(option, rule))) * units


def rates(option: Option, rule: Edition) -> tuple[Parameter, Parameter]:
    """Return the percentage and the floor for the class of the option's underlying."""
    if option.otc:
        name = f"otc_{_OTC_CLASS.get(option.underlying_class, 'other')}"
    else:
        name = _CLASS.get(option.underlying_class, "equity")
    return rule[f"uncovered_{name}_fraction"], rule[f"uncovered_{name}_floor"]


def f_2_g_short_straddle(call: Option, put: Option, rule: Edition) -> Explained:
    """Short call and short put on the same underlying, straddle or strangle.

    requirement = greater of the two uncovered amounts + premium of the other side

    Where both sides ask for the same the rule names none: the larger premium is added.
    """
    cite = cited(rule, STRADDLE)
    at_risk = greater_of("greater of the two sides", f_2_e_uncovered(call, rule),
                         f_2_e_uncovered(put, rule), cite=cite)
    of_call, of_put = (part.amount for part in at_risk.parts)
    if of_call == of_put:
        other = max(put, call, key=lambda side: side.premium_value)
    else:
        other = put if of_call > of_put else call
    premium = amount(f"{other.symbol}: premium of the other side", other.premium_value, cite,
                     (("price", dollars(other.premium)),))
    return total(f"Short {straddle_name(call, put)}", at_risk, premium, cite=cite)


def f_2_h_spread(options: Sequence[Option], rule: Edition) -> Explained:
    """Spreads of any number of legs (Regulatory Notice 12-44).

    requirement = longs in full + lesser of (sum of uncovered amounts, greatest potential loss)
    """
    shorts = [option for option in options if option.short]
    longs = [option for option in options if not option.short]
    cite = cited(rule, SPREAD)
    short_side = lesser_of(
        "short legs",
        total("uncovered", *(f_2_e_uncovered(option, rule) for option in shorts)),
        amount("greatest potential loss", spread_loss(options), cite,
               (("measured at", "zero, every strike, and above the highest"),)),
        cite=cite)
    paid = (f_2_d_paid_in_full(option, rule) for option in longs)
    return total(spread_name(options), *paid, short_side, cite=cite)


def f_2_h_long_box(options: Sequence[Option], rule: Edition) -> Explained:
    """Long box of European, cash-settled options: it is worth its strike difference at expiry.

    requirement = fraction * strike difference + premium of the short legs (the gross basis)
    """
    rate = rule["long_box_fraction"]
    strikes = sorted({option.strike for option in options})
    size = (strikes[-1] - strikes[0]) * options[0].multiplier * options[0].contracts
    own = charge("share of the strike difference", rate, size,
                 (("strikes", " / ".join(plain(strike) for strike in strikes)),))
    premiums = (amount(f"{option.symbol}: premium", option.premium_value, rate.cite)
                for option in options if option.short)
    return total(f"Long {spread_name(options).lower()}", own, *premiums, cite=rate.cite)


def spread_loss(options: Sequence[Option]) -> Decimal:
    """Return the greatest net intrinsic loss of the legs; raises where it has no limit."""
    legs = [Leg(o.terms.right, o.strike, (-1 if o.short else 1) * o.contracts * o.multiplier)
            for o in options]
    loss = greatest_loss(legs)
    if loss is None:
        raise ValueError("the calls are net short: no spread")
    return loss


def _per_unit(option: Option, fraction: Parameter, floor: Parameter) -> tuple[Decimal, Decimal]:
    percentage = fraction.value * option.leverage * option.spot - option.out_of_the_money
    return percentage, floor.value * option.leverage * _floor_base(option)


def _floor_base(option: Option) -> Decimal:
    return option.spot if option.is_call else option.strike


def _rate(fraction: Parameter, option: Option) -> str:
    text = per_cent(fraction.value)
    return text if option.leverage == 1 else f"{text} x leverage {plain(option.leverage)}"


def _size(option: Option) -> Inputs:
    return ("contracts", plain(option.contracts)), ("multiplier", plain(option.multiplier))


def strike_and_spot(option: Option) -> Inputs:
    """Return strike and underlying price as inputs shown."""
    return ("strike", dollars(option.strike)), ("underlying", dollars(option.spot))
