"""Strata position tables: long and short columns, a type that may be blank, contracts by month.

Rows of trades among them are refused one by one; a row whose type columns contradict each other
is refused too.
"""

from __future__ import annotations

from workstation.importers.draft import Draft
from workstation.importers.layouts.tabular import read_table
from workstation.importers.sheets import Cell, Sheet, Source, is_blank, text_of
from workstation.importers.tables import Table
from workstation.importers.vocabulary import normal

KIND = "strata positions"
POSITION_TYPE, TRADE_TYPE = "stratapositiontype", "stratatradetype"
FIELDS = {"securityid": "symbol", "contractcode": "underlying", "quantity": "quantity",
          "longquantity": "qty_long", "shortquantity": "qty_short", "expiry": "expiry",
          "putcall": "put_call", "exerciseprice": "strike", "exercisestyle": "exercise_style",
          "currency": "currency", "contractsize": "multiplier", "exchange": "exchange"}
TRADES = frozenset({"fx", "fra", "swap", "cds", "cdsindex", "swaption", "termdeposit"})
CLASSES = {"sec": "equity", "security": "equity", "fut": "future", "future": "future",
           "opt": "future_option", "option": "future_option", "etdfuture": "future",
           "etdoption": "future_option"}
TRADE_REMEDY = "list the forward on the Positions sheet of the template"


def matches(source: Source) -> bool:
    """Say whether the header names Strata's position type."""
    if source.sort != "text" or not source.sheets or not source.sheets[0].rows:
        return False
    return POSITION_TYPE in {normal(text_of(cell)) for cell in source.sheets[0].rows[0]}


def read(source: Source, draft: Draft) -> None:
    """Read the rows that are positions; name the trades and the contradictions."""
    draft.kind = KIND
    sheet = source.sheets[0]
    names = [normal(text_of(cell)) for cell in sheet.rows[0]]
    rows: list[list[Cell]] = [[*sheet.rows[0], "Asset Class"]]
    body = []
    for i, row in enumerate(sheet.rows[1:], start=1):
        record = {name: text_of(cell) for name, cell in zip(names, row, strict=False) if name}
        kept = any(not is_blank(cell) for cell in row) and _is_position(sheet, i, record, draft)
        padded = [*row, *[""] * (len(names) - len(row))][: len(names)]
        rows.append([*padded, _class_of(record)])
        if kept:
            body.append(i)
    draft.say(sheet.where(0), "dates are read day first, as this layout writes them")
    headers = (*(text_of(cell) for cell in sheet.rows[0]), "Asset Class")
    given = {i: FIELDS[name] for i, name in enumerate(names) if name in FIELDS}
    given[len(names)] = "asset_class"
    read_table(Table(Sheet(sheet.name, rows), 0, headers, tuple(body)), draft, "Account",
               given=given, order="dmy")


def _is_position(sheet: Sheet, row: int, record: dict[str, str], draft: Draft) -> bool:
    """Say whether a row is a position; exclude trades and contradictory rows."""
    trade = record.get(TRADE_TYPE, "").casefold()
    position = record.get(POSITION_TYPE, "").casefold()
    where = sheet.where(row)
    if trade in TRADES and position not in ("", "trade"):
        draft.rows_read += 1
        draft.exclude(where, f"the type columns contradict each other: trade {record[TRADE_TYPE]}, "
                      f"position {record[POSITION_TYPE]}", "correct the type columns")
        return False
    if trade in TRADES:
        draft.rows_read += 1
        what = f"{record[TRADE_TYPE]} trade {record.get('convention', '')} is not a position"
        draft.exclude(where, " ".join(what.split()), TRADE_REMEDY)
        return False
    return True


def _class_of(record: dict[str, str]) -> str:
    """Return the class the type names, or what the filled columns imply."""
    kind = CLASSES.get(normal(record.get(POSITION_TYPE, "")))
    if kind is not None:
        return kind
    if record.get("exerciseprice") or record.get("putcall"):
        return "future_option"
    return "future" if record.get("contractcode") else "equity"
