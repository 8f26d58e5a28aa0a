"""From the terms a row states and what its symbol says to an instrument.

The columns win over the symbol where they add; where they contradict it the row is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from workstation.base.vocabulary import AssetClass
from workstation.importers import crypto_contracts, derivatives
from workstation.importers.conventions import is_numbered_share
from workstation.importers.described import Described, Desk, RowError
from workstation.importers.identifiers import Parsed, class_shares, is_currency_pair
from workstation.importers.vocabulary import known_underlyings
from workstation.importers.words import CURRENCIES
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import BondTerms, SwapTerms

A = AssetClass
PERCENT_OF_PAR = derivatives.PERCENT_OF_PAR
FUTURES_EXCHANGES = frozenset({
    "CME", "XCME", "GLOBEX", "CBT", "CBOT", "XCBT", "NYM", "NYMEX", "XNYM", "CMX", "COMEX", "XCEC",
    "NYB", "NYBOT", "IFUS", "IFEU", "ICE", "ICEEU", "ICEUS", "EUREX", "XEUR", "EUX", "CFE", "LME"})
SET_CLASS = "fill in the asset_class column"
_SORTS: Mapping[str, AssetClass] = {
    "option": A.LISTED_OPTION, "adjusted": A.LISTED_OPTION, "future": A.FUTURE,
    "future option": A.FUTURE_OPTION, "perpetual": A.PERPETUAL, "crypto option": A.CRYPTO_OPTION,
    "crypto future": A.PERPETUAL, "fx pair": A.FX_FORWARD,
}
_OUTRIGHT = frozenset({
    A.EQUITY, A.ETF, A.ETP, A.MUTUAL_FUND, A.MONEY_MARKET_FUND, A.CONVERTIBLE, A.CORPORATE_BOND,
    A.TREASURY, A.AGENCY, A.MUNICIPAL, A.CRYPTO, A.STABLECOIN, A.WRAPPED_TOKEN})
_CONTRACTS = {"option": "an option", "crypto option": "an option", "perpetual": "a perpetual",
              "crypto future": "a future"}
"""Symbols no holding outright carries; an option on a future could be a foreign ticker."""
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?E[+-]?\d+$", re.IGNORECASE)
_ISIN = re.compile(r"^[A-Z]{2}[A-Z0-9]{9}\d$")
_NOTE = re.compile(r"^T \d")


def instrument_of(row: Described, desk: Desk) -> Instrument:
    """Return the instrument of a row; raises RowError with the remedy."""
    parsed = desk.parse(row.symbol) if row.symbol else None
    kind = row.asset_class or _class_of(row, parsed, desk)
    kind = _mended(kind, row, parsed, desk)
    _refuse_contradiction(kind, row, parsed)
    if kind is not row.asset_class:
        row = row.with_class(kind)
    return _BUILDERS[kind](row, parsed, desk)


def _mended(kind: AssetClass, row: Described, parsed: Parsed | None, desk: Desk) -> AssetClass:
    """Tell options on futures from listed ones, and perpetuals from futures, by the symbol."""
    sort = parsed.sort if parsed else ""
    if kind is A.LISTED_OPTION and (sort == "future option" or _on_future(row, desk)):
        return A.FUTURE_OPTION
    if kind is A.LISTED_OPTION and sort == "crypto option":
        return A.CRYPTO_OPTION
    if kind is A.FUTURE and sort in ("perpetual", "crypto future"):
        return A.PERPETUAL
    return kind


def _refuse_contradiction(kind: AssetClass, row: Described, parsed: Parsed | None) -> None:
    """Refuse a contract whose asset class says it is held outright: an option is no share."""
    if parsed is None or kind not in _OUTRIGHT or parsed.sort not in _CONTRACTS:
        return
    raise RowError(f"{row.symbol}: the asset class says {kind}, the symbol reads as "
                   f"{_CONTRACTS[parsed.sort]}", "correct the symbol or the asset_class")


def _on_future(row: Described, desk: Desk) -> bool:
    """Say whether a row is on a futures contract of the contract table, by name or exchange."""
    if row.exchange in FUTURES_EXCHANGES and desk.contracts.future(row.underlying or row.symbol):
        return True
    named = desk.parse(row.underlying) if row.underlying else None
    return named is not None and named.sort == "future" and (
        desk.contracts.future(named.root) is not None)


def _class_of(row: Described, parsed: Parsed | None, desk: Desk) -> AssetClass:
    """Find the asset class from the symbol and the terms; raises RowError when in doubt."""
    if row.right is not None or (row.strike is not None and row.expiry is not None):
        return _option_class(row, parsed, desk)
    if parsed is None:
        return _class_of_unread(row)
    _refuse_unheld(row, parsed)
    stated = _SORTS.get(parsed.sort) or parsed.asset_class
    if stated is not None:
        return stated
    if row.expiry is not None and desk.contracts.future(parsed.root) is not None:
        return A.FUTURE
    return _security_class(row, parsed, desk)


def _option_class(row: Described, parsed: Parsed | None, desk: Desk) -> AssetClass:
    sort = parsed.sort if parsed else ""
    if sort in ("future", "future option"):
        return A.FUTURE_OPTION
    if sort == "crypto option":
        return A.CRYPTO_OPTION
    root = row.underlying or row.symbol
    if sort in ("", "security") and not row.exchange and desk.contracts.future(root) is not None:
        desk.assume("options were read as options on a share, though a futures contract has the "
                    "same code", root, f"{SET_CLASS} with future_option or listed_option",
                    "warning")
    return A.LISTED_OPTION


def _class_of_unread(row: Described) -> AssetClass:
    if row.maturity is not None or (row.fixed_rate is not None and not row.expiry):
        return A.TREASURY if _NOTE.match(row.symbol) else A.CORPORATE_BOND
    if row.expiry is not None and row.underlying:
        return A.FUTURE
    if is_numbered_share(row.symbol, row.currency):
        return A.EQUITY
    if _SCIENTIFIC.match(row.symbol):
        raise RowError(f"{row.symbol} is an identifier in scientific notation; its digits are lost",
                       "export it again with the column as text")
    what = "the row names no instrument"
    if _ISIN.match(row.symbol):
        raise RowError(f"{row.symbol} has the form of an ISIN, but its check digit is wrong",
                       "correct the ISIN")
    if row.symbol:
        what = f"“{row.symbol}” is not a symbol we know"
    raise RowError(what, f"correct the symbol or {SET_CLASS}")


def _refuse_unheld(row: Described, parsed: Parsed) -> None:
    """Refuse names that are no position, or of two kinds."""
    if parsed.sort == "crypto pair":
        raise RowError(f"{row.symbol} is the name of a spot pair and of a perpetual",
                       f"{SET_CLASS} with crypto or perpetual")
    if parsed.sort == "generic future":
        raise RowError(f"{row.symbol} is a rolling contract, not one that can be held",
                       "name the contract month, such as CLF27")
    if parsed.sort == "index":
        raise RowError(f"{row.symbol} is an index, not a position", "name the option or future")


def _security_class(row: Described, parsed: Parsed, desk: Desk) -> AssetClass:
    known = known_underlyings().get(parsed.root)
    kind = known.asset_class if known else A.EQUITY
    if kind is A.CRYPTO and not row.crypto_account:
        raise RowError(f"{row.symbol} may be the coin or a listed fund of that ticker",
                       f"{SET_CLASS} with crypto, etp or equity")
    if kind is None:
        raise RowError(f"{row.symbol} is an index, not a position", "name the option or future")
    if parsed.pattern not in ("ISIN", "CUSIP", "SEDOL", "FIGI"):
        return kind
    if parsed.root.startswith(("912", "US912")):
        return A.TREASURY
    if _looks_like_debt(row):
        return A.CORPORATE_BOND
    desk.assume("securities named only by an identifier were taken as shares", row.symbol,
                SET_CLASS, "warning")
    return kind


def _looks_like_debt(row: Described) -> bool:
    return row.maturity is not None or row.fixed_rate is not None


def _ticker(row: Described, parsed: Parsed | None) -> str:
    if parsed is not None and parsed.sort == "security":
        return parsed.root
    return class_shares(row.symbol)


def _security(row: Described, parsed: Parsed | None, desk: Desk) -> Instrument:
    ticker = _ticker(row, parsed)
    derivatives.say_unusual_size(row, 1, desk)
    return derivatives.made(row, row.underlying or ticker, 1, symbol=ticker)


def _bond(row: Described, parsed: Parsed | None, desk: Desk) -> Instrument:
    name = parsed.root if parsed is not None and parsed.sort == "bond" else row.symbol
    terms = BondTerms(row.maturity or row.expiry, row.fixed_rate, row.rating)
    return derivatives.made(row, row.underlying or name, PERCENT_OF_PAR, terms, symbol=name)


def _swap(row: Described, parsed: Parsed | None, desk: Desk) -> Instrument:
    terms = SwapTerms(row.notional, row.fixed_rate, row.pay_receive, row.maturity or row.expiry,
                      row.reference_entity, row.spread_bp)
    underlying = row.underlying or row.reference_entity or row.symbol
    return derivatives.made(row, underlying, 1, terms)


def _fx_forward(row: Described, parsed: Parsed | None, desk: Desk) -> Instrument:
    pair = is_currency_pair(row.underlying or row.symbol.split(" ")[0])
    terms = SwapTerms(row.notional, row.fixed_rate, row.pay_receive, row.maturity or row.expiry)
    underlying = "".join(pair) if pair else row.underlying or row.symbol
    return derivatives.made(row, underlying, 1, terms, currency=pair[1] if pair else "USD")


def _cash(row: Described, parsed: Parsed | None, desk: Desk) -> Instrument:
    currency = row.symbol if row.symbol in CURRENCIES else row.currency or "USD"
    return derivatives.made(row, currency, 1, symbol=row.symbol or currency, currency=currency)


_Builder = Callable[[Described, Parsed | None, Desk], Instrument]
_BUILDERS: Mapping[AssetClass, _Builder] = {
    A.EQUITY: _security, A.ETF: _security, A.ETP: _security, A.MUTUAL_FUND: _security,
    A.MONEY_MARKET_FUND: _security, A.TOKENISED_SECURITY: _security,
    A.CONVERTIBLE: _bond, A.CORPORATE_BOND: _bond, A.TREASURY: _bond, A.AGENCY: _bond,
    A.MUNICIPAL: _bond,
    A.LISTED_OPTION: derivatives.listed_option, A.FUTURE: derivatives.future,
    A.FUTURE_OPTION: derivatives.future_option, A.SECURITY_FUTURE: derivatives.security_future,
    A.CLEARED_SWAP: _swap, A.SWAP: _swap, A.SECURITY_BASED_SWAP: _swap, A.CDS: _swap,
    A.CDS_INDEX: _swap, A.FX_FORWARD: _fx_forward,
    A.PERPETUAL: crypto_contracts.perpetual, A.CRYPTO_OPTION: crypto_contracts.option,
    A.CRYPTO: crypto_contracts.coin, A.STABLECOIN: crypto_contracts.coin,
    A.WRAPPED_TOKEN: crypto_contracts.coin, A.CASH: _cash,
}
