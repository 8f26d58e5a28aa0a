"""Drawn shocks: reproducible path by path, of the size asked for, and counted right."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.cascade.accounts import account, ground_of, overlaid, share
from tests.unit.cascade.test_dynamic_client import HELD
from workstation.cascade.monte_carlo import draw, monte_carlo
from workstation.cascade.regimes import silos
from workstation.measures.correlation import semidefinite_root


def laid_out(cash=-70000, **values):
    held = (HELD[0], share("A", "BBB", 0))
    return ground_of((account("A", cash),), held, {"A": 15000},
                     rules=overlaid(**values) if values else None)[2]


def test_a_path_is_the_same_whatever_was_drawn_before():
    ground = laid_out()
    root = semidefinite_root(ground.correlation.matrix)
    straight = [draw(ground, root, 3, path) for path in range(5)]
    for path in reversed(range(5)):
        shock, depth = draw(ground, root, 3, path)
        assert shock.tolist() == straight[path][0].tolist()
        assert depth == straight[path][1]
    assert len({depth for _, depth in straight}) == 5
    assert draw(ground, root, 4, 0)[1] != straight[0][1]


def test_shocks_have_the_volatility_and_the_correlation_asked_for():
    _, _, ground = ground_of((account("A", 0),), (share("A", "AAA", 10), share("A", "BBB", 1)),
                             {"A": 100}, rules=overlaid(draw_freedom=200, draw_days=1))
    root = semidefinite_root(ground.correlation.matrix)
    moves = np.log1p([draw(ground, root, 1, path)[0] for path in range(4000)])
    daily = np.array([f.daily_volatility for f in ground.factors])
    assert np.std(moves, axis=0) == pytest.approx(daily, rel=0.05)
    assert np.corrcoef(moves.T)[0, 1] == pytest.approx(ground.correlation.matrix[0, 1], abs=0.05)


def test_frequencies_and_quantiles_are_those_of_the_paths():
    """One account is called where the shock is beyond -15,000 / 85,000."""
    ground = laid_out(draw_days=60)
    root = semidefinite_root(ground.correlation.matrix)
    found = monte_carlo(ground, silos(ground), 200, 5)
    shocks = np.array([draw(ground, root, 5, path)[0][0] for path in range(200)])
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


def test_a_sound_account_is_never_called():
    found = monte_carlo(laid_out(cash=500000), silos(laid_out(cash=500000)), 50, 1)
    assert (found.called, found.sold, found.defaulted) == (0.0, 0.0, 0.0)
    assert found.first_sale_minutes is None


def test_no_paths_are_refused():
    with pytest.raises(ValueError, match="0 paths"):
        monte_carlo(laid_out(), silos(laid_out()), 0, 1)
