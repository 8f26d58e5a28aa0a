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
    groups=st.lists(st.integers(0, 5), max_size=30), in_order=st.booleans(),
    scenarios=st.one_of(st.integers(1, 40), st.just(16)),
    seed=st.integers(0, 2**32 - 1),
)
def test_compiled_sums_agree_with_the_twin(level, groups, in_order, scenarios, seed):
    rng = np.random.default_rng(seed)
    group = np.array(sorted(groups) if in_order else groups, dtype=np.intp)
    unit, held = rng.normal(size=(len(group), scenarios)), rng.normal(size=len(group))
    for name in ("aggregate", "offset_gains"):
        fast, plain = np.zeros((2, 6, scenarios))
        getattr(dispatch.choose(level), name)(unit, held, group, fast)
        getattr(reference, name)(unit, held, group, plain)
        assert fast.tolist() == plain.tolist()  # rows in their order: the same to the bit


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
@settings(max_examples=25, deadline=None)
@given(options=st.integers(1, 5), scenarios=st.integers(1, 24), same_rows=st.booleans(),
       seed=st.integers(0, 2**32 - 1), audit=st.booleans())
def test_american_values_agree_with_the_twin(level, options, scenarios, same_rows, seed, audit):
    book = option_book(options, scenarios, seed, same_rows=same_rows)
    fast = valued(dispatch.choose(level).american_values, book, audit=audit)
    plain = valued(reference.american_values, book, audit=audit)
    np.testing.assert_allclose(fast / book[0][:, None], plain / book[0][:, None], rtol=0,
                               atol=1e-10)


@pytest.mark.parametrize("level", LEVELS)
def test_long_rows_interpolate_the_boundary(level):
    book = option_book(4, 500)
    fast = valued(dispatch.choose(level).american_values, book)
    plain = valued(reference.american_values, book)
    alone = np.hstack([valued(dispatch.choose(level).american_values, (
        *book[:7], *(rows[:, s:s + 20] for rows in book[7:]))) for s in range(0, 500, 20)])
    np.testing.assert_allclose(fast / book[0][:, None], plain / book[0][:, None], atol=1e-6)
    np.testing.assert_allclose(fast / book[0][:, None], alone / book[0][:, None], atol=1e-6)


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), steps=st.sampled_from([9, 51, 101]), pair=st.booleans())
def test_trees_with_dividends_agree_with_the_twin(level, seed, steps, pair):
    rng = np.random.default_rng(seed)
    book = option_book(4, 11, seed)
    counts = rng.integers(0, 4, 4)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
    when = np.concatenate([np.sort(rng.uniform(0, t, n)) for t, n in zip(book[2], counts,
                                                                         strict=True)])
    terms = (*book[:9], first, when, rng.uniform(0, 3, len(when)))
    fast, plain = np.zeros((2, 4, 11))
    dispatch.choose(level).tree_values(*terms, fast, steps=steps, extrapolate=pair)
    reference.tree_values(*terms, plain, steps=steps, extrapolate=pair)
    np.testing.assert_allclose(fast / book[0][:, None], plain / book[0][:, None], atol=1e-10)


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=25, deadline=None)
@given(options=st.integers(1, 8), scenarios=st.integers(1, 20), seed=st.integers(0, 2**32 - 1))
def test_gains_and_greeks_agree_with_the_twin(level, options, scenarios, seed):
    book, build = option_book(options, scenarios, seed), dispatch.choose(level)
    size = np.random.default_rng(seed).normal(size=options)
    for name in ("european_pnl", "inverse_pnl"):
        fast, plain = np.zeros((2, options, scenarios))
        getattr(build, name)(*book[:7], size, *book[7:9], fast)
        getattr(reference, name)(*book[:7], size, *book[7:9], plain)
        np.testing.assert_allclose(fast, plain, atol=1e-9)
    fast, plain = np.zeros((2, 4, options, scenarios))
    build.european_greeks(*book[:9], fast)
    reference.european_greeks(*book[:9], plain)
    np.testing.assert_allclose(fast, plain, rtol=1e-9, atol=1e-9)


def test_greeks_are_slopes_of_the_value():
    book = option_book(30, 3)
    greeks = np.zeros((4, 30, 3))
    reference.european_greeks(*book[:9], greeks)
    small = 1e-5
    up, down = (valued(reference.european_values, (book[0] * (1 + d), *book[1:]))
                for d in (small, -small))
    step = (book[0] * small)[:, None] * (1 + book[7])
    here = valued(reference.european_values, book)
    np.testing.assert_allclose(greeks[0], (up - down) / (2 * step), atol=1e-6)
    np.testing.assert_allclose(greeks[1], (up + down - 2 * here) / step**2, atol=1e-3)
    up, down = (valued(reference.european_values, (*book[:5], book[5] + d, *book[6:]))
                for d in (small, -small))
    np.testing.assert_allclose(greeks[2] * book[8], (up - down) / (2 * small), atol=1e-3)
    up, down = (valued(reference.european_values, (*book[:2], book[2] + d, *book[3:]))
                for d in (small, -small))
    np.testing.assert_allclose(greeks[3], -(up - down) / (2 * small), rtol=1e-5, atol=1e-3)


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


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("scenarios", [1, 3, 10, 17, 33, 189])
def test_gains_of_what_has_not_moved_are_exactly_zero(level, scenarios):
    book, build = list(option_book(70, scenarios)), dispatch.choose(level)
    book[7], book[8] = np.zeros((70, scenarios)), np.ones((70, scenarios))
    for name in ("european_pnl", "inverse_pnl"):
        out = np.full((70, scenarios), np.nan)
        getattr(build, name)(*book[:7], np.linspace(-9, 9, 70), *book[7:9], out)
        assert not out.any()
