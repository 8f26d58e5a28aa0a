"""CRIF sensitivities of over-the-counter options, vega and with it curvature included.

One convention: central differences over the whole bump the method names (half up, half down):
1 % of the underlying or the exchange rate, 1 bp of the discount rate, 1 point of volatility, each
by full revaluation with the option's own exercise style. Volatility comes from the option's price,
else from the market row. Equity, commodity and FX vega is value per point, rate vega is volatility
in points times value per point; expiries between two vertices are split in proportion to time.
The value of an option in another currency is itself at risk to that currency (Risk_FX).

A swaption is an option on an underlying such as "USD 5y", whose market row holds the forward swap
rate and its (lognormal) volatility; strike and rates are decimals, quantity x multiplier is the
notional, a call pays fixed. Its forward swap is the swap to the end less the swap to the expiry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.book.crif import CrifRow
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook, Valuation
from workstation.pricing.sensitivity_rows import (
    BASIS_POINT,
    CODE,
    CURVE_TENORS,
    PERCENT,
    USD,
    LackingError,
    annuity,
    curve_rows,
    rate_of,
    row,
    split_between,
    usd_rate,
)
from workstation.pricing.series import Series
from workstation.pricing.volatility import implied_volatilities

POINT, HALF = 0.01, 0.5
INDEX_BUCKET, VOLATILITY_BUCKET, RESIDUAL, OTHER_COMMODITY = "11", "12", "Residual", "16"
_SWAPTION = re.compile(r"([A-Z]{3})[ _](\d+)[yY]")
_PAIR = re.compile(r"[A-Z]{6}")
_BUCKETS = {
    UnderlyingClass.BROAD_INDEX: INDEX_BUCKET, UnderlyingClass.BROAD_INDEX_HIGH_CAP: INDEX_BUCKET,
    UnderlyingClass.NARROW_INDEX: INDEX_BUCKET, UnderlyingClass.SECTOR_ETF: INDEX_BUCKET,
    UnderlyingClass.VOLATILITY_INDEX: VOLATILITY_BUCKET}
_COMMODITIES = (UnderlyingClass.COMMODITY, UnderlyingClass.CRYPTO)


@dataclass(frozen=True, slots=True)
class Bumped:
    """One unit of an option, in its own currency: value, and change per bump."""

    value: float
    price: float
    """Per +1 % of the underlying."""
    volatility: float
    """Per +1 point of volatility."""
    rate: float
    """Per +1 bp of the discount rate, the underlying's price unmoved."""
    carry: float
    """Per +1 bp of the underlying's yield (of the base currency's rate in FX)."""
    points: float
    """Volatility in points."""
    years: float


def option_rows(position: Position, holdings: ResolvedBook) -> Sequence[CrifRow]:
    """Return the rows of one option; `holdings` has it alone."""
    underlying = position.instrument.underlying
    swaption = _SWAPTION.fullmatch(underlying)
    if swaption is not None:
        return _swaption(position, holdings, swaption[1], float(swaption[2]))
    market = holdings.market.underlying(underlying)
    kind = market.underlying_class if market is not None else None
    if kind is UnderlyingClass.INTEREST_RATE:
        raise LackingError(f"{underlying} names no swap rate",
                           "name the underlying by currency and tenor, such as USD 5y")
    if kind is UnderlyingClass.CURRENCY or _PAIR.fullmatch(underlying):
        return _currency_option(position, holdings, underlying)
    if kind in _COMMODITIES or position.instrument.asset_class is AssetClass.CRYPTO_OPTION:
        return _spot_option(position, holdings, ("Commodity", "Risk_Commodity", OTHER_COMMODITY))
    bucket = RESIDUAL if kind is None else _BUCKETS.get(kind, RESIDUAL)
    return _spot_option(position, holdings, ("Equity", "Risk_Equity", bucket))


def bumped(holdings: ResolvedBook) -> Bumped:
    """Revalue the one option of `holdings`; raises LackingError where it has no volatility."""
    lack = holdings.unpriced[0]
    solved = implied_volatilities(holdings)
    lack = lack or next((p for p in solved.problems if p is not None and p.severity == "error"),
                        None)
    if lack is not None:
        raise LackingError(lack.what.removeprefix(
            f"{holdings.positions[0].instrument.symbol}: "), lack.remedy)
    series, sigma = Series.of(holdings), float(solved.volatility[0])
    on_forward = holdings.valuation[0] == Valuation.OPTION_ON_FORWARD
    step = min(HALF * POINT, sigma / 2) if sigma else 0.0
    scale = step / sigma if sigma else 0.0
    still, down, up, calm, wild = _values(
        series, sigma, (0.0, -HALF * PERCENT, HALF * PERCENT, 0.0, 0.0),
        (1.0, 1.0, 1.0, 1.0 - scale, 1.0 + scale))
    return Bumped(still, up - down, (wild - calm) * HALF * POINT / step if step else 0.0,
                  _of_rate(series, sigma, 1.0, 0.0 if on_forward else 1.0),
                  _of_rate(series, sigma, 0.0, -1.0), sigma / POINT, float(series.years[0]))


