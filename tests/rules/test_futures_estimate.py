"""The product's own estimate: its arithmetic, its label, and where it steps in."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms
from workstation.market.history import History
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.span.estimate import FOLDER, Exposure, estimated, returns_of
from workstation.rulebooks.span.published import margin

DAY = date(2026, 6, 15)
EDITION = RuleSet(DAY).edition(FOLDER)
CALM = np.where(np.arange(400) % 2 == 0, 0.01, -0.01)


def test_an_estimate_by_hand():
    """Returns of 1 % up and down at steady volatility: both parts lose 1 % of notional."""
    tree = estimated(Exposure("QQ", Decimal(10), Decimal(-100000)), CALM, EDITION)
    up = 100000 * (np.exp(0.01) - 1)
    parts = {part.label: float(part.amount) for part in tree.parts}
    assert parts == {
        "historical, weighted": pytest.approx(0.75 * up),
        "stress, weighted": pytest.approx(0.25 * up),
        "liquidity": pytest.approx(100), "concentration": 0}
    assert "estimate, not an exchange figure" in tree.label
    shown = dict(tree.parts[0].inputs)
    assert shown["look back"] == "400 daily returns"
    assert shown["x"] == "0.75"


def test_size_above_a_tenth_of_volume_is_charged():
    one, two = (estimated(Exposure("QQ", Decimal(100), Decimal(100000), volume), CALM, EDITION)
                for volume in (None, Decimal(500)))
    base = one.amount
    assert two.amount == base + base * Decimal("0.5") * Decimal("0.2")


def test_a_stormy_today_asks_for_more():
    storm = np.concatenate((CALM, 3 * CALM[:60]))
    calm, stormy = (estimated(Exposure("QQ", Decimal(1), Decimal(100000)), returns, EDITION)
                    for returns in (np.concatenate((3 * CALM[:60], CALM)), storm))
    assert stormy.parts[0].amount > calm.parts[0].amount


def test_too_little_history_is_said():
    assert "needs 250" in estimated(Exposure("QQ", Decimal(1), Decimal(1)), CALM[:100], EDITION)
    assert returns_of(History(), ("QQ",)) is None
    history = History((DAY, DAY), ("QQ",), ((1.0, None),))
    assert len(returns_of(history, ("QQ",))) == 0


def book(days, price=Decimal(100), quantities=(3, -1)):
    levels = tuple(float(x) for x in 100 * np.exp(np.cumsum(np.tile(CALM, 2)[:days])))
    history = History(tuple(DAY - timedelta(days - i) for i in range(days)), ("QQX",), (levels,))
    positions = tuple(Position("F", Instrument(
        "QQ", AssetClass.FUTURE, "QQX", "USD", Decimal(50),
        FutureTerms("QQ", date(2026, 9 + i, 18))), Decimal(quantity), price, f"P!{i}")
        for i, quantity in enumerate(quantities))
    market = Market({"QQX": Underlying("QQX", Decimal(100))}, history=history)
    return Book("b", DAY, (Account("F", AccountType.FUTURES, risk_profile="hrp"),), positions,
                market)


def margined(a_book):
    return margin(a_book.accounts[0], resolve(a_book), RuleSet(DAY))


def test_a_future_without_rate_but_with_history_is_estimated():
    answer = margined(book(400))
    assert answer.complete
    labels = [node.label for _, node in answer.maintenance.walk()]
    assert "QQ (estimate, not an exchange figure)" in labels
    assert 150 < float(answer.maintenance.amount) < 200
    assert answer.initial.amount == answer.maintenance.amount * Decimal("1.1")


@pytest.mark.parametrize(("days", "price"), [(100, Decimal(100)), (400, None)])
def test_without_history_or_price_it_stays_excluded(days, price):
    answer = margined(book(days, price))
    assert not answer.complete
    assert "no published margin rate for QQ" in answer.excluded[0].what
