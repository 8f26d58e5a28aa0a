"""The pairing against an integer programme written from the rule and solved by scipy."""

import random
from datetime import date

import pytest

from tests.rules.exact_pairing import Leg, least_requirement
from tests.rules.securities_books import D, lines, option, stock, strategy_margin
from workstation.rulebooks.finra_4210 import exact_spreads

SPOT = 100
EXPIRIES = (date(2026, 7, 17), date(2026, 8, 21), date(2026, 12, 18), date(2027, 6, 18))
OVER_NINE_MONTHS = EXPIRIES[3]
BOOKS = 75


def random_book(seed, most, expiries):
    """Return the same random book as legs of the programme and as positions."""
    draw = random.Random(seed)
    series = {}
    for _ in range(draw.randint(3, most)):
        right, strike = draw.choice("CP"), draw.choice(range(80, 125, 5))
        inside = max(0, (SPOT - strike) * (1 if right == "C" else -1))
        key = right, strike, draw.choice(EXPIRIES[:expiries]), draw.choice(
            ("american",) * 3 + ("european",))
        series[key] = (draw.choice((1, 2, 3, 5)) * draw.choice((-1, 1)),
                       inside + round(draw.uniform(0.1, 4), 2))
    lots = draw.choice((0, 0, 1, 3, -1, -2))
    legs = [Leg(right, float(strike), day.toordinal(), quantity, price, style,
                loan=day == OVER_NINE_MONTHS)
            for (right, strike, day, style), (quantity, price) in series.items()]
    positions = [option(quantity, right, strike, price, day, style=style)
                 for (right, strike, day, style), (quantity, price) in series.items()]
    return legs, [*positions, *([stock(100 * lots, SPOT)] if lots else [])], lots


@pytest.mark.parametrize(("most", "expiries"), [(6, 1), (9, 1), (10, 3), (18, 4)])
def test_no_pairing_costs_less_than_the_one_found(most, expiries):
    for n in range(BOOKS):
        legs, positions, lots = random_book(1000 * most + n, most, expiries)
        found = strategy_margin(*positions).maintenance
        least = least_requirement(legs, SPOT, lots)
        assert float(found.amount) == pytest.approx(least, abs=0.01), lines(found)


@pytest.mark.parametrize("seed", [5, 6, 9, 10, 11, 12])
def test_large_classes_are_within_a_thousandth_of_the_optimum(seed, monkeypatch):
    _, positions, _ = random_book(seed, 44, 4)
    assert len(positions) > exact_spreads.MOST_PROVEN
    alone = sum(strategy_margin(position).maintenance.amount for position in positions)
    found = strategy_margin(*positions).maintenance.amount
    monkeypatch.setattr(exact_spreads, "MOST_PROVEN", exact_spreads.MOST_OPTIONS)
    least = strategy_margin(*positions).maintenance.amount
    assert least <= found <= least + (alone - least) / 1000


def test_five_legs_are_one_spread_where_joining_two_by_two_leaves_a_loss():
    # Worth at expiry, a share: 10 at zero, 10 below 85, 25 at 85, 30 above 105; never below zero,
    # so the longs paid in full are the whole requirement. Pairs joined two by two ask 500 more.
    legs = [option(2, "P", 100, "2.55"), option(2, "C", 85, "18.16"), option(-2, "C", 100, "0.96"),
            option(-1, "P", 85, "0.68"), option(-1, "P", 105, "7.22")]
    assert strategy_margin(*legs).maintenance.amount == 100 * (2 * D("2.55") + 2 * D("18.16"))
