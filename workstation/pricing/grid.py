"""Full revaluation of a resolved book over scenarios.

Profit is positive for the client, in the reporting currency. A scenario moves each position's
underlying by a relative price move and multiplies its volatility by a factor.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from workstation.book.resolve import Floats, ResolvedBook, Valuation
from workstation.pricing.series import Index, Series, distinct, picked


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
    shape = (len(holdings), np.shape(moves)[-1])
    price_moves = np.broadcast_to(np.asarray(moves, dtype=np.float64), shape)
    given = 1.0 if volatility_factors is None else volatility_factors
    factors = np.broadcast_to(np.asarray(given, dtype=np.float64), shape)
    size = holdings.quantity * holdings.multiplier * holdings.fx
    out = np.zeros(shape)
    linear = holdings.valuation == Valuation.LINEAR
    out[linear] = (size * holdings.price)[linear, None] * price_moves[linear]
    inverse = holdings.valuation == Valuation.INVERSE
    out[inverse] = size[inverse, None] * price_moves[inverse]
    rows = option_rows(holdings)
    if len(rows):
        out[rows] = _option_gains(Series.of(holdings.take(rows)), volatility[rows],
                                  picked(price_moves, rows), picked(factors, rows), size[rows])
    return out


def option_values(options: ResolvedBook, volatility: Floats, price_moves: Floats,
                  volatility_factors: Floats, *, american: bool | None = None) -> Floats:
    """Return the value of one unit of each option in each scenario, in its own currency.

    Each option is valued by its own exercise style unless `american` says which.
    """
    series = Series.of(options)
    if american is not None:
        series = replace(series, american=np.full(len(options), american))
    return series.values(volatility, price_moves, volatility_factors)


def option_rows(holdings: ResolvedBook) -> Index:
    """Return the places of the options that can be priced."""
    on_spot = holdings.valuation == Valuation.OPTION_ON_SPOT
    return np.flatnonzero(on_spot | (holdings.valuation == Valuation.OPTION_ON_FORWARD))


def _option_gains(series: Series, volatility: Floats, moves: Floats, factors: Floats,
                  size: Floats) -> Floats:
    """Return size times what a unit of each option gains."""
    formula = series.by_formula
    if formula.all():
        return series.formula_gains(volatility, moves, factors, size)
    out = np.empty(moves.shape)
    plain, grown = np.flatnonzero(formula), np.flatnonzero(~formula)
    if len(plain):
        out[plain] = series.take(plain).formula_gains(
            volatility[plain], picked(moves, plain), picked(factors, plain), size[plain])
    values = _unit_values(series.take(grown), volatility[grown], _after(0.0, moves, grown),
                          _after(1.0, factors, grown))
    out[grown] = size[grown, None] * (values[:, 1:] - values[:, :1])
    return out


def _unit_values(series: Series, volatility: Floats, moves: Floats, factors: Floats) -> Floats:
    """Value each distinct series once."""
    columns = [series.columns(), volatility[:, None]]
    columns += [cells for cells in (moves, factors) if cells.strides[0] != 0]
    first, kind = distinct(np.concatenate(columns, axis=1))
    values = series.take(first).values(volatility[first], picked(moves, first),
                                       picked(factors, first))
    return values if len(first) == len(kind) else values[kind]


def _after(base: float, cells: Floats, rows: Index) -> Floats:
    """Return the rows' scenarios with the unmoved point before them."""
    chosen = picked(cells, rows)
    if chosen.strides[0] == 0:
        alone = np.concatenate([[base], chosen[0]])
        return np.broadcast_to(alone, (len(rows), len(alone)))
    return np.concatenate([np.full((len(rows), 1), base), chosen], axis=1)
