"""Shortfalls, residual interest and withdrawals of futures and cleared swaps customers."""

from datetime import date
from decimal import Decimal

import pytest

from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.span.customer_funds import NAME
from workstation.workspace.review import Question, review

TODAY = date(2026, 11, 20)
ES = Position("F", Instrument("ESZ6", AssetClass.FUTURE, "ES", "USD", Decimal(50),
                              FutureTerms("ES", date(2026, 12, 18))), Decimal(2), Decimal(6000),
              "Positions!A2")


def status(cash, kind=AccountType.FUTURES, profile="hrp"):
    account = Account("F", kind, cash=Decimal(cash), risk_profile=profile)
    book = Book("b", TODAY, (account,), (ES,), Market())
    [found] = review(Question(book, ()), RuleSet(TODAY)).statuses
    return found


def test_between_maintenance_and_initial_nothing_is_called_but_the_firm_covers():
    poor = status(0)
    initial = poor.test(NAME).required.amount
    kept = poor.tests[0].required.amount
    assert initial == kept * Decimal("1.1")
    between = status(kept + 1)
    assert between.call == 0
    test = between.test(NAME)
    assert test.call.amount == initial - kept - 1
    assert dict(test.call.parts[0].inputs)["account class"] == "4d(a)"
    assert "residual interest covers a shortfall until 18:00 Eastern" in test.condition
    assert test.call.cite.standing == "unverified"


def test_only_what_exceeds_initial_margin_may_be_withdrawn():
    initial = status(0).test(NAME).required.amount
    rich = status(initial + 5000).test(NAME)
    assert (rich.excess, rich.call.amount) == (5000, 0)
    assert "only what exceeds initial margin may be withdrawn" in rich.condition


@pytest.mark.parametrize(("kind", "named"), [
    (AccountType.FUTURES, "4d(a)"), (AccountType.FOREIGN_FUTURES, "30.7")])
def test_each_class_is_named(kind, named):
    assert f"class {named}" in status(0, kind).test(NAME).condition


def test_house_accounts_hold_no_customer_funds():
    assert status(0, profile="house").test(NAME) is None
