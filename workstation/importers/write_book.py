"""Write a book as the canonical workbook, so that it imports again to the same book."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from workstation.base.files import write_whole
from workstation.base.vocabulary import AssetClass
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.importers.canonical import EXCLUDED, SAFE, SHEETS
from workstation.instruments.terms import BondTerms, OptionTerms, PerpetualTerms, SwapTerms

DATE_FORMAT = "yyyy-mm-dd"
NARROWEST, WIDEST = 9, 40
Value = str | int | float | Decimal | date | None
Record = Mapping[str, Value]


def write_book(book: Book, path: Path) -> None:
    """Write every part of a book; client text is written as text, never as a formula.

    Raises OSError where the file cannot be written.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE) as workbook:
        formats = {"head": workbook.add_format({"bold": True, "bottom": 1}),
                   "date": workbook.add_format({"num_format": DATE_FORMAT})}
        for name, records, columns in _sheets(book):
            write_sheet(workbook.add_worksheet(name), columns, records, formats)
    write_whole(path, buffer.getvalue())


def _sheets(book: Book) -> Iterator[tuple[str, list[Record], tuple[str, ...]]]:
    positions = [*_positions(book), *_cash(book)]
    extras = tuple(dict.fromkeys(
        name for position in book.positions for name, _ in position.extras
        if name not in SHEETS["Positions"]))
    parts: dict[str, list[Record]] = {
        "Accounts": list(_accounts(book)), "Positions": positions, "Market": list(_market(book)),
        "Dividends": [{"symbol": item.symbol, "ex_date": item.ex_date, "amount": item.amount}
                      for item in book.market.dividends],
        "Collateral": [_fields(lot, SHEETS["Collateral"]) for lot in book.lots],
        "Liens": [_fields(lien, SHEETS["Liens"]) for lien in book.liens],
        "CRIF": list(_sensitivities(book)),
        "Agents": [_fields(agent, SHEETS["Agents"]) for agent in book.agents],
    }
    for name, records in parts.items():
        if records or name in ("Accounts", "Positions"):
            yield name, records, SHEETS[name] + (extras if name == "Positions" else ())
    if book.market.history.dates:
        yield "History", list(_history(book)), ("date", *book.market.history.factors)
    if book.excluded:
        yield "Excluded", [_fields(item, EXCLUDED) for item in book.excluded], EXCLUDED


def write_sheet(sheet: Any, columns: Iterable[str], records: Iterable[Record],
                formats: Mapping[str, Any]) -> None:
    """Write one sheet: a header row, then one row a record, cells by the type of their value."""
    names = tuple(columns)
    widths = [max(NARROWEST, len(name) + 2) for name in names]
    sheet.write_row(0, 0, names, formats["head"])
    sheet.freeze_panes(1, 0)
    for row, record in enumerate(records, start=1):
        for column, name in enumerate(names):
            value = record.get(name)
            if value is None or value == "":
                continue
            write_cell(sheet, row, column, value, formats)
            if isinstance(value, str):
                widths[column] = max(widths[column], min(len(value) + 2, WIDEST))
    for column, width in enumerate(widths):
        style = formats["date"] if names[column] in _DATES else None
        sheet.set_column(column, column, width, style)


_DATES = frozenset({"as_of", "expiry", "maturity", "ex_date", "date"})


def write_cell(sheet: Any, row: int, column: int, value: Value, formats: Mapping[str, Any]) -> None:
    """Write one value as a date, a number or text."""
    if isinstance(value, date):
        when = datetime(value.year, value.month, value.day)
        sheet.write_datetime(row, column, when, formats["date"])
    elif isinstance(value, Decimal | float | int):
        sheet.write_number(row, column, float(value))
    else:
        sheet.write_string(row, column, str(value))


def _fields(item: object, names: Iterable[str]) -> Record:
    return {name: getattr(item, name) for name in names}


def _sensitivities(book: Book) -> Iterator[Record]:
    for row in book.crif:
        yield {
            "TradeID": row.trade, "PortfolioID": row.portfolio, "ProductClass": row.product_class,
            "RiskType": row.risk_type, "Qualifier": row.qualifier, "Bucket": row.bucket,
            "Label1": row.label1, "Label2": row.label2, "AmountUSD": row.usd,
            "CollectRegulations": row.collect, "PostRegulations": row.post,
            "IMModel": row.model, "EndDate": row.end_date,
        }


def _accounts(book: Book) -> Iterator[Record]:
    for account in book.accounts:
        yield {
            **_fields(account, ("account_id", "firm", "currency", "risk_profile", "venue",
                                "programme")),
            "account_name": account.name, "as_of": account.as_of or book.as_of,
            "account_type": "" if account.assumed_type else account.account_type.value,
            "cash": account.cash if account.cash_stated else None,
        }


def _positions(book: Book) -> Iterator[Record]:
    for position in book.positions:
        yield {**dict(position.extras), **_position(position)}


def _position(position: Position) -> dict[str, Value]:
    instrument = position.instrument
    return {
        "account_id": position.account_id, "symbol": instrument.symbol,
        "asset_class": instrument.asset_class.value, "underlying": instrument.underlying,
        "quantity": position.quantity, "price": position.price, "currency": instrument.currency,
        "multiplier": instrument.multiplier, "description": instrument.description,
        **_terms(instrument.terms, instrument.expiry, instrument.asset_class),
    }


def _terms(terms: object, expiry: date | None, kind: AssetClass) -> dict[str, Value]:
    if isinstance(terms, OptionTerms):
        settlement: str = terms.settlement
        if kind is AssetClass.CRYPTO_OPTION:
            settlement = "inverse" if terms.settlement_currency else "linear"
        return {"expiry": expiry, "strike": terms.strike, "put_call": terms.right,
                "exercise_style": terms.style, "settlement": settlement}
    if isinstance(terms, BondTerms):
        return {"maturity": terms.maturity, "fixed_rate": terms.coupon, "rating": terms.rating}
    if isinstance(terms, PerpetualTerms):
        return {"settlement": terms.settlement}
    if isinstance(terms, SwapTerms):
        return dict(_fields(terms, ("notional", "fixed_rate", "pay_receive", "maturity",
                                    "reference_entity", "spread_bp")))
    return {"expiry": expiry}


def _cash(book: Book) -> Iterator[Record]:
    """Write cash in further currencies as cash rows, which the import folds back."""
    for account in book.accounts:
        for currency, amount in account.other_cash:
            yield {"account_id": account.account_id, "symbol": currency, "asset_class": "cash",
                   "quantity": amount, "price": 1, "currency": currency}


def _market(book: Book) -> Iterator[Record]:
    for row in book.market.underlyings.values():
        yield {**_fields(row, SHEETS["Market"]), "underlying_class": row.underlying_class.value}
    for currency, rate in book.market.fx.items():
        if currency + book.market.currency not in book.market.underlyings:
            yield {"symbol": currency + book.market.currency, "price": rate,
                   "currency": book.market.currency}


def _history(book: Book) -> Iterator[Record]:
    history = book.market.history
    for d, on in enumerate(history.dates):
        levels = {factor: history.levels[f][d] for f, factor in enumerate(history.factors)}
        yield {"date": on, **levels}
