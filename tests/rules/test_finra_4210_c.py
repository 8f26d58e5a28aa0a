"""FINRA 4210(c): the branch that binds, at and around every threshold."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.rules.securities_books import ACCOUNT, book, market, other, stock, strategy_margin
from workstation.base.resources import resource_root
from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.book.resolve import resolve
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import NoParametersInForceError, in_force
from workstation.rulebooks.finra_4210 import strategy
from workstation.rulebooks.finra_4210.triggers import long_trigger_value, short_trigger_value

D = Decimal
FOLDER = resource_root() / "parameters" / "finra_4210"


def only(answer):
    """Return the node of the single holding of a book."""
    return answer.maintenance.parts[0].parts[0]


@pytest.mark.parametrize(("price", "amount", "binding", "paragraph"), [
    ("2.00", "250.00", "minimum per share", "(c)(2)"),
    ("2.49", "250.00", "minimum per share", "(c)(2)"),
    ("2.51", "251.00", "share of market value", "(c)(2)"),
    ("4.99", "499.00", "share of market value", "(c)(2)"),
    ("5.00", "500.00", "minimum per share", "(c)(3)"),
    ("16.66", "500.00", "minimum per share", "(c)(3)"),
    ("16.67", "500.10", "share of market value", "(c)(3)"),
    ("100", "3000.00", "share of market value", "(c)(3)"),
])
def test_short_stock_by_price(price, amount, binding, paragraph):
    node = only(strategy_margin(stock(-100, price)))
    assert node.amount == D(amount)
    assert node.binding.label == binding
    assert node.cite.paragraph == paragraph


def test_long_stock_is_a_quarter():
    node = only(strategy_margin(stock(100, "47.38")))
    assert node.amount == D("1184.50")
    assert node.cite.paragraph == "(c)(1)"
    assert node.cite.standing == "sourced"


@pytest.mark.parametrize(("quantity", "leverage", "amount"), [
    (1, 1, 25), (1, 2, 50), (1, 3, 75), (1, -2, 50), (1, 5, 100),
    (-1, 2, 60), (-1, 3, 90), (-1, 4, 100),
])
def test_leveraged_funds_carry_the_fraction_times_the_factor(quantity, leverage, amount):
    fund = stock(quantity, 100, kind=AssetClass.ETF)
    assert only(strategy_margin(fund, rows=(market(leverage=leverage),))).amount == amount


def test_nonmargin_securities_carry_their_whole_value():
    shares = stock(100, 12, extras=(("Marginable", "No"),))
    node = only(strategy_margin(shares))
    assert (node.amount, node.cite.paragraph) == (1200, "(c)(6)")


def test_crypto_funds_are_equity_to_confirm():
    row = market(kind=UnderlyingClass.CRYPTO)
    answer = strategy_margin(stock(10, 100, kind=AssetClass.ETP), rows=(row,))
    assert only(answer).amount == 250
    assert "(to confirm)" in str(only(answer).cite)


@pytest.mark.parametrize(("on", "amount"), [
    (date(2020, 12, 23), 200), (date(2020, 12, 24), 150), (date(2026, 6, 15), 150)])
def test_security_futures_by_date(on, amount):
    assert only(strategy_margin(other(AssetClass.SECURITY_FUTURE, 10), on=on)).amount == amount


def test_short_convertibles_take_the_greater_of_principal_and_value():
    low = other(AssetClass.CONVERTIBLE, -1000, "0.10")
    node = only(strategy_margin(low))
    assert (node.amount, node.binding.label) == (50, "share of principal")


def test_stock_needs_only_its_own_price():
    answer = strategy_margin(stock(100, 10, symbol="NEW"))
    assert answer.complete
    assert answer.maintenance.amount == 250


def test_foreign_shares_are_charged_in_the_reporting_currency():
    shares = stock(-100, 4, symbol="SAP")
    euro = replace(shares, instrument=replace(shares.instrument, currency="EUR"))
    made = replace(book([]), positions=(euro,), market=Market(fx={"EUR": D("1.25")}))
    answer = strategy.margin(ACCOUNT, resolve(made).of_account("A1"), RuleSet(made.as_of))
    # 4 euro are 5 dollars: paragraph (c)(3), five dollars a share.
    assert answer.maintenance.amount == 500
    assert only(answer).cite.paragraph == "(c)(3)"


def test_a_short_sale_without_a_dollar_rate_is_left_out():
    made = replace(book([stock(-100, 4)]), market=Market(currency="EUR", fx={}))
    euro = replace(made.positions[0], instrument=replace(
        made.positions[0].instrument, currency="EUR"))
    made = replace(made, positions=(euro,))
    answer = strategy.margin(ACCOUNT, resolve(made).of_account("A1"), RuleSet(made.as_of))
    assert "USDEUR" in answer.excluded[0].remedy


def test_editions_follow_the_review_date():
    dates = [date(2007, 1, 1), date(2013, 1, 23), date(2020, 12, 24), date(2026, 6, 4)]
    assert [in_force(FOLDER, day).effective for day in dates] == dates
    with pytest.raises(NoParametersInForceError, match="2006"):
        in_force(FOLDER, date(2006, 12, 31))
    for before, after in pairwise(dates):
        assert in_force(FOLDER, after - (after - before) / 2).effective == before


def test_the_intraday_standard_replaces_day_trading_on_its_date():
    before, after = (RuleSet(day).edition("finra_4210")
                     for day in (date(2026, 6, 3), date(2026, 6, 4)))
    assert before["intraday_standard"].value == 0
    assert before["pattern_day_trader_minimum"].value == 25_000
    assert after["intraday_standard"].value == 1
    assert "Repealed" in after["pattern_day_trader_minimum"].note
    assert after["house_intraday_phased_in"].value == 1
    same = before.values.keys() & after.values.keys() - {"intraday_standard"}
    assert all(before[name].raw == after[name].raw for name in same)


def test_trigger_values():
    rule = RuleSet(date(2026, 6, 15)).edition("finra_4210")
    assert round(long_trigger_value(D(5000), rule).amount, 4) == D("6666.6667")
    assert long_trigger_value(D(7500), rule).amount == 10_000
    assert short_trigger_value(D(13_000), rule).amount == 10_000
