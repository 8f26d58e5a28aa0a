"""OTC options by the column that names them."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.securities_books import D, market, option, portfolio_margin, strategy_margin
from workstation.base.vocabulary import UnderlyingClass

LATE = date(2027, 6, 18)


def otc(*args, says="yes", **more):
    return replace(option(*args, **more), extras=(("OTC", says),))


@pytest.mark.parametrize(("kind", "fraction", "floor"), [
    (UnderlyingClass.EQUITY, "0.30", "0.10"), (UnderlyingClass.NARROW_INDEX, "0.30", "0.10"),
    (UnderlyingClass.BROAD_INDEX_HIGH_CAP, "0.20", "0.10"),
    (UnderlyingClass.INTEREST_RATE, "0.05", "0.03"), (UnderlyingClass.COMMODITY, "0.30", "0.10"),
    (UnderlyingClass.TREASURY_NOTE, "0.05", "0.03"),
    (UnderlyingClass.OTHER_GOVERNMENT, "0.10", "0.05"),
    (UnderlyingClass.CORPORATE_DEBT, "0.15", "0.05"),
])
def test_uncovered_percentages(kind, fraction, floor):
    rows = (market(100, kind=kind),)
    near = strategy_margin(otc(-1, "C", 102, 3), rows=rows).maintenance
    assert near.amount == 300 + max(D(fraction) * 100 - 2, D(floor) * 100) * 100
    far = strategy_margin(otc(-1, "P", 40, "0.1"), rows=rows).maintenance
    assert far.amount == 10 + max(D(fraction) * 100 - 60, D(floor) * 40) * 100
    assert near.unverified()


def test_long_options_carry_loan_value_in_the_money_only_and_late_only():
    assert strategy_margin(otc(2, "C", 90, 14, expiry=LATE)).maintenance.amount == (
        D("0.75") * 10 + 4) * 200
    assert strategy_margin(otc(2, "C", 90, 14)).maintenance.amount == 14 * 200
    cheap = strategy_margin(otc(1, "P", 130, 20, expiry=LATE))  # below its intrinsic value
    assert cheap.maintenance.amount == D("0.75") * 2000


def test_listed_and_otc_legs_are_no_spread_and_do_not_net():
    mixed = strategy_margin(otc(1, "C", 100, 5), option(-1, "C", 105, 3))
    alone = strategy_margin(option(-1, "C", 105, 3)).maintenance.amount
    assert mixed.maintenance.amount == 500 + alone
    denied, = mixed.offsets
    assert denied.status == "denied"
    assert "is listed, the other is not" in denied.reason
    both = strategy_margin(otc(1, "C", 100, 5), otc(-1, "C", 105, 3))
    assert both.maintenance.amount == 500
    same = strategy_margin(otc(1, "C", 100, 5), option(-1, "C", 100, 5))
    assert same.maintenance.amount > 500


@pytest.mark.parametrize("says", ["no", "", "listed"])
def test_the_column_must_say_yes(says):
    assert strategy_margin(otc(-1, "C", 102, 3, says=says)).maintenance.amount == strategy_margin(
        option(-1, "C", 102, 3)).maintenance.amount


@pytest.mark.parametrize(("kind", "fraction", "floor"), [
    (UnderlyingClass.TREASURY_NOTE, "0.03", "0.005"),
    (UnderlyingClass.TREASURY_BOND, "0.035", "0.005")])
def test_listed_options_on_treasuries(kind, fraction, floor):
    rows = (market(100, kind=kind),)
    near = strategy_margin(option(-1, "C", 102, 3), rows=rows).maintenance
    assert near.amount == 300 + max(D(fraction) * 100 - 2, D(floor) * 100) * 100
    far = strategy_margin(option(-1, "P", 90, "0.1"), rows=rows).maintenance
    assert far.amount == 10 + D(floor) * 90 * 100
    assert near.unverified()


@pytest.mark.parametrize("kind", [UnderlyingClass.OTHER_GOVERNMENT,
                                  UnderlyingClass.CORPORATE_DEBT])
def test_options_on_other_debt_must_be_said_to_be_otc(kind):
    answer = strategy_margin(option(-1, "C", 102, 3), rows=(market(100, kind=kind),))
    assert answer.maintenance.amount == 0
    assert "otc" in answer.excluded[0].remedy


def test_options_on_debt_are_no_product_of_portfolio_margin():
    rows = (market(100, kind=UnderlyingClass.TREASURY_NOTE),)
    answer = portfolio_margin(option(-1, "C", 102, 3), rows=rows)
    assert answer.maintenance.amount == 0
    assert "not an eligible product" in answer.excluded[0].what
