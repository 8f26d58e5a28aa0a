"""The pairing against an integer programme written from the rule and solved by scipy."""

import random
from datetime import date

import pytest

from tests.rules.exact_pairing import Leg, least_requirement
from tests.rules.securities_books import D, lines, market, option, stock, strategy_margin
from workstation.base import threads
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


@pytest.mark.parametrize("seed", [5, 6])
def test_what_was_found_is_kept_where_its_proof_is_given_up(seed, monkeypatch):
    _, positions, _ = random_book(seed, 44, 4)
    least = strategy_margin(*positions).maintenance.amount
    with monkeypatch.context() as never:
        never.setattr(exact_spreads, "worthwhile", lambda legs: False)
        two_by_two = strategy_margin(*positions).maintenance.amount
    monkeypatch.setattr(exact_spreads, "_NEAR_BOUND", 0.0)
    monkeypatch.setattr(exact_spreads, "_MOST_NODES_LARGE", 0)
    found = strategy_margin(*positions).maintenance.amount
    assert found < two_by_two
    assert found == pytest.approx(least, rel=D("0.001"))


def test_underlyings_paired_side_by_side_do_not_depend_on_the_number_of_threads(monkeypatch):
    names, positions = ("AAA", "BBB", "CCC", "DDD", "EEE"), []
    for seed, name in enumerate(names):
        legs, _, lots = random_book(seed, 18, 4)
        positions += [option(leg.quantity, leg.right, leg.strike, leg.premium,
                             date.fromordinal(leg.expiry), name, leg.style) for leg in legs]
        positions += [stock(100 * lots, SPOT, name)] if lots else []
    found = []
    for processors in (1, 2, 4):
        monkeypatch.setattr(threads.os, "cpu_count", lambda n=processors: n)
        found.append(strategy_margin(*positions, rows=[market(SPOT, n) for n in names]))
    assert found[0] == found[1] == found[2]
    assert {offset.level for offset in found[0].offsets}


def test_five_legs_are_one_spread_where_joining_two_by_two_leaves_a_loss():
    # Worth at expiry, a share: 10 at zero, 10 below 85, 25 at 85, 30 above 105; never below zero,
    # so the longs paid in full are the whole requirement. Pairs joined two by two ask 500 more.
    legs = [option(2, "P", 100, "2.55"), option(2, "C", 85, "18.16"), option(-2, "C", 100, "0.96"),
            option(-1, "P", 85, "0.68"), option(-1, "P", 105, "7.22")]
    assert strategy_margin(*legs).maintenance.amount == 100 * (2 * D("2.55") + 2 * D("18.16"))
