"""Assumptions of a cascade in words, and own shocks read back from what is typed."""

from __future__ import annotations

import pytest

from workstation.base.problem import UnusableInputError
from workstation.workspace.stress import Stress
from workstation.workspace.stress_words import read_shocks, told


def test_shocks_read_back_as_they_are_written():
    shocks = (("SPX", -0.1), ("BTC", 0.305), ("UST10Y", -1 / 3))
    assert [move for _, move in read_shocks(Stress(shocks=shocks).shocks_text)] == pytest.approx(
        [move for _, move in shocks], rel=1e-11)
    assert read_shocks(" ; ") == ()


@pytest.mark.parametrize(("text", "why"), [
    ("SPX", "'SPX' is not a factor and its move"),
    ("SPX=ten", "not a factor and its move"),
    ("=-10%", "not a factor and its move"),
    ("SPX=nan", "not a factor and its move"),
    ("SPX=-120%", "SPX cannot fall by more than all of its price"),
    ("SPX=-1%; SPX=-2%", "SPX is named twice"),
])
def test_what_cannot_be_read_is_named(text, why):
    with pytest.raises(UnusableInputError, match=why):
        read_shocks(text)


def test_the_defaults_are_told_too():
    assert told(Stress(mode="dynamic"), "USD") == (
        "credit line of the edition", "no firm fails", "no replay", "no drawn paths",
        "the shock arrives at once", "sells the same share of everything")
    own = Stress(shocks=(("SPX", -0.1),))
    assert told(own, "USD")[0] == "own shocks SPX=-10%"
