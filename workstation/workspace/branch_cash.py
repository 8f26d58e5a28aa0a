"""Trades of a what-if settled at the marks, so that a trade alone makes nobody richer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import numpy as np

from workstation.base.money import money
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.book.valuation import VARIATION_MARGINED
from workstation.lab.stress import paid

GRID = 10
"""Decimals at which cash crosses from valuation."""
FEWEST = 4
"""Decimals of a computed mark."""


def rounded(price: Decimal) -> Decimal:
    """Return a computed mark with four decimals, small prices with six digits that tell."""
    digits = FEWEST if price >= 1 else FEWEST - price.adjusted() + 1
    return round(price, digits)


def settled_at_marks(before: Book, after: Book) -> Book:
    """Pay for what a trade changed, so that nobody is richer or poorer by it."""
    then, now = ({p.where: p for p in book.positions} for book in (before, after))
    touched = frozenset(where for where in (*then, *now) if then.get(where) != now.get(where))
    gains: dict[str, dict[str, Decimal]] = {}
    for book, sign in ((before, 1), (after, -1)):
        for position, value in _worth(book, touched):
            own, currency = gains.setdefault(position.account_id, {}), position.instrument.currency
            own[currency] = own.get(currency, Decimal(0)) + sign * value
    return replace(after, accounts=tuple(
        paid(a, gains.get(a.account_id, {})) for a in after.accounts))


def _worth(book: Book, touched: frozenset[str]) -> Iterator[tuple[Position, Decimal]]:
    """Yield what each of the positions touched is worth in its own currency, if owned outright."""
    if not touched:
        return
    holdings = resolve(book)
    for position, value, fx in zip(holdings.positions, holdings.value, holdings.fx, strict=True):
        if position.where not in touched or position.instrument.wrapper in VARIATION_MARGINED:
            continue
        if position.price is not None:
            yield position, position.value
        elif np.isfinite(value) and fx > 0:
            yield position, money(round(float(value / fx), GRID))
