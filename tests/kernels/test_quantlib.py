"""Option kernels against QuantLib on grids of terms."""

import itertools

import numpy as np
import QuantLib as ql  # noqa: N813

from tests.kernels.books import valued
from workstation.kernels import american_values, european_values

TODAY = ql.Date(20, 11, 2026)
SPOT = 100.0
GRID = list(itertools.product((70.0, 90.0, 100.0, 115.0, 140.0), (7, 91, 365, 730),
                              (0.12, 0.35, 0.8), ((0.05, 0.0), (0.04, 0.03), (0.01, 0.05)),
                              (True, False)))


def process(volatility, rate, dividends):
    ql.Settings.instance().evaluationDate = TODAY
    days = ql.Actual365Fixed()

    def flat(r):
        return ql.YieldTermStructureHandle(ql.FlatForward(TODAY, r, days))

    surface = ql.BlackConstantVol(TODAY, ql.NullCalendar(), volatility, days)
    return ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(SPOT)), flat(dividends), flat(rate),
        ql.BlackVolTermStructureHandle(surface))


def quantlib(terms, american):
    strike, days, volatility, (rate, dividends), is_call = terms
    payoff = ql.PlainVanillaPayoff(ql.Option.Call if is_call else ql.Option.Put, strike)
    model = process(volatility, rate, dividends)
    if american:
        option = ql.VanillaOption(payoff, ql.AmericanExercise(TODAY, TODAY + days))
        option.setPricingEngine(ql.QdFpAmericanEngine(
            model, ql.QdFpAmericanEngine.accurateScheme()))
    else:
        option = ql.VanillaOption(payoff, ql.EuropeanExercise(TODAY + days))
        option.setPricingEngine(ql.AnalyticEuropeanEngine(model))
    return option.NPV()


def book(grid):
    strike, days, volatility, rates, is_call = zip(*grid, strict=True)
    rate, dividends = np.array(rates).T.copy()
    count = len(grid)
    return (np.full(count, SPOT), np.array(strike), np.array(days) / 365.0, rate,
            rate - dividends, np.array(volatility), np.array(is_call), np.zeros((count, 1)),
            np.ones((count, 1)), np.zeros((count, 1)))


def test_european_values_are_quantlibs():
    mine = valued(european_values, book(GRID))[:, 0]
    theirs = [quantlib(terms, american=False) for terms in GRID]
    np.testing.assert_allclose(mine, theirs, rtol=0, atol=2e-11)


def wide_set(count=320, seed=20):
    """Return terms as the issue draws them: 3-730 days, vol 12-80 %, r 0.5-6 %, q 0-5 %."""
    rng = np.random.default_rng(seed)
    return [(100 * rng.uniform(0.6, 1.4), int(rng.integers(3, 731)), rng.uniform(0.12, 0.8),
             (rng.uniform(0.005, 0.06), rng.choice([0.0, rng.uniform(0, 0.05)])),
             bool(rng.random() < 0.5)) for _ in range(count)]


def exact(terms):
    """Return QuantLib's QdFp value of high precision."""
    strike, days, volatility, (rate, dividends), is_call = terms
    option = ql.VanillaOption(
        ql.PlainVanillaPayoff(ql.Option.Call if is_call else ql.Option.Put, strike),
        ql.AmericanExercise(TODAY, TODAY + days))
    option.setPricingEngine(ql.QdFpAmericanEngine(
        process(volatility, rate, dividends), ql.QdFpAmericanEngine.highPrecisionScheme()))
    return option.NPV()


def test_american_values_are_quantlibs():
    wide = wide_set()
    theirs = np.array([exact(terms) for terms in wide])
    strike = np.array([terms[0] for terms in wide])
    for audit, bound in ((False, 1e-5), (True, 2e-6)):
        mine = valued(american_values, book(wide), audit=audit)[:, 0]
        assert np.max(np.abs(mine - theirs) / strike) < bound


def test_american_values_are_quantlibs_at_the_corners():
    mine = valued(american_values, book(GRID))[:, 0]
    theirs = np.array([quantlib(terms, american=True) for terms in GRID])
    strike = np.array([terms[0] for terms in GRID])
    assert np.max(np.abs(mine - theirs) / strike) < 2e-5
