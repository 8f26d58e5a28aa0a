"""Market values and prices at which an account meets a maintenance call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from workstation.base.explain import Explained
from workstation.base.vocabulary import AssetClass
from workstation.book.resolve import ResolvedBook
from workstation.measures.account_status import PositionTrigger
from workstation.parameters.store import Edition
from workstation.rulebooks.finra_4210.charges import dollars, per_cent
from workstation.rulebooks.finra_4210.d_house import shares_of_account
from workstation.rulebooks.finra_4210.intake import take_in
from workstation.rulebooks.finra_4210.securities import Stock

ONE = Decimal(1)
_BY_PRICE = frozenset({AssetClass.EQUITY, AssetClass.ETF, AssetClass.ETP, AssetClass.MUTUAL_FUND})
TOGETHER = "held with options or on both sides: see the account's distance"
FULLY_PAID = "margined in full: its price cannot bring a call"
NO_PRICE = "no price above zero brings a call"


def long_trigger_value(debit: Decimal, rule: Edition) -> Explained:
    """Return the long market value at which equity equals (c)(1): debit / (1 - fraction)."""
    rate = rule["long_margin_equity_fraction"]
    return Explained(
        "Long market value at the maintenance call", debit / (1 - rate.value), rate.cite,
        (("debit balance", dollars(debit)), ("maintenance", per_cent(rate.value))))


def short_trigger_value(credit: Decimal, rule: Edition) -> Explained:
    """Return the short market value at which equity equals (c)(3): credit / (1 + fraction)."""
    rate = rule["short_fraction"]
    return Explained(
        "Short market value at the maintenance call", credit / (1 + rate.value), rate.cite,
        (("credit balance", dollars(credit)), ("maintenance", per_cent(rate.value))))


def triggers_of(account_id: str, holdings: ResolvedBook, excess: Decimal, rule: Edition,
                over_minimum: Decimal | None = None) -> tuple[PositionTrigger, ...]:
    """Return, for every stock of the account, the price of it alone at which excess is spent.

    `over_minimum` is equity above the account's minimum; None where it has none.
    """
    shares = shares_of_account(holdings)
    intake = take_in(holdings, account_id)
    sides = Counter(stock.underlying for stock in intake.stocks)
    with_options = {option.underlying for option in intake.options}
    found = []
    for stock in intake.stocks:
        alone = sides[stock.underlying] == 1 and stock.underlying not in with_options
        if stock.asset_class in _BY_PRICE and stock.shares:
            price, why = _price(stock, excess, rule) if alone else (None, TOGETHER)
            found.append(PositionTrigger(
                stock.where[0], stock.symbol, price,
                None if price is None or not stock.price else price / stock.price - 1, why,
                least_equity_price(stock, over_minimum) if alone else None,
                concentration_price(stock, shares, rule) if alone else None))
    return tuple(found)


def _price(stock: Stock, excess: Decimal, rule: Edition) -> tuple[Decimal | None, str]:
    if stock.short:
        return short_trigger_price(stock, excess, rule), ""
    fraction = long_fraction(stock, rule)
    if fraction == ONE:
        return None, FULLY_PAID
    price = stock.price - excess / (stock.shares * (ONE - fraction))
    return (price, "") if price > 0 else (None, NO_PRICE)


def least_equity_price(stock: Stock, over: Decimal | None) -> Decimal | None:
    """Return the price at which equity falls to the minimum: price -+ equity over it / shares."""
    if over is None or over < 0:
        return None
    price = stock.price + over / stock.shares * (1 if stock.short else -1)
    return price if price > 0 else None


def concentration_price(stock: Stock, held: Mapping[str, Decimal], rule: Edition
                        ) -> Decimal | None:
    """Return the price at which an underlying reaches the firm's share of gross market value.

    value (1 + m) = threshold x (gross + value m); None where no threshold is set or it is passed
    """
    share, gross = rule["house_concentration_threshold"].value, sum(held.values(), Decimal(0))
    value = held.get(stock.underlying, Decimal(0))
    if not rule["house_concentration_charge"].value or share >= ONE or not value:
        return None
    move = (share * gross - value) / (value * (ONE - share))
    return stock.price * (ONE + move) if move > 0 else None


def long_fraction(stock: Stock, rule: Edition) -> Decimal:
    """Return the maintenance fraction of a long holding, leverage counted."""
    if not stock.marginable:
        return rule["nonmargin_long_fraction"].value
    base = rule["crypto_etp_long_fraction" if stock.is_crypto else "long_margin_equity_fraction"]
    return _levered(base.value, stock, rule)


def short_trigger_price(stock: Stock, excess: Decimal, rule: Edition) -> Decimal:
    """Return the price at which a short sale spends the account's excess.

    excess falls by the rise of price + requirement a share; both pieces of the rule are straight
    lines between 2.50, 5 and the price at which the percentage overtakes 5 a share.
    """
    usd = stock.usd
    low, low_fraction = rule["short_low_price_per_share"].value * usd, rule[
        "short_low_price_fraction"].value
    floor, threshold = rule["short_per_share"].value * usd, rule[
        "short_price_threshold"].value * usd
    name = "crypto_etp_short_fraction" if stock.is_crypto else "short_fraction"
    fraction, cheap = (_levered(value, stock, rule) for value in (
        rule[name].value, low_fraction))

    def needed(price: Decimal) -> Decimal:
        if price < threshold:
            return max(low, cheap * price)
        return max(floor, fraction * price)

    reach = excess / stock.shares + stock.price + needed(stock.price)
    pieces = (
        (low / cheap, reach - low), (threshold, reach / (ONE + cheap)),
        (max(threshold, floor / fraction), reach - floor))
    for end, price in pieces:
        if price <= end:
            return max(price, Decimal(0))
    return reach / (ONE + fraction)


def _levered(base: Decimal, stock: Stock, rule: Edition) -> Decimal:
    if stock.leverage == 1:
        return base
    return min(base * stock.leverage, max(rule["leveraged_fund_cap"].value, base))
