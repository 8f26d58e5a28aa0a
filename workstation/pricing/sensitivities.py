"""CRIF sensitivities of swaps, forwards and over-the-counter options held as positions.

One convention, analytic and stated: curves are flat at the market row's rate of the currency (a
swap's own fixed rate where there is none), swaps stand at par, annuities are paid continuously,
and a maturity between two vertices is split between them in proportion to time. Deltas are of
+1 bp on par rates and spreads and of +1 % on prices; amounts are in USD and positive where the
client gains. Options are bumped (see `option_sensitivities`). Names without a known bucket go to
Residual, indices to bucket 11, coins to the commodity bucket 16 ("other"): house choices, to be
replaced by rows of a CRIF where one exists.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.book.book import Exclusion
from workstation.book.crif import CrifRow
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook
from workstation.instruments.terms import SwapTerms
from workstation.market.market import Market
from workstation.pricing.option_sensitivities import option_rows
from workstation.pricing.sensitivity_rows import (
    BASIS_POINT,
    CODE,
    CREDIT_TENORS,
    PERCENT,
    LackingError,
    annuity,
    curve_rows,
    rate_of,
    row,
    split_between,
    usd_rate,
    years_to,
)

_INDICES = (UnderlyingClass.BROAD_INDEX, UnderlyingClass.BROAD_INDEX_HIGH_CAP,
            UnderlyingClass.NARROW_INDEX, UnderlyingClass.SECTOR_ETF)
_PAYS = ("pay", "payer", "p", "buy", "bought", "long")
_RECEIVES = ("receive", "receiver", "rec", "r", "sell", "sold", "short")
CLEARED = "margined where it is cleared or held, not bilaterally"


@dataclass(frozen=True, slots=True)
class OwnSensitivities:
    """The rows computed, and the positions that have none with reasons."""

    rows: tuple[CrifRow, ...]
    excluded: tuple[Exclusion, ...]


def own_sensitivities(holdings: ResolvedBook, account_id: str) -> OwnSensitivities:
    """Return the CRIF rows of an account's swaps, forwards and options."""
    rows: list[CrifRow] = []
    excluded: list[Exclusion] = []
    for place, position in enumerate(holdings.positions):
        symbol, kind = position.instrument.symbol, position.instrument.asset_class
        if kind is AssetClass.CASH:
            continue
        try:
            rule = _RULES.get(kind)
            if rule is None:
                raise LackingError(f"a {kind} is {CLEARED}", "move it to an account of its type")
            rows += rule(position, holdings.take([place]))
        except LackingError as lack:
            excluded.append(Exclusion(position.where, f"{symbol}: {lack.what}", lack.remedy,
                                      account_id))
    return OwnSensitivities(tuple(rows), tuple(excluded))


def _interest_rate_swap(position: Position, holdings: ResolvedBook) -> Sequence[CrifRow]:
    terms, years = _terms(position), years_to(position.instrument.expiry, holdings)
    currency = position.instrument.currency
    rate = rate_of(holdings, currency, float(terms.fixed_rate or 0))
    size = _direction(terms) * _notional(position, holdings)
    amount = size * annuity(rate, years) * BASIS_POINT
    return curve_rows(position, currency, years, amount)


def _fx_forward(position: Position, holdings: ResolvedBook) -> Sequence[CrifRow]:
    pair = position.instrument.underlying
    base, quote = pair[:CODE], pair[CODE:]
    spot = _spot(pair, position, holdings.market)
    if len(pair) != 2 * CODE or spot is None:
        raise LackingError("no currency pair or no spot rate",
                            f"name a pair such as EURUSD and add {pair} to the Market sheet")
    years, dollars = years_to(position.instrument.expiry, holdings), usd_rate(holdings, quote)
    size = _base_amount(position, quote, float(spot))
    rows: list[CrifRow] = []
    for currency, side in ((base, 1.0), (quote, -1.0)):
        rate = rate_of(holdings, currency, 0.0)
        value = side * size * float(spot) * dollars * math.exp(-rate * years)
        rows.append(row(position, "RatesFX", "Risk_FX", currency, value * PERCENT))
        rows += curve_rows(position, currency, years, -value * years * BASIS_POINT)
    return rows


def _spot(pair: str, position: Position, market: Market) -> Decimal | None:
    """Return quote per base: the pair's own row, the cross of known rates, or the row's price."""
    own, base, quote = market.underlying(pair), *map(market.fx_rate, (pair[:CODE], pair[CODE:]))
    if own is not None:
        return own.price
    return base / quote if base and quote else position.price


