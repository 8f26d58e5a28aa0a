"""Coverage, independence and the traffic light against scipy and known figures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workstation.measures import backtest, historical, procyclicality


@pytest.mark.parametrize(("days", "hits", "ratio"), [
    (250, 4, 0.769138), (250, 5, 1.956810), (250, 7, 5.496990), (250, 10, 12.955491),
    (500, 0, 10.050336)])
def test_kupiec_spot_values(days, hits, ratio):
    assert backtest.kupiec(days, hits, 0.01).ratio == pytest.approx(ratio, abs=1e-6)


@given(st.integers(1, 600), st.floats(0.001, 0.2), st.data())
def test_coverage_agrees_with_the_distributions(days, probability, data):
    hits = data.draw(st.integers(0, days))
    got = backtest.kupiec(days, hits, probability)
    assert got.ratio >= 0
    assert got.p_value == pytest.approx(stats.chi2.sf(got.ratio, 1), rel=1e-9, abs=1e-300)
    chance = backtest.exceedance_probability(days, hits, probability)
    assert chance == pytest.approx(stats.binom.cdf(hits, days, probability), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize(("hits", "zone"), [
    (0, "green"), (4, "green"), (5, "yellow"), (9, "yellow"), (10, "red"), (250, "red")])
def test_traffic_light(hits, zone):
    assert backtest.traffic_light(250, hits, 0.01) == zone


def test_clustered_exceedances_fail_independence_and_spread_ones_do_not():
    margins = np.ones(250)
    clustered, spread = np.zeros(250), np.zeros(250)
    clustered[100:110] = 2
    spread[::25] = 2
    assert backtest.backtest(margins, clustered, 0.04).independence.rejects_99
    assert not backtest.backtest(margins, spread, 0.04).independence.rejects_95
    assert backtest.backtest(margins, clustered, 0.04).coverage == (
        backtest.backtest(margins, spread, 0.04).coverage)


def test_a_loss_equal_to_the_margin_is_covered():
    assert backtest.backtest([1, 1, 1], [1, 1.5, 0], 0.01).exceedances == 1


def test_transitions_count_every_pair_of_days():
    hits = [False, True, True, False, False]
    assert backtest.Transitions.of(hits) == backtest.Transitions(1, 1, 1, 1)


def test_tail_of_five_hundred_is_exactly_five():
    """500 x 0.01 is 5.000000000000004 in floating point."""
    profits = -np.arange(1.0, 501.0)
    assert historical.value_at_risk(profits, 0.99) == 495
    assert historical.expected_shortfall(profits, 0.99) == pytest.approx(498)
    assert historical.mean_of_worst(profits, 0.99) == (5, 498)


def test_a_tail_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no tail"):
        historical.value_at_risk(np.ones(10), 1.0)
    with pytest.raises(ValueError, match="at least one"):
        historical.value_at_risk(np.zeros(0), 0.99)


def test_filtering_leaves_returns_of_steady_volatility_alone():
    returns = np.tile([0.01, -0.01], 20)
    assert historical.filtered_returns(returns, 0.97, 0.5, 2) == pytest.approx(returns)
    assert historical.half_filtered_returns(returns, 0.97) == pytest.approx(returns)


def test_filtering_brings_a_calm_past_up_to_the_cap():
    returns = np.r_[np.full(50, 0.001), np.full(10, 0.1)]
    assert historical.filtered_returns(returns, 0.94, 0.5, 2)[0] == pytest.approx(0.002)


def test_procyclicality_by_hand():
    got = procyclicality.procyclicality([100, 120, 90, 180], (1, 2, 9))
    assert got.peak_to_trough == 2
    assert got.largest_rise == {1: 2.0, 2: 1.5}


series = st.lists(st.floats(10, 1000), min_size=2, max_size=60)


@given(series)
def test_tools_never_ask_less_than_they_must(margins):
    base = np.array(margins)
    assert np.all(procyclicality.floored(base, 50) >= 50)
    rule = procyclicality.ReleaseRule(trigger=1.5, window=5, rebuild_days=20)
    used = procyclicality.buffer_used(base, rule, 0.25)
    assert np.all(used >= base * (1 - 1e-12))
    assert np.all(used <= procyclicality.buffered(base, 0.25) * (1 + 1e-12))


def test_the_buffer_absorbs_a_surge_and_is_rebuilt():
    base = np.array([100.0] * 5 + [160.0] * 40)
    rule = procyclicality.ReleaseRule(trigger=1.5, window=5, rebuild_days=10)
    used = procyclicality.buffer_used(base, rule, 0.25)
    assert used[4] == 125
    assert used[5] == 160
    assert used[-1] == pytest.approx(200)
    assert procyclicality.cost_ratio(used, base) < 1.25
