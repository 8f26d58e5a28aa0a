import numpy as np
import pytest

from workstation.measures.scan import by_group, gains_by_group, points, worst_loss


def test_points_are_the_published_ten():
    high_cap = [-0.08, -0.064, -0.048, -0.032, -0.016, 0.012, 0.024, 0.036, 0.048, 0.06]
    assert points(-0.08, 0.06, 5) == pytest.approx(high_cap)
    fifteen = [-0.15, -0.12, -0.09, -0.06, -0.03, 0.03, 0.06, 0.09, 0.12, 0.15]
    assert points(-0.15, 0.15, 5) == pytest.approx(fifteen)


def test_groups_add_up_and_empty_groups_are_zero():
    profits = np.array([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]])
    out = by_group(profits, np.array([2, 0, 2], dtype=np.intp), 4)
    assert out.tolist() == [[10, 20], [0, 0], [101, 202], [0, 0]]
    assert by_group(np.zeros((0, 3)), np.zeros(0, dtype=np.intp), 2).tolist() == [[0] * 3] * 2


def test_gains_are_scaled_and_losses_are_not():
    profits = np.array([[-4.0, 5.0], [3.0, -2.0], [10.0, 10.0]])
    out = gains_by_group(profits, np.array([0.9, 0.5, 1.0]), np.array([1, 1, 0]), 3)
    assert out.tolist() == [[10.0, 10.0], [-2.5, 2.5], [0.0, 0.0]]


def test_worst_loss_is_never_negative():
    assert worst_loss(np.array([[3.0, -2.0], [1.0, 4.0]])).tolist() == [2.0, 0.0]
