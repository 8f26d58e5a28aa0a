"""A futures broker's daily statement: confirmations, open positions, balances, in blocks.

Only the block of open positions is read. A position takes several lines: one for each lot, then
a TOTAL line, an average and the settlement price. Confirmations are trades of the day, which the
open positions already hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.base.vocabulary import AccountType
from workstation.importers.draft import Draft
from workstation.importers.figures import Figure, figure
from workstation.importers.imported import CashLine
from workstation.importers.layouts.tabular import read_table
from workstation.importers.sheets import Cell, Sheet, Source, is_blank, text_of
from workstation.importers.tables import Table
from workstation.importers.titles import account_named
from workstation.importers.vocabulary import normal
from workstation.importers.words import CURRENCIES

KIND = "futures statement"
FIELDS = ("underlying", "asset_class", "expiry", "put_call", "strike", "quantity", "price",
          "currency")
SEARCHED = 200
_BLOCK = re.compile(r"open (?:positions?|trades|futures)|positions in your account", re.IGNORECASE)
_OTHER = re.compile(r"confirmation|purchase (?:and|&) sale|journal|cash activity", re.IGNORECASE)
_CONTRACT = re.compile(
    r"(?:(?P<right>PUT|CALL) )?"
    r"(?P<month>JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]* "
    r"(?P<year>\d{2}|\d{4}) (?P<name>[A-Z].*?)(?: (?P<strike>\d+(?:\.\d+)?))?", re.IGNORECASE)
_SETTLEMENT = re.compile(
    r"\b(?:settlement|close|closing|settle)(?: price)?\b\D*(?P<price>[\d,.]+)?", re.IGNORECASE)
_BALANCE = re.compile(r"\b(?:ending|closing|cash) balance\b", re.IGNORECASE)
_ACCOUNT = re.compile(r"\baccount\b", re.IGNORECASE)
_MARKS = re.compile(r"\*+$")


@dataclass(frozen=True, slots=True)
class _Columns:
    header: int
    long: int
    short: int
    name: int
    currency: int | None


def matches(source: Source) -> bool:
    """Say whether a title names open positions above Long, Short and Contract Description."""
    return _found(source) is not None


def _found(source: Source) -> tuple[Sheet, _Columns] | None:
    for sheet in source.visible:
        for i, row in enumerate(sheet.rows[:SEARCHED]):
            if _is_title(row, _BLOCK) and (columns := _columns(sheet, i)) is not None:
                return sheet, columns
    return None


def _is_title(row: Sequence[Cell], form: re.Pattern[str]) -> bool:
    filled = [text_of(cell) for cell in row if not is_blank(cell)]
    return len(filled) == 1 and form.search(filled[0]) is not None


def _columns(sheet: Sheet, title: int) -> _Columns | None:
    for i in range(title + 1, min(title + 4, len(sheet.rows))):
        names = [normal(text_of(cell)) for cell in sheet.rows[i]]
        places = [next((n for n, name in enumerate(names) if name in wanted), None)
                  for wanted in (("long", "buy", "bought"), ("short", "sell", "sold"),
                                 ("contractdescription", "description", "contract"),
                                 ("cc", "ccy", "currency", "cur"))]
        long, short, name, currency = places
        if long is not None and short is not None and name is not None:
            return _Columns(i, long, short, name, currency)
    return None


def read(source: Source, draft: Draft) -> None:
    """Read the open positions; say which other blocks the statement has."""
    draft.kind = KIND
    found = _found(source)
    if found is None:
        raise TypeError(source.path.name)
    sheet, columns = found
    account = _account(sheet)
    draft.account(account, sheet.where(columns.header)).account_type = AccountType.FUTURES
    rows = dict(_positions(sheet, columns, draft))
    grid: list[list[Cell]] = [list(rows.get(i, [])) for i in range(len(sheet.rows))]
    table = Table(Sheet(sheet.name, grid), columns.header, FIELDS, tuple(rows))
    draft.say(sheet.where(columns.header), "only the block of open positions was read; "
              "confirmations and other blocks were not")
    read_table(table, draft, account, given=dict(enumerate(FIELDS)))
    _read_balance(sheet, columns.header, draft, account)


def _account(sheet: Sheet) -> str:
    for row in sheet.rows[:SEARCHED]:
        cells = [text_of(cell) for cell in row if not is_blank(cell)]
        for i, cell in enumerate(cells):
            if _ACCOUNT.search(cell) and (named := account_named(cells[i:])):
                return named
    return "Account"


def _positions(sheet: Sheet, columns: _Columns,
               draft: Draft) -> Iterator[tuple[int, list[Cell]]]:
    """Yield each lot line as a row of the table, priced by the settlement line below it."""
    lots: list[tuple[int, list[Cell], Decimal]] = []
    for i in range(columns.header + 1, len(sheet.rows)):
        row = sheet.rows[i]
        if _is_title(row, _OTHER):
            break
        contract = _CONTRACT.fullmatch(_text(row, columns.name))
        count = _count(row, columns)
        if contract is not None and count is not None:
            if lots and lots[-1][1][:5] != _terms(contract, draft):
                yield from _closed(lots)
                lots = []
            terms = [*_terms(contract, draft), float(count), "", _currency(row, columns)]
            lots.append((i, terms, count))
        elif any("total" in text_of(cell).casefold() for cell in row) and count is not None:
            draft.control(f"{sheet.where(i)} contracts", abs(count),
                          abs(sum((lot for *_, lot in lots), Decimal(0))))
        elif (price := _settlement(row)) is not None:
            for _, terms, _ in lots:
                terms[6] = price
    yield from _closed(lots)


def _closed(lots: Sequence[tuple[int, list[Cell], Decimal]]) -> Iterator[tuple[int, list[Cell]]]:
    for i, terms, _ in lots:
        yield i, terms


def _terms(contract: re.Match[str], draft: Draft) -> list[Cell]:
    """Return symbol, class, contract month, right and strike of a contract description."""
    right, strike = contract["right"], contract["strike"]
    name = contract["name"] if right or not strike else f"{contract['name']} {strike}"
    product = draft.desk.contracts.named(name)
    return [product.product if product else name.strip(), "future_option" if right else "future",
            f"{contract['month']} {contract['year']}", right or "", strike if right else ""]


def _text(row: Sequence[Cell], column: int) -> str:
    return " ".join(text_of(row[column]).split()) if column < len(row) else ""


def _count(row: Sequence[Cell], columns: _Columns) -> Decimal | None:
    """Return contracts long less short; totals are marked with an asterisk."""
    sides = [figure(_MARKS.sub("", _text(row, column))) for column in (columns.long, columns.short)]
    long, short = (side.value if isinstance(side, Figure) else None for side in sides)
    if long is None and short is None:
        return None
    return (long or Decimal(0)) - abs(short or Decimal(0))


def _currency(row: Sequence[Cell], columns: _Columns) -> str:
    code = _text(row, columns.currency).upper() if columns.currency is not None else ""
    return code if code in CURRENCIES else ""


def _settlement(row: Sequence[Cell]) -> str | None:
    cells = [text_of(cell) for cell in row if not is_blank(cell)]
    for i, cell in enumerate(cells):
        if found := _SETTLEMENT.search(cell):
            return found["price"] or next(iter(cells[i + 1:]), None)
    return None


def _read_balance(sheet: Sheet, start: int, draft: Draft, account: str) -> None:
    for i in range(start, len(sheet.rows)):
        cells = [text_of(cell) for cell in sheet.rows[i] if not is_blank(cell)]
        if not cells or _BALANCE.search(cells[0]) is None or "begin" in cells[0].casefold():
            continue
        amount = next((found for cell in cells[1:] if isinstance(found := figure(cell), Figure)),
                      None)
        if amount is not None:
            draft.cash.append(CashLine(account, "USD", amount.value, sheet.where(i)))
            draft.rows_read += 1
            return
