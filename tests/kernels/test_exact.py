"""European values against arithmetic of fifty digits, and against a venue's own marks."""

import csv

import mpmath
import numpy as np
import pytest

from tests.kernels.books import option_book, valued
from tests.shared import shared
from workstation.kernels import dispatch, european_values
from workstation.kernels.normal import quick_bell, quick_cdf


def precise(spot, strike, years, rate, carry, volatility, is_call, move, factor):
    with mpmath.workdps(50):
        s, k, t, r, b = (mpmath.mpf(float(x)) for x in (spot, strike, years, rate, carry))
        forward = s * (1 + mpmath.mpf(float(move))) * mpmath.exp(b * t)
        sv = mpmath.mpf(float(volatility)) * mpmath.mpf(float(factor)) * mpmath.sqrt(t)
        d1 = mpmath.log(forward / k) / sv + sv / 2
        sign = 1 if is_call else -1
        return mpmath.exp(-r * t) * sign * (forward * mpmath.ncdf(sign * d1)
                                            - k * mpmath.ncdf(sign * (d1 - sv)))


@pytest.mark.parametrize("level", dispatch.available())
def test_european_values_to_ten_digits_of_strike(level):
    book = option_book(120, 5, seed=3, same_rows=False)
    found = valued(dispatch.choose(level).european_values, book)
    for i in range(120):
        for s in range(5):
            exact = precise(*(column[i] for column in book[:7]), book[7][i, s], book[8][i, s])
            assert abs(found[i, s] - exact) < 1e-10 * book[1][i]


@pytest.mark.parametrize("level", dispatch.available())
def test_coin_settled_values_and_gains_to_ten_digits(level):
    book, build = option_book(60, 4, seed=8, same_rows=False), dispatch.choose(level)
    found, gained = valued(build.inverse_values, book), np.zeros((60, 4))
    size = np.linspace(-5.0, 5.0, 60)
    build.inverse_pnl(*book[:7], size, *book[7:9], gained)
    for i in range(60):
        terms = [column[i] for column in book[:7]]
        base = precise(*terms, 0.0, 1.0) / terms[0]
        ratio = terms[1] / terms[0]
        for s in range(4):
            move = book[7][i, s]
            exact = precise(*terms, move, book[8][i, s]) / (terms[0] * (1 + move))
            assert abs(found[i, s] - exact) < 1e-10 * max(1.0, ratio / (1 + move))
            assert abs(gained[i, s] - size[i] * (exact - base)) < 1e-9 * max(1.0, ratio)


def test_the_short_forms_of_the_premium_are_as_near_as_they_say():
    x = np.concatenate([np.linspace(-12, 12, 4001), [-300, -40, 40, 300]])
    with mpmath.workdps(30):
        normal = np.array([float(mpmath.ncdf(v)) for v in x])
        bell = np.array([float(mpmath.exp(-mpmath.mpf(v)**2 / 2)) for v in x])
    np.testing.assert_allclose(quick_cdf(x), normal, rtol=0, atol=1e-9)
    np.testing.assert_allclose(quick_bell(x), bell, rtol=3e-9, atol=1e-280)
    assert quick_cdf(np.zeros(1))[0] == 0.5


def chain(name):
    with shared("data", "third_party", "deribit-snapshots", name).open() as file:
        return [row for row in csv.DictReader(file)
                if float(row["implied_volatility"]) > 0 and float(row["time_to_maturity"]) > 0]


@pytest.mark.parametrize("name", ["deribit_btc_eth_20260205T212937Z.csv",
                                  "deribit_btc_eth_20260822T153351Z.csv"])
def test_black_on_the_expirys_future_gives_the_venues_marks(name):
    rows = chain(name)

    def column(key):
        return np.array([float(row[key]) for row in rows])

    future, none = column("futures_price"), np.zeros(len(rows))
    is_call = np.array([row["option_type"].lower().startswith("c") for row in rows])
    out = np.zeros((len(rows), 1))
    european_values(future, column("strike"), column("time_to_maturity"), none, none,
                    column("implied_volatility"), is_call, np.zeros_like(out),
                    np.ones_like(out), out)
    marks = column("mark_price") * future
    assert len(rows) > 1000
    assert np.median(np.abs(out[:, 0] - marks)) < 0.5
