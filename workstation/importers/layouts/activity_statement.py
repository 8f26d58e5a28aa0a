"""Multi-section activity statements: section name, Header or Data, then the cells of the row.

Open positions are read at the summary level; lot rows repeat them. Contract terms come from the
section on instruments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workstation.base.problem import UnusableInputError
from workstation.importers.draft import Draft
from workstation.importers.figures import Figure, figure
from workstation.importers.imported import CashLine
from workstation.importers.layouts.tabular import read_table
from workstation.importers.sheets import Cell, Sheet, Source, text_of
from workstation.importers.tables import Table
from workstation.importers.workbooks import refusal

KIND = "activity statement"
POSITIONS, INSTRUMENTS = "Open Positions", "Financial Instrument Information"
CASH, ACCOUNT = "Cash Report", "Account Information"
HEADER, DATA, TOTAL, SUMMARY = "Header", "Data", "Total", "Summary"
LEVEL, CATEGORY, SYMBOL = "DataDiscriminator", "Asset Category", "Symbol"
FIRST = 2
"""Cells before the section's own columns: its name and the kind of line."""
TERMS = ("Underlying Symbol", "Underlying", "Multiplier", "Expiry", "Type", "Strike",
         "Listing Exch", "Description")
ALIASES = {"Multiplier": "Mult", "Type": "Put/Call", "Underlying": "Underlying Symbol"}
_KINDS = frozenset({HEADER, DATA, TOTAL, "SubTotal", "Notes"})
SAMPLE = 12
REMEDY = "export an activity statement with the section Open Positions"


def matches(source: Source) -> bool:
    """Say whether most lines are a section name followed by Header, Data or Total."""
    if source.sort != "text" or not source.sheets:
        return False
    rows = [row for row in source.sheets[0].rows[:SAMPLE] if len(row) > 1]
    return len(rows) > FIRST and all(text_of(row[1]) in _KINDS for row in rows)


def read(source: Source, draft: Draft) -> None:
    """Read open positions, cash and the account; say which other sections were left."""
    sheet = source.sheets[0]
    sections = {text_of(row[0]): None for row in sheet.rows if row and text_of(row[0])}
    if POSITIONS not in sections:
        raise _no_positions(source, sections)
    draft.kind = KIND
    account = _account(sheet)
    draft.account(account, sheet.where(0))
    known = {POSITIONS, INSTRUMENTS, CASH, ACCOUNT}
    others = ", ".join(name for name in sections if name not in known)
    draft.say(source.path.name, "sections read: " + ", ".join(n for n in sections if n in known)
              + (f"; not read: {others}" if others else ""))
    terms = _terms(sheet)
    for header, rows in _blocks(sheet, POSITIONS):
        _read_positions(sheet, draft, header, rows, terms, account)
    _read_cash(sheet, draft, account)


def _no_positions(source: Source, sections: Mapping[str, None]) -> UnusableInputError:
    history = any("transaction" in name.casefold() or name == "Trades" for name in sections)
    what = "transaction history without an open-positions section" if history else (
        "an activity statement without an open-positions section")
    return refusal(source.path.name, f"this is {what}", REMEDY)


def _blocks(sheet: Sheet, section: str) -> Iterator[tuple[int, list[int]]]:
    """Yield each header row of a section with the rows below it."""
    header, rows = -1, list[int]()
    for i, row in enumerate(sheet.rows):
        if len(row) <= FIRST or text_of(row[0]) != section:
            continue
        if text_of(row[1]) == HEADER:
            if header >= 0:
                yield header, rows
            header, rows = i, []
        else:
            rows.append(i)
    if header >= 0:
        yield header, rows


def _record(sheet: Sheet, header: int, row: int) -> dict[str, str]:
    names = [text_of(cell) for cell in sheet.rows[header]]
    cells = [text_of(cell) for cell in sheet.rows[row]]
    return dict(zip(names[FIRST:], cells[FIRST:], strict=False))


def _account(sheet: Sheet) -> str:
    for header, rows in _blocks(sheet, ACCOUNT):
        for row in rows:
            record = _record(sheet, header, row)
            if record.get("Field Name") in ("Account", "Account ID"):
                return record.get("Field Value", "")
    return "Account"


