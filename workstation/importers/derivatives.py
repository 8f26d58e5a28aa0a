"""Listed options, futures and options on futures from what a row states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, cast

from workstation.base.vocabulary import AssetClass
from workstation.base.wording import asset_class_words
from workstation.importers.contracts import Contract
from workstation.importers.described import Described, Desk, RowError
from workstation.importers.identifiers import Parsed, class_shares
from workstation.importers.vocabulary import known_underlyings
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms, OptionTerms, Terms

PERCENT_OF_PAR = Decimal("0.01")
OPTION_UNITS = Decimal(100)
"""Units of the underlying in one listed option where the file states no multiplier."""
WEEKEND = timedelta(days=1)
IN_WORDS = frozenset({"FUT_text", "FCM_desc_option"})
"""Patterns of the identifier grammar that name a product in words."""
MONTH_LETTERS = "FGHJKMNQUVXZ"
GIVE_MULTIPLIER = "load the exchange's risk-parameter file, or fill in the multiplier column"


def made(row: Described, underlying: str, multiplier: Decimal | int, terms: Terms | None = None,
         *, symbol: str = "", currency: str = "") -> Instrument:
    """Return an instrument; the row's own multiplier and currency win over those given."""
    if row.asset_class is None:
        raise TypeError(row.symbol)
    size = row.multiplier if row.multiplier is not None else Decimal(multiplier)
    return Instrument(symbol or row.symbol, row.asset_class, underlying,
                      row.currency or currency or "USD", size, terms, row.description)


def listed_option(row: Described, parsed: Parsed | None, desk: Desk) -> Instrument:
    """Return a listed option: 100 units of its underlying unless the row says otherwise."""
    root = parsed.root if parsed is not None and parsed.right is not None else ""
    if parsed is not None and parsed.sort == "adjusted" and not _deliverable_known(row):
        raise RowError(f"{row.symbol}: the root {root} marks an adjusted deliverable",
                       "fill in underlying and multiplier, or replace it by what it delivers")
    contract = desk.contracts.index_option(root or row.underlying)
    named = row.underlying or root or (parsed.root if parsed is not None else "")
    if not named:
        raise RowError(f"{row.symbol or 'the option'} names no underlying",
                       "fill in the underlying column")
    via = desk.contracts.index_option(named)
    underlying = via.underlying if via else class_shares(named)
    terms = _option_terms(row, parsed, desk, underlying)
    size = contract.multiplier if contract else OPTION_UNITS
    say_unusual_size(row, size, desk)
    symbol = row.symbol if root or not _is_bare(row, underlying) else osi(underlying, terms)
    return made(row, underlying, size, terms, symbol=symbol)


def say_unusual_size(row: Described, usual: Decimal | int, desk: Desk) -> None:
    """Say that a row's multiplier is kept though instruments of its kind have another."""
    if row.multiplier is not None and row.multiplier != usual:
        kind = asset_class_words(row.asset_class or "its kind")
        desk.assume(f"multiplier {row.multiplier} kept where {usual} is usual for {kind}",
                    row.symbol or row.underlying, "check the multiplier", "warning")


def _deliverable_known(row: Described) -> bool:
    return bool(row.underlying) and row.multiplier is not None


def _is_bare(row: Described, underlying: str) -> bool:
    """Say whether the symbol is only the underlying's, the terms lying in columns."""
    return not row.symbol or class_shares(row.symbol) == underlying or row.symbol == row.underlying


def osi(root: str, terms: OptionTerms) -> str:
    """Write an option in the 21-character form of the OCC."""
    strike = int(terms.strike * 1000)
    return f"{root.replace('.', ''):<6}{terms.expiry:%y%m%d}{terms.right}{strike:08d}"


