"""The equilibrium solver: monotone in the shock, conservative, indifferent to order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.cascade.equilibrium import Borrowers, Depth, solve

HOLDINGS = np.array([[1000.0, 60.0], [400.0, 100.0], [800.0, 0.0]])
CASH = np.array([-143000.0, -118000.0, -72300.0])
PRICES = np.array([100.0, 1000.0])
DEPTH = Depth(1.0, np.array([0.015, 0.04]), np.array([4000.0, 300.0]))
BUFFER = 0.1


def borrowers(rows=(0, 1, 2), rate=0.08):
    picked = list(rows)
    return Borrowers(HOLDINGS[picked], CASH[picked], np.full(len(picked), rate))


def solved(multiple, depth=DEPTH, who=None):
    shock = multiple * np.array([-0.04, -0.1])
    return solve(who or borrowers(), PRICES * (1.0 + shock), depth, BUFFER)


def test_prices_and_fractions_are_monotone_in_the_shock():
    ladder = [solved(multiple).final for multiple in np.linspace(0.0, 3.0, 121)]
    for mild, harsh in zip(ladder, ladder[1:], strict=False):
        assert np.all(harsh.prices <= mild.prices + 1e-9)
        assert np.all(harsh.sale_fraction >= mild.sale_fraction - 1e-9)


@given(st.floats(0.0, 4.0))
def test_the_end_is_a_fixed_point(multiple):
    answer = solved(multiple)
    shocked = answer.rounds[0].prices
    sold = answer.final.sale_fraction @ HOLDINGS
    again = shocked * np.exp(-DEPTH.daily_volatility * np.sqrt(sold / DEPTH.adv))
    assert answer.final.prices == pytest.approx(again, rel=1e-12)
    assert np.all(answer.final.prices <= shocked)


@given(st.floats(0.0, 4.0))
def test_without_impact_prices_stay_at_the_shock(multiple):
    answer = solved(multiple, Depth(0.0, DEPTH.daily_volatility, DEPTH.adv))
    assert np.array_equal(answer.final.prices, answer.rounds[0].prices)


def test_unknown_volume_moves_nothing():
    answer = solved(1.0, Depth(1.0, DEPTH.daily_volatility, np.zeros(2)))
    assert np.array_equal(answer.final.prices, answer.rounds[0].prices)


@given(st.permutations([0, 1, 2]), st.floats(0.0, 3.0))
def test_the_order_of_participants_does_not_matter(order, multiple):
    straight, shuffled = solved(multiple), solved(multiple, who=borrowers(order))
    assert shuffled.final.prices == pytest.approx(straight.final.prices, rel=1e-11)
    assert shuffled.final.sale_fraction == pytest.approx(
        straight.final.sale_fraction[list(order)], rel=1e-9, abs=1e-12)


def test_nobody_below_requirement_is_one_round():
    answer = solved(0.0)
    assert len(answer.rounds) == 1
    assert answer.shown == answer.rounds
    assert not answer.final.sale_fraction.any()


def test_a_sale_restores_the_requirement_with_its_buffer():
    """At the fixed point a partial seller ends at exactly R(1 + b) of what it keeps."""
    final = solved(1.0).final
    for i, fraction in enumerate(final.sale_fraction):
        assert 0.0 < fraction < 1.0
        kept = (1.0 - fraction) * (HOLDINGS[i] @ final.prices)
        assert final.equity[i] == pytest.approx(0.08 * (1.0 + BUFFER) * kept, rel=1e-9)


def test_shown_rounds_keep_first_and_last():
    answer = solved(1.0)
    assert answer.shown[0] is answer.rounds[0]
    assert answer.shown[-1] is answer.final
    assert len(answer.shown) <= len(answer.rounds)


def test_nobody_and_nothing():
    empty = solve(Borrowers(np.zeros((0, 2)), np.zeros(0), np.zeros(0)), PRICES, DEPTH, BUFFER)
    assert np.array_equal(empty.final.prices, PRICES)
    bare = solve(Borrowers(np.zeros((1, 0)), np.array([5.0]), np.array([0.1])), np.zeros(0),
                 Depth(1.0, np.zeros(0), np.zeros(0)), BUFFER)
    assert bare.final.equity.tolist() == [5.0]
