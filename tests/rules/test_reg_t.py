"""12 CFR 220.12: initial margin, and maintenance beside it."""

import inspect

import pytest

from tests.rules.securities_books import (
    ACCOUNT,
    ON,
    D,
    bond,
    book,
    market,
    option,
    other,
    reg_t_margin,
    stock,
)
from workstation.base.vocabulary import AssetClass
from workstation.book.resolve import resolve
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.reg_t.initial import PARAGRAPHS, alone


def test_long_stock_half_to_open_a_quarter_to_keep():
    answer = reg_t_margin(stock(100, "47.38"))
    assert (answer.initial.amount, answer.maintenance.amount) == (D(2369), D("1184.50"))
    assert answer.regime == "reg-t"
    assert answer.gross == answer.net == answer.initial.amount


def test_positions_one_by_one_are_positions_alone():
    held = [stock(100, "47.38"), stock(-200, "4"), option(-3, "C", 45, "4.10"),
            option(2, "P", 60, "0.05"), bond(100_000, 98), other(AssetClass.FUTURE)]
    found = alone(ACCOUNT, resolve(book(held, market())).of_account("A1"), RuleSet(ON))
    singly = [reg_t_margin(position, rows=(market(),)) for position in held]
    assert found[-1] is None
    assert not singly[-1].complete
    assert list(found[:-1]) == [answer.maintenance.amount for answer in singly[:-1]]


def test_the_exchange_rule_binds_where_it_asks_more():
    fund = stock(1, 100, kind=AssetClass.ETF)
    node = reg_t_margin(fund, rows=(market(leverage=3),)).initial.parts[0].parts[0]
    assert node.amount == 75
    assert str(node.binding.cite).startswith("FINRA 4210")
    assert [part.amount for part in node.parts] == [50, 75]


def test_short_stock_includes_the_proceeds():
    answer = reg_t_margin(stock(-100, 50))
    assert (answer.initial.amount, answer.maintenance.amount) == (7500, 1500)


@pytest.mark.parametrize(("shares", "price", "amount"), [
    (100, "1.50", 150 + 250),  # 2.50 a share: half of the value is less
    (200, "4", 800 + 800),  # all of the value, above 2.50 a share
    (100, "50", 7500),
])
def test_short_stock_deposits_at_least_the_exchange_amount(shares, price, amount):
    answer = reg_t_margin(stock(-shares, price))
    assert answer.initial.amount == amount
    assert answer.initial.amount >= shares * D(price) + answer.maintenance.amount


def test_nonmargin_stock_is_paid_in_full():
    assert reg_t_margin(stock(10, 8, extras=(("margin_eligible", "no"),))).initial.amount == 80


def test_debt_by_good_faith():
    assert reg_t_margin(bond(100_000, 98)).initial.amount == 3920
    assert reg_t_margin(bond(-100_000, 98)).initial.amount == 98_000 + 3920


def test_covered_call_in_the_money_values_stock_at_the_strike():
    answer = reg_t_margin(stock(100, 120), option(-1, "C", 110, 12), rows=(market(120),))
    assert answer.initial.amount == 5500
    assert answer.net == 5500 - 1200
    assert answer.maintenance.amount == 2750


@pytest.mark.parametrize(("spot", "amount"), [(253, 38_250), (250, 38_250), (247, 38_550)])
def test_covered_put_adds_what_is_in_the_money(spot, amount):
    answer = reg_t_margin(stock(-100, 255), option(-1, "P", 250, 3), rows=(market(spot),))
    assert answer.gross == amount


def test_a_protective_put_relieves_maintenance_only():
    answer = reg_t_margin(stock(100, 100), option(1, "P", 100, 2))
    assert answer.initial.amount == 5000 + 200
    assert answer.maintenance.amount == 1000 + 200
    assert answer.offsets[0].amount == -1500


@pytest.mark.parametrize(("paragraph", "answer"), PARAGRAPHS.items())
def test_every_paragraph_is_computed_or_excused(paragraph, answer):
    if isinstance(answer, str):
        assert answer
        return
    assert answer.__name__.startswith(paragraph.split()[0].removeprefix(".12").strip("()").replace(
        ")(", "_"))
    assert inspect.getdoc(answer)


def test_a_call_against_a_short_of_unknown_price_is_denied_with_what_it_would_save():
    answer = reg_t_margin(stock(-200, 50), option(1, "C", 45, 7))
    row = next(offset for offset in answer.offsets if "at what price" in offset.reason)
    assert (row.status, row.would_save) == ("denied", D("0.5") * 100 * 50)
    assert answer.initial.amount == D("1.5") * 200 * 50 + 700


def test_the_least_of_several_sale_prices_decides():
    sold = [stock(-100, 50, extras=(("Sale price", price),)) for price in ("44", "52")]
    call = option(1, "C", 45, 7)
    assert reg_t_margin(*sold, call).initial.amount == D("1.5") * 200 * 50 + 700
    assert reg_t_margin(sold[1], call).initial.amount == 5000 + 700
