"""Cash dividends of the Dividends sheet reach the price of options that expire after them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
import QuantLib as ql  # noqa: N813

from tests.unit.pricing.books import TODAY, option, resolved
from workstation.market.market import Dividend
from workstation.pricing.dividends import model_of
from workstation.pricing.grid import option_values, scenario_pnl
from workstation.pricing.volatility import implied_volatilities

PAID = ((30, "1.0"), (75, "1.5"))
STILL = np.zeros((1, 1)), np.ones((1, 1))


def paying(*positions, paid=PAID, **market):
    book = resolved(*positions, **market)
    listed = tuple(Dividend("XYZ", TODAY + timedelta(days), Decimal(amount))
                   for days, amount in paid)
    return replace(book, market=replace(book.market, dividends=listed))


def quantlib(strike, right, days, volatility, american=True):
    today = ql.Date(TODAY.day, TODAY.month, TODAY.year)
    ql.Settings.instance().evaluationDate = today
    count = ql.Actual365Fixed()

    def flat(rate):
        return ql.YieldTermStructureHandle(ql.FlatForward(today, rate, count))

    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(100.0)), flat(0.0), flat(0.04),
        ql.BlackVolTermStructureHandle(
            ql.BlackConstantVol(today, ql.NullCalendar(), volatility, count)))
    exercise = (ql.AmericanExercise(today, today + days) if american
                else ql.EuropeanExercise(today + days))
    contract = ql.VanillaOption(ql.PlainVanillaPayoff(
        ql.Option.Call if right == "C" else ql.Option.Put, strike), exercise)
    contract.setPricingEngine(ql.FdBlackScholesVanillaEngine(
        process, [ql.FixedDividend(float(amount), today + ex) for ex, amount in PAID
                  if ex <= days], 400, 500, 0, ql.FdmSchemeDesc.Douglas(), False, -1e300,
        ql.FdBlackScholesVanillaEngine.Escrowed))
    return contract.NPV()


@pytest.mark.parametrize("style", ["american", "european"])
@pytest.mark.parametrize("right", ["C", "P"])
@pytest.mark.parametrize(("strike", "days", "volatility"), [
    (80, 60, 0.3), (85, 200, 0.2), (100, 91, 0.25), (100, 400, 0.6), (115, 250, 0.35),
    (130, 300, 0.2)])
def test_escrowed_values_are_quantlibs(style, right, strike, days, volatility):
    book = paying(option(5, strike=strike, right=right, days=days, style=style))
    mine = option_values(book, np.array([volatility]), *STILL)[0, 0]
    theirs = quantlib(strike, right, days, volatility, style == "american")
    assert abs(mine - theirs) / strike < 1.5e-4


@pytest.mark.parametrize("style", ["american", "european"])
def test_a_volatility_solved_from_a_price_gives_it_back(style):
    book = paying(option("6.5", strike=102, right="P", days=120, style=style),
                  option("6.5", strike=102, right="P", days=20, style=style, row=2))
    solved = implied_volatilities(book)
    assert solved.problems == (None, None)
    values = option_values(book, solved.volatility, np.zeros((2, 1)), np.ones((2, 1)))
    assert values[:, 0] == pytest.approx([6.5, 6.5], abs=1e-8)
    assert scenario_pnl(book, solved.volatility, np.zeros(1))[:, 0].tolist() == [0, 0]


def test_dividends_after_expiry_or_of_others_change_nothing():
    plain = resolved(option(5, days=25, style="american"))
    same = paying(option(5, days=25, style="american"))
    for book in (plain, same):
        assert model_of(book.positions[0], book.market, TODAY) == "yield"
    one, two = (option_values(b, np.array([0.3]), *STILL) for b in (plain, same))
    assert one == two


def test_the_model_is_named():
    book = paying(option(5, days=91, style="american"), option(5, days=40, style="european"))
    named = [model_of(position, book.market, TODAY) for position in book.positions]
    assert named == [
        "escrowed cash dividends (Leisen-Reimer tree, 101 steps): 1 on 2026-12-20, "
        "1.5 on 2027-02-03",
        "escrowed cash dividends (Black-Scholes): 1 on 2026-12-20"]


def test_a_dividend_makes_calls_cheaper_and_puts_dearer():
    for right, sign in (("C", -1), ("P", 1)):
        terms = option(5, right=right, style="american")
        without = option_values(resolved(terms, dividend_yield="0"), np.array([0.3]), *STILL)
        assert sign * (option_values(paying(terms), np.array([0.3]), *STILL) - without) > 0.5
