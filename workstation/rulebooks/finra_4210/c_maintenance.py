"""FINRA 4210(c): maintenance margin on stock, funds and security futures.

Functions stand in paragraph order. Funds that multiply the daily move carry the base fraction
times their leverage factor, at most the whole value (Regulatory Notice 09-53).
"""

from __future__ import annotations

from decimal import Decimal

from workstation.base.explain import Explained, greater_of
from workstation.base.vocabulary import AssetClass
from workstation.parameters.store import Edition, Parameter
from workstation.rulebooks.finra_4210.charges import (
    charge,
    dollars,
    fraction_of,
    per_unit,
    plain,
    with_inputs,
)
from workstation.rulebooks.finra_4210.securities import Stock


def maintenance(stock: Stock, rule: Edition) -> Explained:
    """Return the maintenance margin of one stock holding by the paragraph that fits it."""
    if stock.asset_class is AssetClass.SECURITY_FUTURE:
        return c_5_security_future(stock, rule)
    if stock.asset_class is AssetClass.MONEY_MARKET_FUND and not stock.short:
        return charge(f"{stock.symbol}: money market fund", rule["money_market_fund_fraction"],
                      stock.market_value)
    if not stock.short:
        return c_1_long(stock, rule) if stock.marginable else c_6_nonmargin_long(stock, rule)
    if stock.asset_class is AssetClass.CONVERTIBLE:
        return c_4_short_bond(stock, rule)
    if stock.price < rule["short_price_threshold"].value * stock.usd:
        return c_2_short_below_five_dollars(stock, rule)
    return c_3_short_at_five_dollars_or_more(stock, rule)


def c_1_long(stock: Stock, rule: Edition) -> Explained:
    """Margin securities held long.

    requirement = min(cap, fraction * leverage) * market value
    """
    base = rule["crypto_etp_long_fraction" if stock.is_crypto else "long_margin_equity_fraction"]
    return _shown(_levered(f"{stock.symbol}: long", base, stock, rule), stock)


def c_2_short_below_five_dollars(stock: Stock, rule: Edition) -> Explained:
    """Stock sold short below five dollars.

    requirement = max(per share * shares, fraction * market value)
    """
    return _short(stock, rule["short_low_price_per_share"], rule["short_low_price_fraction"], rule)


def c_3_short_at_five_dollars_or_more(stock: Stock, rule: Edition) -> Explained:
    """Stock sold short at five dollars or above.

    requirement = max(per share * shares, fraction * market value)
    """
    fraction = rule["crypto_etp_short_fraction" if stock.is_crypto else "short_fraction"]
    return _short(stock, rule["short_per_share"], fraction, rule)


def c_4_short_bond(bond: Stock, rule: Edition) -> Explained:
    """Bonds sold short that paragraph (e) does not take: convertibles.

    requirement = max(fraction * principal, fraction * market value)
    """
    by_value = rule["short_bond_fraction"]
    return greater_of(
        f"{bond.symbol}: short bond",
        charge("share of principal", rule["short_bond_principal_fraction"], bond.shares),
        charge("share of market value", by_value, bond.market_value),
        cite=by_value.cite,
    )


def c_5_security_future(future: Stock, rule: Edition) -> Explained:
    """Security futures, long or short: requirement = fraction * contract value."""
    side = "short" if future.short else "long"
    return charge(f"{future.symbol}: security future, {side}", rule["security_future_fraction"],
                  future.market_value)


def c_6_nonmargin_long(stock: Stock, rule: Edition) -> Explained:
    """Securities held long that are not margin-eligible: the whole market value."""
    return _shown(charge(f"{stock.symbol}: long, not margin-eligible",
                         rule["nonmargin_long_fraction"], stock.market_value), stock)


def _short(stock: Stock, per_share: Parameter, fraction: Parameter, rule: Edition) -> Explained:
    both = greater_of(
        f"{stock.symbol}: short",
        per_unit("minimum per share", per_share, stock.shares, stock.usd),
        _levered("share of market value", fraction, stock, rule),
        cite=fraction.cite,
    )
    return _shown(both, stock)


def _levered(label: str, base: Parameter, stock: Stock, rule: Edition) -> Explained:
    """Return the base fraction times the leverage factor, at most the cap, of market value."""
    if stock.leverage == 1:
        return charge(label, base, stock.market_value)
    cap = rule["leveraged_fund_cap"]
    fraction = min(base.value * stock.leverage, max(cap.value, base.value))
    return fraction_of(label, cap, Decimal(fraction), stock.market_value,
                       (("leverage factor", plain(stock.leverage)),))


def _shown(node: Explained, stock: Stock) -> Explained:
    return with_inputs(node, (("shares", plain(stock.shares)), ("price", dollars(stock.price))))
