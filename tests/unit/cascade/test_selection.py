"""What is sold first: the need is met, in the order of the rule, and every law still holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.cascade.accounts import account, ground_of, share
from tests.unit.cascade.test_dynamic import MECHANICS, MEDIUM, SCENE
from workstation.cascade.dynamic import run
from workstation.cascade.dynamic_client import dynamic_cascade
from workstation.cascade.obligations import Converging, carried_margin, model_margin
from workstation.cascade.selection import SELECTIONS, Holdings, wanted

RULES = [rule for _, rule in SELECTIONS]
ORDERED = [rule for rule in RULES if rule != "pro rata"]


def held(**changes):
    """One row of 10, 20 and -5 carrying 30, 10 and -4 of margin; the second market is deepest."""
    given = {"positions": np.array([[10.0, 20.0, -5.0]]), "prices": np.array([10.0, 10.0, 10.0]),
             "carried": np.array([[30.0, 10.0, -4.0]]), "room": np.full(3, np.inf),
             "adv": np.array([50.0, 1000.0, 100.0]), "cost": np.array([0.01, 0.001, 0.01]),
             "halted": np.zeros(3, dtype=np.bool_)}
    return Holdings(**{**given, **changes})


def test_the_order_is_that_of_the_rule():
    """18 of margin have to go: the deepest market gives its 10 first, or the dearest margin does.

    Margin over cost is 30 / (0.01 x 10^1.5 x 10) against 10 / (0.001 x 20^1.5 x 10): 14 < 17.
    """
    half = np.array([0.5])
    assert wanted("pro rata", half, held())[0].tolist() == [-5.0, -10.0, 2.5]
    for rule in ORDERED:
        assert wanted(rule, half, held())[0] == pytest.approx([-10 * 8 / 30, -20.0, 0.0])
    costly = held(cost=np.array([0.01, 0.01, 0.01]))
    assert wanted("least cost", half, costly)[0] == pytest.approx([-6.0, 0.0, 0.0])


def test_volume_halts_and_unknown_depth_send_the_sale_to_what_is_next():
    half = np.array([0.5])
    tight = held(room=np.array([np.inf, 4.0, np.inf]))
    assert wanted("most liquid", half, tight)[0] == pytest.approx([-10 * 16 / 30, -4.0, 0.0])
    halted = held(halted=np.array([False, True, False]))
    assert wanted("most liquid", half, halted)[0] == pytest.approx([-6.0, 0.0, 0.0])
    unknown = held(adv=np.array([50.0, 0.0, 100.0]), cost=np.array([0.01, 0.0, 0.01]))
    for rule in ORDERED:
        assert wanted(rule, half, unknown)[0] == pytest.approx([-6.0, 0.0, 0.0])
    for rule in RULES:
        assert wanted(rule, np.array([1.0]), halted)[0].tolist() == [-10.0, -20.0, 5.0]


@given(st.lists(st.floats(-100, 100), min_size=6, max_size=6), st.floats(0, 1), st.floats(0, 1))
def test_what_holdings_carry_adds_up_to_the_margin(risks, weight, offset):
    risk = np.array(risks).reshape(2, 3)
    usual = np.array([[1.0, 0.3, -0.2], [0.3, 1.0, 0.1], [-0.2, 0.1, 1.0]])
    for way in (Converging(usual, weight), Converging(usual, weight, adverse=True),
                Converging(usual, weight, stressed=np.eye(3))):
        assert np.sum(carried_margin(risk, way, offset), axis=1) == pytest.approx(
            model_margin(risk, way, offset), abs=1e-9)


@pytest.mark.parametrize("rule", RULES)
@given(multiple=st.floats(0.2, 3.0))
def test_inventory_cash_and_value_are_conserved_whatever_is_sold_first(rule, multiple):
    out = run(SCENE, np.maximum(multiple * MEDIUM, -0.9), replace(MECHANICS, selection=rule))
    held_now = np.sum(out.positions, axis=0) + out.provider_positions
    assert held_now == pytest.approx(np.sum(SCENE.positions, axis=0), abs=1e-8)
    assert np.sum(out.cash) + out.provider_cash == pytest.approx(np.sum(SCENE.cash), abs=1e-6)
    still = run(SCENE, MEDIUM, replace(MECHANICS, selection=rule, impact=0.0))
    assert still.amplification == pytest.approx(1.0)
    assert out.settled


@pytest.mark.parametrize("rule", ORDERED)
def test_a_called_client_keeps_what_the_rule_puts_last_and_says_so(rule):
    """AAA trades 40,000 a day and carries a fifth of the margin; BBB trades 3,000."""
    _, _, ground = ground_of((account("A", -140000),),
                             (share("A", "AAA", 1000), share("A", "BBB", 100)), {"A": 40000})
    size = {"AAA": 1000, "BBB": 100}
    plain = dynamic_cascade(ground, {"AAA": -0.2, "BBB": -0.2}, "custom")
    chosen = dynamic_cascade(replace(ground, selection=rule), {"AAA": -0.2, "BBB": -0.2},
                             "custom")
    plainly, ordered = ({f.factor: abs(f.sold) / size[f.factor] for f in found.factor_outcomes
                         if f.factor in size} for found in (plain, chosen))
    assert plainly["AAA"] == pytest.approx(plainly["BBB"], rel=0.2)
    first, last = sorted(ordered, key=lambda name: -ordered[name])[:2]
    assert ordered[first] > 1.5 * ordered[last]
    if rule == "most liquid":
        assert first == "AAA"
    assert any("hedges are kept" in line for line in chosen.assumptions)
    assert not any("hedges are kept" in line for line in plain.assumptions)
