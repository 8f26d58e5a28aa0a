"""Tails, leave-one-out and buckets: compiled against the twins, twins against the definition."""

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
def test_tail_contributions_add_up(level):
    pnl = np.random.default_rng(1).normal(size=(20, 500))
    tail = np.argsort(pnl.sum(axis=0))[:12].astype(np.intp)
    shares = np.zeros(20)
    dispatch.choose(level).tail_contributions(pnl, tail, shares)
    assert shares.sum() == pytest.approx(-pnl.sum(axis=0)[tail].mean())


@pytest.mark.parametrize("level", LEVELS)
def test_gains_are_recognised_in_part(level):
    pnl = np.array([[10.0, -4.0], [-6.0, 8.0], [1.0, 1.0]])
    out = np.zeros((2, 2))
    dispatch.choose(level).offset_gains(pnl, np.array([0.9, 0.5, 1.0]),
                                        np.array([0, 2, 3], dtype=np.intp), out)
    assert out.tolist() == [[3.0, 0.0], [1.0, 1.0]]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(5))
def test_buckets_equal_the_full_matrix(level, seed):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 40, 6)
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    weighted, rho = rng.normal(size=first[-1]), rng.uniform(0, 0.9, 6)
    risk = np.exp(rng.uniform(-20, 20, first[-1]))
    risk[::7] = 1.0  # ties
    found = np.zeros(6)
    dispatch.choose(level).bucket_squares(weighted, risk, first, rho, found)
    for b in range(6):
        ws, cr = weighted[first[b]:first[b + 1]], risk[first[b]:first[b + 1]]
        matrix = rho[b] * np.minimum.outer(cr, cr) / np.maximum.outer(cr, cr)
        np.fill_diagonal(matrix, 1.0)
        assert found[b] == pytest.approx(ws @ matrix @ ws, rel=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_concentrations_are_above_zero(level):
    one, whole = np.ones(3), np.array([0, 3], dtype=np.intp)
    for bad in (0.0, -1.0):
        with pytest.raises(ValueError, match=r"risk \(3,\) must be above zero"):
            dispatch.choose(level).bucket_squares(one, np.array([1.0, bad, 2.0]), whole, one[:1],
                                                  np.zeros(1))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_profits_that_are_no_numbers_are_named(level, bad):
    pnl = np.ones((3, 50))
    pnl[1, 17] = bad
    build, out = dispatch.choose(level), np.zeros(3)
    for run in (lambda: build.worst_without_each(pnl, np.zeros(50), out),
                lambda: build.shortfall_without_each(pnl, np.zeros(50), out, worst=5),
                lambda: build.aggregate(pnl, np.ones(3), np.array([0, 3], dtype=np.intp),
                                        np.zeros((1, 50)))):
        with pytest.raises(ValueError, match=r"pnl \(3, 50\) holds NaN or infinite"):
            run()


def test_the_reference_is_what_the_names_say():
    assert set(reference.__all__) == set(dispatch.EXTENSIONS)
