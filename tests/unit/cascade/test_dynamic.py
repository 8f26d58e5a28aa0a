"""The dynamic cascade: conservation, no impact no amplification, slicing, halts, order."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from workstation.cascade.dynamic import Mechanics, Scene, run
from workstation.cascade.impact import (
    critical_leverage,
    execution_price,
    moved_price,
    peak_impact,
    slope,
)

MEDIUM = np.array([-0.04, -0.1])
SCENE = Scene(
    np.array([[1000.0, 60.0], [400.0, 100.0], [800.0, 0.0], [-300.0, 20.0]]),
    np.array([-143000.0, -118000.0, -72300.0, 60000.0]), np.array([100.0, 1000.0]),
    np.array([0.015, 0.04]), np.array([[1.0, 0.3], [0.3, 1.0]]), np.array([4000.0, 300.0]))
MECHANICS = Mechanics(1.0, 3.0, 1.0, 0.94, 0.5, 1.0, 0.1, 1.0, (0.0, 0.1), 0.01)


@settings(max_examples=40)
@given(st.floats(-0.5, 2.5), st.floats(0.2, 2.0))
def test_inventory_cash_and_value_are_conserved(multiple, impact):
    out = run(SCENE, multiple * MEDIUM, replace(MECHANICS, impact=impact))
    held = np.sum(out.positions, axis=0) + out.provider_positions
    assert held == pytest.approx(np.sum(SCENE.positions, axis=0), abs=1e-9)
    assert np.sum(out.cash) + out.provider_cash == pytest.approx(np.sum(SCENE.cash), rel=1e-12)
    provider = out.provider_cash + out.provider_positions @ out.prices
    whole = np.sum(SCENE.cash) + np.sum(SCENE.positions, axis=0) @ out.prices
    assert np.sum(out.equity) + provider == pytest.approx(whole, rel=1e-12)


def test_no_breach_is_one_step():
    out = run(SCENE, np.zeros(2), MECHANICS)
    assert len(out.steps) == 1
    assert out.amplification is None
    assert out.first_liquidated == ()


def test_without_impact_prices_stay_and_nothing_is_amplified():
    out = run(SCENE, MEDIUM, replace(MECHANICS, impact=0.0))
    assert out.prices == pytest.approx(SCENE.prices * (1.0 + MEDIUM), rel=1e-14)
    assert out.amplification == pytest.approx(1.0, rel=1e-12)
    assert len(out.steps) > 1


@given(st.permutations([0, 1, 2, 3]))
def test_the_order_of_participants_does_not_matter(order):
    shuffled = replace(SCENE, positions=SCENE.positions[order], cash=SCENE.cash[order])
    straight, other = run(SCENE, MEDIUM, MECHANICS), run(shuffled, MEDIUM, MECHANICS)
    assert other.prices == pytest.approx(straight.prices, rel=1e-12)
    assert other.equity == pytest.approx(straight.equity[list(order)], rel=1e-9)
    assert sorted(order[i] for i in other.first_liquidated) == list(straight.first_liquidated)


def test_a_halt_delays_sales_and_the_last_step_waits_for_it():
    free = run(SCENE, MEDIUM, MECHANICS)
    halted = run(SCENE, MEDIUM, replace(MECHANICS, halt_level=0.09, halt_steps=3))
    assert free.steps[0].traded[1] < 0
    assert [step.traded[1] for step in halted.steps[:3]] == [0.0, 0.0, 0.0]
    assert halted.steps[3].traded[1] < 0
    assert halted.steps[0].traded[0] < 0


def test_margin_rises_with_falling_prices_and_can_be_switched_off():
    rising = run(SCENE, MEDIUM, MECHANICS).steps[0]
    steady = run(SCENE, MEDIUM, replace(MECHANICS, procyclical=False)).steps[0]
    assert np.all(rising.margin[:3] > steady.margin[:3])
    assert steady.volatility.tolist() == [0.015, 0.04]


@settings(max_examples=60)
@given(st.floats(1e-4, 0.5), st.floats(-3e3, 3e3), st.floats(-3e3, 3e3))
def test_execution_price_is_the_average_along_the_law(scale, done, traded):
    k = scale / 60.0
    if abs(traded) < 1.0:
        traded = 1.0

    def law(volume):
        return math.exp(k * math.copysign(math.sqrt(abs(volume)), volume))

    start, end = sorted((done, done + traded))
    kink = [0.0] if start < 0.0 < end else None
    area, _ = quad(law, start, end, points=kink, epsabs=0, epsrel=1e-11, limit=200)
    assert execution_price(100.0, k, done, traded) == pytest.approx(
        100.0 * area / abs(traded) / law(done), rel=1e-9)


@given(st.integers(1, 300), st.floats(1e3, 3e6))
def test_slicing_an_order_changes_neither_price_nor_cost(count, quantity):
    k = float(slope(1.0, np.array([0.03]), np.array([1e6]))[0])
    price, paid, done = 100.0, 0.0, 0.0
    for _ in range(count):
        part = -quantity / count
        paid -= part * execution_price(price, k, done, part)
        price = moved_price(price, k, done, part)
        done += part
    assert price == pytest.approx(moved_price(100.0, k, 0.0, -quantity), rel=1e-10)
    assert paid / quantity == pytest.approx(execution_price(100.0, k, 0.0, -quantity), rel=1e-9)


def test_critical_leverage_red_line():
    """I = 1 % -> 150 times; 2 % -> 75 times; nothing without impact."""
    assert critical_leverage(peak_impact(1.0, 0.02, 0.25)) == pytest.approx(150.0)
    assert critical_leverage(peak_impact(1.0, 0.02, 1.0)) == pytest.approx(75.0)
    assert critical_leverage(0.0) == math.inf


def test_a_shock_in_parts_ends_where_the_whole_one_does_when_nobody_sells():
    rich = replace(SCENE, cash=SCENE.cash + 1e6)
    whole, parts = (run(rich, MEDIUM, replace(MECHANICS, ramp=n)) for n in (1, 8))
    assert len(whole.steps) == 1
    assert len(parts.steps) == 8
    assert parts.prices == pytest.approx(whole.prices, rel=1e-12)
    assert parts.direct_loss == pytest.approx(whole.direct_loss)
    falls = [float(step.prices[1]) for step in parts.steps]
    assert falls[0] == pytest.approx(1000.0 * 0.9 ** (1 / 8))
    assert falls == sorted(falls, reverse=True)


def test_a_shock_in_parts_lets_the_first_sales_meet_better_prices():
    whole, parts = (run(SCENE, 1.5 * MEDIUM, replace(MECHANICS, ramp=n, participation=5.0))
                    for n in (1, 10))
    assert parts.first_liquidated
    assert np.sum(parts.total_loss) < np.sum(whole.total_loss)
    held = np.sum(parts.positions, axis=0) + parts.provider_positions
    assert held == pytest.approx(np.sum(SCENE.positions, axis=0), abs=1e-9)
    assert parts.direct_loss == pytest.approx(whole.direct_loss)
