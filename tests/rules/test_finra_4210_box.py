"""Long boxes of European, cash-settled options, and shorts against exchangeable securities."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.securities_books import D, lines, market, option, reg_t_margin, strategy_margin
from workstation.base.vocabulary import UnderlyingClass

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
