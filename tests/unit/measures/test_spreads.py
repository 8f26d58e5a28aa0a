from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.measures.spreads import Leg, greatest_loss

D = Decimal


def leg(right, strike, units):
    return Leg(right, D(strike), D(units))


@pytest.mark.parametrize(("legs", "loss"), [
    ([leg("P", 425, 100), leg("P", 430, -100)], 500),
    ([leg("C", 125, 100), leg("C", 120, -100)], 500),
    ([leg("P", 250, 100), leg("P", 240, -100)], 0),
    ([leg("P", 540, 100), leg("P", 550, -200), leg("P", 555, 100)], 500),
    ([leg("P", 16, 100), leg("P", 20, -100), leg("C", 20, -100), leg("C", 24, 100)], 400),
    # A short box pays the strike difference whatever happens.
    ([leg("C", 90, -100), leg("C", 110, 100), leg("P", 90, 100), leg("P", 110, -100)], 2000),
    ([leg("P", 100, -100)], 10_000),
    ([], 0),
])
def test_greatest_loss_of_named_spreads(legs, loss):
    assert greatest_loss(legs) == loss


def test_net_short_calls_have_no_limit():
    assert greatest_loss([leg("C", 100, -100), leg("C", 110, 50)]) is None


LEGS = st.lists(st.tuples(st.sampled_from("CP"), st.integers(1, 60), st.integers(-3, 3)),
                max_size=7)


@given(LEGS)
def test_no_price_loses_more_than_the_greatest_loss(shape):
    legs = [leg(*each) for each in shape]
    loss = greatest_loss(legs)
    if loss is None:
        assert sum(each.units for each in legs if each.right == "C") < 0
        return

    def payoff(price):
        ahead = [(price - each.strike) * (1 if each.right == "C" else -1) for each in legs]
        return sum(each.units * max(a, D(0)) for each, a in zip(legs, ahead, strict=True))

    paid = [payoff(D(half) / 2) for half in range(140)]
    assert loss == max(D(0), -min(paid))


@given(LEGS, LEGS)
def test_joining_never_loses_more(one, other):
    a, b = [leg(*each) for each in one], [leg(*each) for each in other]
    apart, joined = (greatest_loss(a), greatest_loss(b)), greatest_loss(a + b)
    if None not in apart:
        assert joined is not None
        assert joined <= sum(apart)
