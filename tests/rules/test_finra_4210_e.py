"""FINRA 4210(e): debt by maturity, rating and kind."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.securities_books import ACCOUNT, ON, D, bond, book, stock, strategy_margin
from workstation.base.vocabulary import AssetClass
from workstation.book.resolve import resolve
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.finra_4210 import portfolio, strategy
from workstation.rulebooks.reg_t import initial


def only(answer):
    return answer.maintenance.parts[0]


@pytest.mark.parametrize(("maturity", "per_cent"), [
    (date(2027, 6, 14), 1), (date(2027, 6, 15), 2), (date(2029, 6, 14), 2),
    (date(2029, 6, 15), 3), (date(2031, 6, 14), 3), (date(2031, 6, 15), 4),
    (date(2036, 6, 14), 4), (date(2036, 6, 15), 5), (date(2046, 6, 14), 5),
    (date(2046, 6, 15), 6), (date(2056, 6, 15), 6),
])
@pytest.mark.parametrize("kind", [AssetClass.TREASURY, AssetClass.AGENCY])
def test_governments_by_years_to_maturity(maturity, per_cent, kind):
    node = only(strategy_margin(bond(100_000, 98, maturity, kind)))
    assert node.amount == D(980) * per_cent
    assert "(to confirm)" in str(node.cite)


def test_governments_are_charged_on_the_net():
    answer = strategy_margin(bond(100_000, 98), bond(-60_000, 98))
    assert only(answer).amount == D("0.04") * 40_000 * D("0.98")
    assert strategy_margin(bond(100_000, 98), bond(-100_000, 98)).maintenance.amount == 0


@pytest.mark.parametrize(("price", "maturity", "amount", "binding"), [
    (40, date(2046, 6, 15), 3000, "zero coupon: share of principal"),
    (60, date(2046, 6, 15), 3600, "BOND: Treasury, net long"),
])
def test_zero_coupons_have_a_floor_of_principal(price, maturity, amount, binding):
    node = only(strategy_margin(bond(100_000, price, maturity, coupon="0")))
    assert (node.amount, node.binding.label) == (amount, binding)


def test_zero_coupons_under_five_years_have_none():
    node = only(strategy_margin(bond(100_000, 90, date(2030, 6, 15), coupon="0")))
    assert (node.amount, node.combine) == (2700, "leaf")


def test_municipals():
    assert only(strategy_margin(bond(10_000, 100, kind=AssetClass.MUNICIPAL))).amount == 700


@pytest.mark.parametrize(("rating", "price", "amount"), [
    ("AAA", 100, 1000), ("Baa3", 100, 1000), ("BBB-", 100, 1000), ("a+", 100, 1000),
    ("BB+", 100, 2000), ("Ba1", 100, 2000), ("", 100, 2000), ("B", 30, 700), ("CCC", 35, 700),
    ("CCC", 36, 720),
])
def test_corporate_debt_by_rating(rating, price, amount):
    answer = strategy_margin(bond(10_000, price, kind=AssetClass.CORPORATE_BOND, rating=rating))
    assert only(answer).amount == amount


def test_unrated_debt_says_how_it_was_taken():
    node = only(strategy_margin(bond(10_000, 100, kind=AssetClass.CORPORATE_BOND)))
    assert ("rating", "not given: taken as below investment grade") in node.inputs


def test_same_security_long_and_short():
    answer = strategy_margin(stock(500, 40), stock(-300, 40))
    # 5 % of the 300 shares that meet, 25 % of the 200 left long.
    assert answer.maintenance.amount == 300 * 40 * D("0.05") + 200 * 40 * D("0.25")
    assert [offset.status for offset in answer.offsets] == ["granted"]


def test_a_government_without_maturity_is_left_out_with_its_cell():
    answer = strategy_margin(bond(10_000, 100, None), stock(100, 10))
    assert not answer.complete
    assert answer.excluded[0].where == "Positions!A2"
    assert "maturity" in answer.excluded[0].remedy
    assert answer.maintenance.amount == 250


@pytest.mark.parametrize(("kind", "rating", "expected"), [
    (AssetClass.TREASURY, "", 0), (AssetClass.AGENCY, "", 0), (AssetClass.MUNICIPAL, "", 0),
    (AssetClass.CORPORATE_BOND, "A", 3000), (AssetClass.CORPORATE_BOND, "BB", 20_000)])
def test_an_exempt_account_keeps_what_e_2_f_and_g_leave(kind, rating, expected):
    position = bond(100_000, 100, kind=kind, rating=rating)
    account = replace(ACCOUNT, programme="Exempt account")
    held = resolve(book([position])).of_account("A1")
    for rulebook in (strategy.margin, portfolio.margin, initial.margin):
        assert rulebook(account, held, RuleSet(ON)).initial.amount == expected
    asked = strategy.margin(ACCOUNT, held, RuleSet(ON)).initial.amount
    assert asked == expected if rating == "BB" else asked > expected
