import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.pricing.roots import bracketed_roots


@settings(deadline=None)
@given(st.lists(st.floats(-4.9, 4.9), min_size=1, max_size=8), st.sampled_from([1, 3, 9]))
def test_every_root_is_found(roots, power):
    wanted = np.array(roots)

    def function(rows, x):
        return np.sinh(x - wanted[rows]) ** power

    low, high = np.full((2, len(roots)), [[-5.0], [5.0]])
    every = np.arange(len(roots))
    found = bracketed_roots(function, low, high, function(every, low), function(every, high))
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-11)


def test_a_root_at_an_end_needs_no_search():
    def never(rows, x):
        raise AssertionError(rows, x)

    ends = np.array([0.0]), np.array([1.0]), np.array([0.0]), np.array([1.0])
    assert bracketed_roots(never, *ends).tolist() == [0.0]
