"""Optimal pairing equals the linear programme's optimum, and its prices prove it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from workstation.kernels import dispatch, reference

BUILDS = {"compiled": dispatch.choose(), "twin": dispatch.choose("reference")}


def random_book(seed, legs=None):
    rng = np.random.default_rng(seed)
    supplies, demands = legs or rng.integers(1, 14, 2)
    linked = np.argwhere(rng.random((supplies, demands)) < rng.uniform(0.2, 1.0))
    return (rng.integers(0, 30, supplies), rng.integers(0, 30, demands),
            linked[:, 0].copy(), linked[:, 1].copy(),
            rng.integers(-5, rng.choice([3, 100_000]), len(linked)))


def solved(build, book):
    supply, demand, _, _, saving = book
    answer = [np.zeros(len(c), dtype=np.int64) for c in (saving, supply, demand)]
    build.best_pairs(*book, *answer)
    return answer


def programme(book):
    supply, demand, of_supply, of_demand, saving = book
    if not len(saving):
        return 0.0
    rows = np.zeros((len(supply) + len(demand), len(saving)))
    rows[of_supply, np.arange(len(saving))] = 1
    rows[len(supply) + of_demand, np.arange(len(saving))] = 1
    return -linprog(-saving, A_ub=rows, b_ub=np.concatenate([supply, demand]),
                    method="highs").fun


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("seed", range(250))
def test_pairs_save_what_the_programme_saves(build, seed):
    book = random_book(seed)
    supply, demand, of_supply, of_demand, saving = book
    units, dear, scarce = solved(BUILDS[build], book)
    assert units @ saving == pytest.approx(programme(book), rel=1e-9)
    assert (units >= 0).all()
    assert (np.bincount(of_supply, units, len(supply)) <= supply).all()
    assert (np.bincount(of_demand, units, len(demand)) <= demand).all()
    useful = (supply[of_supply] > 0) & (demand[of_demand] > 0)
    assert (dear >= 0).all()
    assert (scarce >= 0).all()
    assert (saving <= dear[of_supply] + scarce[of_demand])[useful].all()
    assert units @ saving == dear @ supply + scarce @ demand


def test_a_large_book_is_proved_optimal_by_its_prices():
    book = random_book(3, (400, 400))
    units, dear, scarce = solved(BUILDS["compiled"], book)
    assert units @ book[4] == dear @ book[0] + scarce @ book[1]


@settings(deadline=None, max_examples=60)
@given(size=st.integers(2, 12), units=st.integers(1, 3))
def test_ties_do_not_cycle(size, units):
    pairs = np.indices((size, size)).reshape(2, -1)
    book = (np.full(size, units), np.full(size, units), *pairs.copy(),
            np.full(size * size, 7))
    found, _, _ = solved(BUILDS["compiled"], book)
    assert found.sum() == size * units


def test_places_outside_the_legs_are_refused():
    one = np.ones(1, dtype=np.int64)
    with pytest.raises(ValueError, match="of_supply"):
        dispatch.choose().best_pairs(one, one, one, one * 0, one, one * 0, one * 0, one * 0)
    with pytest.raises(ValueError, match=r"supply .* negative"):
        dispatch.choose().best_pairs(-one, one, one * 0, one * 0, one, one * 0, one * 0, one * 0)
    assert reference.best_pairs is not None
