"""Equity swaps in the columns: units of the underlying, long where the return is received."""

from datetime import date
from decimal import Decimal

import pytest

from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import SwapTerms
from workstation.market.market import Market, Underlying

MARKET = Market({"XYZ": Underlying("XYZ", Decimal(100))})


def equity_swap(quantity, price=None, market=MARKET, **terms):
    instrument = Instrument("TRS", AssetClass.SECURITY_BASED_SWAP, "XYZ", terms=SwapTerms(**terms))
    held = Position("S", instrument, Decimal(quantity), price and Decimal(price), "Positions!A2")
    account = Account("S", AccountType.SBS)
    return resolve(Book("b", date(2026, 6, 15), (account,), (held,), market))


@pytest.mark.parametrize(("quantity", "price", "terms", "units"), [
    (10_000, 100, {}, 10_000),
    (-10_000, 100, {}, -10_000),
    (10_000, 100, {"pay_receive": "pay"}, -10_000),
    (1, 100, {"pay_receive": "pay", "notional": Decimal(1_000_000)}, -10_000),
    (1, 80, {"pay_receive": "receive", "notional": Decimal(1_000_000)}, 12_500),
    # no price of its own: the underlying's
    (-1, None, {"notional": Decimal(1_000_000)}, -10_000),
])
def test_an_equity_swap_is_units_of_its_underlying(quantity, price, terms, units):
    book = equity_swap(quantity, price, **terms)
    assert book.unpriced == (None,)
    assert book.quantity[0] == units
    assert abs(book.value[0]) == pytest.approx(abs(units) * (price or 100))


def test_without_any_price_it_is_named():
    book = equity_swap(1, None, Market(), notional=Decimal(1_000_000))
    assert "no price" in book.unpriced[0].what
