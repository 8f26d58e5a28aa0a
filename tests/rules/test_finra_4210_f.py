"""FINRA 4210(f)(2): options alone and in every strategy recognised, branch by branch."""

import inspect
from dataclasses import replace
from datetime import date

import pytest

from tests.rules.securities_books import (
    EXPIRY,
    D,
    book,
    lines,
    market,
    option,
    stock,
    strategy_margin,
)
from workstation.base.vocabulary import UnderlyingClass
from workstation.parameters.store import read_edition
from workstation.rulebooks.finra_4210 import spread_search
from workstation.rulebooks.finra_4210.paragraphs import PARAGRAPHS

LATER = date(2026, 8, 21)


def alone(answer):
    """Return the only node of the only underlying."""
    (node,) = answer.maintenance.parts[0].parts
    return node


def reasons(answer, status="granted"):
    return [offset.reason.split(";")[0] for offset in answer.offsets if offset.status == status]


@pytest.mark.parametrize(("expiry", "amount"), [
    (date(2026, 7, 17), 1200), (date(2027, 3, 15), 1200), (date(2027, 3, 16), 900)])
def test_long_options_by_the_nine_month_line(expiry, amount):
    assert alone(strategy_margin(option(1, "C", 100, 12, expiry))).amount == amount


@pytest.mark.parametrize(("right", "strike", "premium", "amount", "binding"), [
    # Underlying 100: 20 % less out of the money, at least 10 % of 100 (calls) or strike (puts).
    ("C", 100, 3, 2300, "share of underlying less out-of-the-money amount"),
    ("C", 110, 1, 1100, "share of underlying less out-of-the-money amount"),
    ("C", 111, 1, 1100, "least amount"),
    ("P", 95, 1, 1600, "share of underlying less out-of-the-money amount"),
    ("P", 88, "0.5", 930, "least amount"),
    ("P", 120, 21, 4100, "share of underlying less out-of-the-money amount"),
])
def test_uncovered_equity_option(right, strike, premium, amount, binding):
    answer = strategy_margin(option(-1, right, strike, premium))
    node = alone(answer)
    assert node.amount == amount
    assert node.parts[1].binding.label == binding
    assert answer.net == amount - D(str(premium)) * 100
    assert answer.gross == amount


@pytest.mark.parametrize(("kind", "amount", "standing"), [
    (UnderlyingClass.BROAD_INDEX_HIGH_CAP, 1500, "sourced"),
    (UnderlyingClass.BROAD_INDEX, 1500, "sourced"),
    (UnderlyingClass.NARROW_INDEX, 2000, "sourced"),
    (UnderlyingClass.SECTOR_ETF, 2000, "sourced"),
    (UnderlyingClass.VOLATILITY_INDEX, 2000, "unverified"),
    (UnderlyingClass.INTEREST_RATE, 1000, "unverified"),
    (UnderlyingClass.CURRENCY, 400, "unverified"),
    (UnderlyingClass.CRYPTO, 2000, "unverified"),
])
def test_uncovered_percentage_by_class(kind, amount, standing):
    node = alone(strategy_margin(option(-1, "C", 100, 0), rows=(market(kind=kind),)))
    assert (node.amount, node.cite.standing) == (amount, standing)


def test_leverage_scales_percentage_and_floor():
    node = alone(strategy_margin(option(-1, "P", 70, 0), rows=(market(leverage=2),)))
    assert [part.amount for part in node.parts[1].parts] == [1000, 1400]


@pytest.mark.parametrize(("legs", "gross", "net"), [
    (((1, "P", 90, 1), (-1, "P", 100, 3)), 1100, 800),
    (((1, "P", 100, 3), (-1, "P", 90, 1)), 300, 200),
    (((1, "C", 110, 1), (-1, "C", 100, 3)), 1100, 800),
    # The wing is so wide that the short alone is cheaper: no pairing.
    (((1, "C", 150, "0.1"), (-1, "C", 100, 3)), 2310, 2010),
    (((-1, "C", 100, 3), (-1, "P", 100, 3)), 2600, 2000),
    (((1, "P", 80, 1), (-1, "P", 90, 2), (-1, "C", 110, 2), (1, "C", 120, 1)), 1200, 800),
    (((1, "C", 90, 12), (-2, "C", 100, 5), (1, "C", 110, 1)), 1300, 300),
    (((1, "P", 90, 1), (-1, "P", 110, 12), (1, "C", 110, 2), (-1, "C", 90, 12)), 2300, -100),
    # Two short, one long: one spread, one alone.
    (((1, "C", 105, 2), (-2, "C", 100, 3)), 200 + 500 + 2300, 2400),
])
def test_option_strategies(legs, gross, net):
    answer = strategy_margin(*(option(*leg) for leg in legs))
    assert (answer.gross, answer.net) == (gross, net)