def _option_terms(row: Described, parsed: Parsed | None, desk: Desk,
                  underlying: str) -> OptionTerms:
    right, strike, expiry = agreed_terms(row, parsed, desk)
    own = known_underlyings().get(parsed.root) if parsed is not None else None
    known = own or known_underlyings().get(underlying)
    style = row.style or (known.style if known else "")
    if not row.style:
        style = style or "american"
        kind = "index options exercise European" if style == "european" else (
            "options on shares and funds exercise American")
        desk.assume(f"{kind} (no exercise_style column)", row.symbol, "fill in exercise_style")
    settlement = row.settlement or (known.settlement if known else "") or "physical"
    return OptionTerms(right, strike, expiry, cast("Literal['american', 'european']", style),
                       "cash" if settlement == "cash" else "physical")


def agreed_terms(row: Described, parsed: Parsed | None,
            desk: Desk) -> tuple[Literal["C", "P"], Decimal, date]:
    """Return right, strike and expiry where columns and symbol agree; raises RowError."""
    from_symbol = parsed if parsed is not None and parsed.right is not None else None
    right = _one(row, "put/call", row.right, from_symbol.right if from_symbol else None)
    strike = _one(row, "strike", row.strike, from_symbol.strike if from_symbol else None)
    expiry = _expiry(row, from_symbol or parsed, desk)
    missing = [name for name, value in (("put_call", right), ("strike", strike), ("expiry", expiry))
               if value is None]
    if missing or right is None or strike is None or expiry is None:
        raise RowError(f"{row.symbol or row.underlying}: the option has no {', '.join(missing)}",
                       "fill in " + ", ".join(missing))
    if strike <= 0:
        raise RowError(f"{row.symbol}: strike {strike} is not positive", "correct the strike")
    return cast("Literal['C', 'P']", right), strike, expiry


def _one(row: Described, name: str, column: Any, symbol: Any) -> Any:
    if column is not None and symbol is not None and column != symbol:
        raise RowError(f"{row.symbol}: the {name} column says {column}, the symbol {symbol}",
                       f"correct the symbol or the {name}")
    return symbol if column is None else column


def _expiry(row: Described, parsed: Parsed | None, desk: Desk) -> date | None:
    stated = row.expiry or row.maturity
    named = parsed.expiry if parsed else None
    if stated is None and named is not None and parsed is not None and parsed.month_only:
        desk.assume("expiry taken as the last day of the contract month", row.symbol,
                    "fill in expiry with the exact date")
    if stated is None:
        return named
    if named is None and row.expiry_is_month and row.right is not None:
        desk.assume("the expiry of options names a month; its last day was taken",
                    row.symbol or row.underlying, "fill in expiry with the exact date", "warning")
    if named is None or (parsed is not None and parsed.month_only):
        return stated
    if row.expiry_is_month and (stated.year, stated.month) == (named.year, named.month):
        return named
    if abs(stated - named) > WEEKEND:
        raise RowError(f"{row.symbol}: the expiry column says {stated}, the symbol {named}",
                       "correct the symbol or the expiry")
    return stated


def future(row: Described, parsed: Parsed | None, desk: Desk) -> Instrument:
    """Return a dated future; its size comes from the row or from the contract table."""
    product = parsed.root if parsed is not None and parsed.sort == "future" else _product(row, desk)
    contract = desk.contracts.future(product) or _named_in_words(row, parsed, desk)
    product = contract.product if contract else product
    terms = FutureTerms(product, _expiry(row, parsed, desk))
    named = replace(row, symbol=row.symbol or contract_code(product, terms.expiry))
    instrument = _sized(named, contract, _underlying(row, contract, product, desk), terms)
    _compare_size(row, contract, desk)
    return instrument


def contract_code(product: str, expiry: date | None) -> str:
    """Write a contract as product, month letter and year, such as FGBLM17."""
    return product if expiry is None else f"{product}{MONTH_LETTERS[expiry.month - 1]}{expiry:%y}"


