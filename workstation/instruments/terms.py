"""Contract terms by family: what an instrument promises, apart from its name and size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Style = Literal["american", "european"]
Right = Literal["C", "P"]


@dataclass(frozen=True, slots=True)
class OptionTerms:
    """An option on one unit of the underlying; strike in the underlying's price units."""

    right: Right
    strike: Decimal
    expiry: date
    style: Style = "american"
    settlement: Literal["physical", "cash"] = "physical"
    settlement_currency: str = ""
    """Coin in which premium and payoff are paid, for inverse (coin-settled) options."""

    def intrinsic(self, underlying_price: Decimal) -> Decimal:
        """Return what exercise would pay per unit, never below zero."""
        ahead = underlying_price - self.strike
        return max(ahead if self.right == "C" else -ahead, Decimal(0))

    def out_of_the_money(self, underlying_price: Decimal) -> Decimal:
        """Return how far the underlying must move before exercise pays, never below zero."""
        ahead = underlying_price - self.strike
        return max(-ahead if self.right == "C" else ahead, Decimal(0))


@dataclass(frozen=True, slots=True)
class FutureTerms:
    """A dated future; `product` is the exchange's product code, such as ES."""

    product: str
    expiry: date | None = None


@dataclass(frozen=True, slots=True)
class BondTerms:
    """A bond; quantity is principal, price is in percent of par, rate is a decimal a year."""

    maturity: date | None = None
    coupon: Decimal | None = None
    rating: str = ""

    @property
    def is_zero_coupon(self) -> bool:
        """Say whether the bond is known to pay no coupon."""
        return self.coupon is not None and self.coupon == 0


@dataclass(frozen=True, slots=True)
class PerpetualTerms:
    """A perpetual; inverse contracts are sized in USD and settled in the coin."""

    settlement: Literal["linear", "inverse"] = "linear"
    settlement_currency: str = "USD"


@dataclass(frozen=True, slots=True)
class SwapTerms:
    """A swap or credit default swap as reported; rates are decimals a year, spread in bp."""

    notional: Decimal | None = None
    fixed_rate: Decimal | None = None
    pay_receive: str = ""
    maturity: date | None = None
    reference_entity: str = ""
    spread_bp: Decimal | None = None

    def return_side(self, quantity: Decimal) -> int:
        """Return 1 where the client receives (or buys) a return, -1 where it pays (or sells) it.

        The column pay_receive says so; without it, the sign of the quantity.
        """
        word = self.pay_receive.strip().casefold()
        if word in _GAINS or word in _LOSES:
            return 1 if word in _GAINS else -1
        return 1 if quantity > 0 else -1


_GAINS = ("receive", "receiver", "rec", "r", "buy", "bought", "long")
_LOSES = ("pay", "payer", "p", "sell", "sold", "short")
Terms = OptionTerms | FutureTerms | BondTerms | PerpetualTerms | SwapTerms
