"""Security futures in a futures account: the joint minimum by date."""

from datetime import date
from decimal import Decimal

import pytest

from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.span.published import margin


def single(symbol, quantity, price, month=12, asset_class=AssetClass.SECURITY_FUTURE, year=2026):
    return Position("F", Instrument(symbol, asset_class, symbol, "USD", Decimal(100),
                                    FutureTerms(symbol, date(year, month, 18))),
                    Decimal(quantity), None if price is None else Decimal(price),
                    f"P!{symbol}{month}{quantity}")


def margined(*positions, on=date(2026, 6, 15)):
    account = Account("F", AccountType.FUTURES, risk_profile="hrp")
    return margin(account, resolve(Book("b", on, (account,), positions)), RuleSet(on))


@pytest.mark.parametrize(("on", "year", "fraction"), [
    (date(2020, 12, 23), 2021, "0.20"), (date(2020, 12, 24), 2021, "0.15"),
    (date(2026, 6, 15), 2026, "0.15")])
def test_the_minimum_of_the_day(on, year, fraction):
    answer = margined(single("AAPL1D", 2, 200, year=year), on=on)
    assert answer.maintenance.amount == answer.initial.amount == 40000 * Decimal(fraction)
    assert answer.gross == answer.net == answer.maintenance.amount


def test_same_months_net_and_other_months_do_not():
    answer = margined(single("A", 5, 10), single("A", -2, 10), single("A", -3, 10, month=9))
    assert answer.maintenance.amount == (3000 + 3000) * Decimal("0.15")


def test_beside_other_futures_and_without_a_price():
    es = single("ES", 1, 5000, asset_class=AssetClass.FUTURE)
    answer = margined(es, single("A", 1, 100), single("B", 1, None))
    assert answer.maintenance.amount == margined(es).maintenance.amount + 1500
    assert [item.what for item in answer.excluded] == ["B: a security future without a price"]
    assert not answer.complete
