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
    unit, held = rng.normal(size=(2000, 137)), rng.normal(size=2000)
    group, total = rng.integers(0, 100, 2000), unit.sum(axis=0)
    whole, risk = np.array([0, 2000], dtype=np.intp), rng.uniform(1, 9, 2000)

    def sums(made):
        out, without = np.zeros((2, 100, 137)), np.zeros((4, 2000))
        made.aggregate(unit, held, group, out[0])
        made.offset_gains(unit, held, group, out[1])
        sixteen = np.zeros((100, 16))
        made.aggregate(np.ascontiguousarray(unit[:, :16]), held, group, sixteen)
        made.worst_without_each(unit, total, without[0])
        made.shortfall_without_each(unit, total, without[1], worst=7.5)
        made.pair_sums(held, risk, whole, without[2], without[3])
        return out.tobytes() + sixteen.tobytes() + without.tobytes()

    assert sums(build(level)) == sums(build("base"))


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
