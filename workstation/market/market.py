"""What the market says about each underlying on the review date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from workstation.base.vocabulary import UnderlyingClass
from workstation.market.history import History


@dataclass(frozen=True, slots=True)
class Underlying:
    """One row of the `Market` sheet; rates, yields and volatilities are decimals a year."""

    symbol: str
    price: Decimal
    currency: str = "USD"
    underlying_class: UnderlyingClass = UnderlyingClass.EQUITY
    leverage: Decimal = Decimal(1)
    iv: Decimal | None = None
    rate: Decimal | None = None
    dividend_yield: Decimal | None = None
    adv: Decimal | None = None
    annual_volatility: Decimal | None = None
    sector: str = ""
    venue: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Dividend:
    """A cash dividend of an underlying, per share."""

    symbol: str
    ex_date: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Market:
    """Everything priced, by symbol, with the histories the stability tests read.

    `fx` holds units of the reporting currency per unit of the named currency; the reporting
    currency itself is always 1.
    """

    underlyings: Mapping[str, Underlying] = field(default_factory=dict)
    dividends: tuple[Dividend, ...] = ()
    history: History = field(default_factory=History)
    currency: str = "USD"
    fx: Mapping[str, Decimal] = field(default_factory=dict)

    def underlying(self, symbol: str) -> Underlying | None:
        """Return the market row of an underlying, or None when the book has none."""
        return self.underlyings.get(symbol)

    def fx_rate(self, currency: str) -> Decimal | None:
        """Return reporting currency per unit of `currency`, or None when it is unknown."""
        if currency == self.currency:
            return Decimal(1)
        return self.fx.get(currency)


def with_underlying(market: Market, symbol: str, *, price: Decimal | None = None,
                    iv: Decimal | None = None) -> Market:
    """Return the market with one underlying's price or volatility changed, or added.

    Raises ValueError for a price that is not positive, a negative volatility, or a new underlying
    without a price.
    """
    if price is not None and price <= 0:
        raise ValueError(f"{symbol}: the price {price} must be above zero")
    if iv is not None and iv < 0:
        raise ValueError(f"{symbol}: the volatility {iv} must not be negative")
    row = market.underlying(symbol)
    if row is None:
        if price is None:
            raise ValueError(f"{symbol}: there is no market row; give its price first")
        row = Underlying(symbol, price, market.currency)
    changed = replace(row, price=price if price is not None else row.price,
                      iv=iv if iv is not None else row.iv)
    return replace(market, underlyings={**market.underlyings, symbol: changed})
