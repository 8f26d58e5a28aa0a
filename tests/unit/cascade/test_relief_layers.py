"""Layers that meet calls, failed firms, deleveraging, and the layers behind a deficit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.cascade.accounts import account, ground_of, overlaid, share
from tests.unit.cascade.test_dynamic import MECHANICS, MEDIUM, SCENE
from tests.unit.cascade.test_dynamic_client import crowd
from workstation.base.vocabulary import AccountType
from workstation.cascade.auto_deleveraging import Deleverager, Venues
from workstation.cascade.deficits import UNPAID, waterfall
from workstation.cascade.dynamic import run
from workstation.cascade.dynamic_client import play, struck
from workstation.cascade.dynamic_story import told
from workstation.cascade.regimes import silos
from workstation.cascade.relief import Pools, Recall, Relief, meet

OWN = np.arange(4)
ALONE = Relief(OWN, OWN, np.zeros(4), np.ones(4))
TWO = Relief(np.array([0, 0]), np.array([0, 1]), np.array([0.0, 30.0]), np.ones(2),
             (Recall(1, 50.0, 2),), np.array([25.0]))


def test_layers_are_drawn_on_in_order_and_recall_comes_back_later():
    """Row 0 is 100 short, row 1 has 200 to spare: 30 free at once, 25 borrowed, 50 two steps on."""
    pools = Pools.of(TWO, 2)
    equity, required = np.array([0.0, 300.0]), np.array([100.0, 100.0])
    first = meet(TWO, pools, equity, required, 4)
    assert first.excess.tolist() == [0.0, 0.0], "not the same firm"
    assert first.collateral.tolist() == [30.0, -30.0]
    assert first.credit.tolist() == [25.0, 0.0]
    assert not first.recalled.any()
    equity = equity + first.moved
    assert not meet(TWO, pools, equity, required, 5).moved.any()
    back = meet(TWO, pools, equity, required, 6)
    assert back.recalled.tolist() == [45.0, -45.0]
    assert not back.credit.any()
    assert pools.recalled.tolist() == [0.0, 5.0]


@given(st.floats(0.0, 2e5), st.floats(0.5, 2.0))
def test_a_credit_line_is_a_debt_and_creates_no_value(line, multiple):
    scene = replace(SCENE, relief=replace(ALONE, credit=np.full(4, line)))
    out = run(scene, multiple * MEDIUM, MECHANICS)
    assert np.sum(out.cash) + out.provider_cash == pytest.approx(
        np.sum(SCENE.cash) + np.sum(out.drawn), rel=1e-12)
    provider = out.provider_cash + out.provider_positions @ out.prices
    assert np.sum(out.equity) + provider == pytest.approx(
        np.sum(SCENE.cash) + np.sum(SCENE.positions, axis=0) @ out.prices, rel=1e-12)
    assert np.all(out.drawn <= line + 1e-6)
    if line > 0:
        bare = run(SCENE, multiple * MEDIUM, MECHANICS)
        assert np.sum(np.abs(out.provider_positions)) <= np.sum(
            np.abs(bare.provider_positions)) + 1e-9


def test_a_failed_firm_cannot_sell_until_its_accounts_are_moved():
    frozen = np.array([5, 0, 0, 0])
    out = run(replace(SCENE, frozen=frozen), MEDIUM, MECHANICS)
    free = run(SCENE, MEDIUM, MECHANICS)
    assert free.steps[0].sale_fraction[0] > 0
    assert all(step.sale_fraction[0] == 0.0 for step in out.steps[:5])
    assert out.steps[0].calls[0] > 0
    assert out.steps[5].sale_fraction[0] > 0
    held = np.sum(out.positions, axis=0) + out.provider_positions
    assert held == pytest.approx(np.sum(SCENE.positions, axis=0), abs=1e-9)


def test_moved_accounts_stand_at_the_house_that_took_them():
    """A and B fail with North and go to South after a day, where C's excess meets A's call."""
    rules = overlaid(porting_days=5)
    edition = rules.edition("cascade")
    accounts = (account("A", -70000), account("B", 1000), account("C", 90000, "South"))
    held = (share("A", "AAA", 1000), share("C", "BBB", 1))
    _, _, plain = ground_of(accounts, held, {"A": 20000, "C": 1000}, rules=rules)
    porting = replace(edition["porting"], raw=({"firm": "North", "to": "South", "days": 1},))
    named = replace(plain, failed="North", edition=replace(
        edition, values={**edition.values, "porting": porting}))
    assert named.moved_to("North") == ("South", 1.0)
    assert named.moved_to("South") is None
    assert replace(plain, failed="East; North").moved_to("North") == ("North", 5.0)
    run_ = play(named, struck(named, {"AAA": -0.15}, "custom"), silos(named))
    steps = run_.outcome.steps
    assert all(not step.met.received.any() for step in steps[:26])
    assert steps[26].met.excess[0] == pytest.approx(steps[26].calls[0])
    assert np.sum(steps[26].met.excess) == pytest.approx(0.0, abs=1e-9)
    assert steps[26].met.excess[2] < -0.9 * steps[26].calls[0]
    assert not any(step.sale_fraction[0] for step in steps)
    assert (run_.firm(0, 25), run_.firm(0, 26), run_.firm(2, 26)) == ("North", "South", "South")
    alone = play(replace(named, edition=edition), struck(named, {"AAA": -0.15}, "custom"),
                 silos(named))
    assert any(step.sale_fraction[0] for step in alone.outcome.steps)


QUANTITIES = st.lists(st.lists(st.floats(-50, 50), min_size=2, max_size=2), min_size=5, max_size=5)


@given(QUANTITIES, st.lists(st.floats(-5e3, 5e3), min_size=5, max_size=5), st.floats(0, 3e3),
       st.lists(st.floats(0.5, 1.5), min_size=2, max_size=2))
def test_deleveraging_moves_value_and_makes_none(positions, cash, fund, moves):
    held, money, start = np.array(positions), np.array(cash), np.array([100.0, 40.0])
    prices = start * np.array(moves)
    venue = np.array([0, 0, 0, 0, -1])
    broker = Deleverager.of(Venues(venue, np.array([fund])), start)
    after, paid = broker.settle(held, money, prices, 0)
    assert np.sum(after, axis=0) == pytest.approx(np.sum(held, axis=0), abs=1e-9)
    assert np.sum(paid) == pytest.approx(np.sum(money) + broker.paid, abs=1e-6)
    assert 0.0 <= broker.paid <= fund + 1e-9
    assert np.all(np.abs(after) <= np.abs(held) + 1e-9), "nobody's position grows"
    before, now = money + held @ prices, paid + after @ prices
    losers = (before < 0) & (venue == 0)
    assert np.all(now[losers] >= before[losers] - 1e-6)
    assert after[4].tolist() == held[4].tolist()
    assert paid[4] == money[4]
    assert sum(done.haircut for done in broker.happened) == pytest.approx(
        np.sum(before[~losers] - now[~losers]), abs=1e-6)


def test_winners_pay_in_order_of_profit_over_equity():
    """The long is 500 short after the fund's 100; the best-placed short is closed first."""
    start, prices = np.array([100.0]), np.array([80.0])
    positions = np.array([[50.0], [-30.0], [-30.0]])
    cash = np.array([-4600.0, 3400.0, 9400.0])
    broker = Deleverager.of(Venues(np.zeros(3, dtype=np.int64), np.array([100.0])), start)
    after, paid = broker.settle(positions, cash, prices, 3)
    assert after.tolist() == [[0.0], [0.0], [-10.0]]
    assert [(d.winner, d.quantity, d.price) for d in broker.happened] == [
        (1, 30.0, 90.0), (2, 20.0, 90.0)]
    assert paid[0] + after[0] @ prices == pytest.approx(0.0)
    assert broker.paid == 100.0
    assert [(p.step, p.row, p.amount) for p in broker.payments] == [(3, 0, 100.0)]


