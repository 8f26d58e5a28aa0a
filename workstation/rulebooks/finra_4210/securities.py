"""Securities of one account as the paragraphs of 4210 read them, in the reporting currency.

Sizes are positive and `short` says the side. Positions in the same option series are netted (a
long and a short contract of one series close each other); shares held long and sold short stay
apart, because paragraph (e)(1) charges them as an offset.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.instruments.terms import BondTerms, OptionTerms

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Stock:
    """Shares, fund units or a convertible bond, all of one side.

    `price` is money per share (per unit of principal for a convertible), as the book states it.
    """

    symbol: str
    underlying: str
    asset_class: AssetClass
    shares: Decimal
    short: bool
    price: Decimal
    leverage: Decimal = Decimal(1)
    is_crypto: bool = False
    marginable: bool = True
    usd: Decimal = Decimal(1)
    """Reporting currency per US dollar, for the rule's dollar minimums."""
    where: tuple[str, ...] = ()
    converts: Decimal = Decimal(0)
    """Shares of the underlying that one unit may be exchanged for; 0 where none are known."""
    sold_at: Decimal | None = None
    """The least price at which shares held short were sold; None where the file does not say."""

    @property
    def market_value(self) -> Decimal:
        """Return shares times price."""
        return self.shares * self.price

    def resized(self, shares: Decimal) -> Stock:
        """Return the same holding with another number of shares."""
        return replace(self, shares=shares)

    def valued_at_most(self, price: Decimal) -> Stock:
        """Return the same holding valued at no more than `price` a share."""
        return replace(self, price=min(self.price, price))


@dataclass(frozen=True, slots=True)
class Option:
    """Contracts of one series, listed or OTC, all of one side; prices are per unit."""

    symbol: str
    underlying: str
    contracts: Decimal
    short: bool
    premium: Decimal
    strike: Decimal
    spot: Decimal
    multiplier: Decimal
    terms: OptionTerms
    underlying_class: UnderlyingClass = UnderlyingClass.EQUITY
    leverage: Decimal = Decimal(1)
    where: tuple[str, ...] = ()
    otc: bool = False

    @property
    def is_call(self) -> bool:
        """Say whether it is a call."""
        return self.terms.right == "C"

    @property
    def out_of_the_money(self) -> Decimal:
        """Return how far out of the money it is, per unit, never below zero."""
        ahead = self.strike - self.spot
        return max(ahead if self.is_call else -ahead, Decimal(0))

    @property
    def in_the_money(self) -> Decimal:
        """Return what exercise would pay, per unit, never below zero."""
        ahead = self.spot - self.strike
        return max(ahead if self.is_call else -ahead, Decimal(0))

    @property
    def premium_value(self) -> Decimal:
        """Return the market value of the contracts, positive on both sides."""
        return self.premium * self.multiplier * self.contracts

    def resized(self, contracts: Decimal) -> Option:
        """Return the same series with another number of contracts."""
        return Option(
            self.symbol, self.underlying, contracts, self.short, self.premium, self.strike,
            self.spot, self.multiplier, self.terms, self.underlying_class, self.leverage,
            self.where, self.otc)

    def outlasts(self, on: date, months: int) -> bool:
        """Say whether it expires later than `months` calendar months after the review date."""
        expiry = self.terms.expiry
        return (_month(expiry), expiry.day) > (_month(on) + months, on.day)


@dataclass(frozen=True, slots=True)
class Debt:
    """One debt issue, net; `price` is money per unit of principal."""

    symbol: str
    asset_class: AssetClass
    principal: Decimal
    short: bool
    price: Decimal
    terms: BondTerms
    where: tuple[str, ...] = ()
    exempt_account: bool = False
    """Whether it stands in an exempt account, (a)(13)."""

    @property
    def market_value(self) -> Decimal:
        """Return principal times price."""
        return self.principal * self.price


Security = Stock | Option | Debt


def _month(day: date) -> int:
    return day.year * MONTHS_A_YEAR + day.month
