"""What kernels cannot read is refused by name and shape before any loop runs."""

import numpy as np
import pytest

from tests.kernels.books import option_book
from workstation.kernels import dispatch

NAMES = ("spot", "strike", "years", "rate", "carry", "volatility", "is_call", "price_moves",
         "volatility_factors", "out")


def refused(name, change, error, message, level):
    book = dict(zip(NAMES, option_book(5, 8, same_rows=False), strict=True))
    book[name] = change(np.array(book[name]))
    for kernel in ("european_values", "american_values"):
        with pytest.raises(error, match=message):
            getattr(dispatch.choose(level), kernel)(*book.values())


def spoilt(value):
    def change(array):
        array[-1] = value
        return array

    return change


@pytest.mark.parametrize("level", dispatch.available())
@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("out", "is_call")])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none(level, name, bad):
    refused(name, spoilt(bad), ValueError, rf"{name} \(5.* holds NaN or infinite", level)


@pytest.mark.parametrize("level", dispatch.available())
@pytest.mark.parametrize("name", NAMES)
def test_shapes_types_and_layouts(level, name):
    refused(name, lambda a: a[:-1].copy(), ValueError, r"has shape \(", level)
    refused(name, lambda a: a[None], ValueError, rf"{name} has shape", level)
    refused(name, lambda a: a.astype("f4"), TypeError, f"{name} must be an array", level)
    refused(name, lambda a: a.tolist(), TypeError, f"{name} must be an array", level)
    refused(name, lambda a: np.repeat(a, 2, axis=-1)[..., ::2], ValueError, "contiguous", level)


def test_output_that_cannot_be_written():
    def locked(array):
        array.flags.writeable = False
        return array

    refused("out", locked, ValueError, r"out \(5, 8\) cannot be written", None)


def test_a_missing_argument_and_wrong_groups():
    with pytest.raises(TypeError, match="strike is missing"):
        dispatch.choose().european_values(np.ones(1))
    with pytest.raises(ValueError, match=r"group \(3,\) must lie in 0 to 0"):
        dispatch.choose().aggregate(np.ones((3, 2)), np.ones(3), np.array([0, 1, 0], dtype=np.intp),
                                    np.zeros((1, 2)))
    one, out = np.ones(3), np.zeros(3)
    with pytest.raises(ValueError, match=r"first \(2,\) must lie in 0 to 3"):
        dispatch.choose().pair_sums(one, one, np.array([0, 9], dtype=np.intp), out, out)
    with pytest.raises(ValueError, match="must not fall"):
        dispatch.choose().pair_sums(one, one, np.array([2, 1], dtype=np.intp), out, out)


def test_steps_of_a_tree_are_odd():
    book = option_book(1, 1)
    nothing = np.zeros(2, dtype=np.intp), np.zeros(0), np.zeros(0)
    with pytest.raises(ValueError, match="steps must be odd"):
        dispatch.choose().tree_values(*book[:9], *nothing, np.zeros((1, 1)), steps=200)