def test_with_funds_nothing_is_amplified_without_impact_and_the_chain_tells_who_paid():
    """A crowd of coin holders far below zero, at the venue where the client is short."""
    accounts = (account("A", 60000, kind=AccountType.CRYPTO_VENUE),)
    _, _, ground = ground_of(accounts, (share("A", "BTC", -0.5),), {"A": 5000},
                             agents=[crowd(quantity=20, cash=-900000, factor="BTC")])
    run_ = play(ground, struck(ground, {"BTC": -0.3}, "custom"), silos(ground))
    assert run_.outcome.funds_paid > 0
    still = run(run_.scene, run_.shock, replace(run_.how, impact=0.0))
    assert still.funds_paid > 0
    assert still.amplification == pytest.approx(1.0)
    said = told(run_, ground.minutes_a_step)
    assert any("insurance fund pays" in line for line in said)
    assert "insurance funds bear" in said[-1]


# Whole dollars, for which a sum and a running rest cannot round apart.
DOLLARS = st.integers(0, 10**8).map(float)


@given(st.integers(1, 10**9).map(float), st.lists(DOLLARS, max_size=5))
def test_a_deficit_falls_on_its_layers_in_order_and_in_full(deficit, sizes):
    found = waterfall(deficit, [(f"layer {n}", size) for n, size in enumerate(sizes)])
    assert sum(amount for _, amount in found) == pytest.approx(deficit)
    names = [name for name, _ in found]
    assert names == sorted(names, key=lambda name: (name == UNPAID, name))
    assert (UNPAID in names) == (sum(sizes) < deficit)
