"""The market table: every underlying the file prices, and those positions need but it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.base.vocabulary import Wrapper
from workstation.base.wording import underlying_class_words
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.market.market import Underlying
from workstation.results.formats import money, percent, price, whole, words
from workstation.results.table import Table

OWN_PRICE = frozenset({Wrapper.BOND, Wrapper.CASH, Wrapper.SWAP, Wrapper.SECURITY_BASED_SWAP})
"""Forms that are margined without a market row, so that lacking one is not worth a line."""
BY_HAND = "entered here"


@dataclass(frozen=True, slots=True)
class MarketRow:
    """One underlying; figures are None where the file gives none.

    `positions` counts what refers to it, `is_missing` says that options on it cannot be priced.
    """

    symbol: str
    price: Decimal | None
    currency: str
    underlying_class: str
    iv: Decimal | None
    rate: Decimal | None
    dividend_yield: Decimal | None
    adv: Decimal | None
    positions: int
    status: str
    where: str
    is_missing: bool = False


def market_table(book: Book) -> Table:
    """Return the underlyings of a book by name, the missing ones among them."""
    held = _held(book.positions)
    symbols = sorted({*book.market.underlyings, *(name for name in held if name)})
    rows = []
    for symbol in symbols:
        known, positions = book.market.underlying(symbol), held.get(symbol, ())
        if known is not None:
            rows.append(_given(known, positions))
        elif any(p.instrument.option for p in positions):
            rows.append(_missing(symbol, book.market.currency, positions))
        elif any(p.instrument.wrapper not in OWN_PRICE for p in positions):
            rows.append(_unpriced(symbol, positions))
    columns = (
        words("Symbol", "symbol"),
        price("Price", "price", "in the row's currency; type over it to change it"),
        words("Currency", "currency"),
        percent("Volatility", "iv", "a year; type 18.5 for 18.5 %"),
        words("Status", "status"),
        words("Class", "underlying_class", "how the rulebooks class it"),
        percent("Rate", "rate", "a year"), percent("Yield", "dividend_yield", "a year"),
        money("ADV", "adv", "average daily volume, in units"),
        whole("Positions", "positions", "positions that refer to it"),
        words("Source cell", "where", "where the row stands in the input file"),
    )
    return Table("Market", columns, tuple(rows),
                 "Every underlying with its price and volatility, and what is missing.")


def lacking(book: Book) -> tuple[str, ...]:
    """Return the underlyings of options that the market has no row for, by name."""
    return tuple(row.symbol for row in market_table(book).rows if row.is_missing)


def _held(positions: Sequence[Position]) -> Mapping[str, list[Position]]:
    found: dict[str, list[Position]] = {}
    for position in positions:
        found.setdefault(position.instrument.underlying, []).append(position)
    return found


def _given(row: Underlying, positions: Sequence[Position]) -> MarketRow:
    blind = sum(p.instrument.option is not None and p.price is None for p in positions)
    status = "given"
    if blind and row.iv is None:
        status = f"volatility missing: {_count(blind, 'option')} without a price"
    return MarketRow(row.symbol, row.price, row.currency,
                     underlying_class_words(row.underlying_class), row.iv, row.rate,
                     row.dividend_yield, row.adv, len(positions), status, row.where or BY_HAND)


def _missing(symbol: str, currency: str, positions: Sequence[Position]) -> MarketRow:
    options = sum(p.instrument.option is not None for p in positions)
    return MarketRow(symbol, None, currency, "", None, None, None, None, len(positions),
                     f"missing: {_count(options, 'option')} excluded", "", is_missing=True)


def _unpriced(symbol: str, positions: Sequence[Position]) -> MarketRow:
    currency = positions[0].instrument.currency
    return MarketRow(symbol, None, currency, "", None, None, None, None, len(positions),
                     "not in the file: positions use their own prices", "")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
