"""Long boxes of European, cash-settled options, and shorts against exchangeable securities."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.securities_books import (
    D,
    lines,
    market,
    option,
    other,
    reg_t_margin,
    stock,
    strategy_margin,
)
from workstation.base.vocabulary import AssetClass, UnderlyingClass

SPX = (market(1000, "SPX", UnderlyingClass.BROAD_INDEX_HIGH_CAP),)


def index_option(quantity, right, strike, price, style="european", settlement="cash",
                 expiry=date(2026, 7, 17)):
    made = option(quantity, right, strike, price, expiry, "SPX", style)
    terms = replace(made.instrument.option, settlement=settlement)
    return replace(made, instrument=replace(made.instrument, terms=terms))


def box(n=1, **more):
    """Long 990 / 1010: bought for 19.90."""
    return [index_option(n, "C", 990, 25, **more), index_option(-n, "C", 1010, 14, **more),
            index_option(n, "P", 1010, 22, **more), index_option(-n, "P", 990, D("13.1"), **more)]


def test_a_long_box_costs_half_its_strike_difference_on_the_net_basis():
    answer = strategy_margin(*box(3), rows=SPX)
    assert answer.net == D("0.5") * 20 * 100 * 3
    assert answer.gross - answer.net == (14 + D("13.1")) * 100 * 3
    assert "Long box spread, 990 / 1,010" in lines(answer.maintenance)
    offset, = answer.offsets
    assert offset.between == tuple(dict.fromkeys(offset.between))
    assert len(offset.between) == 4
    assert answer.maintenance.unverified()


@pytest.mark.parametrize("more", [{"style": "american"}, {"settlement": "physical"}])
def test_other_boxes_are_spreads_paid_in_full(more):
    answer = strategy_margin(*box(**more), rows=SPX)
    assert answer.net == (25 + 22 - 14 - D("13.1")) * 100


def test_a_short_box_costs_its_strike_difference():
    answer = strategy_margin(*[p.resized(-p.quantity) for p in box()], rows=SPX)
    paid = (14 + D("13.1")) * 100
    assert answer.maintenance.amount == paid + 20 * 100


def test_regulation_t_takes_the_same_amount():
    assert reg_t_margin(*box(), rows=SPX).initial.amount == strategy_margin(
        *box(), rows=SPX).maintenance.amount


def test_a_box_needs_one_expiry_and_leaves_the_rest_alone():
    mixed = [*box()[:2], *[replace(p, instrument=replace(p.instrument, terms=replace(
        p.instrument.option, expiry=date(2026, 8, 21)))) for p in box()[2:]]]
    assert "Long box" not in lines(strategy_margin(*mixed, rows=SPX).maintenance)
    extra = strategy_margin(*box(), index_option(2, "C", 1050, 3), rows=SPX)
    assert extra.maintenance.amount == strategy_margin(
        *box(), rows=SPX).maintenance.amount + 600


def convertible(principal, price, ratio="20"):
    made = other(AssetClass.CONVERTIBLE, principal, price, "XYZ-CB")
    instrument = replace(made.instrument, underlying="XYZ", multiplier=D("0.01"))
    return replace(made, instrument=instrument, extras=(("Conversion ratio", ratio),))


def test_a_short_against_a_convertible_costs_a_tenth_of_the_long():
    held = [convertible(50_000, 110), stock(-1500, 60)]
    answer = strategy_margin(*held, rows=(market(60),))
    # 50,000 of principal become 1,000 shares; 500 stay short alone.
    assert answer.maintenance.amount == D("0.10") * 55_000 + D("0.30") * 500 * 60
    alone = sum(strategy_margin(each, rows=(market(60),)).maintenance.amount for each in held)
    assert alone + sum(row.amount for row in answer.offsets) == answer.maintenance.amount
    assert "ninety days" in answer.offsets[0].reason


def test_regulation_t_charges_the_covered_short_its_value_only():
    answer = reg_t_margin(convertible(50_000, 110), stock(-1000, 60), rows=(market(60),))
    assert answer.initial.amount == D("0.5") * 55_000 + 60_000
    assert answer.on_initial.credited == 60_000


def test_part_of_a_convertible_meets_a_small_short():
    answer = strategy_margin(convertible(50_000, 110), stock(-500, 60), rows=(market(60),))
    assert answer.maintenance.amount == D("0.10") * 27_500 + D("0.25") * 27_500


@pytest.mark.parametrize("ratio", ["", "n/a", "-3", "0"])
def test_without_a_usable_ratio_both_are_charged_apart(ratio):
    answer = strategy_margin(convertible(50_000, 110, ratio), stock(-500, 60), rows=(market(60),))
    assert answer.maintenance.amount == D("0.25") * 55_000 + D("0.30") * 30_000
    assert not answer.offsets
