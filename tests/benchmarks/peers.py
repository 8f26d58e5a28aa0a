"""What others do with the same work: numpy with scipy, QuantLib in a loop, HiGHS."""

import numpy as np
import QuantLib as ql  # noqa: N813
from scipy import sparse
from scipy.optimize import linprog
from scipy.special import ndtr

TODAY = ql.Date(20, 11, 2026)
DAYS = ql.Actual365Fixed()


def numpy_european(book, out):
    """Value blocks of rows by numpy and scipy's normal distribution."""
    spot, strike, years, rate, carry, volatility, is_call, moves, factors = book[:9]
    for start in range(0, len(spot), 128):
        rows = slice(start, start + 128)
        sign = np.where(is_call[rows], 1.0, -1.0)[:, None]
        forward = spot[rows, None] * (1 + moves[rows]) * np.exp(carry * years)[rows, None]
        sv = (volatility * np.sqrt(years))[rows, None] * factors[rows]
        d1 = np.log(forward / strike[rows, None]) / sv + 0.5 * sv
        out[rows] = np.exp(-rate * years)[rows, None] * sign * (
            forward * ndtr(sign * d1) - strike[rows, None] * ndtr(sign * (d1 - sv)))


def numpy_inverse(book, size, out):
    """Return gains in coin of blocks of rows: values over the moved spot, less the unmoved ones."""
    numpy_european(book, out)
    out /= book[0][:, None] * (1 + book[7])
    base, still = np.empty((len(out), 1)), np.zeros((len(out), 1))
    numpy_european((*book[:7], still, still + 1), base)
    out -= base / book[0][:, None]
    out *= size[:, None]


def black_loop(book, cells):
    """Value some cells by QuantLib's blackFormula, one at a time."""
    spot, strike, years, _, carry, volatility, is_call, moves, factors = book[:9]
    for cell in range(cells):
        i, s = divmod(cell, moves.shape[1])
        kind = ql.Option.Call if is_call[i] else ql.Option.Put
        growth, life = np.exp(carry[i] * years[i]), np.sqrt(years[i])
        ql.blackFormula(kind, float(strike[i]), float(spot[i] * (1 + moves[i, s]) * growth),
                        float(volatility[i] * factors[i, s] * life))


def american_loop(book, cells, engine):
    """Return a run that values some options by a QuantLib engine, built before."""
    options = [_american(book, i, engine) for i in range(cells)]

    def run():
        for option, quote, spot in options:
            quote.setValue(spot * 1.0001 if quote.value() == spot else spot)
            option.NPV()

    return run


def qdfp(process):
    """Return QuantLib's fast engine of the same method."""
    return ql.QdFpAmericanEngine(process, ql.QdFpAmericanEngine.fastScheme())


def tree(process):
    """Return QuantLib's Leisen-Reimer tree of 101 steps."""
    return ql.BinomialLRVanillaEngine(process, 101)


def _american(book, i, engine):
    ql.Settings.instance().evaluationDate = TODAY
    spot, strike, years, rate, carry, volatility, is_call = (float(c[i]) for c in book[:7])
    quote = ql.SimpleQuote(spot)

    def flat(value):
        return ql.YieldTermStructureHandle(ql.FlatForward(TODAY, value, DAYS))

    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(quote), flat(rate - carry), flat(rate),
        ql.BlackVolTermStructureHandle(
            ql.BlackConstantVol(TODAY, ql.NullCalendar(), volatility, DAYS)))
    option = ql.VanillaOption(
        ql.PlainVanillaPayoff(ql.Option.Call if is_call else ql.Option.Put, strike),
        ql.AmericanExercise(TODAY, TODAY + max(2, int(years * 365))))
    option.setPricingEngine(engine(process))
    return option, quote, spot


def sparse_sums(unit, held, groups, *, ready):
    """Return scipy's sparse sums of positions by group, the matrix ready or built anew."""
    def matrix():
        return sparse.csr_matrix((held, (groups, np.arange(len(held)))))

    made = matrix()
    return (lambda: made @ unit) if ready else (lambda: matrix() @ unit)


def matrix_bucket(weighted, risk, rho):
    """Sum a bucket over its full matrix of concentration factors."""
    pairs = rho * np.minimum.outer(risk, risk) / np.maximum.outer(risk, risk)
    np.fill_diagonal(pairs, 1.0)
    return weighted @ pairs @ weighted


def programme(book):
    """Solve a pairing by scipy's HiGHS."""
    supply, demand, of_supply, of_demand, saving = book
    pairs = np.arange(len(saving))
    rows = sparse.csr_matrix(
        (np.ones(2 * len(saving)),
         (np.concatenate([of_supply, len(supply) + of_demand]), np.tile(pairs, 2))))
    return linprog(-saving, A_ub=rows, b_ub=np.concatenate([supply, demand]), method="highs-ds")
