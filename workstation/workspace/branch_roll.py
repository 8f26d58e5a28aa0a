"""Futures and options rolled to another expiry: the contract, its symbol and its price."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np

from workstation.base.money import money
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.book.what_if import RollTo
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms, OptionTerms
from workstation.pricing.grid import option_rows, option_values
from workstation.pricing.volatility import implied_volatilities
from workstation.workspace.branch_cash import GRID, rounded

MONTHS = "FGHJKMNQUVXZ"
_OSI = re.compile(r"^(?P<root>[A-Z.]{1,6} *)(?P<day>\d{6})(?P<rest>[CP]\d{8})$")
_FUTURE = re.compile(r"^(?P<root>/?[A-Z0-9]{1,4}?)(?P<month>[FGHJKMNQUVXZ])(?P<year>\d{1,2})"
                     r"(?P<rest>( .*)?)$")


def rolled(position: Position, operation: RollTo) -> Position:
    """Return a position in the later contract; raises ValueError where it has no expiry."""
    instrument = position.instrument
    terms = instrument.terms
    if not isinstance(terms, OptionTerms | FutureTerms):
        raise ValueError(f"{instrument.symbol} has no expiry to roll")
    later = replace(instrument, terms=replace(terms, expiry=operation.expiry),
                    symbol=rolled_symbol(instrument, operation.expiry))
    price = position.price if operation.price is None else operation.price
    return replace(position, instrument=later, price=price)


def repriced(before: Book, after: Book, operation: RollTo) -> Book:
    """Price rolled options at the volatility of those closed, unless a price was given."""
    if operation.price is not None:
        return after
    holdings = resolve(after)
    volatility = implied_volatilities(resolve(before)).volatility
    meant = {p.where for p in before.positions if operation.what.holds(p)}
    rows = np.array([i for i in option_rows(holdings).tolist()
                     if holdings.positions[i].where in meant], dtype=np.intp)
    if not len(rows):
        return after
    values = option_values(holdings.take(rows), volatility[rows], np.zeros((len(rows), 1)),
                           np.ones((len(rows), 1)))
    prices = {holdings.positions[i].where: rounded(money(round(float(v[0]), GRID)))
              for i, v in zip(rows.tolist(), values, strict=True)}
    return replace(after, positions=tuple(
        replace(p, price=prices[p.where]) if p.where in prices else p for p in after.positions))


def rolled_symbol(instrument: Instrument, expiry: date) -> str:
    """Return the symbol of the same contract with another expiry.

    OSI option symbols and exchange codes of futures are written anew; any other symbol keeps its
    text and gains the date, so that it cannot be taken for the old contract.
    """
    symbol = instrument.symbol
    osi = _OSI.match(symbol)
    if osi:
        return f"{osi['root']}{expiry:%y%m%d}{osi['rest']}"
    future = _FUTURE.match(symbol)
    if future and instrument.option is None:
        digits = len(future["year"])
        year = str(expiry.year)[-digits:]
        return f"{future['root']}{MONTHS[expiry.month - 1]}{year}{future['rest']}"
    return f"{symbol} rolled to {expiry.isoformat()}"
