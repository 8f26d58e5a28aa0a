"""Tail means, evenly spread draws and correlation repair against independent figures."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workstation.measures.correlation import repaired, semidefinite_root
from workstation.measures.filtering import ewma_volatility, filter_factors
from workstation.measures.quasi_random import chi_square_quantile, halton, normal_quantile
from workstation.measures.tails import Tail

PROFITS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60).map(np.array)


@given(PROFITS, st.floats(0.01, 1))
def test_a_tail_with_equal_weights_is_the_mean_of_the_worst(profits, share):
    ordered, left, lost = np.sort(profits), share * len(profits), 0.0
    for profit in ordered:
        lost -= min(left, 1.0) * profit
        left = max(0.0, left - 1.0)
    assert Tail(share).loss(profits) == pytest.approx(
        max(0.0, lost / (share * len(profits))), rel=1e-9, abs=1e-6)


@given(PROFITS, st.floats(0.01, 1))
def test_weights_add_up_and_the_worst_comes_first(profits, share):
    rows, weights = Tail(share).worst(profits)
    assert weights.sum() == pytest.approx(1)
    assert profits[rows[0]] == profits.min()
    assert list(profits[rows]) == sorted(profits[rows])


def test_probabilities_weigh_outcomes():
    tail = Tail(0.1, np.array([0.05, 0.05, 0.15, 0.75]))
    assert tail.loss(np.array([-100.0, 5.0, -40.0, 9.0])) == pytest.approx(
        (0.05 * 100 + 0.05 * 40) / 0.1)
    assert Tail().loss(np.array([3.0, -7.0, -2.0])) == 7


@given(PROFITS, PROFITS, st.floats(0.01, 1))
def test_expected_shortfall_of_a_sum_is_no_more_than_of_the_parts(one, other, share):
    n = min(len(one), len(other))
    x, y, tail = one[:n], other[:n], Tail(share)
    assert tail.loss(x + y) <= tail.loss(x) + tail.loss(y) + 1e-6


def test_normal_quantiles_agree_with_the_library():
    p = np.array([1e-9, 1e-4, 0.02, 0.3, 0.5, 0.9, 0.9999])
    assert normal_quantile(p) == pytest.approx([NormalDist().inv_cdf(x) for x in p], rel=1e-8)


@pytest.mark.parametrize("degrees", [2, 3, 4, 10, 100])
def test_chi_square_quantiles_agree_with_scipy(degrees):
    p = np.array([0.001, 0.05, 0.5, 0.95, 0.999])
    assert chi_square_quantile(p, degrees) == pytest.approx(stats.chi2.ppf(p, degrees), rel=1e-4)


def test_halton_points_are_even_and_repeat_by_seed():
    points = halton(2000, 12, 7)
    assert points.min() > 0
    assert points.max() < 1
    assert np.array_equal(points, halton(2000, 12, 7))
    assert not np.array_equal(points, halton(2000, 12, 8))
    assert np.abs(points.mean(axis=0) - 0.5).max() < 0.01
    assert np.abs(np.corrcoef(points.T) - np.eye(12)).max() < 0.05


def test_a_blend_needs_no_repair_and_an_edited_matrix_is_repaired():
    fine = np.array([[1.0, 0.5], [0.5, 1.0]])
    assert repaired(fine).size == 0
    broken = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    mended = repaired(broken)
    assert mended.size == pytest.approx(0.4, abs=1e-6)
    assert np.linalg.eigvalsh(mended.matrix)[0] > -1e-9
    root = semidefinite_root(mended.matrix)
    assert root @ root.T == pytest.approx(mended.matrix, abs=1e-4)


def test_the_root_of_correlations_of_one_has_one_column():
    signs = np.array([1.0, -1.0, 1.0])
    root = semidefinite_root(np.outer(signs, signs))
    assert root[:, 0] == pytest.approx(signs)
    assert np.abs(root[:, 1:]).max() == 0


def test_volatility_follows_the_recursion_and_scales_within_bounds():
    returns = np.array([0.01] * 30 + [0.05])
    volatility = ewma_volatility(returns, 0.9)
    assert volatility[29] == pytest.approx(0.01)
    assert volatility[31] == pytest.approx(math.sqrt(0.9 * 0.01**2 + 0.1 * 0.05**2))
    factors = filter_factors(volatility, 0.5, 1.5)
    assert factors[0] == 1.5
    assert factors[-1] == 1.5
    assert filter_factors(volatility, 0.5, 5.0)[0] == pytest.approx(volatility[31] / 0.01)
