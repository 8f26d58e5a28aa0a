"""Tails, leave-one-out and pair sums: compiled against the twins, twins against the definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.kernels import dispatch, reference

LEVELS = dispatch.available()


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=60, deadline=None)
@given(positions=st.integers(1, 9), scenarios=st.integers(1, 300), data=st.data())
def test_leave_one_out_is_the_book_without_each(level, positions, scenarios, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    worst = data.draw(st.integers(1, scenarios))
    pnl = rng.integers(-4, 5, size=(positions, scenarios)).astype(float)
    total, build = pnl.sum(axis=0), dispatch.choose(level)
    loss, tail = np.zeros((2, positions))
    build.worst_without_each(pnl, total, loss)
    build.shortfall_without_each(pnl, total, tail, worst=worst)
    for i in range(positions):
        without = np.sort(np.delete(pnl, i, axis=0).sum(axis=0))
        assert loss[i] == -without[0]
        assert tail[i] == pytest.approx(-without[:worst].mean(), abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=40, deadline=None)
@given(scenarios=st.integers(1, 400), share=st.floats(0, 1), hostile=st.booleans(),
       seed=st.integers(0, 2**32 - 1))
def test_the_last_loss_of_a_tail_counts_in_part(level, scenarios, share, hostile, seed):
    rng = np.random.default_rng(seed)
    pnl, total = rng.normal(size=(5, scenarios)), rng.normal(size=scenarios)
    if hostile:
        pnl += 9.0 * total  # the total's own tail says nothing: everything is ranked
    worst, found, plain = 1 + share * (scenarios - 1), np.zeros(5), np.zeros(5)
    dispatch.choose(level).shortfall_without_each(pnl, total, found, worst=worst)
    reference.shortfall_without_each(pnl, total, plain, worst=worst)
    np.testing.assert_allclose(found, plain, rtol=1e-12, atol=1e-12)
    for i in range(5):
        weights = np.clip(worst - np.arange(scenarios), 0.0, 1.0)
        losses = np.sort(pnl[i] - total)[::-1]
        assert found[i] == pytest.approx((weights * losses).sum() / worst, abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("worst", [0.5, 51.0])
def test_a_tail_has_a_scenario_and_no_more_than_there_are(level, worst):
    with pytest.raises(ValueError, match=r"worst must lie in 1 to 50"):
        dispatch.choose(level).shortfall_without_each(
            np.ones((2, 50)), np.ones(50), np.zeros(2), worst=worst)


@pytest.mark.parametrize("level", LEVELS)
def test_gains_are_recognised_in_part(level):
    pnl = np.array([[10.0, -4.0], [-6.0, 8.0], [1.0, 1.0]])
    out = np.zeros((2, 2))
    dispatch.choose(level).offset_gains(pnl, np.array([0.9, 0.5, 1.0]),
                                        np.array([0, 0, 1], dtype=np.intp), out)
    assert out.tolist() == [[3.0, 0.0], [1.0, 1.0]]


def pair_matrix(risk):
    return np.minimum.outer(risk, risk) / np.maximum.outer(risk, risk) - np.eye(len(risk))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(5))
def test_pair_sums_equal_the_full_matrix(level, seed):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(0, 200, 6)
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    value = rng.normal(size=first[-1])
    risk = np.exp(rng.uniform(-20, 20, first[-1]))
    risk[::7] = 1.0  # ties
    others, slope = np.zeros((2, first[-1]))
    dispatch.choose(level).pair_sums(value, risk, first, others, slope)
    for start, stop in zip(first[:-1], first[1:], strict=True):
        v, own, step = value[start:stop], risk[start:stop], 1e-6
        np.testing.assert_allclose(others[start:stop], pair_matrix(own) @ v, rtol=1e-11, atol=1e-11)
        for k in range(0, stop - start, 40):
            if (own == own[k]).sum() > 1:
                continue  # a tie has no single slope
            moved = own.copy()
            moved[k] *= 1 + step
            rise = (pair_matrix(moved) @ v)[k] - others[start + k]
            assert rise == pytest.approx(slope[start + k] * own[k] * step, rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("order", ["falling", "close", "one bit apart"])
def test_any_order_of_concentrations_is_sorted(level, order):
    count = 3000
    risk = {"falling": np.linspace(9, 1, count), "close": 1 + np.linspace(1e-9, 0, count),
            "one bit apart": (np.float64(2).view(np.int64) - np.arange(count)).view(float)}[order]
    value, whole = np.random.default_rng(2).normal(size=count), np.array([0, count], dtype=np.intp)
    found, plain = np.zeros((2, 2, count))
    dispatch.choose(level).pair_sums(value, risk, whole, found[0], found[1])
    reference.pair_sums(value, risk, whole, plain[0], plain[1])
    np.testing.assert_allclose(found, plain, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_concentrations_are_above_zero(level):
    one, whole = np.ones(3), np.array([0, 3], dtype=np.intp)
    for bad in (0.0, -1.0):
        with pytest.raises(ValueError, match=r"risk \(3,\) must be above zero"):
            dispatch.choose(level).pair_sums(one, np.array([1.0, bad, 2.0]), whole, np.zeros(3),
                                             np.zeros(3))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_profits_that_are_no_numbers_are_named(level, bad):
    pnl = np.ones((3, 50))
    pnl[1, 17] = bad
    build, out = dispatch.choose(level), np.zeros(3)
    for run in (lambda: build.worst_without_each(pnl, np.zeros(50), out),
                lambda: build.shortfall_without_each(pnl, np.zeros(50), out, worst=5),
                lambda: build.aggregate(pnl, np.ones(3), np.zeros(3, dtype=np.intp),
                                        np.zeros((1, 50)))):
        with pytest.raises(ValueError, match=r"pnl \(3, 50\) holds NaN or infinite"):
            run()


def test_the_reference_is_what_the_names_say():
    assert set(reference.__all__) == set(dispatch.EXTENSIONS)
