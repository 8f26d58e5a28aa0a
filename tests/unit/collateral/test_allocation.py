"""Cheapest-to-deliver: duality, limits, and the smallest call when collateral does not suffice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.collateral.allocation import Cap, Lots, Obligations, allocate

VALUES = np.array([20.0, 40.0, 60.0])
COSTS = np.array([0.004, 0.001, 0.002])
LAGS = np.array([0.0, 1.0, 1.0])
HAIRCUTS = np.array([[0.0, 0.0], [0.02, 1.0], [0.05, 0.04]])


def allocated(first, second, caps=(), deadlines=(1.0, 0.0)):
    lots = Lots(("cash", "bill", "bond"), VALUES, COSTS, LAGS)
    due = Obligations(("CCP", "venue"), np.array([first, second]), np.array(deadlines))
    return allocate(lots, due, HAIRCUTS, caps)


@settings(max_examples=40)
@given(st.floats(0.0, 90.0), st.floats(0.0, 20.0))
def test_limits_hold_and_value_equals_price(first, second):
    got = allocated(first, second)
    needed = np.array([first, second])
    if got.feasible:
        assert np.all(((1.0 - HAIRCUTS) * got.given).sum(axis=0) >= needed - 1e-7)
        assert np.all(got.free >= -1e-9)
        dual = got.requirement_price @ needed - got.lot_price @ VALUES
        assert got.cost == pytest.approx(dual, abs=1e-9)
    else:
        short = ((1.0 - HAIRCUTS) * got.given).sum(axis=0) + got.shortfall
        assert np.all(short >= needed - 1e-6)
        assert got.shortfall.sum() > 0


def test_only_settled_lots_reach_an_early_deadline():
    got = allocated(0.0, 25.0)
    assert not got.feasible
    assert got.shortfall == pytest.approx([0.0, 5.0])
    assert allocated(0.0, 25.0, deadlines=(1.0, 1.0)).feasible


def test_the_cheapest_lot_goes_first_and_one_more_unit_has_a_price():
    got = allocated(30.0, 0.0)
    assert got.given[1, 0] == pytest.approx(30.0 / 0.98)
    assert got.requirement_price[0] == pytest.approx(0.001 / 0.98)


def test_a_cap_moves_the_rest_to_the_next_lot():
    got = allocated(30.0, 0.0, caps=[Cap(0, (1,), 0.5)])
    assert got.given[1, 0] == pytest.approx(15.0 / 0.98)
    assert got.given[2, 0] == pytest.approx(15.0 / 0.95)