def _terms(sheet: Sheet) -> dict[str, dict[str, str]]:
    """Return contract terms by symbol from the section on instruments."""
    terms: dict[str, dict[str, str]] = {}
    for header, rows in _blocks(sheet, INSTRUMENTS):
        for row in rows:
            record = _record(sheet, header, row)
            for alias in record.get(SYMBOL, "").split(","):
                terms[alias.strip()] = {name: record[name] for name in TERMS if record.get(name)}
    return terms


def _read_positions(sheet: Sheet, draft: Draft, header: int, rows: list[int],
                    terms: Mapping[str, Mapping[str, str]], account: str) -> None:
    names = [text_of(cell) for cell in sheet.rows[header]]
    level = names.index(LEVEL) if LEVEL in names else None
    kept = [i for i in rows if _is_summary(sheet.rows[i], level)]
    lots = sum(1 for i in rows if i not in kept and text_of(sheet.rows[i][1]) == DATA)
    if lots:
        draft.say(sheet.where(header), f"summary rows read; {lots} lot rows repeat them and were "
                  "not added")
    added = [name for name in TERMS if ALIASES.get(name, name) not in names and any(
        name in terms.get(_symbol(sheet, names, i), {}) for i in kept)]
    grid: list[list[Cell]] = list(sheet.rows)
    for i in kept:
        own = terms.get(_symbol(sheet, names, i), {})
        padded = [*sheet.rows[i], *[""] * (len(names) - len(sheet.rows[i]))]
        grid[i] = [*padded, *(own.get(name, "") for name in added)]
    headers = ["" if i < FIRST or name == LEVEL else name for i, name in enumerate(names)]
    full = Sheet(sheet.name, grid)
    table = Table(full, header, (*headers, *added), tuple(kept))
    read_table(table, draft, account, given=_given((*headers, *added)))
    _totals(sheet, draft, header, rows)


def _symbol(sheet: Sheet, names: list[str], row: int) -> str:
    cells = sheet.rows[row]
    column = names.index(SYMBOL) if SYMBOL in names else len(cells)
    return text_of(cells[column]) if column < len(cells) else ""


def _is_summary(row: list[Cell], level: int | None) -> bool:
    return text_of(row[1]) == DATA and (
        level is None or len(row) <= level or text_of(row[level]) in (SUMMARY, ""))


def _given(headers: tuple[str, ...]) -> dict[int, str]:
    """Fix the columns whose names mean something else elsewhere."""
    fields = {"Value": "market_value", "Close Price": "price", "Type": "put_call",
              CATEGORY: "asset_class", "Mult": "multiplier", "Multiplier": "multiplier",
              "Expiry": "expiry", "Underlying Symbol": "underlying"}
    chosen: dict[int, str] = {}
    for i, name in enumerate(headers):
        field = fields.get(name)
        if field is not None and field not in chosen.values():
            chosen[i] = field
    return chosen


def _totals(sheet: Sheet, draft: Draft, header: int, rows: list[int]) -> None:
    """Compare each total row with the loaded positions of its category and currency."""
    for i in rows:
        if text_of(sheet.rows[i][1]) != TOTAL:
            continue
        record = _record(sheet, header, i)
        stated = figure(record.get("Value", ""))
        parts = [_record(sheet, header, other) for other in rows
                 if _is_summary(sheet.rows[other], None)]
        if not isinstance(stated, Figure) or not any(
                part.get("Currency") == record.get("Currency") for part in parts):
            continue
        loaded = {position.where: position for position in draft.positions}
        chosen = [loaded[sheet.where(other)] for other in rows
                  if sheet.where(other) in loaded and _same_group(sheet, header, other, record)]
        draft.control(f"{sheet.where(i)} market value {record.get('Currency', '')}", stated.value,
                      sum((position.value for position in chosen), start=stated.value * 0))


def _same_group(sheet: Sheet, header: int, row: int, total: Mapping[str, str]) -> bool:
    record = _record(sheet, header, row)
    return all(record.get(name) == total[name] for name in (CATEGORY, "Currency")
               if total.get(name))


def _read_cash(sheet: Sheet, draft: Draft, account: str) -> None:
    for header, rows in _blocks(sheet, CASH):
        for row in rows:
            record = _record(sheet, header, row)
            currency = record.get("Currency", "")
            amount = figure(record.get("Total", ""))
            summary = record.get("Currency Summary", "")
            if summary == "Ending Cash" and len(currency) == 3 and isinstance(amount, Figure):  # noqa: PLR2004 - a currency code
                draft.cash.append(CashLine(account, currency, amount.value, sheet.where(row)))
                draft.rows_read += 1
