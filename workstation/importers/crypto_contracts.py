"""Coins, perpetuals and crypto options from what a row states."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Literal, cast

from workstation.importers.derivatives import agreed_terms, made
from workstation.importers.described import Described, Desk, RowError
from workstation.importers.identifiers import Parsed
from workstation.importers.vocabulary import counts_contracts, venue_multiplier
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import OptionTerms, PerpetualTerms

Settlement = Literal["linear", "inverse"]
_DOLLARS = ("USDT", "USDC", "USD")
_DOLLAR_VENUES = frozenset({"derive", "lyra", "hyperliquid", "coinbase-intl",
                            "coinbase international", "paradex"})
"""Venues without coin settlement: a name in another venue's form says nothing of it there."""


def coin(row: Described, parsed: Parsed | None, desk: Desk) -> Instrument:
    """Return a coin or token; a pair such as ETH/USD is the coin, in dollars."""
    base = parsed.root if parsed is not None and parsed.sort == "crypto pair" else row.symbol
    return made(row, row.underlying or base, 1, symbol=base)


def perpetual(row: Described, parsed: Parsed | None, desk: Desk) -> Instrument:
    """Return a perpetual, or a dated crypto future held like one; inverse ones count in USD."""
    base = _base(row, parsed)
    settlement = _settlement(row, parsed)
    quote = parsed.quote if parsed is not None and parsed.quote else "USD"
    if settlement == "inverse":
        quote = base
    terms = PerpetualTerms(settlement, quote)
    size = parsed.size if parsed is not None and parsed.size is not None else _contract_size(
        row, base, settlement)
    if parsed is not None and parsed.sort == "crypto future":
        desk.assume("dated crypto futures are read as perpetuals of the same coin", row.symbol,
                    "check that the difference in price to the perpetual may be ignored")
        if parsed.expiry is not None and parsed.expiry < desk.as_of:
            raise RowError(f"{row.symbol} expired on {parsed.expiry}, before {desk.as_of}",
                           "remove it or correct the contract")
    return made(_in_dollars(row, base), base, size, terms)


def _base(row: Described, parsed: Parsed | None) -> str:
    known = parsed is not None and parsed.sort in ("perpetual", "crypto future", "crypto pair",
                                                   "crypto option")
    base = row.underlying or (parsed.root if known and parsed is not None else row.symbol)
    for quote in _DOLLARS:
        if base.endswith(quote) and len(base) > len(quote):
            return base[: -len(quote)].rstrip("-_/")
    return base


def _settlement(row: Described, parsed: Parsed | None) -> Settlement:
    stated = row.settlement
    named = "" if parsed is None else parsed.settlement
    if row.venue in _DOLLAR_VENUES:
        named = "linear"
    if stated in ("linear", "inverse") and named and stated != named and row.venue:
        raise RowError(f"{row.symbol}: settlement says {stated}, the symbol {named}",
                       "correct the settlement")
    chosen = stated if stated in ("linear", "inverse") else named or "linear"
    return cast("Settlement", chosen)


def _contract_size(row: Described, base: str, settlement: Settlement) -> Decimal:
    """Return what one contract is of; a venue that counts contracts must list it, or the row."""
    size = venue_multiplier(row.venue, base, settlement)
    if size is None and row.multiplier is None and counts_contracts(row.venue):
        raise RowError(f"{row.symbol}: the size of one {settlement} {base} contract at "
                       f"{row.venue} is not known", "fill in the multiplier column")
    return Decimal(1) if size is None else size


def _in_dollars(row: Described, base: str) -> Described:
    """Return the row in USD where its currency is a dollar stablecoin or the coin itself."""
    return replace(row, currency="USD") if row.currency in (*_DOLLARS, base) else row


def option(row: Described, parsed: Parsed | None, desk: Desk) -> Instrument:
    """Return a crypto option, European; inverse ones pay premium and payoff in the coin."""
    base = _base(row, parsed)
    settlement = _settlement(row, parsed)
    right, strike, expiry = agreed_terms(row, parsed, desk)
    style = row.style or "european"
    terms = OptionTerms(right, strike, expiry, cast("Literal['american', 'european']", style),
                        "cash", base if settlement == "inverse" else "")
    size = _contract_size(row, base, "linear")
    return made(_in_dollars(row, base), base, size, terms)
