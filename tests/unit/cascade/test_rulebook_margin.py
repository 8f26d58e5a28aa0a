"""Margin by the rulebooks inside a run; replayed histories; shocks of factors nobody holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.cascade.accounts import MARKET, account, ground_of, share
from tests.unit.cascade.test_dynamic import MECHANICS, MEDIUM, SCENE
from workstation.base.problem import UnusableInputError
from workstation.cascade.dynamic import run
from workstation.cascade.dynamic_client import dynamic_cascade, play, struck
from workstation.cascade.regimes import silos
from workstation.cascade.replayed import replayed
from workstation.cascade.rulebook_margin import After, AtTheShock, Rulebooks
from workstation.harmonised.underlyings import RiskMap
from workstation.market.history import History
from workstation.parameters.ruleset import RuleSet

FLAT = 0.25
"""A rulebook that asks a quarter of everything still held, at its prices."""


def flat(scene):
    def source(shares, moves):
        values = np.abs(scene.positions[:len(shares)] * shares) * scene.prices * (1.0 + moves)
        return FLAT * np.sum(values, axis=1)

    return source


def test_at_every_computation_margin_is_the_rulebooks():
    """With no tolerance they are asked in every step, and the model only matters to nobody."""
    asked = Rulebooks(SCENE, flat(SCENE), 2, 0.0, 0.0)
    out = run(SCENE, MEDIUM, replace(MECHANICS, correction=asked))
    held = SCENE.positions.copy()
    for step in out.steps:
        wanted = FLAT * np.sum(np.abs(held[:2]) * step.prices, axis=1)
        assert step.margin[:2] == pytest.approx(wanted, rel=1e-12)
        held = held + step.flows
    assert asked.asked > 1
    plain = run(SCENE, MEDIUM, MECHANICS)
    assert out.steps[0].margin[2:] == pytest.approx(plain.steps[0].margin[2:], rel=1e-14)


def test_between_computations_it_moves_with_the_model():
    asked = Rulebooks(SCENE, flat(SCENE), 2, 10.0, 10.0)
    out = run(SCENE, MEDIUM, replace(MECHANICS, correction=asked))
    assert asked.asked == 1
    plain = run(SCENE, MEDIUM, MECHANICS)
    assert out.steps[0].margin[:2] == pytest.approx(
        FLAT * np.sum(np.abs(SCENE.positions[:2]) * out.steps[0].prices, axis=1))
    assert out.steps[0].margin[0] != pytest.approx(plain.steps[0].margin[0])


@given(st.floats(-1.0, 3.0))
def test_the_correction_grows_along_the_shock_and_stays(multiple):
    way = AtTheShock(SCENE.prices, np.log1p(MEDIUM), np.array([0.5, 2.0]))
    prices = SCENE.prices * np.exp(multiple * np.log1p(MEDIUM))
    found = way(SCENE.positions, prices, np.array([10.0, 10.0, 10.0, 10.0]))
    share = min(max(multiple, 0.0), 1.0)
    assert found.tolist() == pytest.approx([10 - 5 * share, 10 + 10 * share, 10, 10])


class _Books:
    def __init__(self, ground):
        self.scene = play(ground, struck(ground, {"AAA": -0.2}, "custom"), silos(ground)).scene

    def source(self, regime):
        return flat(self.scene)

    def after(self, moves):
        return {"silos": After(flat(self.scene)(np.ones((1, len(moves))), moves), 3000.0, 4500.0)}


def test_a_run_says_what_the_rulebooks_asked():
    _, _, ground = ground_of((account("A", -70000),), (share("A", "AAA", 1000),), {"A": 15000})
    got = dynamic_cascade(ground, {"AAA": -0.2}, "custom", books=_Books(ground))
    assert float(got.comparison[0].rulebooks_after) == pytest.approx(20000)
    assert got.steps[1].margins[0] == pytest.approx(20000)
    assert got.margin_rise[-1].name == "After the shock"
    assert float(got.margin_rise[-1].amount) == pytest.approx(20000)
    parts = [float(part.amount) for part in got.margin_rise]
    assert sum(parts[:-1]) == pytest.approx(parts[-1])
    by_name = {part.name: float(part.amount) for part in got.margin_rise}
    assert by_name["Concentration charges"] == pytest.approx(1500)
    assert by_name["Prices"] == pytest.approx(-0.2 * (15000 - 3000))
    assert any("by the rulebooks themselves" in line for line in got.assumptions)


DAYS = tuple(date(2026, 3, 2) + timedelta(days=n) for n in range(5))
LEVELS = History(DAYS, ("AAA", "BTC"), ((100.0, 90.0, 99.0, 80.0, 80.0),
                                        (50.0, 50.0, None, 45.0, 60.0)))


def test_a_replayed_window_ends_where_history_did():
    risk = RiskMap.of_rules(RuleSet(date(2026, 11, 20)))
    path = replayed(("AAA", "BBB", "BTC"), LEVELS, MARKET, risk, (DAYS[1], DAYS[3]), 26, 10)
    assert path.returns.shape == (78, 3)
    assert path.still == ("BBB",)
    assert path.shock[0] == pytest.approx(-0.2)
    assert path.shock[1] == 0.0
    _, _, ground = ground_of((account("A", 0),), (share("A", "AAA", 10),), {"A": 100})
    along = replayed(ground.names, LEVELS, MARKET, risk, (DAYS[1], DAYS[3]), 26, 10)
    got = dynamic_cascade(replace(ground, path=along.returns), {}, "replay")
    k = got.factors.index("AAA")
    assert len(got.steps) == 1 + 78
    assert [got.steps[n].prices[k] for n in (26, 52, 78)] == pytest.approx([90.0, 99.0, 80.0])
    assert float(got.direct_loss) == pytest.approx(200.0)


@pytest.mark.parametrize("window", [(DAYS[4], DAYS[0]), (DAYS[0], DAYS[0])])
def test_an_empty_window_is_refused(window):
    risk = RiskMap.of_rules(RuleSet(date(2026, 11, 20)))
    with pytest.raises(UnusableInputError, match="0 days of history"):
        replayed(("AAA",), LEVELS, MARKET, risk, window, 26, 10)


def test_a_factor_nobody_holds_reaches_its_class_with_a_stated_beta():
    _, _, ground = ground_of((account("A", 0),), (share("A", "BTC", 1),), {"A": 100})
    got = dynamic_cascade(ground, {"ETH": -0.5}, "custom")
    k = got.factors.index("BTC")
    beta = ground.value("correlation_same_class")
    assert got.steps[1].prices[k] == pytest.approx(50000 * (1 - 0.5 * beta))
    assert any("ETH is not held" in line and "beta of 0.60" in line for line in got.assumptions)
    none = dynamic_cascade(ground, {"GOLD": -0.5}, "custom")
    assert none.steps[1].prices[k] == 50000
    assert any("Shocks without a holding here: GOLD" in line for line in none.assumptions)
