import numpy as np
import pytest

from tests.kernels.books import option_book, valued
from workstation.kernels import dispatch

STYLES = ["european_values", "inverse_values", "american_values"]


def build(level):
    if level not in dispatch.available():
        pytest.skip(f"{level} is not built or this processor lacks it")
    return dispatch.choose(level)


@pytest.mark.parametrize("level", ["avx2", "avx512"])
def test_every_build_sums_to_the_same_bits(level):
    rng = np.random.default_rng(11)
    first = np.arange(0, 2001, 20, dtype=np.intp)
    unit, held = rng.normal(size=(2000, 137)), rng.normal(size=2000)
    mine, base = np.zeros((2, 100, 137))
    build(level).aggregate(unit, held, first, mine)
    build("base").aggregate(unit, held, first, base)
    assert mine.tobytes() == base.tobytes()


@pytest.mark.parametrize("style", STYLES)
def test_modern_processors_value_options_to_the_same_bits(style):
    book = option_book(37, 23)
    newer = valued(getattr(build("avx512"), style), book)
    older = valued(getattr(build("avx2"), style), book)
    assert newer.tobytes() == older.tobytes()


@pytest.mark.parametrize("style", STYLES)
def test_older_processors_agree_within_a_billionth_of_a_dollar(style):
    book = option_book(37, 23)
    base = valued(getattr(build("base"), style), book)
    best = valued(getattr(dispatch.choose(), style), book)
    np.testing.assert_allclose(best, base, rtol=0, atol=1e-9)


@pytest.mark.parametrize("level", [lv for lv in dispatch.available() if lv != "reference"])
@pytest.mark.parametrize("style", STYLES)
def test_a_cell_does_not_depend_on_its_neighbours(level, style):
    price, book = getattr(dispatch.choose(level), style), option_book(11, 21)
    whole = valued(price, book)
    alone = np.vstack([
        np.hstack([valued(price, (*(c[i:i + 1] for c in book[:7]),
                                  *(c[i:i + 1, s:s + 1] for c in book[7:])))
                   for s in range(21)])
        for i in range(11)])
    assert whole.tobytes() == alone.tobytes()