def _of_rate(series: Series, sigma: float, in_rate: float, in_carry: float) -> float:
    """Return the change for +1 bp of a rate that enters discounting and carry by these shares."""
    ends = [_values(replace(series, rate=series.rate + sign * HALF * BASIS_POINT * in_rate,
                            carry=series.carry + sign * HALF * BASIS_POINT * in_carry),
                    sigma, (0.0,), (1.0,))[0] for sign in (-1.0, 1.0)]
    return ends[1] - ends[0]


def _values(series: Series, sigma: float, moves: Sequence[float], factors: Sequence[float]
            ) -> list[float]:
    found = series.values(np.array([sigma]), np.array([moves]), np.array([factors]))
    return [float(value) for value in found[0]]


def _size(position: Position, holdings: ResolvedBook, currency: str) -> float:
    units = float(position.quantity * position.instrument.multiplier)
    return units * usd_rate(holdings, currency)


def _vega_rows(position: Position, product: str, kind: str, qualifier: str, amount: float,
               years: float, bucket: str = "") -> list[CrifRow]:
    return [row(position, product, kind, qualifier, amount * share, bucket, vertex)
            for vertex, share in split_between(years, CURVE_TENORS)]


def _translation(position: Position, product: str, currency: str, value: float) -> list[CrifRow]:
    """Return what 1 % of the option's own currency does to its value in USD."""
    return [] if currency == USD else [
        row(position, product, "Risk_FX", currency, value * PERCENT)]


def _spot_option(position: Position, holdings: ResolvedBook, place: tuple[str, str, str]
                 ) -> Sequence[CrifRow]:
    """Return delta, vega, discounting and translation of an equity, commodity or coin option."""
    product, kind, bucket = place
    name, currency = position.instrument.underlying, position.instrument.currency
    found, size = bumped(holdings), _size(position, holdings, _paid_in(position, holdings))
    return [
        row(position, product, kind, name, size * found.price, bucket),
        *_vega_rows(position, product, f"{kind}Vol", name, size * found.volatility, found.years,
                    bucket),
        *curve_rows(position, _paid_in(position, holdings), found.years, size * found.rate,
                    product),
        *_translation(position, product, currency, size * found.value)]


def _paid_in(position: Position, holdings: ResolvedBook) -> str:
    """Return the currency values are in: the underlying's, where the premium is paid in coin."""
    currency = position.instrument.currency
    if holdings.market.fx_rate(currency) is not None:
        return currency
    market = holdings.market.underlying(position.instrument.underlying)
    return market.currency if market is not None else currency


def _currency_option(position: Position, holdings: ResolvedBook, pair: str
                     ) -> Sequence[CrifRow]:
    """Return an FX option: both currencies' deltas and rates, and the pair's vega.

    V in USD = USD per quote x v(spot): the base moves the spot, the quote both and against it.
    """
    base, quote = pair[:CODE], pair[CODE:]
    if position.instrument.currency != quote:
        raise LackingError(f"{pair} is quoted in {quote}, its currency column says "
                           f"{position.instrument.currency}",
                           f"give the premium in {quote} and set the currency to {quote}")
    found = bumped(replace(
        holdings, rate=np.array([rate_of(holdings, quote, float(holdings.rate[0]))]),
        dividend_yield=np.array([rate_of(holdings, base, float(holdings.dividend_yield[0]))])))
    size = _size(position, holdings, quote)
    deltas = ((base, found.price), (quote, found.value * PERCENT - found.price))
    return [
        *(row(position, "RatesFX", "Risk_FX", code, size * delta) for code, delta in deltas),
        *_vega_rows(position, "RatesFX", "Risk_FXVol", "".join(sorted((base, quote))),
                    size * found.volatility, found.years),
        *curve_rows(position, quote, found.years, size * found.rate),
        *curve_rows(position, base, found.years, size * found.carry)]


def _swaption(position: Position, holdings: ResolvedBook, currency: str, tenor: float
              ) -> Sequence[CrifRow]:
    """Return a European swaption: deltas to the two swaps, discounting, and rate vega."""
    option, forward = position.instrument.option, float(holdings.spot[0])
    if option is None or not 0 < forward < 1 or not 0 < float(option.strike) < 1:
        raise LackingError("its strike and forward swap rate are not decimals between 0 and 1",
                           "write 4.25 % as 0.0425 in strike and on the Market sheet")
    start = float(holdings.years[0])
    rate = rate_of(holdings, currency, forward)
    near, far = annuity(rate, start), annuity(rate, start + tenor)
    length = far - near
    nothing = np.zeros(1)
    found = bumped(replace(holdings, price=holdings.price / length, rate=nothing,
                           dividend_yield=nothing, american=np.zeros(1, np.bool_)))
    size = _size(position, holdings, currency)
    per_point = found.price / (PERCENT * forward) * BASIS_POINT  # of the forward rate, a bp
    step = HALF * BASIS_POINT
    discount = (annuity(rate + step, start + tenor) - annuity(rate + step, start)
                - annuity(rate - step, start + tenor) + annuity(rate - step, start))
    vega = found.points * found.volatility * length
    return [
        *curve_rows(position, currency, start + tenor,
                    size * (per_point * far + found.value * discount)),
        *curve_rows(position, currency, start, -size * per_point * near),
        *_vega_rows(position, "RatesFX", "Risk_IRVol", currency, size * vega, start),
        *_translation(position, "RatesFX", currency, size * found.value * length)]
