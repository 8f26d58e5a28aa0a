"""From what the client reported to the columns that pricing reads.

Volatilities are solved later, in `pricing.volatility`, from each option's own price.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from workstation.base.problem import Problem
from workstation.base.vocabulary import AssetClass
from workstation.book.book import Book
from workstation.book.crif import CrifRow
from workstation.book.parity import implied_yields
from workstation.book.positions import Position
from workstation.instruments.terms import SwapTerms
from workstation.market.market import Market, Underlying

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
T = TypeVar("T")
DAYS_A_YEAR = 365.0


class Valuation(IntEnum):
    """How a position's profit follows its underlying."""

    NONE = 0
    """No market risk (cash), or not priceable: see `unpriced`."""
    LINEAR = 1
    """Profit is value times the relative move: stock, fund, bond, future, linear perpetual."""
    OPTION_ON_SPOT = 2
    """Black-Scholes-Merton or American, underlying at its market price with yield."""
    OPTION_ON_FORWARD = 3
    """Black-76 on a forward or future."""
    INVERSE = 4
    """Coin-settled contract of fixed USD size: quantity x multiplier USD."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ResolvedBook:
    """Columns of a book; every array has one entry a position, in book order.

    `price` and `spot` are in the instrument's currency, `fx` turns it into the reporting
    currency; `years` is time to expiry in years of 365 days (0 for what has none); `rate` and
    `dividend_yield` are continuously compounded decimals a year. `unpriced[i]` says why position
    i cannot be revalued, None where it can.
    """

    as_of: date
    market: Market
    positions: tuple[Position, ...]
    valuation: NDArray[np.int8]
    quantity: Floats
    price: Floats
    multiplier: Floats
    fx: Floats
    spot: Floats
    strike: Floats
    years: Floats
    rate: Floats
    dividend_yield: Floats
    is_call: Bools
    american: Bools
    underlyings: tuple[str, ...]
    unpriced: tuple[Problem | None, ...]
    crif: tuple[CrifRow, ...] = ()
    """Sensitivities of the accounts, by portfolio; `take` leaves them out."""
    derived: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False,
                                         repr=False)
    """What was worked out from these columns so far; a changed copy begins without."""
    taken: list[tuple[weakref.ref[ResolvedBook], NDArray[np.intp]]] = field(
        default_factory=list, init=False, compare=False, repr=False)
    """The book these rows were taken from and their places in it, if they were."""

    def __len__(self) -> int:
        return len(self.positions)

    def kept(self, question: Hashable, answer: Callable[[ResolvedBook], T]) -> T:
        """Return what was worked out from these very columns before, or work it out."""
        if question not in self.derived:
            self.derived[question] = answer(self)
        return cast("T", self.derived[question])

    def take(self, rows: NDArray[np.intp] | list[int]) -> ResolvedBook:
        """Return the same columns for some positions only."""
        picked = np.asarray(rows, dtype=np.intp)
        places = picked.tolist()
        found = ResolvedBook(
            self.as_of, self.market, tuple([self.positions[i] for i in places]),
            self.valuation[picked], self.quantity[picked], self.price[picked],
            self.multiplier[picked], self.fx[picked], self.spot[picked], self.strike[picked],
            self.years[picked], self.rate[picked], self.dividend_yield[picked],
            self.is_call[picked], self.american[picked],
            tuple([self.underlyings[i] for i in places]),
            tuple([self.unpriced[i] for i in places]),
        )
        found.taken.append((weakref.ref(self), picked))
        return found

    def of_account(self, account_id: str) -> ResolvedBook:
        """Return the columns of one account's positions, and its sensitivities."""
        return self.kept(("account", account_id), lambda book: book._of_account(account_id))

    def _of_account(self, account_id: str) -> ResolvedBook:
        held = self.take([i for i, p in enumerate(self.positions) if p.account_id == account_id])
        rows = tuple(row for row in self.crif if row.portfolio == account_id)
        return replace(held, crif=rows) if rows else held

    @property
    def value(self) -> Floats:
        """Market value of each position in the reporting currency; inverse contracts' USD size."""
        price = np.where(self.valuation == Valuation.INVERSE, 1.0, self.price)
        return self.quantity * price * self.multiplier * self.fx


def resolve(book: Book) -> ResolvedBook:
    """Turn a book into columns; a position that cannot be priced keeps its row and its reason."""
    implied = implied_yields(book.positions, book.market, book.as_of).yields
    rows = [_Row.of(position, book) for position in book.positions]
    for row, position in zip(rows, book.positions, strict=True) if implied else ():
        option = position.instrument.option
        if option is not None and option.style == "european":
            row.dividend_yield = implied.get((row.underlying, option.expiry), row.dividend_yield)

    def floats(name: str) -> Floats:
        return np.array([getattr(row, name) for row in rows], dtype=np.float64)

    return ResolvedBook(
        as_of=book.as_of,
        market=book.market,
        positions=book.positions,
        valuation=np.array([row.valuation for row in rows], dtype=np.int8),
        quantity=floats("quantity"), price=floats("price"), multiplier=floats("multiplier"),
        fx=floats("fx"), spot=floats("spot"), strike=floats("strike"), years=floats("years"),
        rate=floats("rate"), dividend_yield=floats("dividend_yield"),
        is_call=np.array([row.is_call for row in rows], dtype=np.bool_),
        american=np.array([row.american for row in rows], dtype=np.bool_),
        underlyings=tuple(row.underlying for row in rows),
        unpriced=tuple(row.unpriced for row in rows),
        crif=book.crif,
    )


