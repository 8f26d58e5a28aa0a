"""Full revaluation of a resolved book over scenarios.

Profit is positive for the client, in the reporting currency. A scenario moves each position's
underlying by a relative price move and multiplies its volatility by a factor.
"""

from __future__ import annotations

import numpy as np

from workstation.book.resolve import Floats, ResolvedBook, Valuation
from workstation.kernels import american_values, european_values


def scenario_pnl(holdings: ResolvedBook, volatility: Floats, moves: Floats,
                 volatility_factors: Floats | None = None) -> Floats:
    """Return the profit of every whole position in every scenario.

    Parameters
    ----------
    holdings
        n positions; one with valuation NONE earns nothing in every scenario (callers exclude it
        by `unpriced` first).
    volatility
        n annual volatilities (decimals), read for options only; see `pricing.volatility`.
    moves
        Relative moves of the underlying, (s,) for all positions or (n, s) one row each.
    volatility_factors
        Factors on volatility, (s,) or (n, s); 1 everywhere unless given.

    Returns
    -------
    Array (n, s). Options are revalued against their model value at the unmoved point, so a
    zero move earns exactly zero; solve volatility from the mark to tie the base to the mark.
    """
    count, scenarios = len(holdings), np.shape(moves)[-1]
    shape = (count, scenarios)
    price_moves = np.ascontiguousarray(np.broadcast_to(moves, shape), dtype=np.float64)
    factors = np.ones(shape) if volatility_factors is None else np.ascontiguousarray(
        np.broadcast_to(volatility_factors, shape), dtype=np.float64)
    size = holdings.quantity * holdings.multiplier * holdings.fx
    out = np.zeros(shape)
    linear = holdings.valuation == Valuation.LINEAR
    out[linear] = (size * holdings.price)[linear, None] * price_moves[linear]
    inverse = holdings.valuation == Valuation.INVERSE
    out[inverse] = size[inverse, None] * price_moves[inverse]
    for american in (False, True):
        rows = np.flatnonzero(_options(holdings) & (holdings.american == american))
        if len(rows):
            unit = option_values(holdings.take(rows), volatility[rows], price_moves[rows],
                                 factors[rows], american=american)
            base = option_values(holdings.take(rows), volatility[rows], np.zeros((len(rows), 1)),
                                 np.ones((len(rows), 1)), american=american)
            out[rows] = size[rows, None] * (unit - base)
    return out


def option_values(options: ResolvedBook, volatility: Floats, price_moves: Floats,
                  volatility_factors: Floats, *, american: bool) -> Floats:
    """Return the value of one unit of each option in each scenario, in its own currency."""
    on_forward = options.valuation == Valuation.OPTION_ON_FORWARD
    carry = np.where(on_forward, 0.0, options.rate - options.dividend_yield)
    out = np.empty_like(price_moves)
    price = american_values if american else european_values
    price(options.spot, options.strike, options.years, options.rate, carry, volatility,
          options.is_call, price_moves, volatility_factors, out)
    return out


def _options(holdings: ResolvedBook) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    on_spot = holdings.valuation == Valuation.OPTION_ON_SPOT
    return np.asarray(on_spot | (holdings.valuation == Valuation.OPTION_ON_FORWARD))