def _product(row: Described, desk: Desk) -> str:
    """Return the product a future names in its columns rather than in its symbol."""
    for text in (row.symbol, row.underlying):
        if text and desk.contracts.future(text) is not None:
            return text
    parsed = desk.parse(row.underlying) if row.underlying else None
    if parsed is not None and parsed.sort == "future" and desk.contracts.future(parsed.root):
        return parsed.root
    return row.symbol or row.underlying


def _underlying(row: Described, contract: Contract | None, product: str, desk: Desk) -> str:
    """Return what prices the contract; a product code or a contract in that column is looked up."""
    named = row.underlying
    if contract is None:
        return named or product
    if not named or named == product or named == contract.future:
        return contract.underlying
    parsed = desk.parse(named)
    if parsed is not None and parsed.sort == "future" and desk.contracts.future(parsed.root):
        return contract.underlying
    return named


def _sized(row: Described, contract: Contract | None, underlying: str, terms: Terms) -> Instrument:
    currency = contract.currency if contract else ""
    if row.multiplier is None and contract is None:
        name = row.symbol or underlying
        held = made(row, underlying, 1, terms, symbol=name, currency=currency)
        raise RowError(f"{name}: its contract size is not in the contract table",
                       GIVE_MULTIPLIER, held)
    size = contract.multiplier if contract else Decimal(1)
    return made(row, underlying, size, terms, symbol=row.symbol or underlying, currency=currency)


def _compare_size(row: Described, contract: Contract | None, desk: Desk) -> None:
    if contract is not None and row.multiplier not in (None, contract.multiplier):
        desk.assume(
            f"multiplier {row.multiplier} of {contract.product} kept, the contract table says "
            f"{contract.multiplier}", row.symbol, "check the multiplier", "warning")


def future_option(row: Described, parsed: Parsed | None, desk: Desk) -> Instrument:
    """Return an option on a future, priced on the forward."""
    option = parsed if parsed is not None and parsed.right is not None else None
    root = option.root if option else _product(row, desk)
    contract = desk.contracts.future_option(root) or _named_in_words(
        row, parsed, desk) or _contract_under(row, desk)
    terms = _future_option_terms(row, option or parsed, desk)
    code = f"{contract_code(root, terms.expiry)} {terms.right}{terms.strike}"
    named = replace(row, symbol=row.symbol or code)
    return _sized(named, contract, _underlying(row, contract, root, desk), terms)


def _named_in_words(row: Described, parsed: Parsed | None, desk: Desk) -> Contract | None:
    """Return the product a statement names in words, such as EMINI S&P 500 with its month."""
    if parsed is None or parsed.pattern not in IN_WORDS:
        return None
    found = desk.contracts.named(parsed.root)
    return found if found and row.currency in ("", found.currency) else None


def _contract_under(row: Described, desk: Desk) -> Contract | None:
    """Return the futures contract the underlying column names."""
    named = desk.parse(row.underlying) if row.underlying else None
    return desk.contracts.future(named.root) if named and named.sort == "future" else None


def _future_option_terms(row: Described, parsed: Parsed | None, desk: Desk) -> OptionTerms:
    right, strike, expiry = agreed_terms(row, parsed, desk)
    style = row.style or "american"
    if not row.style:
        desk.assume("options on futures exercise American (no exercise_style column)", row.symbol,
                    "fill in exercise_style")
    return OptionTerms(right, strike, expiry, cast("Literal['american', 'european']", style),
                       "cash" if row.settlement == "cash" else "physical")


def security_future(row: Described, parsed: Parsed | None, desk: Desk) -> Instrument:
    """Return a future on a single stock: 100 shares unless the row says otherwise."""
    expiry = _expiry(row, parsed, desk)
    product = row.underlying or (parsed.root if parsed else row.symbol)
    single = replace(row, asset_class=AssetClass.SECURITY_FUTURE)
    return made(single, class_shares(product), OPTION_UNITS, FutureTerms(product, expiry))
