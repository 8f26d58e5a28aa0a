"""Futures and options on futures of a position workbook as SPAN-style portfolios."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from workstation.base.problem import Problem
from workstation.base.vocabulary import AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book, Exclusion
from workstation.book.positions import Position
from workstation.importers.reading import import_file
from workstation.importers.workbooks import refusal
from workstation.instruments.terms import FutureTerms
from workstation.rulebooks.span.portfolio import (
    HEDGER,
    SPECULATOR,
    Portfolio,
    SpanPosition,
    account_class,
)

OPTION_KINDS = "OOF"
_PERIOD = re.compile(r"^\d{6}(?:\w{2})?$")


def portfolios_of_book(path: Path) -> tuple[list[Portfolio], list[Problem]]:
    """Return the futures positions of a workbook by account; other positions are left out."""
    imported = import_file(path)
    if imported.book is None:
        raise refusal(path.name, "the file holds no positions", "give a position file")
    portfolios = [item for item in (portfolio_of_account(account, imported.book)
                                    for account in imported.book.accounts)
                  if item.positions or item.rejected]
    return portfolios, list(imported.problems)


def portfolio_of_account(account: Account, book: Book) -> Portfolio:
    """Return one account's futures and options on futures as a portfolio."""
    positions: list[SpanPosition] = []
    rejected: list[Exclusion] = []
    for held in book.of_account(account.account_id):
        found = span_position(held)
        if isinstance(found, SpanPosition):
            positions.append(found)
        elif found:
            rejected.append(Exclusion(
                held.where, f"{held.instrument.symbol}: {found}",
                "margin it under the rulebook of its own account", account.account_id))
    found_class = account_class(account.risk_profile) or (
        HEDGER if account.risk_profile == "non_hrp" else SPECULATOR)
    return Portfolio(account.account_id, found_class, tuple(positions), account.risk_profile,
                     account.currency, firm=account.firm, ledger=Decimal(account.cash),
                     where=account.where, rejected=tuple(rejected))


def span_position(held: Position) -> SpanPosition | str:
    """Return a book position in the words of a risk-parameter file, or why it has none.

    Extras named pe and undPe, where the workbook has them, give the exact period codes.
    """
    extras = {name.casefold(): value for name, value in held.extras}
    instrument = held.instrument
    if instrument.asset_class is AssetClass.CASH:
        return ""
    if instrument.asset_class is AssetClass.FUTURE and isinstance(instrument.terms, FutureTerms):
        month = _period(extras.get("pe", "")) or (
            f"{instrument.terms.expiry:%Y%m}" if instrument.terms.expiry else "")
        if not month or not instrument.terms.product:
            return "a future without product code or contract month"
        return SpanPosition(instrument.terms.product, month, held.quantity, "FUT",
                            exchange=extras.get("exch", ""), where=held.where)
    option = instrument.option
    if instrument.asset_class is AssetClass.FUTURE_OPTION and option is not None:
        return SpanPosition(
            extras.get("pfcode") or instrument.underlying,
            _period(extras.get("pe", "")) or f"{option.expiry:%Y%m}", held.quantity,
            extras.get("pftype") or OPTION_KINDS, option.right, option.strike,
            _period(extras.get("undpe", "")), extras.get("exch", ""), where=held.where)
    return f"a position of class {instrument.asset_class} is not in a risk-parameter file"


def _period(text: str) -> str:
    return text if _PERIOD.match(text) else ""
