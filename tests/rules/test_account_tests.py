"""Equity, calls, special memorandum account and triggers, against arithmetic done here."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.securities_books import ACCOUNT, ON, D, book, market, option, other, stock
from workstation.base.vocabulary import AssetClass
from workstation.book.collateral import CollateralLot
from workstation.book.resolve import resolve
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import parse_edition
from workstation.rulebooks.finra_4210 import intraday, portfolio, strategy
from workstation.rulebooks.finra_4210.account_tests import account_status, called
from workstation.rulebooks.reg_t import initial

NOT_PHASED_IN = """rule = "FINRA 4210"
edition = "house"
effective = 2000-01-01
source = "test"
[parameter.house_intraday_phased_in]
value = 0
unit = "1 = applies"
paragraph = "(d)(2)"
standing = "house"
"""


def status(cash, *positions, rulebook=initial.margin, rows=(), on=ON, overlays=(), **more):
    account = replace(ACCOUNT, cash=D(str(cash)), **more)
    made = replace(book(positions, *(rows or (market(),)), on=on), accounts=(account,))
    rules, holdings = RuleSet(on, overlays), resolve(made).of_account("A1")
    return account_status(account, holdings, rulebook(account, holdings, rules), rules, made)


def test_long_stock_on_a_debit():
    found = status(-5000, stock(100, 100))
    assert found.equity.amount == 5000
    assert found.excess == 5000 - 2500
    assert found.test("Regulation T").excess == 0
    assert found.sma.amount == 0
    trigger, = found.triggers
    assert float(trigger.price) == pytest.approx(5000 / 0.75 / 100)
    assert float(trigger.move) == pytest.approx(5000 / 0.75 / 10000 - 1)
    assert found.call == 0
    assert found.first_call is None


def test_short_stock_with_its_proceeds_in_cash():
    found = status(15000, stock(-100, 100))
    assert found.equity.amount == 5000
    assert found.excess == 5000 - 3000
    assert found.test("Regulation T").required.amount == 5000  # 150 % less the proceeds
    assert float(found.triggers[0].price) == pytest.approx(15000 / 1.3 / 100)


def test_a_maintenance_call_and_who_is_called():
    found = status(-8000, stock(100, 100))
    assert found.call == 2500 - 2000
    assert found.first_call.name == "Maintenance"
    assert found.test("Regulation T").call.amount == 5000 - 2000
    calm = status(0, stock(100, 100))
    assert called([calm, found]) == (found,)


def test_special_memorandum_account_and_buying_power():
    found = status(0, stock(100, 100))
    assert found.sma.amount == 10000 - 5000
    assert found.buying_power.amount == 2 * 5000
    assert any("may be larger" in note for note in found.notes)


def test_a_deficiency_that_may_be_ignored_is_marked():
    found = status(-5400, stock(100, 100))
    call = found.test("Regulation T").call
    assert call.amount == 400
    assert ("ignorable", "yes") in call.inputs
    assert "(to confirm)" in dict(call.inputs)["may be ignored up to"]


def test_stock_covering_a_call_in_the_money_counts_at_the_strike():
    found = status(-5000, stock(100, 120), option(-1, "C", 100, 21), rows=(market(120),))
    by_rule = (-5000 + 100 * 100) - 0.25 * 100 * 100
    assert float(found.excess) == by_rule


def test_uncovered_option_is_charged_once():
    found = status(3000, option(-1, "P", 95, 2))
    deposit = max(0.2 * 100 - 5, 0.1 * 95) * 100
    assert float(found.excess) == 3000 - 200 - deposit


def test_long_option_pays_for_itself():
    assert status(1000, option(2, "C", 105, 3)).excess == 1000


def test_short_against_the_box_counts_no_proceeds_twice():
    found = status(1000, stock(100, 100), stock(-100, 100))
    assert found.equity.amount == 1000
    assert found.test("Regulation T").required.amount == D("0.05") * 10000
    assert found.triggers == tuple(replace(t, price=None, move=None) for t in found.triggers)
    assert all("distance" in t.reason for t in found.triggers)


def test_minimum_equity_only_where_there_is_credit():
    small = status(-200, stock(10, 100))
    assert small.test("Minimum equity").call.amount == 2000 - 800
    assert small.call == 2000 - 800
    paid = status(0, stock(10, 100))
    assert paid.test("Minimum equity").call.amount == 0


@pytest.mark.parametrize(("on", "overlaid", "name", "standard"), [
    (date(2026, 6, 3), False, intraday.PATTERN, 25000),
    (date(2026, 6, 4), False, intraday.INTRADAY, 2500),
    (date(2026, 6, 4), True, intraday.PATTERN, 25000),
    (date(2027, 10, 20), True, intraday.PATTERN, 25000),
    (date(2027, 10, 21), True, intraday.INTRADAY, 2500),
])
def test_the_day_trading_regime_follows_date_and_firm(tmp_path, on, overlaid, name, standard):
    overlays = (parse_edition(NOT_PHASED_IN, tmp_path / "house.toml"),) if overlaid else ()
    found = status(-5000, stock(100, 100), on=on, overlays=overlays)
    test = found.tests[-1]
    assert test.name == name
    assert test.required.amount == standard
    assert test.condition
    assert found.call == 0  # a conditional test is not a call of the position alone


def test_intraday_deficit_is_the_largest_of_the_day_and_small_ones_are_disregarded():
    rule = RuleSet(ON).edition("finra_4210")
    day = [(D(100), D(200)), (D(900), D(300)), (D(700), D(300))]
    assert intraday.d_2_intraday_deficit(day, rule, D(1)).amount == 600
    assert intraday.d_2_intraday_deficit([(D(20900), D(20000))], rule, D(1)).amount == 0
    assert intraday.d_2_intraday_deficit([(D(21001), D(20000))], rule, D(1)).amount == 1001
    assert intraday.d_2_intraday_deficit([(D(1060), D(1000))], rule, D(1)).amount == 60
    assert intraday.d_2_intraday_deficit([], rule, D(1)).amount == 0


def test_portfolio_margin_tiers_are_all_shown():
    found = status(-5000, stock(1000, 100), rulebook=portfolio.margin)
    tier = found.test("Portfolio margin equity")
    assert tier.required.amount == 150_000
    assert tier.call.amount == 150_000 - 95_000
    assert [text.endswith(": met") for _, text in tier.required.inputs] == [False] * 4
    assert float(found.excess) == pytest.approx(95_000 - 15_000)
    assert float(found.buying_power.amount) == pytest.approx(80_000 / 0.15)


def test_futures_in_call_come_back_to_initial():
    from workstation.measures.requirement import AccountMargin
    from workstation.rulebooks.finra_4210.account_tests import maintenance_test
    from workstation.rulebooks.finra_4210.charges import amount
    margin = AccountMargin("F", "span", "USD", amount("i", D(1100)), amount("m", D(1000)), D(0),
                           D(0))
    assert maintenance_test(margin, D(1050)).call.amount == 0
    assert maintenance_test(margin, D(900)).call.amount == 200


def test_equity_counts_lots_cash_in_other_currencies_and_says_what_it_leaves_out():
    account = replace(ACCOUNT, cash=D(100), other_cash=(("EUR", D(10)), ("CHF", D(5))))
    made = book([stock(1, 100), other(AssetClass.EQUITY, 1, 7, "ABC")], market())
    made = replace(
        made, accounts=(account,), market=replace(made.market, fx={"EUR": D("1.1")}),
        lots=(CollateralLot("L1", "A1", "UST", "treasury", D(1000), D("0.99")),
              CollateralLot("L2", "A1", "XYZ", "equity", D(1), D(100)),
              CollateralLot("L3", "B9", "UST", "treasury", D(1000), D("0.99"))))
    rules, holdings = RuleSet(ON), resolve(made).of_account("A1")
    found = account_status(account, holdings, strategy.margin(account, holdings, rules), rules,
                           made)
    assert found.equity.amount == 100 + 11 + 107 + 990
    assert any("CHF" in note for note in found.notes)


def test_an_incomplete_requirement_is_said_to_be_one():
    found = status(0, stock(1, 100), other(AssetClass.CRYPTO, 1, 100, "BTC"))
    assert any("incomplete" in note for note in found.notes)


@settings(max_examples=80, deadline=None)
@given(st.integers(-40, 40).filter(bool), st.floats(0.3, 60).map(lambda x: D(str(round(x, 2)))),
       st.integers(0, 4000), st.sampled_from((1, 2, 3)))
def test_at_its_trigger_price_the_account_has_no_excess_left(lots, price, above, leverage):
    rows = (market(price, leverage=leverage),)
    held = stock(lots * 100, price)
    cash = -held.value + status(0, held, rows=rows).test("Maintenance").required.amount + above
    found = status(cash, held, rows=rows)
    assert found.excess == above
    trigger, = found.triggers
    if trigger.price is None:
        assert lots > 0
        assert trigger.reason
        return
    moved = status(cash, stock(lots * 100, trigger.price),
                   rows=(market(trigger.price, leverage=leverage),))
    assert abs(moved.excess) < D("0.001")


