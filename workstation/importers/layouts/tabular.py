"""Any table of positions: the canonical workbook, broker exports, a client's own sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from workstation.importers.cells import read_columns, unit_of
from workstation.importers.columns import SURE, ColumnMap, choose_columns
from workstation.importers.dates import Order
from workstation.importers.directed import (
    fixed_columns,
    missing_columns,
    sheets_to_read,
    table_at,
)
from workstation.importers.draft import Draft
from workstation.importers.imported import ColumnChoice
from workstation.importers.layouts.signatures import signature
from workstation.importers.recipe import ACCOUNT, Recipe
from workstation.importers.rows import RowReader
from workstation.importers.sheets import Sheet, Source, column_letters, is_blank, text_of
from workstation.importers.side_sheets import SIDE_SHEETS, read_side_sheet
from workstation.importers.tables import Table, position_tables
from workstation.importers.texts import comma_decimals_expected
from workstation.importers.titles import account_named
from workstation.importers.top_totals import compare_with_titles
from workstation.importers.vocabulary import field_words, normal, spellings
from workstation.importers.workbooks import refusal
from workstation.rulebooks.span.file_remarks import NO_PRICES

CANONICAL, TABLE = "canonical workbook", "position table"
MAIN_SHEETS = frozenset({"positions", "holdings", "openpositions", "portfolio", "position"})
NO_TABLE = "name the columns, at least a symbol and a quantity, in one row above the positions"
ONLY_ONE = frozenset({"quantity", "price", "account_id", "symbol"})
_ACCOUNT_IN_NAME = re.compile(
    r"(?<![A-Za-z0-9])(?!20\d{6}(?!\d))(?:[A-Z]{1,3}-?\d{4,10}|\d{6,10})(?![A-Za-z0-9])")
UNNAMED = "Account"
HEAD_ROWS = 8
"""Rows at the top of a sheet that may name the account of every table below."""
LEVELS = frozenset({"levelofdetail", "level", "lot", "lots", "taxlot", "detail", "rowtype",
                    "linetype", "datadiscriminator"})
SUMMARIES = frozenset({"summary", "total", "position", "sum", "parent"})
LOTS = ("lot", "tax lot", "taxlot", "detail")
"""Columns that say what a row is, and the words for summaries and for the lots under them."""
TRADE_WORDS = frozenset({"exectime", "poseffect", "fillqty", "ordertype", "orderid", "tradetime",
                         "fillprice", "executionid", "netprice"})
"""Columns only tables of trades have; their rows are no positions."""
LINE_KINDS = frozenset({"h", "hdr", "header", "rectype", "recordtype"})
DATA_LINES = frozenset({"d", "dtl", "data", "detail"})


def matches(source: Source) -> bool:
    """Say whether a file has rows at all; this layout is the last one tried."""
    return bool(source.sheets)


def read(source: Source, draft: Draft) -> None:
    """Read every position table and every side sheet of a file."""
    _name_hidden(source, draft)
    _read_side_sheets(source, draft)
    tables = _chosen_tables(source, draft)
    for name in missing_columns(tables, draft.recipe):
        draft.say(source.path.name, f"no column is called {name}; what was decided about it was "
                  "not used", "name a column of the file", "warning")
    several = len({table.sheet.name for table in tables}) > 1
    draft.kind = draft.kind or _kind(tables)
    for table in tables:
        titled = _account_of(table)
        default = draft.recipe.value(ACCOUNT) or titled or (
            table.sheet.name if several else _only_account(draft, source))
        before = len(draft.positions), len(draft.cash)
        read_table(table, draft, default, comma=_comma(source))
        compare_with_titles(table, draft, *before, comma=_comma(source))
        _name_of(table, draft)
    _check_not_empty(source, draft)


def _comma(source: Source) -> bool:
    return source.sort == "text" and comma_decimals_expected(source.text)


def _name_hidden(source: Source, draft: Draft) -> None:
    for sheet in source.sheets:
        if not sheet.visible:
            draft.say(sheet.name, f"hidden sheet {sheet.name} was not read",
                      "unhide it in Excel if it belongs to the book")
            continue
        if sheet.hidden_columns:
            draft.say(sheet.name, f"hidden columns {', '.join(sheet.hidden_columns)} were read too",
                      "delete them if they do not belong to the book")
        if sheet.hidden_rows:
            first = min(sheet.hidden_rows)
            draft.say(sheet.where(first), f"{len(sheet.hidden_rows)} hidden rows were read too",
                      "delete them if they do not belong to the book", "warning")


def _read_side_sheets(source: Source, draft: Draft) -> None:
    visible = {normal(sheet.name): sheet for sheet in source.visible}
    for name in SIDE_SHEETS:
        if name in visible and source.sort == "workbook":
            read_side_sheet(visible[name], draft)


def _chosen_tables(source: Source, draft: Draft) -> tuple[Table, ...]:
    """Return the position tables: those of a sheet called Positions, or of every sheet."""
    sheets = [sheet for sheet in source.visible
              if source.sort != "workbook" or normal(sheet.name) not in SIDE_SHEETS]
    sheets = sheets_to_read(sheets, draft.recipe)
    main = [sheet for sheet in sheets if normal(sheet.name) in MAIN_SHEETS]
    found = {sheet.name: _tables_of(sheet, draft) for sheet in main or sheets}
    if main and not any(found.values()):
        found = {sheet.name: _tables_of(sheet, draft) for sheet in sheets}
    for sheet in sheets:
        if not found.get(sheet.name) and any(not is_blank(c) for row in sheet.rows for c in row):
            draft.say(sheet.name, f"sheet {sheet.name} was not read",
                      "" if main else NO_TABLE, "info")
    tables = _without_trades(tuple(table for each in found.values() for table in each), draft)
    if not tables and not draft.accounts:
        names = ", ".join(sheet.name for sheet in source.visible)
        where = source.path.name if source.sort == "text" else f"{source.path.name}, sheet {names}"
        raise refusal(where, "no position table was found", NO_TABLE)
    return tables


def _tables_of(sheet: Sheet, draft: Draft) -> tuple[Table, ...]:
    """Return the table under the header row that was decided, or those that can be found."""
    decided = table_at(sheet, draft.recipe)
    return (decided,) if decided else position_tables(sheet)


def _without_trades(tables: tuple[Table, ...], draft: Draft) -> tuple[Table, ...]:
    """Leave out tables of trades, and say so; say as well what lies below a table."""
    kept = []
    for table in tables:
        where = table.sheet.where(table.header_row)
        if TRADE_WORDS & {normal(text) for text in table.headers}:
            draft.say(where, "a table of trades was not read: trades are no positions")
        else:
            kept.append(table)
        if table.below:
            first, last = table.below[0], table.below[-1]
            draft.say(table.sheet.where(first), f"rows {first + 1} to {last + 1} are no positions "
                      "and were not read")
    if tables and not kept:
        raise refusal(draft.file_name, "these are transactions, not positions",
                      "export the positions as of the review date")
    return tuple(kept)


def _kind(tables: Sequence[Table]) -> str:
    canonical = {normal(entry.field) for entry in field_words()}
    for table in tables:
        if named := signature(table.headers):
            return named
        headers = {normal(text) for text in table.headers if text}
        if normal(table.sheet.name) == "positions" and headers <= canonical:
            return CANONICAL
    return TABLE


def read_table(table: Table, draft: Draft, default: str, *, comma: bool = False, venue: str = "",
               given: Mapping[int, str] | None = None, order: Order | None = None) -> None:
    """Read one table of positions; `given` names columns the layout knows."""
    table = _data_lines(_one_level(table, draft), draft)
    columns, recipe = table.columns(), draft.recipe
    fixed, extras = fixed_columns(table.headers, recipe, given)
    chosen = choose_columns(table.headers, columns,
                            lambda i: table.sheet.where(table.header_row, i), fixed, extras,
                            frozenset(fixed) - frozenset(given or {}))
    _refuse_contradictions(table, draft)
    _say_mapping(chosen, draft)
    if not {"price", "market_value", "notional"} & set(chosen.fields):
        draft.say(table.sheet.where(table.header_row), f"{NO_PRICES}, so nothing can be valued",
                  "name the price column, or add the prices to the Market sheet", "warning")
    draft.mapping.extend(_with_units(chosen, recipe))
    read = read_columns(table, chosen, columns, comma, order, recipe)
    RowReader(read, draft, default, venue).read()


def _with_units(chosen: ColumnMap, recipe: Recipe) -> list[ColumnChoice]:
    """Return the choices with the unit each column is read in."""
    units = (unit_of(choice.header, choice.field, recipe) for choice in chosen.choices)
    return [replace(choice, unit=unit.name) if unit else choice
            for choice, unit in zip(chosen.choices, units, strict=True)]


def _one_level(table: Table, draft: Draft) -> Table:
    """Keep the summary rows of a table that holds lots as well: importing both doubles the book."""
    for level in (i for i, text in enumerate(table.headers) if normal(text) in LEVELS):
        kinds = [text_of(cell).casefold() for cell in table.column(level)]
        if any(kind.startswith(LOTS) for kind in kinds) and SUMMARIES & set(kinds):
            break
    else:
        return table
    kept = tuple(row for row, kind in zip(table.body, kinds, strict=True)
                 if not kind.startswith(LOTS))
    draft.say(table.sheet.where(table.header_row, level), "summary rows read; "
              f"{len(table.body) - len(kept)} lot rows repeat them and were not added")
    return replace(table, body=kept)


def _data_lines(table: Table, draft: Draft) -> Table:
    """Keep the data lines of a file whose first column says what each line is (H, D, T)."""
    if not table.headers or normal(table.headers[0]) not in LINE_KINDS:
        return table
    kinds = [text_of(cell).casefold() for cell in table.column(0)]
    if not set(kinds) & DATA_LINES:
        return table
    kept = tuple(row for row, kind in zip(table.body, kinds, strict=True) if kind in DATA_LINES)
    draft.say(table.sheet.where(table.header_row), f"{len(kept)} data lines read; "
              f"{len(table.body) - len(kept)} header and trailer lines were not")
    return replace(table, body=kept, headers=("", *table.headers[1:]))


def _refuse_contradictions(table: Table, draft: Draft) -> None:
    """Refuse two columns of the same name whose cells differ: nobody can say which is meant."""
    words = {entry.field: entry.words[:2] for entry in field_words() if entry.field in ONLY_ONE}
    for field, names in words.items():
        claims = [i for i, text in enumerate(table.headers)
                  if text and spellings(text)[:1] and spellings(text)[0] in names]
        if any(draft.recipe.field(table.headers[i]) or draft.recipe.field(column_letters(i))
               for i in claims):
            continue
        for second in claims[1:]:
            _refuse_if_different(table, draft, field, claims[0], second)


def _refuse_if_different(table: Table, draft: Draft, field: str, first: int, second: int) -> None:
    pairs = zip(table.column(first), table.column(second), strict=True)
    for k, (one, other) in enumerate(pairs):
        if one != other and not is_blank(one) and not is_blank(other):
            places = [table.sheet.where(table.header_row, i) for i in (first, second)]
            raise refusal(
                f"{draft.file_name}, {places[0]} and {places[1]}",
                f"two {field} columns contradict each other, first in row {table.body[k] + 1} "
                f"({text_of(one)} and {text_of(other)})", "delete or rename one of them, or say "
                "which one counts (import with preview, or --map)")


def _say_mapping(chosen: ColumnMap, draft: Draft) -> None:
    unknown = [choice.header for choice in chosen.choices if not choice.field]
    if unknown:
        draft.say(chosen.choices[0].where, "columns kept as extras: " + ", ".join(unknown),
                  "rename them to a column of the template if they should count")
    for choice in chosen.choices:
        if choice.field and choice.confidence < SURE:
            draft.say(choice.where, f"column {choice.header} was read as {choice.field}, not "
                      f"surely ({choice.reason})", "check the mapping", "warning")


def _account_of(table: Table) -> str:
    """Return the account a title row or the head of the sheet names, or an empty text."""
    head = (row for row in range(min(HEAD_ROWS, table.header_row)) if row not in table.titles)
    for row in (*reversed(table.titles), *head):
        cells = [text_of(cell) for cell in table.sheet.rows[row] if not is_blank(cell)]
        named = account_named(cells) or next(filter(None, (account_named([c]) for c in cells)), "")
        if named:
            return named
    return ""


def _only_account(draft: Draft, source: Source) -> str:
    """Return the one account of the Accounts sheet or of the file's name, or a stand-in."""
    if len(draft.accounts) == 1:
        return next(iter(draft.accounts))
    found = _ACCOUNT_IN_NAME.search(source.path.stem)
    return found[0] if found else UNNAMED


def _name_of(table: Table, draft: Draft) -> None:
    """Take the book's name from a title row that is only a name."""
    for row in table.titles:
        cells = [text_of(cell) for cell in table.sheet.rows[row] if not is_blank(cell)]
        if len(cells) == 1 and not draft.name and not re.search(r"\d|account", cells[0], re.I):
            draft.name = cells[0]


def _check_not_empty(source: Source, draft: Draft) -> None:
    read = (draft.positions, draft.cash, draft.excluded, draft.accounts, draft.lots)
    if not any(read):
        raise refusal(source.path.name, "the position table has no rows",
                      "add at least one position")