def _base_amount(position: Position, quote: str, spot: float) -> float:
    """Return what is bought of the base currency, negative where it is sold.

    A notional is in the row's currency, a quantity in the base currency.
    """
    stated, instrument = _terms(position).notional, position.instrument
    size = position.quantity * instrument.multiplier if stated is None else stated
    in_base = abs(float(size)) / (spot if stated is not None and instrument.currency == quote
                                  else 1.0)
    return _side(position) * in_base


def _credit_swap(position: Position, holdings: ResolvedBook) -> Sequence[CrifRow]:
    terms, years = _terms(position), years_to(position.instrument.expiry, holdings)
    name = terms.reference_entity or position.instrument.underlying
    spread = float(terms.spread_bp or 0) * BASIS_POINT
    rate = rate_of(holdings, position.instrument.currency, 0.0)
    size = _direction(terms, position) * _notional(position, holdings)
    amount = size * annuity(rate + spread, years) * BASIS_POINT
    return [row(position, "Credit", "Risk_CreditQ", name, amount * share, "Residual", vertex,
                 position.instrument.currency)
            for vertex, share in split_between(years, CREDIT_TENORS)]


def _equity_swap(position: Position, holdings: ResolvedBook) -> Sequence[CrifRow]:
    underlying = holdings.market.underlying(position.instrument.underlying)
    bucket = "11" if underlying is not None and underlying.underlying_class in _INDICES else (
        "Residual")
    value = _signed_value(position, holdings)
    return [row(position, "Equity", "Risk_Equity", position.instrument.underlying,
                 value * PERCENT, bucket)]


def _coin_forward(position: Position, holdings: ResolvedBook) -> Sequence[CrifRow]:
    value = _signed_value(position, holdings)
    return [row(position, "Commodity", "Risk_Commodity", position.instrument.underlying,
                 value * PERCENT, "16")]


_RULES: Mapping[AssetClass, Callable[[Position, ResolvedBook], Sequence[CrifRow]]] = {
    AssetClass.SWAP: _interest_rate_swap, AssetClass.CLEARED_SWAP: _interest_rate_swap,
    AssetClass.FX_FORWARD: _fx_forward, AssetClass.CDS: _credit_swap,
    AssetClass.CDS_INDEX: _credit_swap, AssetClass.SECURITY_BASED_SWAP: _equity_swap,
    AssetClass.PERPETUAL: _coin_forward, AssetClass.LISTED_OPTION: option_rows,
    AssetClass.CRYPTO_OPTION: option_rows,
}


def _terms(position: Position) -> SwapTerms:
    terms = position.instrument.terms
    return terms if isinstance(terms, SwapTerms) else SwapTerms()


def _direction(terms: SwapTerms, position: Position | None = None) -> float:
    """Return 1 where the client pays fixed or buys protection, -1 where it does not."""
    word = terms.pay_receive.strip().casefold()
    if word.startswith(_PAYS[0]) or word in _PAYS:
        return 1.0
    if word.startswith(_RECEIVES[0]) or word in _RECEIVES:
        return -1.0
    if position is not None and not word:
        return 1.0 if position.quantity > 0 else -1.0
    raise LackingError("it is not said whether the client pays or receives fixed",
                        "fill in the pay_receive column")


def _side(position: Position) -> float:
    return float(_terms(position).return_side(position.quantity))


def _notional(position: Position, holdings: ResolvedBook) -> float:
    terms = _terms(position)
    stated = terms.notional
    if stated is None:
        stated = position.quantity * position.instrument.multiplier
    return abs(float(stated)) * usd_rate(holdings, position.instrument.currency)


def _signed_value(position: Position, holdings: ResolvedBook) -> float:
    terms, instrument = _terms(position), position.instrument
    if terms.notional is not None:
        size = abs(float(terms.notional)) * usd_rate(holdings, instrument.currency)
        return _side(position) * size
    if position.price is None:
        raise LackingError("neither a notional nor a price", "fill in the notional column")
    if getattr(instrument.terms, "settlement", "") == "inverse":
        return float(position.quantity * instrument.multiplier)  # sized in dollars
    value = _side(position) * abs(
        float(position.quantity * position.price * instrument.multiplier))
    return value * usd_rate(holdings, instrument.currency)
