from decimal import Decimal

import pytest

from workstation.measures.cross_margin import cross_margined, reduction

D = Decimal


def test_the_smaller_reduction_applies_and_the_other_stays_visible():
    node = cross_margined(D(1000), {"one": D("0.8"), "other": D("0.25")})
    assert node.amount == 750
    assert node.binding is not None
    assert node.binding.label == "by the model of other"
    assert [part.amount for part in node.parts] == [200, 750]


def test_a_model_that_asks_for_more_together_saves_nothing():
    assert reduction(D(100), D(120)) == 0
    assert reduction(D(100), D(20)) == D("0.8")
    assert reduction(D(0), D(0)) == 0


def test_impossible_reductions_are_refused():
    with pytest.raises(ValueError, match="other"):
        cross_margined(D(1), {"one": D("0.1"), "other": D("1.1")})
    with pytest.raises(ValueError, match="no organisation"):
        cross_margined(D(1), {})
