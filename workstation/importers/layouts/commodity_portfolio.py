"""Commodity lots with a direction column: product, lot size, settlement by month, lots, notional.

The contract size cannot be told from the lot size alone (prices are per quintal, per 20 kg, per
kilogram), so each position waits for its multiplier.
"""

from __future__ import annotations

from workstation.importers.draft import Draft
from workstation.importers.layouts.tabular import read_table
from workstation.importers.sheets import Cell, Sheet, Source, is_blank, text_of
from workstation.importers.tables import Table, header_text
from workstation.importers.vocabulary import spellings

KIND = "commodity portfolio"
NEEDED = ("commodity", "lotsize", "lots", "direction")
WORDS = {"commodity": "symbol", "lots": "quantity", "direction": "side", "notional": "notional"}


def matches(source: Source) -> bool:
    """Say whether a first row names commodity, lot size, lots and direction."""
    return any(_is_header(sheet) for sheet in source.visible)


def _is_header(sheet: Sheet) -> bool:
    if not sheet.rows:
        return False
    words = {word for cell in sheet.rows[0] for word in spellings(text_of(cell))}
    return all(name in words for name in NEEDED)


def read(source: Source, draft: Draft) -> None:
    """Read lots as futures of the month named in the settlement column's header."""
    draft.kind = KIND
    sheet = next(sheet for sheet in source.visible if _is_header(sheet))
    headers = [header_text(cell) for cell in sheet.rows[0]]
    settle = next((i for i, text in enumerate(headers) if "settle" in text.casefold()), None)
    month = headers[settle].split()[0] if settle is not None else ""
    currency = _currency(headers[settle]) if settle is not None else ""
    body = tuple(i for i in range(1, len(sheet.rows))
                 if any(not is_blank(cell) for cell in sheet.rows[i]))
    rows: list[list[Cell]] = [[*sheet.rows[0], "Asset Class", "Expiry", "Currency"]]
    rows += [[*row, "future", month, currency] for row in sheet.rows[1:]]
    given = {i: WORDS[word] for i, text in enumerate(headers)
             for word in spellings(text) if word in WORDS}
    if settle is not None:
        given[settle] = "price"
    width = len(headers)
    given |= {width: "asset_class", width + 1: "expiry", width + 2: "currency"}
    headers = ["Contract cycle" if "cycle" in text.casefold() else
               "Lot" if "lot" in spellings(text)[0] and i not in given else text
               for i, text in enumerate(headers)]
    table = Table(Sheet(sheet.name, rows), 0, (*headers, "Asset Class", "Expiry", "Currency"), body)
    read_table(table, draft, "Account", given=given)


def _currency(header: str) -> str:
    """Return the currency in parentheses of a header such as Settle (INR)."""
    inside = header.rsplit("(", 1)[-1].rstrip(") ")
    return inside if inside.isupper() else ""