def test_short_straddle_takes_the_greater_side_and_the_other_premium():
    answer = strategy_margin(option(-1, "C", 105, 1), option(-1, "P", 95, 2))
    node = alone(answer)
    assert node.amount == 1700 + 100
    assert node.parts[0].binding.label.endswith("95 P: short, uncovered")
    assert node.cite.paragraph == "(f)(2)(G)"


@pytest.mark.parametrize(("long", "short", "why"), [
    ({"expiry": EXPIRY}, {"expiry": LATER}, "expires 2026-07-17, before"),
    ({"expiry": LATER, "style": "european"}, {"expiry": LATER}, "is european"),
])
def test_a_spread_is_denied_with_reason_and_dollars(long, short, why):
    answer = strategy_margin(option(1, "C", 100, 5, **long), option(-1, "C", 100, 8, **short))
    assert answer.gross == 500 + 2800
    (denied,) = answer.offsets
    assert denied.status == "denied"
    assert why in denied.reason
    assert (denied.amount, denied.would_save) == (0, 2800)


def test_a_calendar_whose_long_outlives_the_short_is_a_spread():
    answer = strategy_margin(option(1, "C", 100, 6, LATER), option(-1, "C", 100, 5))
    assert (answer.gross, answer.net) == (600, 100)
    assert reasons(answer) == ["Calendar spread, call 100"]


@pytest.mark.parametrize(("positions", "amount", "name"), [
    ((stock(100, 100), option(-1, "C", 105, 2)), 2500, "covered call 105"),
    ((stock(-100, 100), option(-1, "P", 105, 7)), 3000 + 500, "covered put 105"),
    ((stock(100, 100), option(1, "P", 95, 1)), 950 + 500 + 100, "protective put 95"),
    ((stock(-100, 100), option(1, "C", 105, 2)), 1050 + 500 + 200,
     "short stock with call 105"),
    ((stock(100, 100), option(1, "P", 100, 3), option(-1, "C", 100, 4)), 1000 + 300,
     "conversion 100"),
    ((stock(-100, 100), option(1, "C", 105, 3), option(-1, "P", 105, 8)), 1050 + 500 + 300,
     "reverse conversion 105"),
    ((stock(100, 100), option(1, "P", 95, 1), option(-1, "C", 105, 2)), 950 + 500 + 100,
     "collar 95 / 105"),
])
def test_stock_against_options(positions, amount, name):
    answer = strategy_margin(*positions)
    assert answer.maintenance.amount == amount
    assert reasons(answer) == [f"XYZ: {name}"]


def test_stock_covers_whole_contracts_only():
    answer = strategy_margin(stock(250, 100), option(-3, "C", 105, 2))
    # Two contracts covered, one alone, and all 250 shares margined.
    assert answer.maintenance.amount == 250 * 25 + 1700


def test_nonmargin_stock_gets_no_relief_from_a_put():
    shares = stock(100, 100, extras=(("marginable", "no"),))
    assert strategy_margin(shares, option(1, "P", 100, 1)).maintenance.amount == 10_000 + 100


def test_pairing_is_not_greedy():
    # Largest saving first pairs the 100 call with the 101 call and leaves the 90 call uncovered.
    answer = strategy_margin(
        option(1, "C", 101, 3), option(1, "C", 112, 1), option(-1, "C", 100, 4),
        option(-1, "C", 111, 1))
    assert answer.gross == 300 + 100 + 100 + 100


