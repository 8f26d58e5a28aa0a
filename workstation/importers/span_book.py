"""Futures and options on futures of a position workbook as SPAN-style portfolios."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from workstation.base.problem import Problem
from workstation.book.accounts import Account
from workstation.book.book import Book, Exclusion
from workstation.importers.reading import import_file
from workstation.importers.workbooks import refusal
from workstation.rulebooks.span.book_positions import span_position
from workstation.rulebooks.span.portfolio import (
    SPECULATOR,
    Portfolio,
    SpanPosition,
    account_class,
    is_house,
    is_omnibus,
)


def portfolios_of_book(path: Path) -> tuple[list[Portfolio], list[Problem]]:
    """Return the futures positions of a workbook by account; other positions are left out.

    A contract whose size no table has comes along: scan arrays are money per contract.
    """
    imported = import_file(path)
    if imported.book is None:
        raise refusal(path.name, "the file holds no positions", "give a position file")
    book = imported.book
    book = replace(book, positions=(*book.positions, *(item.position for item in book.unsized)))
    needless = {(item.why.where, item.why.what) for item in book.unsized}
    portfolios = [item for item in (portfolio_of_account(account, book)
                                    for account in book.accounts)
                  if item.positions or item.rejected]
    return portfolios, [p for p in imported.problems if (p.where, p.what) not in needless]


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
    found_class = account_class(account.risk_profile) or SPECULATOR
    code = account.risk_profile
    return Portfolio(account.account_id, found_class, tuple(positions), code, account.currency,
                     not is_house(code), is_omnibus(code), firm=account.firm,
                     ledger=Decimal(account.cash), where=account.where, rejected=tuple(rejected))
