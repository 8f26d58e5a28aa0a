"""CRIF sensitivities of swaps and forwards held as positions.

One convention, analytic and stated: curves are flat at the market row's rate of the currency (a
swap's own fixed rate where there is none), swaps stand at par, annuities are paid continuously,
and a maturity between two vertices is split between them in proportion to time. Deltas are of
+1 bp on par rates and spreads and of +1 % on prices; amounts are in USD and positive where the
client gains. Names without a known bucket go to Residual, indices to bucket 11, coins to the
commodity bucket 16 ("other"): house choices, to be replaced by rows of a CRIF where one exists.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.book.book import Exclusion
from workstation.book.crif import CrifRow
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook
from workstation.instruments.terms import SwapTerms

CURVE_TENORS = {"2w": 14 / 365, "1m": 1 / 12, "3m": 0.25, "6m": 0.5, "1y": 1.0, "2y": 2.0,
                "3y": 3.0, "5y": 5.0, "10y": 10.0, "15y": 15.0, "20y": 20.0, "30y": 30.0}
CREDIT_TENORS = {name: CURVE_TENORS[name] for name in ("1y", "2y", "3y", "5y", "10y")}
BASIS_POINT, PERCENT, DAYS_A_YEAR = 1e-4, 0.01, 365.0
USD = "USD"
_CODE = 3
_INDICES = (UnderlyingClass.BROAD_INDEX, UnderlyingClass.BROAD_INDEX_HIGH_CAP,
            UnderlyingClass.NARROW_INDEX, UnderlyingClass.SECTOR_ETF)
_PAYS = ("pay", "payer", "p", "buy", "bought", "long")
_RECEIVES = ("receive", "receiver", "rec", "r", "sell", "sold", "short")
CLEARED = "margined where it is cleared or held, not bilaterally"


class _LackingError(ValueError):
    """A position lacks a term its sensitivities depend on: what, and what would mend it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


@dataclass(frozen=True, slots=True)
class OwnSensitivities:
    """The rows computed, and the positions that have none with reasons."""

    rows: tuple[CrifRow, ...]
    excluded: tuple[Exclusion, ...]


def own_sensitivities(holdings: ResolvedBook, account_id: str) -> OwnSensitivities:
    """Return the CRIF rows of an account's swaps and forwards."""
    rows: list[CrifRow] = []
    excluded: list[Exclusion] = []
    for position in holdings.positions:
        symbol, kind = position.instrument.symbol, position.instrument.asset_class
        if kind is AssetClass.CASH:
            continue
        try:
            rule = _RULES.get(kind)
            if rule is None:
                raise _LackingError(f"a {kind} is {CLEARED}", "move it to an account of its type")
            rows += rule(position, holdings)
        except _LackingError as lack:
            excluded.append(Exclusion(position.where, f"{symbol}: {lack.what}", lack.remedy,
                                      account_id))
    return OwnSensitivities(tuple(rows), tuple(excluded))


