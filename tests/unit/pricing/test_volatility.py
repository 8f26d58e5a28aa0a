import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.pricing.books import option, resolved, stock
from workstation.base.vocabulary import AssetClass
from workstation.pricing import volatility
from workstation.pricing.grid import option_values
from workstation.pricing.volatility import implied_volatilities


def model_price(sigma, **terms):
    book = resolved(option(1, **terms))
    return float(option_values(book, np.array([sigma]), np.zeros((1, 1)),
                               np.ones((1, 1)))[0, 0])


@settings(max_examples=60, deadline=None)
@given(sigma=st.floats(0.05, 3), strike=st.integers(80, 125), days=st.integers(20, 700),
       right=st.sampled_from("CP"), style=st.sampled_from(["european", "american"]))
def test_a_price_made_from_a_volatility_gives_it_back(sigma, strike, days, right, style):
    terms = {"strike": strike, "days": days, "right": right, "style": style}
    price = model_price(sigma, **terms)
    solved = implied_volatilities(resolved(option(price, **terms)))
    if solved.problems[0] is None:
        remade = model_price(solved.volatility[0], **terms)
        assert remade == pytest.approx(price, abs=1e-9)
        if price > 0.01 + max(100 - strike if right == "C" else strike - 100, 0) * 1.02:
            assert solved.volatility[0] == pytest.approx(sigma, rel=1e-4)
    else:
        assert price < 1e-6 or abs(price - abs(strike - 100)) < 3


def test_an_option_on_a_forward_is_black():
    # At the money: price = e^(-rT) F (2 N(sv/2) - 1); N from the error function.
    years, sigma = 91 / 365, 0.6
    price = math.exp(-0.04 * years) * 100 * math.erf(
        sigma * math.sqrt(years) / 2 / math.sqrt(2))
    position = option(price, asset_class=AssetClass.CRYPTO_OPTION)
    assert implied_volatilities(resolved(position)).volatility[0] == pytest.approx(
        sigma, abs=1e-10)


@pytest.mark.parametrize(("price", "reason"), [
    (None, "has no price"),
    (0, "below its value without volatility"),
    (9.5, "below its value without volatility"),
    (150, "above what any volatility gives"),
])
def test_the_market_sheet_stands_in_with_a_warning(price, reason):
    found = implied_volatilities(resolved(option(price, strike=90, style="american")))
    assert found.volatility[0] == 0.25
    problem = found.problems[0]
    assert problem.severity == "warning"
    assert reason in problem.what
    assert "25.0%" in problem.what
    assert problem.where == "Positions!A1"


@pytest.mark.parametrize(("price", "terms"), [
    (80, {"strike": 180, "right": "P"}),  # what exercise pays: no volatility is wrong
    (0, {"strike": 150}),
])
def test_a_price_at_intrinsic_is_revalued_at_what_exercise_pays(price, terms):
    found = implied_volatilities(resolved(option(price, style="american", **terms), iv=None))
    assert found.volatility[0] == volatility.LOWEST
    assert found.problems[0].severity == "warning"
    assert "what exercise pays" in found.problems[0].what


def test_below_intrinsic_it_is_an_error():
    found = implied_volatilities(resolved(
        option(79.9, strike=180, style="american", right="P"), iv=None))
    assert found.problems[0].severity == "error"


def test_without_any_volatility_it_is_an_error():
    found = implied_volatilities(resolved(option(150), iv=None))
    assert found.volatility[0] == 0
    assert found.problems[0].severity == "error"
    assert "fill in iv" in found.problems[0].remedy


def test_an_option_expiring_today_needs_no_volatility():
    found = implied_volatilities(resolved(option(3, days=0), iv=None))
    assert found.problems[0].severity == "warning"
    assert "expires today" in found.problems[0].what


def test_stock_and_unpriced_rows_keep_nothing():
    book = resolved(stock(), option(None, days=30, row=2), iv=None)
    found = implied_volatilities(book)
    assert book.unpriced[1] is not None
    assert found.volatility.tolist() == [0, 0]
    assert found.problems == (None, None)


def test_order_of_rows_does_not_matter():
    rows = [option(2 + i / 10, strike=90 + i, row=i, style="american" if i % 2 else "european",
                   right="P" if i % 3 else "C") for i in range(24)]
    forward = implied_volatilities(resolved(*rows)).volatility
    backward = implied_volatilities(resolved(*reversed(rows))).volatility
    assert forward.tobytes() == backward[::-1].tobytes()


def test_what_was_solved_before_is_not_solved_again(monkeypatch):
    first = implied_volatilities(resolved(option(3.21), option(3.33, row=2)))
    asked = []
    solve = volatility._solve
    monkeypatch.setattr(volatility, "_solve",
                        lambda series, *rest: asked.append(len(series)) or solve(series, *rest))
    again = implied_volatilities(resolved(option(3.45), option(3.33), option(3.21, row=3)))
    assert asked == [1]
    assert again.volatility[[2, 1]].tobytes() == first.volatility.tobytes()


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(volatility, "REMEMBERED", 3)
    for cents in range(5):
        implied_volatilities(resolved(option(4 + cents / 100)))
        assert len(volatility._KNOWN) <= 3
