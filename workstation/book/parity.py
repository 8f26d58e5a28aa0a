"""Forwards implied by put-call parity, where the market states no dividend yield.

A European call and put of one strike and expiry fix the forward whatever the volatility:

    forward = strike + exp(rate * years) * (call - put)

An index without a stated yield would otherwise be priced with none at all.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workstation.base.problem import Problem
from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.book.positions import Position
from workstation.market.market import Market, Underlying

DAYS_A_YEAR = 365.0

MOST_YIELD = 0.25  # a year, either way; beyond it the two prices do not belong together
INDICES = frozenset({UnderlyingClass.BROAD_INDEX_HIGH_CAP, UnderlyingClass.BROAD_INDEX,
                     UnderlyingClass.NARROW_INDEX})
Series = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Parity:
    """Dividend yields implied by (underlying, expiry), and the series that imply none."""

    yields: dict[Series, float]
    unknown: tuple[Series, ...]

    def problems(self) -> tuple[Problem, ...]:
        """Return what the reader should know: yields implied, and yields missing altogether."""
        implied = (
            Problem("Market", f"{name} has no dividend yield; {value:.2%} is implied by put-call "
                    f"parity for {expiry}", "fill in dividend_yield to use another", "info")
            for (name, expiry), value in sorted(self.yields.items()))
        missing = (
            Problem("Market", f"{name} has no dividend yield, and no call and put of one strike "
                    f"imply one for {expiry}: priced without any", "fill in dividend_yield")
            for name, expiry in self.unknown)
        return (*implied, *missing)


def implied_yields(positions: Sequence[Position], market: Market, on: date) -> Parity:
    """Return the yield implied for every expiry of European index options without a stated one.

    The strike nearest to the index decides; pairs that imply an absurd yield are not read.
    """
    quotes: dict[Series, dict[float, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for position in positions:
        row, terms = _open(position, market), position.instrument.option
        if row is not None and terms is not None and terms.expiry > on:
            sides = quotes[row.symbol, terms.expiry][float(terms.strike)]
            sides[terms.right] = float(position.price or 0)
    found: dict[Series, float] = {}
    for (name, expiry), strikes in quotes.items():
        row = market.underlyings[name]
        implied = _nearest(strikes, float(row.price), float(row.rate or 0),
                           (expiry - on).days / DAYS_A_YEAR)
        if implied is not None:
            found[name, expiry] = implied
    return Parity(found, tuple(sorted(quotes.keys() - found.keys())))


def _nearest(strikes: dict[float, dict[str, float]], spot: float, rate: float, years: float
             ) -> float | None:
    pairs = sorted((strike for strike, sides in strikes.items() if len(sides) > 1),
                   key=lambda strike: (abs(strike - spot), strike))
    for strike in pairs:
        sides = strikes[strike]
        forward = strike + math.exp(rate * years) * (sides["C"] - sides["P"])
        if forward > 0:
            implied = rate - math.log(forward / spot) / years
            if abs(implied) <= MOST_YIELD:
                return implied
    return None


def _open(position: Position, market: Market) -> Underlying | None:
    """Return the index of a European option on it that has a price but no stated yield."""
    instrument, terms = position.instrument, position.instrument.option
    row = market.underlying(instrument.underlying)
    if (terms is None or row is None or instrument.asset_class is not AssetClass.LISTED_OPTION
            or terms.style != "european" or row.underlying_class not in INDICES
            or row.dividend_yield is not None or row.price <= 0):
        return None
    return row if position.price is not None else None
