"""Expiry, no volatility, worthless underlyings, negative rates: exact at every level."""

import math

import numpy as np
import pytest

from tests.kernels.books import one_option, valued
from workstation.kernels import dispatch

LEVELS = dispatch.available()
BOTH = ["european_values", "american_values"]


def value(level, style, **terms):
    return float(valued(getattr(dispatch.choose(level), style), one_option(**terms))[0, 0])


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("style", BOTH)
@pytest.mark.parametrize(("is_call", "spot", "expected"), [
    (True, 105.25, 5.25), (True, 95.0, 0.0), (False, 95.5, 4.5), (False, 105.0, 0.0),
    (True, 100.0, 0.0), (False, 100.0, 0.0)])
def test_expiry_today_is_worth_what_exercise_pays(level, style, is_call, spot, expected):
    assert value(level, style, spot=spot, years=0, is_call=is_call) == pytest.approx(
        expected, abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("volatility", "factor"), [(0.0, 1.0), (0.2, 0.0)])
@pytest.mark.parametrize(("is_call", "carry"), [(True, 0.05), (False, 0.05), (True, 0.0),
                                                (False, -0.02)])
def test_without_volatility_the_discounted_forward_counts(level, volatility, factor, is_call,
                                                         carry):
    sign = 1 if is_call else -1
    forward = 90.0 * 1.1 * math.exp(carry * 2)
    expected = math.exp(-0.05 * 2) * max(sign * (forward - 100.0), 0)
    assert value(level, "european_values", spot=90, move=0.1, years=2, carry=carry,
                 volatility=volatility, factor=factor, is_call=is_call) == pytest.approx(
                     expected, abs=1e-11)


@pytest.mark.parametrize("level", LEVELS)
def test_without_volatility_an_american_put_is_exercised_at_once(level):
    assert value(level, "american_values", spot=80, volatility=0, is_call=False) == 20


@pytest.mark.parametrize("level", LEVELS)
def test_without_volatility_an_american_call_waits_for_the_peak(level):
    # 110 e^(-0.1 t) - 100 e^(-0.03 t) peaks inside the year only if the yield exceeds the rate.
    times = np.linspace(0, 40, 400_001)
    best = max(110 * np.exp(-0.01 * times) - 100 * np.exp(-0.03 * times))
    assert value(level, "american_values", spot=110, years=40, rate=0.03, carry=0.02,
                 volatility=0) == pytest.approx(best, abs=1e-7)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("move", [-1.0, -1.2])
def test_a_worthless_underlying(level, move):
    strike_now = math.exp(-0.05) * 100
    assert value(level, "european_values", move=move) == 0
    assert value(level, "american_values", move=move, carry=0.01) == 0
    assert value(level, "european_values", move=move, is_call=False) == pytest.approx(
        strike_now, abs=1e-11)
    assert value(level, "american_values", move=move, is_call=False) == pytest.approx(
        100, abs=1e-11)


@pytest.mark.parametrize("level", LEVELS)
def test_negative_rates_keep_put_call_parity(level):
    call = value(level, "european_values", rate=-0.03, carry=-0.03)
    put = value(level, "european_values", rate=-0.03, carry=-0.03, is_call=False)
    assert call - put == pytest.approx(100 - 100 * math.exp(0.03), abs=1e-11)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("is_call", "rate", "carry"), [(True, 0.05, 0.05), (True, 0.02, 0.03),
                                                        (False, -0.01, -0.02)])
def test_where_early_exercise_cannot_pay_american_is_european(level, is_call, rate, carry):
    terms = {"is_call": is_call, "rate": rate, "carry": carry, "spot": 93.0}
    assert value(level, "american_values", **terms) == value(level, "european_values", **terms)


@pytest.mark.parametrize("level", LEVELS)
def test_american_is_never_below_exercise_or_european(level):
    spots = np.linspace(40, 160, 25)
    for is_call in (True, False):
        for spot in spots:
            terms = {"spot": spot, "is_call": is_call, "carry": 0.01}
            american = value(level, "american_values", **terms)
            assert american >= (spot - 100 if is_call else 100 - spot) - 1e-12
            assert american >= value(level, "european_values", **terms)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("is_call", "rate", "carry"), [
    (False, 1e-12, 0.0), (False, 0.0, 0.02), (False, -0.02, 0.01), (False, 0.05, 0.05),
    (False, 0.01, -0.09), (True, 0.05, -0.05), (True, 0.0, -0.08), (False, 0.2, 0.23)])
@pytest.mark.parametrize("days", [0.3, 2, 400])
def test_boundary_and_tree_tell_the_same_price(level, is_call, rate, carry, days):
    # r <= 0, q = 0, q > r, q < r < 0, deep in the money, hours to expiry; boundary against tree.
    for spot in (55.0, 97.0, 140.0):
        terms = {"is_call": is_call, "rate": rate, "carry": carry, "spot": spot,
                 "years": days / 365, "volatility": 0.25}
        book = one_option(**terms)
        tree = np.zeros((1, 1))
        nothing = np.zeros(2, dtype=np.intp), np.zeros(0), np.zeros(0)
        dispatch.choose().tree_values(*book[:9], *nothing, tree, steps=801)
        assert value(level, "american_values", **terms) == pytest.approx(tree[0, 0], abs=5e-3)


@pytest.mark.parametrize("level", LEVELS)
def test_bachelier_takes_negative_prices(level):
    columns = [np.array([x]) for x in (-5.0, -7.0, 0.5, 0.03, 4.0)]
    out = np.zeros((1, 3))
    dispatch.choose(level).bachelier_values(
        *columns, np.array([True]), np.array([[0.0, -30.0, 1e6]]), np.array([[1.0, 0.0, 1.0]]),
        out)
    v = 4 * math.sqrt(0.5)
    d = 2 / v
    expected = math.exp(-0.015) * (2 * 0.5 * math.erfc(-d / math.sqrt(2))
                                   + v * math.exp(-d * d / 2) / math.sqrt(2 * math.pi))
    assert out[0] == pytest.approx([expected, 0, math.exp(-0.015) * (1e6 + 2)], rel=1e-13)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("is_call", "move", "factor", "expected"), [
    (True, 0.25, 0.0, 0.2), (True, -0.25, 0.0, 0.0), (False, -0.2, 0.0, 0.25),
    (False, -0.9, 1.0, 9.0), (True, 1e6, 1.0, 1.0)])
def test_coin_settled_options_are_worth_coin(level, is_call, move, factor, expected):
    # Intrinsic value over the moved price: a call never more than a coin, a put without a bound.
    found = value(level, "inverse_values", spot=100, rate=0.0, carry=0.0, is_call=is_call,
                  move=move, factor=factor)
    assert found == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("terms", "message"), [
    ({"move": -1.0}, r"price_moves \(1, 1\) must lie above -1"),
    ({"move": -1.5}, r"price_moves \(1, 1\) must lie above -1"),
    ({"spot": 0.0}, r"spot \(1,\) must be above zero")])
def test_a_worthless_coin_is_refused(level, terms, message):
    build, book = dispatch.choose(level), one_option(**terms)
    with pytest.raises(ValueError, match=message):
        build.inverse_values(*book)
    with pytest.raises(ValueError, match=message):
        build.inverse_pnl(*book[:7], np.ones(1), *book[7:])
