"""Every stress a book is put through, one after another, each with what sort it is."""

from __future__ import annotations

from collections.abc import Iterator

from workstation.base.vocabulary import AccountType
from workstation.book.book import Book
from workstation.lab.scenarios import (
    Shock,
    bonds_sell_off_too,
    correlations_to_one,
    de_peg,
    intraday,
    library,
    lows_of,
    times,
    variants,
    volatility_alone,
    weekend_gap,
)

OWN, ONE_DAY, FIVE_DAYS, INTRADAY, VARIANT, VOLATILITY, DE_PEG = (
    "own", "one day", "five days", "intraday", "variant", "volatility", "de-peg")
HORIZONS = ("1d", "5d")


def stress_set(book: Book, first: Shock, severe: float) -> tuple[tuple[str, Shock], ...]:
    """Return the stresses with their kinds: `first` and its variants, the library, the rest.

    `severe` is the multiple of the severe variant.
    """
    return (*_variants(first, severe), *_historical(), *_volatility(book), *_de_pegs(book))


def _variants(first: Shock, severe: float) -> Iterator[tuple[str, Shock]]:
    if not first.proxies:  # a historical one stands in the library
        yield OWN, first
    yield VARIANT, times(first, severe)
    yield VARIANT, bonds_sell_off_too(first)
    gap = weekend_gap(first)
    if gap.moves:
        yield VARIANT, gap
    for horizon in HORIZONS:
        yield VARIANT, correlations_to_one(horizon)


def _historical() -> Iterator[tuple[str, Shock]]:
    for shock in library("1d"):
        yield ONE_DAY, shock
        if lows_of(shock):
            yield INTRADAY, intraday(shock)
    for shock in library("5d"):
        yield FIVE_DAYS, shock


def _volatility(book: Book) -> Iterator[tuple[str, Shock]]:
    """Yield the rises of volatility where the book holds options."""
    if any(p.instrument.option is not None for p in book.positions):
        for asset_class in ("equity", "crypto"):
            yield VOLATILITY, volatility_alone(asset_class)


def _de_pegs(book: Book) -> Iterator[tuple[str, Shock]]:
    """Yield each coin held losing its peg: everywhere, and at each venue that holds it alone."""
    for row in variants()["de_peg"].rows:
        coin, move = str(row["coin"]), float(row["move"])
        places = _places(book, coin)
        if places and not row["local"]:
            yield DE_PEG, de_peg(coin, move)
        if len(places) > 1 or row["local"]:
            for account in book.accounts:
                if account.account_id in places and (
                        account.account_type is AccountType.CRYPTO_VENUE):
                    yield DE_PEG, de_peg(coin, move, (account.account_id,))


def _places(book: Book, coin: str) -> set[str]:
    """Return the accounts that hold a coin, as a position or as collateral."""
    return {p.account_id for p in book.positions if p.instrument.symbol.upper() == coin} | {
        lot.account_id for lot in book.lots if lot.symbol.upper() == coin}
