"""FINRA 4210(f)(2): stock held against options.

`Basis.stock` says what stock costs: the maintenance paragraphs here, 12 CFR 220.12 under
Regulation T. The relief for hedged stock (`Basis.hedge_relief`) exists for maintenance only.
Stock covering a short call that is in the money is valued at the strike, so the account's equity
must value it so too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from workstation.base.explain import Explained, lesser_of, total
from workstation.base.recent import Recent
from workstation.parameters.store import Edition
from workstation.rulebooks.finra_4210.charges import amount, charge, cited, dollars, plain
from workstation.rulebooks.finra_4210.f_options import SPREAD, f_2_d_paid_in_full, strike_and_spot
from workstation.rulebooks.finra_4210.securities import Option, Stock


@dataclass(frozen=True, slots=True)
class Basis:
    """What one requirement is measured by: its name, its stock charge, its edition, its date."""

    name: str
    stock: Callable[[Stock], Explained]
    hedge_relief: bool
    rule: Edition
    on: date
    exchangeable: Callable[[Stock, Stock], Explained]
    """What a long convertible and the short it covers cost together."""
    covered_by_call: Callable[[Option, Stock], Explained] | None = None
    """What a short sale and the long call that covers it cost together, where the rule has it."""
    memo: dict[object, Any] = field(default_factory=dict, compare=False)
    """What options alone come to, which every basis of one account shares."""
    recent: Recent[Any] = field(default_factory=Recent, compare=False)
    """Pairings of classes as they stood in this review or the one before."""


def f_2_h_covered_call(call: Option, stock: Stock, basis: Basis) -> Explained:
    """Short call against long stock: the stock alone, valued at no more than the strike."""
    covered = stock.valued_at_most(call.strike) if call.in_the_money else stock
    return total(f"{stock.symbol}: covered call {plain(call.terms.strike)}",
                 basis.stock(covered), _free(call, "covered by the stock", basis),
                 cite=cited(basis.rule, SPREAD))


def f_2_h_covered_put(put: Option, stock: Stock, basis: Basis) -> Explained:
    """Short put against short stock: requirement = short stock + put in-the-money amount."""
    cite = cited(basis.rule, SPREAD)
    inside = amount(f"{put.symbol}: in the money, added", _money(put, put.in_the_money), cite,
                    strike_and_spot(put))
    return total(f"{stock.symbol}: covered put {plain(put.terms.strike)}", basis.stock(stock),
                 inside, cite=cite)


def f_2_h_protective_put(put: Option, stock: Stock, basis: Basis) -> Explained:
    """Long stock with a long put, maintenance.

    requirement = min(fraction * strike + put out of the money, stock) + premium in full
    """
    return _hedged(f"{stock.symbol}: protective put {plain(put.terms.strike)}", put, stock, basis)


def f_2_h_long_call_short_stock(call: Option, stock: Stock, basis: Basis) -> Explained:
    """Short stock with a long call, maintenance.

    requirement = min(fraction * strike + call out of the money, short stock) + premium in full
    """
    name = f"{stock.symbol}: short stock with call {plain(call.terms.strike)}"
    return _hedged(name, call, stock, basis)


def f_2_h_conversion(put: Option, call: Option, stock: Stock, basis: Basis) -> Explained:
    """Long stock, long put, short call of one strike: requirement = fraction * strike."""
    return total(f"{stock.symbol}: conversion {plain(put.terms.strike)}",
                 _of_strike(put, basis), f_2_d_paid_in_full(put, basis.rule),
                 _free(call, "covered by the stock", basis), cite=cited(basis.rule, SPREAD))


def f_2_h_reverse_conversion(call: Option, put: Option, stock: Stock, basis: Basis) -> Explained:
    """Short stock, long call, short put of one strike.

    requirement = fraction * strike + put in-the-money amount, call paid in full
    """
    cite = cited(basis.rule, SPREAD)
    inside = amount(f"{put.symbol}: in the money, added", _money(put, put.in_the_money), cite,
                    strike_and_spot(put))
    return total(f"{stock.symbol}: reverse conversion {plain(put.terms.strike)}",
                 _of_strike(put, basis), inside, f_2_d_paid_in_full(call, basis.rule), cite=cite)


def f_2_h_collar(put: Option, call: Option, stock: Stock, basis: Basis) -> Explained:
    """Long stock, long put below a short call of the same expiry.

    requirement = min(fraction * put strike + put out of the money, stock at the call strike)
    """
    at_strike = basis.stock(replace(stock, price=call.strike))
    hedged = _strike_and_out(put, basis)
    node = lesser_of("hedged stock", hedged, replace(at_strike, label="stock at the call strike"),
                     cite=basis.rule["hedge_strike_fraction"].cite)
    strikes = f"{plain(put.terms.strike)} / {plain(call.terms.strike)}"
    return total(f"{stock.symbol}: collar {strikes}", node,
                 f_2_d_paid_in_full(put, basis.rule), _free(call, "covered by the stock", basis),
                 cite=cited(basis.rule, SPREAD))


def charged(kind: str, options: Sequence[Option], stock: Stock, basis: Basis,
            stock_amount: Callable[[Decimal], Decimal]) -> Decimal:
    """Return the amount of a hedge without its explanation; the search weighs thousands.

    `stock_amount` is what the stock costs valued at a price.
    """
    first = options[0]
    share = basis.rule["hedge_strike_fraction"].value
    if kind == "covered call":
        return stock_amount(min(stock.price, first.strike) if first.in_the_money else stock.price)
    if kind == "covered put":
        return stock_amount(stock.price) + _money(first, first.in_the_money)
    if kind == "reverse conversion":
        put = options[1]
        return _money(put, share * put.strike + put.in_the_money) + _paid(first, basis)
    if kind == "conversion":
        return _money(first, share * first.strike) + _paid(first, basis)
    against = stock_amount(options[1].strike if kind == "collar" else stock.price)
    hedged = _money(first, share * first.strike + first.out_of_the_money)
    return min(hedged, against) + _paid(first, basis)


def _paid(option: Option, basis: Basis) -> Decimal:
    return basis.rule["long_option_fraction"].value * option.premium_value


def _hedged(name: str, option: Option, stock: Stock, basis: Basis) -> Explained:
    node = lesser_of("hedged stock", _strike_and_out(option, basis), basis.stock(stock),
                     cite=basis.rule["hedge_strike_fraction"].cite)
    return total(name, node, f_2_d_paid_in_full(option, basis.rule),
                 cite=cited(basis.rule, SPREAD))


def _strike_and_out(option: Option, basis: Basis) -> Explained:
    cite = basis.rule["hedge_strike_fraction"].cite
    out = amount("out-of-the-money amount", _money(option, option.out_of_the_money), cite,
                 strike_and_spot(option))
    return total("share of strike and out-of-the-money amount", _of_strike(option, basis), out,
                 cite=cite)


def _of_strike(option: Option, basis: Basis) -> Explained:
    return charge("share of strike", basis.rule["hedge_strike_fraction"],
                  _money(option, option.strike))


def _money(option: Option, per_unit: Decimal) -> Decimal:
    return per_unit * option.multiplier * option.contracts


def _free(option: Option, why: str, basis: Basis) -> Explained:
    return amount(f"{option.symbol}: {why}", Decimal(0), cited(basis.rule, SPREAD),
                  (("contracts", plain(option.contracts)), ("strike", dollars(option.strike))))
