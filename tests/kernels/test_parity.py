import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernels.books import one_option, option_book, valued
from workstation.kernels import dispatch, reference

LEVELS = [level for level in dispatch.available() if level != "reference"]


@pytest.mark.parametrize("level", LEVELS)
@settings(deadline=None)
@given(
    sizes=st.lists(st.integers(0, 9), min_size=1, max_size=6),
    scenarios=st.integers(1, 40),
    seed=st.integers(0, 2**32 - 1),
)
def test_compiled_sums_agree_with_the_twin(level, sizes, scenarios, seed):
    rng = np.random.default_rng(seed)
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    unit = rng.normal(size=(int(first[-1]), scenarios))
    held = rng.normal(size=int(first[-1]))
    fast, plain = np.zeros((2, len(sizes), scenarios))
    dispatch.choose(level).aggregate(unit, held, first, fast)
    reference.aggregate(unit, held, first, plain)
    np.testing.assert_allclose(fast, plain, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("level", LEVELS)
@settings(deadline=None)
@given(options=st.integers(1, 12), scenarios=st.integers(1, 40), same_rows=st.booleans(),
       seed=st.integers(0, 2**32 - 1))
def test_european_values_agree_with_the_twin(level, options, scenarios, same_rows, seed):
    book = option_book(options, scenarios, seed, same_rows=same_rows)
    fast = valued(dispatch.choose(level).european_values, book)
    plain = valued(reference.european_values, book)
    np.testing.assert_allclose(fast, plain, rtol=0, atol=1e-10)


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=15, deadline=None)
@given(options=st.integers(1, 5), scenarios=st.integers(1, 12), same_rows=st.booleans(),
       seed=st.integers(0, 2**32 - 1), steps=st.sampled_from([9, 51, 151]))
def test_american_values_agree_with_the_twin(level, options, scenarios, same_rows, seed, steps):
    book = option_book(options, scenarios, seed, same_rows=same_rows)
    fast = valued(dispatch.choose(level).american_values, book, steps=steps)
    plain = valued(reference.american_values, book, steps=steps)
    np.testing.assert_allclose(fast / book[0][:, None], plain / book[0][:, None], rtol=0,
                               atol=1e-10)


AMOUNT = st.floats(0, 1e7)
ANY = {
    "spot": AMOUNT | st.just(-5.0), "strike": AMOUNT, "years": st.floats(0, 30),
    "rate": st.floats(-0.2, 0.5), "carry": st.floats(-0.5, 0.5),
    "volatility": st.floats(0, 10), "is_call": st.booleans(), "move": st.floats(-1.5, 10),
    "factor": st.floats(0, 5),
}


@pytest.mark.parametrize("level", dispatch.available())
@pytest.mark.parametrize("style", ["european_values", "american_values"])
@settings(max_examples=150, deadline=None)
@given(terms=st.fixed_dictionaries(ANY))
def test_no_terms_give_nan_or_a_negative_value(level, style, terms):
    value = valued(getattr(dispatch.choose(level), style), one_option(**terms))
    assert np.isfinite(value).all()
    assert (value >= 0).all()
