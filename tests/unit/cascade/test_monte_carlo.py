"""Drawn shocks: reproducible path by path, of the size asked for, and counted right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.cascade.accounts import account, ground_of, overlaid, share
from tests.unit.cascade.test_dynamic_client import HELD, crowd, lot
from workstation.base.progress import CancelledError
from workstation.cascade.drawn_paths import play_paths
from workstation.cascade.dynamic import run
from workstation.cascade.monte_carlo import (
    assumption,
    draw,
    draws,
    monte_carlo,
    overflow_problem,
)
from workstation.cascade.regimes import mechanics, pooled, scene, silos
from workstation.cascade.relief import Recall
from workstation.cascade.result import MonteCarlo, Overflow


def laid_out(cash=-70000, **values):
    held = (HELD[0], share("A", "BBB", 0))
    return ground_of((account("A", cash),), held, {"A": 15000},
                     rules=overlaid(**values) if values else None)[2]


def test_a_path_is_the_same_whatever_was_drawn_before():
    ground = laid_out()
    how = draws(ground)
    straight = [draw(ground, how, 3, path) for path in range(5)]
    for path in reversed(range(5)):
        shock, depth = draw(ground, how, 3, path)
        assert shock.tolist() == straight[path][0].tolist()
        assert depth == straight[path][1]
    assert len({depth for _, depth in straight}) == 5
    assert draw(ground, how, 4, 0)[1] != straight[0][1]


def test_shocks_have_the_volatility_and_the_correlation_asked_for():
    _, _, ground = ground_of((account("A", 0),), (share("A", "AAA", 10), share("A", "BBB", 1)),
                             {"A": 100}, rules=overlaid(draw_freedom=200, draw_days=1))
    how = draws(ground)
    moves = np.array([draw(ground, how, 1, path)[0][0] for path in range(1500)])
    daily = np.array([f.daily_volatility for f in ground.factors])
    assert np.std(moves, axis=0) == pytest.approx(daily, rel=0.06)
    assert np.corrcoef(moves.T)[0, 1] == pytest.approx(ground.correlation.matrix[0, 1], abs=0.06)


def test_frequencies_and_quantiles_are_those_of_the_paths():
    """One account is called where the shock is beyond -15,000 / 85,000."""
    ground = laid_out(draw_days=60)
    how = draws(ground)
    found = monte_carlo(ground, silos(ground), 200, 5)
    shocks = np.expm1([draw(ground, how, 5, path)[0][0, 0] for path in range(200)])
    assert found.called == pytest.approx(np.mean(shocks < -15000 / 85000))
    assert found.called == found.sold >= found.defaulted
    assert found.first_sale_minutes == 0.0
    assert [q.level for q in found.losses] == [0.5, 0.9, 0.95, 0.99]
    losses = [q.loss for q in found.losses]
    assert losses == sorted(losses)
    uncalled = np.sort(shocks[shocks >= -15000 / 85000])
    assert float(losses[0]) == pytest.approx(-100000 * np.sort(shocks)[::-1][99])
    assert len(uncalled) > 100
    assert monte_carlo(ground, silos(ground), 200, 5) == found


def test_the_way_a_played_shock_arrives_is_not_that_of_the_drawn_ones():
    ground = laid_out(draw_days=60)
    slowly = replace(ground, ramp=4, path=np.full((4, len(ground.names)), -0.01))
    assert monte_carlo(slowly, silos(slowly), 50, 5) == monte_carlo(ground, silos(ground), 50, 5)
    assert "are not theirs" in assumption(slowly)
    assert "are not theirs" not in assumption(ground)


def test_a_sound_account_is_never_called():
    found = monte_carlo(laid_out(cash=500000), silos(laid_out(cash=500000)), 50, 1)
    assert (found.called, found.sold, found.defaulted) == (0.0, 0.0, 0.0)
    assert found.first_sale_minutes is None


def test_no_paths_are_refused():
    with pytest.raises(ValueError, match="0 paths"):
        monte_carlo(laid_out(), silos(laid_out()), 0, 1)


@pytest.mark.parametrize("parts", [1, 6])
def test_the_kernel_plays_the_paths_as_the_dynamic_cascade_does(parts):
    """Two accounts at one firm, one elsewhere, a crowd beside them, halts and collateral."""
    accounts = (account("A", -70000), account("B", 30000), account("C", 60000, "South"))
    held = (share("A", "AAA", 1000), share("B", "BBB", 30), share("C", "BTC", 1))
    _, _, ground = ground_of(
        accounts, held, {"A": 20000, "B": 25000, "C": 40000}, [lot("L", "C", 9000)], [crowd()],
        overlaid(draw_parts=parts, draw_days=60, draw_freedom=5))
    regime = pooled(ground, "D", "Design", 50000)
    for chosen in (silos(ground), regime):
        stage, how = scene(ground, chosen), replace(mechanics(ground), ramp=1)
        drawn = play_paths(stage, how, draws(ground), 11, 40)
        assert (drawn.first_sale >= 0).any()
        for path in range(40):
            returns, depth = draw(ground, draws(ground), 11, path)
            shock = np.expm1(np.sum(returns, axis=0))
            along = replace(how, path=returns) if parts > 1 else how
            alone = run(replace(stage, adv=stage.adv * depth, venues=None), shock, along)
            as_alone(drawn, path, alone)


def as_alone(drawn, path, alone):
    """One drawn path ends as the dynamic cascade does on the same shock and depth."""
    assert drawn.steps[path] == len(alone.steps)
    assert drawn.equity[path] == pytest.approx(alone.equity, rel=1e-8, abs=1e-3)
    assert drawn.prices[path] == pytest.approx(alone.prices, rel=1e-9)
    sold = [next((n for n, s in enumerate(alone.steps) if s.sale_fraction[i] > 0), -1)
            for i in range(len(alone.equity))]
    assert drawn.first_sale[path].tolist() == sold


@pytest.mark.parametrize("frozen", [0, 2])
@pytest.mark.parametrize("credit", [0.0, 3000.0])
@pytest.mark.parametrize("recalls", [(), (Recall(2, 15000.0, 1), Recall(1, 4000.0, 0))])
def test_drawn_paths_know_recall_credit_and_a_failed_firm(recalls, credit, frozen):
    """Layer by layer as the dynamic cascade; each layer changes some path, or was not there."""
    accounts = (account("A", -70000), account("B", 30000), account("C", 60000, "South"))
    held = (share("A", "AAA", 1000), share("B", "BBB", 30), share("C", "BTC", 1))
    _, _, ground = ground_of(accounts, held, {"A": 28000, "B": 60000, "C": 40000},
                             (), [crowd()], overlaid(draw_parts=3, draw_days=60, draw_freedom=5))
    plain, how = scene(ground, silos(ground)), replace(mechanics(ground), ramp=1)
    stage = replace(plain, relief=replace(plain.relief, recalls=recalls,
                                          credit=np.array([credit, 0.0])),
                    frozen=np.array([frozen, frozen, 0, 0]) if frozen else None)
    drawn = play_paths(stage, how, draws(ground), 11, 40)
    for path in range(40):
        returns, depth = draw(ground, draws(ground), 11, path)
        alone = run(replace(stage, adv=stage.adv * depth, venues=None),
                    np.expm1(np.sum(returns, axis=0)), replace(how, path=returns))
        as_alone(drawn, path, alone)
    if recalls or credit or frozen:
        without = play_paths(plain, how, draws(ground), 11, 40)
        assert (drawn.equity != without.equity).any()


def test_numbers_that_overflow_stop_the_drawing_where_they_do():
    """A hundred million days: the first path beyond e^709 is named, with what was before."""
    ground = laid_out(draw_days=1e8)
    where = monte_carlo(ground, silos(ground), 500, 5)
    assert isinstance(where, Overflow)
    assert where == monte_carlo(ground, silos(ground), 2000, 5)
    assert where.step >= 1
    assert [name for name, _ in where.prices] == list(ground.names)
    assert [name for name, _ in where.equity] == ["Client A"]
    assert np.isfinite([value for _, value in (*where.prices, *where.equity)]).all()
    said = overflow_problem(where)
    assert f"step {where.step} of path {where.path}" in said.what
    sound = monte_carlo(ground, silos(ground), where.path, 5)
    assert isinstance(sound, MonteCarlo)
    assert sound.paths == where.path


def test_what_the_kernel_does_not_know_is_refused():
    ground = laid_out()
    stage, how = scene(ground, silos(ground)), mechanics(ground)
    for change, match in (({"law": "kyle"}, "law"), ({"procyclical": False}, "procyclical")):
        with pytest.raises(ValueError, match=match):
            play_paths(stage, replace(how, **change), draws(ground), 1, 2)
    with pytest.raises(ValueError, match="degrees of freedom"):
        play_paths(stage, how, replace(draws(ground), freedom=2), 1, 2)
    with pytest.raises(ValueError, match="seed"):
        play_paths(stage, how, draws(ground), -1, 2)


def test_drawing_stops_when_asked():
    def stop(done, doing):
        if done > 0:
            raise CancelledError

    with pytest.raises(CancelledError):
        monte_carlo(laid_out(), silos(laid_out()), 2000, 1, stop)
