from decimal import Decimal
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.measures.pairing import (
    MOST_COLUMNS,
    NONE,
    Columns,
    best_pairing,
    largest_saving_first,
    saved,
)

D = Decimal


def columns_of(*shapes):
    rows = [(*legs, *[NONE] * (4 - len(legs))) for legs, _ in shapes]
    return Columns(np.array(rows, dtype=np.intp).reshape(len(rows), 4),
                   np.array([saving for _, saving in shapes]))


def test_exact_pairing_beats_largest_saving_first():
    # Taking (0, 1) first for 10 leaves nothing; (0, 2) and (1, 3) together save 16.
    columns = columns_of(((0, 1), 10.0), ((0, 2), 8.0), ((1, 3), 8.0))
    supply = [D(5)] * 4
    assert saved(columns, largest_saving_first(supply, columns)) == 50
    assert best_pairing(supply, columns) == {1: 5, 2: 5}


def test_legs_used_twice_count_twice():
    butterfly = columns_of(((0, 1, 2, 1), 9.0))
    assert butterfly.uses(0) == ((0, 1), (1, 2), (2, 1))
    assert best_pairing([D(4), D(5), D(4)], butterfly) == {0: 2}
    starts, legs, units = columns_of(((0, 1, 2, 1), 9.0), ((3, 0), 1.0)).matrix()
    assert (starts.tolist(), legs.tolist(), units.tolist()) == (
        [0, 3, 5], [0, 1, 2, 0, 3], [1, 2, 1, 1, 1])


def test_fractions_of_a_contract_are_kept():
    assert best_pairing([D("1.5"), D("2.25")], columns_of(((0, 1), 3.0))) == {0: D("1.5")}


def test_nothing_to_pair():
    assert best_pairing([D(3)], columns_of()) == {}
    assert best_pairing([D(3), D(3)], columns_of(((0, 1), -1.0))) == {}


def test_a_great_many_columns_are_taken_greedily():
    columns = columns_of(*(((i % 50, 50 + i % 51), 1.0) for i in range(MOST_COLUMNS + 1)))
    units = best_pairing([D(1)] * 101, columns)
    assert saved(columns, units) == 50


SHAPES = st.lists(st.tuples(
    st.lists(st.integers(0, 4), min_size=2, max_size=4, unique=True).map(tuple),
    st.integers(1, 20).map(float)), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(SHAPES, st.lists(st.integers(0, 3), min_size=5, max_size=5))
def test_pairing_is_the_best_of_all_whole_pairings(shapes, supply):
    columns = columns_of(*shapes)
    units = best_pairing([D(n) for n in supply], columns)
    use = [dict(columns.uses(c)) for c in range(len(columns))]

    def allowed(counts):
        return all(sum(n for c, n in counts.items() if leg in use[c]) <= supply[leg]
                   for leg in range(5))

    assert allowed(units)
    assert all(n == int(n) for n in units.values())
    plans = (dict(enumerate(counts)) for counts in product(range(4), repeat=len(columns)))
    assert saved(columns, units) == max(saved(columns, plan) for plan in plans if allowed(plan))


PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(4, 7), st.integers(1, 30)),
                 min_size=1, max_size=12)


@settings(max_examples=80, deadline=None)
@given(PAIRS, st.lists(st.integers(0, 4), min_size=8, max_size=8), st.booleans())
def test_the_network_agrees_with_the_programme(pairs, supply, turned):
    columns = columns_of(*(((b, a) if turned else (a, b), float(saving))
                           for a, b, saving in pairs))
    sides = np.arange(8) < 4
    exact = best_pairing([D(n) for n in supply], columns, sides)
    assert saved(columns, exact) == pytest.approx(
        saved(columns, best_pairing([D(n) for n in supply], columns)))
    for leg in range(8):
        assert sum(n for c, n in exact.items() if leg in dict(columns.uses(c))) <= supply[leg]


def test_fractions_and_larger_strategies_go_to_the_programme():
    sides = np.array([True, False, False])
    assert best_pairing([D("1.5"), D(2), D(0)], columns_of(((0, 1), 1.0)), sides) == {0: D("1.5")}
    assert best_pairing([D(1), D(1), D(1)], columns_of(((0, 1, 2), 1.0)), sides) == {0: D(1)}
