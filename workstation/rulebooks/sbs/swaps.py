"""From an account's positions to the swaps the rule margins, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.base.wording import asset_class_words
from workstation.book.book import Exclusion
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook
from workstation.instruments.terms import SwapTerms
from workstation.market.market import Market

MONTHS_A_YEAR = 12
CREDIT = frozenset({AssetClass.CDS, AssetClass.CDS_INDEX})
_PAYS, _RECEIVES = ("pay", "buy", "bought"), ("receive", "sell", "sold")


@dataclass(frozen=True, slots=True)
class CreditSwap:
    """One credit default swap; `sold` is notional of protection sold, negative when bought."""

    symbol: str
    entity: str
    index: bool
    sold: Decimal
    months: int
    spread_bp: Decimal
    where: str
    side_from: str


@dataclass(frozen=True, slots=True)
class EquitySwap:
    """One equity swap; `notional` is negative when the client is short the underlying."""

    symbol: str
    underlying: str
    underlying_class: UnderlyingClass
    notional: Decimal
    where: str


@dataclass(frozen=True, slots=True)
class Swaps:
    """What an account holds, in file order, and the positions left out."""

    credit: tuple[CreditSwap, ...]
    equity: tuple[EquitySwap, ...]
    excluded: tuple[Exclusion, ...]


def take_in(holdings: ResolvedBook, account_id: str) -> Swaps:
    """Sort an account's positions; nothing is dropped without a reason."""
    credit, equity, excluded = list[CreditSwap](), list[EquitySwap](), list[Exclusion]()
    for position in holdings.positions:
        kind = position.instrument.asset_class
        what, remedy = _lacking(position, holdings.market, holdings.as_of)
        if kind is AssetClass.CASH:
            continue
        if what:
            excluded.append(Exclusion(position.where, f"{position.instrument.symbol}: {what}",
                                      remedy, account_id))
        elif kind in CREDIT:
            credit.append(_credit(position, holdings))
        else:
            equity.append(_equity(position, holdings))
    return Swaps(tuple(credit), tuple(equity), tuple(excluded))


def months_between(start: date, end: date) -> int:
    """Return whole months from start to end."""
    return ((end.year - start.year) * MONTHS_A_YEAR + end.month - start.month
            - (end.day < start.day))


def _lacking(position: Position, market: Market, on: date) -> tuple[str, str]:
    """Say why the rule cannot margin a position, and what would; empty where it can."""
    instrument = position.instrument
    terms, kind = _terms(position), instrument.asset_class
    if kind is AssetClass.SECURITY_BASED_SWAP or kind in CREDIT:
        if market.fx_rate(instrument.currency) is None:
            return (f"no exchange rate from {instrument.currency} to {market.currency}",
                    f"add {instrument.currency}{market.currency} to the Market sheet")
        if kind in CREDIT:
            return _credit_lacks(terms, on)
        if terms.notional is None and position.price is None:
            return "neither a notional nor a price", "fill in the notional column"
        return "", ""
    return (f"a position of class {asset_class_words(kind)} is not a security-based swap",
            "move it to an account of its own type; collateral belongs on the Collateral sheet")


def _credit_lacks(terms: SwapTerms, on: date) -> tuple[str, str]:
    if terms.spread_bp is None:
        return "no spread, on which its margin depends", "fill in the spread_bp column"
    if terms.maturity is None:
        return "no maturity, on which its margin depends", "fill in the maturity column"
    if terms.maturity < on:
        return f"matured on {terms.maturity}", "remove it or correct the maturity"
    return "", ""


def _terms(position: Position) -> SwapTerms:
    terms = position.instrument.terms
    return terms if isinstance(terms, SwapTerms) else SwapTerms()


def _rate(position: Position, holdings: ResolvedBook) -> Decimal:
    return holdings.market.fx_rate(position.instrument.currency) or Decimal(0)


def _credit(position: Position, holdings: ResolvedBook) -> CreditSwap:
    terms, instrument = _terms(position), position.instrument
    size = abs(position.quantity * instrument.multiplier if terms.notional is None
               else terms.notional) * _rate(position, holdings)
    bought, source = _bought(terms, position.quantity)
    index = instrument.asset_class is AssetClass.CDS_INDEX
    return CreditSwap(
        instrument.symbol, terms.reference_entity or instrument.underlying, index,
        -size if bought else size,
        months_between(holdings.as_of, terms.maturity or holdings.as_of),
        terms.spread_bp or Decimal(0), position.where, source)


def _bought(terms: SwapTerms, quantity: Decimal) -> tuple[bool, str]:
    """Say whether protection is bought, and what says so: the column, else the sign."""
    word = terms.pay_receive.strip().lower()
    if word in _PAYS or word in _RECEIVES:
        return word in _PAYS, f"pay_receive: {word}"
    return quantity > 0, "sign of the quantity: positive buys protection"


def _equity(position: Position, holdings: ResolvedBook) -> EquitySwap:
    """Read a swap as long where it receives (or buys) the return, else by its quantity's sign."""
    terms, instrument = _terms(position), position.instrument
    size = abs(position.value if terms.notional is None else terms.notional)
    row = holdings.market.underlying(instrument.underlying)
    return EquitySwap(
        instrument.symbol, instrument.underlying,
        row.underlying_class if row else UnderlyingClass.EQUITY,
        terms.return_side(position.quantity) * size * _rate(position, holdings), position.where)