def test_opposite_positions_in_one_series_close_each_other():
    answer = strategy_margin(option(3, "C", 100, 5), option(-5, "C", 100, 5))
    assert answer.gross == 2 * 2500


def test_contract_sizes_do_not_mix():
    answer = strategy_margin(option(1, "C", 100, 5, multiplier=10), option(-1, "C", 100, 5))
    assert answer.gross == 50 + 2500


def _overlay(tmp_path, name, value):
    path = tmp_path / "house.toml"
    path.write_text(f"""rule = "FINRA 4210"
edition = "house"
effective = 2026-01-01
source = "the firm"
[parameter.{name}]
value = {value}
unit = ""
paragraph = "(f)(2)(H)"
standing = "house"
""", "utf-8")
    return (read_edition(path),)


def test_the_equal_wings_switch_splits_a_broken_iron(tmp_path):
    legs = [option(1, "P", 80, 1), option(-1, "P", 90, 2), option(-1, "C", 105, 2),
            option(1, "C", 110, 1)]
    assert strategy_margin(*legs).net == 1000 - 200
    overlays = _overlay(tmp_path, "house_equal_wings_only", 1)
    assert strategy_margin(*legs, overlays=overlays).net == 1500 - 200


def test_before_2013_spreads_had_two_legs():
    on = date(2012, 6, 15)
    legs = [replace(leg, instrument=replace(leg.instrument, terms=replace(
        leg.instrument.terms, expiry=date(2012, 7, 20))))
        for leg in (option(1, "P", 80, 1), option(-1, "P", 90, 2), option(-1, "C", 110, 2),
                    option(1, "C", 120, 1))]
    # Two spreads would be 2,200; a short strangle of 1,400 and two longs paid is less.
    assert strategy_margin(*legs, on=on).gross == 1600


def test_options_without_price_or_market_are_left_out_with_their_cells():
    answer = strategy_margin(
        option(-1, "C", 100, 3, symbol="NOPE"), replace(option(1, "C", 100, 3), price=None),
        option(1, "C", 100, 3, date(2026, 6, 1)), option(-1, "C", 100, 3, multiplier=0),
        option(1, "C", 90, 12))
    where = {item.where: item for item in answer.excluded}
    assert sorted(where) == [f"Positions!A{n}" for n in (2, 3, 4, 5)]
    assert "NOPE" in where["Positions!A2"].remedy
    assert all(item.remedy and item.account_id == "A1" for item in answer.excluded
               if item.where != "")
    assert answer.gross == 1200


def test_book_helper_numbers_its_cells():
    assert [p.where for p in book([stock(1, 1), stock(2, 1)]).positions] == [
        "Positions!A2", "Positions!A3"]


@pytest.mark.parametrize(("paragraph", "answer"), PARAGRAPHS.items())
def test_every_paragraph_is_computed_or_excused(paragraph, answer):
    if isinstance(answer, str):
        assert answer
        return
    stem = paragraph.split()[0].strip("()").replace(")(", "_").lower()
    assert answer.__name__.startswith(stem)
    assert inspect.getdoc(answer)


def test_explanation_is_stable(snapshot):
    answer = strategy_margin(
        stock(250, 100), option(-3, "C", 105, 2), option(1, "C", 110, 1),
        option(-2, "P", 90, 1), option(2, "P", 95, "1.5"), option(1, "P", 80, "0.3", LATER))
    assert lines(answer.maintenance) == snapshot


def test_a_large_class_weighs_each_legs_best_partners_only(monkeypatch):
    monkeypatch.setattr(spread_search, "MOST_PAIRS", 200)
    legs = [option(1 if n % 2 else -1, "CP"[n % 4 // 2], 60 + n * D("0.65"),
                   D(2) + max(D(0), (40 - n * D("0.65")) * (1 if n % 4 < 2 else -1)))
            for n in range(120)]
    answer = strategy_margin(*legs)
    alone = sum(strategy_margin(leg).maintenance.amount for leg in legs)
    assert alone + sum(row.amount for row in answer.offsets) == answer.maintenance.amount
    paid = sum(leg.value for leg in legs if leg.quantity > 0)
    assert paid <= answer.maintenance.amount < alone / 2
