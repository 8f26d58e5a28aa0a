"""Risk-based haircuts: the scan of 15c3-1a with its own ranges, offsets and minimum."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.securities_books import ACCOUNT, ON, D, bond, book, market, option, other, stock
from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.book.resolve import resolve
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import parse_edition
from workstation.rulebooks.finra_4210 import portfolio
from workstation.rulebooks.rbh_15c3_1a import haircuts

MAKER = """rule = "Rule 15c3-1a"
edition = "maker"
effective = 2000-01-01
source = "test"
[parameter.house_market_maker]
value = 1
unit = "1 = yes"
paragraph = "(b)(1)"
standing = "house"
"""


def answered(*positions, rows=(), on=ON, overlays=()):
    made = book(positions, *(rows or (market(),)), on=on)
    return haircuts.margin(ACCOUNT, resolve(made).of_account("A1"), RuleSet(on, overlays))


def overlay(tmp_path):
    return (parse_edition(MAKER, tmp_path / "maker.toml"),)


@pytest.mark.parametrize(("kind", "symbol", "dealer", "maker"), [
    (UnderlyingClass.EQUITY, "XYZ", 1500, 1500),
    (UnderlyingClass.BROAD_INDEX_HIGH_CAP, "SPX", 1000, 800),
    (UnderlyingClass.BROAD_INDEX, "RUT", 1500, 1000),
    (UnderlyingClass.CURRENCY, "EURUSD", 600, 450),
    (UnderlyingClass.CURRENCY, "TRYUSD", 2000, 2000),
])
def test_ranges_of_dealers_and_market_makers(tmp_path, kind, symbol, dealer, maker):
    held = stock(100, 100, symbol, AssetClass.ETF)
    rows = (market(100, symbol, kind),)
    assert float(answered(held, rows=rows).maintenance.amount) == pytest.approx(dealer)
    assert float(answered(held, rows=rows, overlays=overlay(tmp_path)).maintenance.amount
                 ) == pytest.approx(maker)


def test_a_contract_costs_twenty_five_dollars_at_least():
    far = option(3, "C", 400, 0.01)
    assert answered(far).maintenance.amount == 75


def test_one_stock_scans_alike_under_15c3_1a_and_4210_g():
    held = [stock(100, 100), option(-1, "C", 105, 2), option(1, "P", 95, 2)]
    made = book(held, market())
    customer = portfolio.margin(ACCOUNT, resolve(made).of_account("A1"), RuleSet(ON))
    own = answered(*held)
    assert own.maintenance.amount == customer.maintenance.amount
    assert own.regime == "rbh-15c3-1a"
    assert {cite.rule for cite in own.maintenance.unverified()} == {"Rule 15c3-1a"}


def test_coins_by_the_staff_position_and_from_its_date():
    coins = [other(AssetClass.CRYPTO, 500, 100_000, "BTC"),
             other(AssetClass.STABLECOIN, 1_000, 1, "USDC"),
             replace(other(AssetClass.STABLECOIN, -600, 1, "USDC"), account_id="A1")]
    assert answered(*coins).maintenance.amount == 10_000_000 + 20
    before = answered(*coins, on=date(2025, 6, 2))
    assert before.maintenance.amount == 10_000_000
    assert {"USDC" in item.what for item in before.excluded} == {True}
    assert answered(*coins, on=date(2025, 1, 2)).maintenance.amount == 0


def test_what_15c3_1a_does_not_cover_is_excluded_with_a_reason():
    answer = answered(bond(1000, 99), other(AssetClass.CRYPTO, 1, 10, "DOGE"))
    assert answer.maintenance.amount == D(0)
    assert len(answer.excluded) == 2
    assert all(item.what and item.remedy and item.account_id == "A1" for item in answer.excluded)