@dataclass(slots=True)
class _Row:
    """One position on its way into the columns."""

    underlying: str
    quantity: float
    price: float
    multiplier: float
    fx: float
    valuation: Valuation = Valuation.NONE
    spot: float = 0.0
    strike: float = 0.0
    years: float = 0.0
    rate: float = 0.0
    dividend_yield: float = 0.0
    is_call: bool = False
    american: bool = False
    unpriced: Problem | None = None

    @classmethod
    def of(cls, position: Position, book: Book) -> _Row:
        instrument = position.instrument
        fx, price = book.market.fx_rate(instrument.currency), position.price
        coin = _paid_in_coin(position, book)
        if fx is None and coin is not None:
            # A premium in coin is worth coin x index; everything else is in the index's currency.
            fx = book.market.fx_rate(coin.currency)
            price = None if price is None else price * coin.price
        row = cls(
            instrument.underlying, float(position.quantity), float(price or 0),
            float(instrument.multiplier), float(fx or 0),
        )
        if fx is None:
            row._refuse(position, f"no exchange rate from {instrument.currency} to "
                        f"{book.market.currency}",
                        f"add {instrument.currency}{book.market.currency} to the Market sheet")
        elif instrument.option is not None:
            row._as_option(position, book)
        else:
            row._as_linear(position, book)
        return row

    def _refuse(self, position: Position, what: str, remedy: str) -> None:
        self.valuation = Valuation.NONE
        symbol = position.instrument.symbol
        self.unpriced = Problem(position.where, f"{symbol}: {what}", remedy, "error")

    def _as_linear(self, position: Position, book: Book) -> None:
        instrument = position.instrument
        if instrument.asset_class is AssetClass.CASH:
            return
        market = book.market.underlying(instrument.underlying)
        if instrument.asset_class is AssetClass.SECURITY_BASED_SWAP:
            self._as_return(position, market)
        elif position.price is None:
            self._refuse(position, "no price", "fill in the price column")
        if self.unpriced is not None:
            return
        self.spot = float(market.price) if market else self.price
        inverse = getattr(instrument.terms, "settlement", "") == "inverse"
        self.valuation = Valuation.INVERSE if inverse else Valuation.LINEAR

    def _as_return(self, position: Position, market: Underlying | None) -> None:
        """Read an equity swap as units of its underlying: long where the return is received."""
        terms = position.instrument.terms
        stated = terms if isinstance(terms, SwapTerms) else SwapTerms()
        if position.price is None and market is not None:
            self.price = float(market.price)
        if not self.price:
            self._refuse(position, "no price", "fill in the price column, or add its underlying "
                         "to the Market sheet")
            return
        side = stated.return_side(position.quantity)
        units = abs(self.quantity) if stated.notional is None else (
            abs(float(stated.notional)) / (self.price * self.multiplier))
        self.quantity = side * units

    def _as_option(self, position: Position, book: Book) -> None:
        terms = position.instrument.option
        if terms is None:
            raise TypeError(position.instrument.symbol)
        market = book.market.underlying(position.instrument.underlying)
        if market is None:
            self._refuse(position, f"no price of the underlying {position.instrument.underlying}",
                         f"add {position.instrument.underlying} to the Market sheet")
            return
        if terms.expiry < book.as_of:
            self._refuse(position, f"expired on {terms.expiry}, before {book.as_of}",
                         "remove it or correct the expiry")
            return
        if position.price is None and market.iv is None:
            self._refuse(position, "neither a price nor a volatility", "fill in the price column")
            return
        self.strike, self.is_call = float(terms.strike), terms.right == "C"
        self.american = terms.style == "american"
        self.years = (terms.expiry - book.as_of).days / DAYS_A_YEAR
        self._on(position, market)

    def _on(self, position: Position, market: Underlying) -> None:
        self.spot = float(market.price)
        self.rate = float(market.rate or 0)
        self.dividend_yield = float(market.dividend_yield or 0)
        on_forward = position.instrument.asset_class in (
            AssetClass.FUTURE_OPTION, AssetClass.CRYPTO_OPTION)
        self.valuation = (
            Valuation.OPTION_ON_FORWARD if on_forward else Valuation.OPTION_ON_SPOT)


def _paid_in_coin(position: Position, book: Book) -> Underlying | None:
    """Return the coin a premium is quoted in, where the option settles in that coin."""
    terms, currency = position.instrument.option, position.instrument.currency
    if terms is None or terms.settlement_currency != currency:
        return None
    return book.market.underlying(currency)