def split_between(years: float, vertices: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield the vertices next to a time and the share of each; the shares add up to 1."""
    names, times = list(vertices), list(vertices.values())
    if years <= times[0]:
        yield names[0], 1.0
        return
    for (low, start), (high, end) in zip(vertices.items(), list(vertices.items())[1:],
                                         strict=False):
        if start <= years <= end:
            share = (years - start) / (end - start)
            yield from ((name, part) for name, part in ((low, 1 - share), (high, share)) if part)
            return
    yield names[-1], 1.0


def annuity(rate: float, years: float) -> float:
    """Return the value of 1 a year paid continuously: (1 - exp(-r T)) / r."""
    return years if abs(rate) < BASIS_POINT**2 else (1.0 - math.exp(-rate * years)) / rate


def _interest_rate_swap(position: Position, holdings: ResolvedBook) -> Sequence[CrifRow]:
    terms, years = _terms(position), _years(position, holdings)
    currency = position.instrument.currency
    rate = _rate(holdings, currency, float(terms.fixed_rate or 0))
    size = _direction(terms) * _notional(position, holdings)
    amount = size * annuity(rate, years) * BASIS_POINT
    return _curve_rows(position, currency, years, amount)


def _fx_forward(position: Position, holdings: ResolvedBook) -> Sequence[CrifRow]:
    pair = position.instrument.underlying
    base, quote = pair[:_CODE], pair[_CODE:]
    market = holdings.market.underlying(pair)
    spot = market.price if market is not None else position.price
    if len(pair) != 2 * _CODE or spot is None:
        raise _LackingError("no currency pair or no spot rate",
                            f"name a pair such as EURUSD and add {pair} to the Market sheet")
    years, dollars = _years(position, holdings), _usd(holdings, quote)
    size = float(position.quantity * position.instrument.multiplier)
    rows: list[CrifRow] = []
    for currency, side in ((base, 1.0), (quote, -1.0)):
        rate = _rate(holdings, currency, 0.0)
        value = side * size * float(spot) * dollars * math.exp(-rate * years)
        rows.append(_row(position, "RatesFX", "Risk_FX", currency, value * PERCENT))
        rows += _curve_rows(position, currency, years, -value * years * BASIS_POINT)
    return rows


def _credit_swap(position: Position, holdings: ResolvedBook) -> Sequence[CrifRow]:
    terms, years = _terms(position), _years(position, holdings)
    name = terms.reference_entity or position.instrument.underlying
    spread = float(terms.spread_bp or 0) * BASIS_POINT
    rate = _rate(holdings, position.instrument.currency, 0.0)
    size = _direction(terms, position) * _notional(position, holdings)
    amount = size * annuity(rate + spread, years) * BASIS_POINT
    return [_row(position, "Credit", "Risk_CreditQ", name, amount * share, "Residual", vertex,
                 position.instrument.currency)
            for vertex, share in split_between(years, CREDIT_TENORS)]


def _equity_swap(position: Position, holdings: ResolvedBook) -> Sequence[CrifRow]:
    underlying = holdings.market.underlying(position.instrument.underlying)
    bucket = "11" if underlying is not None and underlying.underlying_class in _INDICES else (
        "Residual")
    value = _signed_value(position, holdings)
    return [_row(position, "Equity", "Risk_Equity", position.instrument.underlying,
                 value * PERCENT, bucket)]


def _coin_forward(position: Position, holdings: ResolvedBook) -> Sequence[CrifRow]:
    value = _signed_value(position, holdings)
    return [_row(position, "Commodity", "Risk_Commodity", position.instrument.underlying,
                 value * PERCENT, "16")]


_RULES: Mapping[AssetClass, Callable[[Position, ResolvedBook], Sequence[CrifRow]]] = {
    AssetClass.SWAP: _interest_rate_swap, AssetClass.CLEARED_SWAP: _interest_rate_swap,
    AssetClass.FX_FORWARD: _fx_forward, AssetClass.CDS: _credit_swap,
    AssetClass.CDS_INDEX: _credit_swap, AssetClass.SECURITY_BASED_SWAP: _equity_swap,
    AssetClass.PERPETUAL: _coin_forward,
}


def _row(position: Position, product: str, kind: str, qualifier: str, amount: float,
         bucket: str = "", label1: str = "", label2: str = "") -> CrifRow:
    return CrifRow(position.account_id, product, kind, qualifier, bucket, label1, label2, amount,
                   position.where)


def _curve_rows(position: Position, currency: str, years: float,
                amount: float) -> list[CrifRow]:
    return [_row(position, "RatesFX", "Risk_IRCurve", currency, amount * share, "", vertex, "OIS")
            for vertex, share in split_between(years, CURVE_TENORS)]


def _terms(position: Position) -> SwapTerms:
    terms = position.instrument.terms
    return terms if isinstance(terms, SwapTerms) else SwapTerms()


def _years(position: Position, holdings: ResolvedBook) -> float:
    maturity = position.instrument.expiry
    if maturity is None:
        raise _LackingError("no maturity", "fill in the maturity column")
    if maturity < holdings.as_of:
        raise _LackingError(f"matured on {maturity}", "remove it or correct the maturity")
    return (maturity - holdings.as_of).days / DAYS_A_YEAR


def _direction(terms: SwapTerms, position: Position | None = None) -> float:
    """Return 1 where the client pays fixed or buys protection, -1 where it does not."""
    word = terms.pay_receive.strip().casefold()
    if word.startswith(_PAYS[0]) or word in _PAYS:
        return 1.0
    if word.startswith(_RECEIVES[0]) or word in _RECEIVES:
        return -1.0
    if position is not None and not word:
        return 1.0 if position.quantity > 0 else -1.0
    raise _LackingError("it is not said whether the client pays or receives fixed",
                        "fill in the pay_receive column")


def _notional(position: Position, holdings: ResolvedBook) -> float:
    terms = _terms(position)
    stated = terms.notional
    if stated is None:
        stated = position.quantity * position.instrument.multiplier
    return abs(float(stated)) * _usd(holdings, position.instrument.currency)


def _signed_value(position: Position, holdings: ResolvedBook) -> float:
    terms, instrument = _terms(position), position.instrument
    sign = 1.0 if position.quantity > 0 else -1.0
    if terms.notional is not None:
        return sign * abs(float(terms.notional)) * _usd(holdings, instrument.currency)
    if position.price is None:
        raise _LackingError("neither a notional nor a price", "fill in the notional column")
    if getattr(instrument.terms, "settlement", "") == "inverse":
        return float(position.quantity * instrument.multiplier)  # sized in dollars
    value = float(position.quantity * position.price * instrument.multiplier)
    return value * _usd(holdings, instrument.currency)


def _rate(holdings: ResolvedBook, currency: str, otherwise: float) -> float:
    row = holdings.market.underlying(currency)
    return float(row.rate) if row is not None and row.rate is not None else otherwise


def _usd(holdings: ResolvedBook, currency: str) -> float:
    """Return USD per unit of a currency, through the reporting currency."""
    one, dollar = holdings.market.fx_rate(currency), holdings.market.fx_rate(USD)
    if currency == USD:
        return 1.0
    if one is None or not dollar:
        raise _LackingError(f"no exchange rate from {currency} to USD",
                            f"add {currency}USD to the Market sheet")
    return float(one / dollar)
