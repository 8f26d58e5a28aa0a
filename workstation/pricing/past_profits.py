"""What past moves of rates and prices would do to positions, window by window.

Bonds and rate futures follow the curve history of their currency ("USD 5y", decimal rates) by
their value of one basis point; anything on an underlying with a price history is revalued in
full. Windows overlap; only those in which every factor is known at both ends are kept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.base.vocabulary import AssetClass
from workstation.book.positions import Position
from workstation.book.resolve import Floats, ResolvedBook, Valuation
from workstation.instruments.terms import FutureTerms
from workstation.market.history import History
from workstation.pricing.grid import scenario_pnl
from workstation.pricing.roots import bracketed_roots
from workstation.pricing.sensitivities import own_sensitivities
from workstation.pricing.sensitivity_rows import (
    BASIS_POINT,
    CURVE_TENORS,
    DAYS_A_YEAR,
    USD,
    annuity,
    split_between,
)

Ladder = Mapping[str, float]
"""Value of +1 bp by history column, in the reporting currency."""
FutureRates = Mapping[str, tuple[float, float]]
"""Years and USD per basis point of one contract, by product."""
LOWEST_YIELD, HIGHEST_YIELD = -0.2, 1.0
_ON_PRICES = (Valuation.LINEAR, Valuation.OPTION_ON_SPOT, Valuation.OPTION_ON_FORWARD)


@dataclass(frozen=True, slots=True)
class PastProfits:
    """Profits (n, s) of n positions in s windows, and why a position has none (empty: it has)."""

    profits: Floats
    lacking: tuple[str, ...]

    def of(self, rows: Sequence[int]) -> Floats:
        """Return the profit of some positions together, window by window."""
        return np.asarray(self.profits[list(rows)].sum(axis=0))


def past_profits(holdings: ResolvedBook, volatility: Floats, futures: FutureRates, days: int
                 ) -> PastProfits:
    """Return what moves over `days` dates would earn each whole position."""
    history = holdings.market.history
    count = len(holdings)
    ladders: list[Ladder] = [{} for _ in range(count)]
    lacking = [""] * count
    priced: list[int] = []
    for place, position in enumerate(holdings.positions):
        alone = holdings.take([place])
        found = _exposure(position, alone, futures, history)
        if isinstance(found, str) and _has_prices(alone, history):
            found = {}  # no curve, but the price itself has a past
        if isinstance(found, str):
            lacking[place] = found
        elif found:
            ladders[place] = found
        else:
            priced.append(place)
    columns = sorted({name for ladder in ladders for name in ladder})
    names = list(dict.fromkeys(holdings.underlyings[place] for place in priced))
    start, end = _windows(history, [*columns, *names], days)
    out = np.zeros((count, start.shape[1]))
    changes = (end[:len(columns)] - start[:len(columns)]) / BASIS_POINT
    for place, ladder in enumerate(ladders):
        for name, amount in ladder.items():
            out[place] += amount * changes[columns.index(name)]
    if priced:
        moves = end[len(columns):] / start[len(columns):] - 1.0
        rows = np.array([names.index(holdings.underlyings[place]) for place in priced])
        out[priced] = scenario_pnl(holdings.take(priced), volatility[priced], moves[rows])
    return PastProfits(out, tuple(lacking))


def _windows(history: History, factors: Sequence[str], days: int) -> tuple[Floats, Floats]:
    """Return levels at the start and end of every window known in full, a row a factor."""
    levels = np.array([[np.nan if v is None else v for v in history.of(name) or ()]
                       for name in factors], dtype=np.float64
                      ).reshape(len(factors), len(history.dates))
    start, end = levels[:, :-days], levels[:, days:]
    known = np.all(np.isfinite(start) & np.isfinite(end), axis=0)
    return start[:, known], end[:, known]


def _has_prices(alone: ResolvedBook, history: History) -> bool:
    return alone.valuation[0] == Valuation.LINEAR and history.of(alone.underlyings[0]) is not None


def _exposure(position: Position, alone: ResolvedBook, futures: FutureRates, history: History
              ) -> Ladder | str:
    """Return a ladder, an empty one for what follows its underlying, or what is lacking."""
    instrument = position.instrument
    if instrument.asset_class is AssetClass.TREASURY:
        return _of_bond(position, alone, history)
    if instrument.asset_class is AssetClass.CLEARED_SWAP:
        return _of_swap(alone, history)
    product = instrument.terms.product if isinstance(instrument.terms, FutureTerms) else ""
    if product in futures:
        years, usd = futures[product]
        size = -usd * float(position.quantity) * _reporting(alone)
        return _on_curve(USD, years, size, history)
    if alone.unpriced[0] is not None or alone.valuation[0] not in _ON_PRICES:
        return "it cannot be revalued"
    if history.of(alone.underlyings[0]) is None:
        return f"the book has no history of {alone.underlyings[0]}"
    return {}


def _reporting(alone: ResolvedBook) -> float:
    return float(alone.market.fx_rate(USD) or 1)


def _on_curve(currency: str, years: float, amount: float, history: History) -> Ladder | str:
    """Place an amount per basis point on the vertices that have a history."""
    known = {tenor: time for tenor, time in CURVE_TENORS.items()
             if history.of(f"{currency} {tenor}") is not None}
    if not known:
        return f"the book has no history of {currency} rates"
    return {f"{currency} {tenor}": amount * share
            for tenor, share in split_between(years, known)}


def _of_swap(alone: ResolvedBook, history: History) -> Ladder | str:
    own = own_sensitivities(alone, alone.positions[0].account_id)
    if own.excluded:
        return own.excluded[0].what
    out: dict[str, float] = {}
    for row in own.rows:
        placed = _on_curve(row.qualifier, CURVE_TENORS[row.label1], row.usd * _reporting(alone),
                           history)
        if isinstance(placed, str):
            return placed
        for name, amount in placed.items():
            out[name] = out.get(name, 0.0) + amount
    return out


def _of_bond(position: Position, alone: ResolvedBook, history: History) -> Ladder | str:
    bond = position.instrument.bond
    if bond is None or bond.maturity is None or bond.coupon is None or position.price is None:
        return "its maturity, coupon or price is not stated"
    years = (bond.maturity - alone.as_of).days / DAYS_A_YEAR
    coupon, price = float(bond.coupon), float(position.price) / 100
    if years <= 0 or price <= 0:
        return "it has matured or has no price"
    yield_ = _yield(price, coupon, years)
    value = float(alone.value[0])
    half = BASIS_POINT / 2
    change = (_price(yield_ + half, coupon, years) - _price(yield_ - half, coupon, years)) / price
    return _on_curve(position.instrument.currency, years, value * change, history)


def _price(yield_: float, coupon: float, years: float) -> float:
    """Return the price of 1 of principal, coupons paid continuously."""
    return coupon * annuity(yield_, years) + math.exp(-yield_ * years)


def _yield(price: float, coupon: float, years: float) -> float:
    def excess(rows: NDArray[np.intp], at: Floats) -> Floats:
        return np.array([_price(float(y), coupon, years) - price for y in at])

    low, high = np.array([LOWEST_YIELD]), np.array([HIGHEST_YIELD])
    every = np.zeros(1, dtype=np.intp)
    return float(bracketed_roots(excess, low, high, excess(every, low), excess(every, high))[0])
