"""Sales of securities: counted at once in their account, elsewhere only once they settle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.cascade.accounts import account, ground_of, share
from tests.unit.cascade.test_dynamic import MECHANICS, MEDIUM, SCENE
from workstation.base.vocabulary import AccountType
from workstation.cascade.dynamic import Mechanics, Scene, run
from workstation.cascade.dynamic_client import Asked, dynamic_cascade
from workstation.cascade.relief import Relief
from workstation.cascade.settlement import Unsettled, cycle_days
from workstation.parameters.ruleset import RuleSet

TOGETHER = Relief(np.array([0, 0]), np.array([0, 0]), np.zeros(2), np.ones(2))
TWO = Scene(np.array([[1000.0, 0.0], [0.0, 1000.0]]), np.array([-88000.0, -90000.0]),
            np.array([100.0, 100.0]), np.array([0.1, 0.1]), np.eye(2), np.array([1e9, 1e9]),
            relief=TOGETHER)
"""Two accounts at one firm, each levered in an asset of its own; margin is a tenth of holdings."""
IN_TURN = Mechanics(0.0, 1.0, 1.0, 0.94, 1.0, 1.0, 0.1, 0.0, (0.0, 0.1), 0.01, procyclical=False,
                    path=np.log(np.array([[0.97, 1.0], [1.0, 0.995]])))
"""The first asset falls by 3 %, then the second by half a per cent; sales move no price."""


@pytest.mark.parametrize(("lag", "given_away"), [(0, 450.0), (1, 450.0), (2, 0.0), (26, 0.0)])
def test_two_accounts_by_hand(lag, given_away):
    """A sells for 15,181.82 in the first step and could spare 818.18; B is 450 short in the second.

    A: 97,000 - 88,000 = 9,000 against 9,700; it sells (10,670 - 9,000) / 10,670 of 97,000 and
    then owes 8,181.82. B: 99,500 - 90,000 = 9,500 against 9,950. Unpaid, all of A's 9,000 stays.
    """
    scene = replace(TWO, settlement=np.array([lag, 0]))
    out = run(scene, np.array([-0.03, -0.005]), IN_TURN)
    first, second = out.steps[:2]
    assert first.calls.tolist() == pytest.approx([700.0, 0.0])
    assert first.unsettled.tolist() == [0.0, 0.0]
    assert second.equity.tolist() == pytest.approx([9000.0, 9500.0])
    assert second.margin.tolist() == pytest.approx([8181.818182, 9950.0])
    assert second.unsettled.tolist() == pytest.approx([15181.818182 if lag > 1 else 0.0, 0.0])
    assert second.calls.tolist() == pytest.approx([0.0, 450.0])
    assert second.met.excess.tolist() == pytest.approx([-given_away, given_away])
    assert bool(second.sale_fraction[1] > 0) is (given_away == 0.0)


def test_proceeds_cover_the_account_that_sold():
    """They count in A's equity at once: its call is over a step later, however long they wait."""
    slow, fast = (run(replace(TWO, relief=None, settlement=np.array([n, n])),
                      np.array([-0.03, -0.005]), IN_TURN) for n in (500, 0))
    assert slow.equity.tolist() == fast.equity.tolist()
    assert slow.steps[1].calls[0] == 0.0


def test_what_was_bought_is_set_against_what_was_sold():
    waiting = Unsettled(np.array([2, 2, 0]))
    waiting.add(0, np.array([100.0, -30.0, 50.0]))
    waiting.add(1, np.array([-40.0, 10.0, 0.0]))
    assert waiting.at(1).tolist() == [60.0, 0.0, 0.0]
    assert waiting.at(2).tolist() == [0.0, 10.0, 0.0]
    assert waiting.at(3).tolist() == [0.0, 0.0, 0.0]


LAGS = st.lists(st.integers(0, 30), min_size=4, max_size=4)
PAIRS = Relief(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 2]), np.array([0.0, 2e4, 3e4, 0.0]),
               np.ones(4))


@settings(max_examples=60)
@given(LAGS, st.floats(0.2, 2.0), st.integers(1, 12))
def test_nothing_is_lost_while_it_waits_and_nothing_unpaid_is_given(lags, multiple, parts):
    scene = replace(SCENE, relief=PAIRS, settlement=np.array(lags))
    out = run(scene, multiple * MEDIUM, replace(MECHANICS, ramp=parts))
    held = np.sum(out.positions, axis=0) + out.provider_positions
    assert held == pytest.approx(np.sum(SCENE.positions, axis=0), abs=1e-9)
    assert np.sum(out.cash) + out.provider_cash == pytest.approx(np.sum(SCENE.cash), rel=1e-12)
    provider = out.provider_cash + out.provider_positions @ out.prices
    assert np.sum(out.equity) + provider == pytest.approx(
        np.sum(SCENE.cash) + np.sum(SCENE.positions, axis=0) @ out.prices, rel=1e-12)
    for step in out.steps:
        gave = step.met.moved < -1e-6
        assert np.all((step.equity + step.met.moved)[gave] >= step.unsettled[gave] - 1e-6)
        assert not step.unsettled[np.array(lags) == 0].any()


@given(st.floats(0.2, 2.0))
def test_no_lag_is_the_run_without(multiple):
    plain, none = (run(replace(SCENE, relief=PAIRS, settlement=lag), multiple * MEDIUM, MECHANICS)
                   for lag in (None, np.zeros(4, np.int64)))
    assert plain.prices.tolist() == none.prices.tolist()
    assert plain.equity.tolist() == none.equity.tolist()
    assert plain.cash.tolist() == none.cash.tolist()
    assert len(plain.steps) == len(none.steps)


@pytest.mark.parametrize(("day", "days"), [
    (date(1990, 1, 2), 0), (date(2010, 5, 6), 3), (date(2020, 3, 16), 2),
    (date(2024, 5, 27), 2), (date(2024, 5, 28), 1), (date(2026, 11, 20), 1)])
def test_the_cycle_is_that_of_the_day(day, days):
    assert cycle_days(RuleSet(day)) == days


def test_only_securities_accounts_wait_and_the_result_says_so():
    accounts = (account("A", -70000), account("F", 2000, "South", AccountType.FUTURES))
    held = (share("A", "AAA", 1000), share("F", "BTC", 1))
    _, _, ground = ground_of(accounts, held, {"A": 15000, "F": 20000})
    shock = {"AAA": -0.2, "BTC": -0.7}
    got = dynamic_cascade(ground, shock, "custom")
    securities, futures = got.account_outcomes
    assert securities.unsettled > 0
    assert futures.unsettled == 0
    assert max(step.unsettled[0] for step in got.steps[1:]) == pytest.approx(
        float(securities.unsettled), abs=0.01)
    [line] = [text for text in got.assumptions if "until they settle" in text]
    assert "T+1 (26 steps), for A; " in line
    one = Asked("one", "One", Decimal(15000))
    pooled = dynamic_cascade(ground, shock, "custom", [one], "one")
    assert any("without settlement lags" in text for text in pooled.assumptions)
