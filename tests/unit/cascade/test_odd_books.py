"""Books nobody would draw up: whatever they hold, figures stay finite and laws hold."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.cascade.accounts import MARKET, TODAY, account, ground_of, share
from tests.unit.cascade.test_dynamic_client import crowd
from workstation.cascade.dynamic_client import Asked, dynamic_cascade, play, struck
from workstation.cascade.played import invariants
from workstation.cascade.regimes import pooled, silos
from workstation.cascade.triggers import triggers
from workstation.parameters.ruleset import RuleSet

MONEY = st.integers(-300_000, 300_000)


@settings(max_examples=40, deadline=None)
@given(st.tuples(MONEY, MONEY), st.tuples(*[st.integers(-1500, 1500)] * 3),
       st.tuples(*[st.integers(0, 200_000)] * 3), st.tuples(*[st.floats(-1.0, 1.5)] * 2))
def test_figures_stay_finite_and_laws_hold(cash, held, required, moves):
    accounts = [account("A", cash[0]), account("B", cash[1], "South")]
    positions = [share("A", "AAA", held[0]), share("A", "BBB", held[1] // 10),
                 share("B", "AAA", held[2])]
    book, holdings, ground = ground_of(
        accounts, positions, {"A": required[0], "B": required[1]}, agents=[crowd()])
    blow = struck(ground, {"AAA": moves[0], "BBB": moves[1]}, "custom")
    for regime in (silos(ground), pooled(ground, "d", "D", float(required[2]))):
        run = play(ground, blow, regime)
        for step in run.outcome.steps:
            for values in (step.prices, step.equity, step.margin, step.calls, step.sale_fraction):
                assert all(math.isfinite(v) for v in values)
            assert all(0 <= v <= 1 for v in step.sale_fraction)
        size = 1.0 + float(abs(run.scene.cash).sum())
        for name, residual in invariants(run):
            assert abs(residual) < 1e-9 * size, name
    for trigger in triggers(ground, book, holdings, RuleSet(TODAY)):
        assert -0.95 <= trigger.move <= 1.0
        assert math.isfinite(trigger.level)


def test_accounts_without_positions_and_positions_without_an_account():
    accounts = [account("A", 5000), account("empty", 0)]
    _, _, ground = ground_of(accounts, [share("lost", "AAA", 10)], {"A": 100, "lost": 300})
    got = dynamic_cascade(ground, {"AAA": -0.5}, "custom", [Asked("d", "D", 0)])
    assert got.steps
    assert not got.defaults


def test_a_book_whose_markets_have_no_depth_is_refused_step_by_step():
    bare = replace(MARKET, underlyings={
        name: replace(row, adv=None, annual_volatility=None)
        for name, row in MARKET.underlyings.items()})
    _, _, ground = ground_of([account("A", -70000)], [share("A", "AAA", 1000)], {"A": 15000},
                             market=bare)
    got = dynamic_cascade(ground, {"AAA": -0.2}, "custom")
    assert not got.steps
    [refusal] = got.problems
    assert "no average daily volume" in refusal.what
    assert "AAA" in refusal.what
    assert ground.accounts[0].requirement == 15000, "today's margins stand"
    zero = replace(MARKET, underlyings=MARKET.underlyings | {
        "BBB": replace(MARKET.underlyings["BBB"], adv=Decimal(0))})
    unheld = ground_of([account("A", -70000)], [share("A", "AAA", 1000)], {"A": 15000},
                       market=zero)[2]
    assert dynamic_cascade(unheld, {"AAA": -0.2}, "custom").steps, "nobody holds BBB"
    held = ground_of([account("A", -70000)], [share("A", "BBB", 100)], {"A": 15000},
                     market=zero)[2]
    assert "BBB" in dynamic_cascade(held, {"BBB": -0.2}, "custom").problems[0].what


def test_a_participant_without_assets_is_named_and_refused():
    _, _, ground = ground_of([account("A", -70000)], [share("A", "AAA", 1000)], {"A": 15000},
                             agents=[crowd("Empty", quantity=0, cash=100)])
    got = dynamic_cascade(ground, {"AAA": -0.2}, "custom")
    assert not got.steps
    assert got.problems[0].what.startswith("Empty holds no assets")
    assert got.problems[0].where == "Agents!Empty"
