"""The columns of one table, read into numbers, dates and texts, with the faults kept by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from workstation.importers.columns import ColumnMap
from workstation.importers.conventions import (
    Unit,
    currency_in_header,
    currency_in_title,
    header_unit,
    major_currency,
    unit_in_title,
)
from workstation.importers.dates import Order, OrderVote, day, month_only, order_vote
from workstation.importers.figures import (
    LARGEST,
    CommaVote,
    Fault,
    Figure,
    comma_vote,
    exact,
    figure,
    mixed_fraction,
    thirty_seconds,
    writes_commas,
)
from workstation.importers.recipe import DATES, DECIMAL, NO_DECISIONS, Recipe
from workstation.importers.sheets import Cell, Sheet, text_of
from workstation.importers.tables import Table
from workstation.importers.words import CURRENCY_WORDS

COUNTED = ("quantity", "qty_long", "qty_short", "price", "market_value", "multiplier", "strike",
           "notional", "underlying_price", "fx_rate", "spread_bp")
RATES = ("fixed_rate",)
DATED = ("expiry", "maturity", "as_of")
TEXTS = ("symbol", "account_id", "account_name", "account_type", "firm", "asset_class",
         "underlying", "side", "currency", "put_call", "exercise_style", "settlement",
         "pay_receive", "rating", "reference_entity", "description", "venue", "exchange", "isin",
         "cusip", "sedol", "figi")
UNITS = frozenset({"quantity", "qty_long", "qty_short"})
MONEY = frozenset({"market_value", "notional"})
PRICES = frozenset({"price", "strike", "underlying_price"})
HIGHEST_DECIMAL_RATE = Decimal("0.5")
PERCENT = Decimal("0.01")
HIGHEST_FRACTION = Decimal(2)
"""The highest price that may be a percentage of par written as a fraction."""
TERMS: Mapping[str, Callable[[str], str]] = {
    "underlying": str, "currency": str.upper, "settlement": str.casefold,
    "pay_receive": str.casefold, "rating": str, "reference_entity": str, "description": str,
    "exchange": str.upper}
AMOUNTS_OF_TERMS = ("multiplier", "notional", "fixed_rate", "spread_bp", "expiry", "maturity")
MARKS: Mapping[str, str] = {"€": "EUR", "£": "GBP"}
ORDERS: Mapping[str, Order] = {"day first": "dmy", "month first": "mdy"}
DAYS_TO_1904 = 1462
"""Days from the first day of Excel's 1900 date system to that of its 1904 system."""


@dataclass(slots=True)
class Columns:
    """Values by field, one entry a row of the body; `faults` by (field, row)."""

    table: Table
    map: ColumnMap
    numbers: dict[str, list[Decimal | None]]
    dates: dict[str, list[date | None]]
    texts: dict[str, list[str]]
    months: frozenset[int]
    faults: dict[tuple[str, int], Fault]
    remarks: list[tuple[str, str, str]]
    """Guesses made for a whole column: where, what, remedy."""
    recipe: Recipe = NO_DECISIONS
    stated: tuple[tuple[str, Sequence[Any]], ...] = ()
    """The columns that pass into the terms of a row as they are: name and values."""

    @property
    def sheet(self) -> Sheet:
        """Return the sheet the table lies on."""
        return self.table.sheet

    def number(self, field: str, k: int) -> Decimal | None:
        """Return a number of row k, None where there is none."""
        column = self.numbers.get(field)
        return column[k] if column is not None else None

    def date(self, field: str, k: int) -> date | None:
        """Return a date of row k, None where there is none."""
        column = self.dates.get(field)
        return column[k] if column is not None else None

    def text(self, field: str, k: int) -> str:
        """Return a text of row k, empty where there is none."""
        column = self.texts.get(field)
        return column[k] if column is not None else ""

    def where(self, k: int, field: str = "") -> str:
        """Return the address of row k, or of one of its cells."""
        return self.sheet.where(self.table.body[k], self.map.fields.get(field, 0) if field else 0)


def read_columns(table: Table, chosen: ColumnMap, cells: Sequence[Sequence[Cell]],
                 comma: bool = False, order: Order | None = None,
                 recipe: Recipe = NO_DECISIONS) -> Columns:
    """Read every column the map names, each by its own vote on decimals and on day and month.

    What the recipe decides is not voted on.
    """
    columns = Columns(table, chosen, {}, {}, {}, frozenset(), {}, [], recipe)
    order = ORDERS.get(recipe.value(DATES), order)
    raw = {field: cells[i] for field, i in chosen.fields.items()}
    counted = [field for field in COUNTED + RATES if field in raw]
    comma, settled = writes_commas((raw[field] for field in counted), comma)
    mark = recipe.value(DECIMAL)
    for field in counted:
        vote = CommaVote(mark == "comma") if mark else comma_vote(
            raw[field], comma, field in UNITS, settled)
        _read_numbers(columns, field, raw[field], vote)
    _read_dates(columns, {field: raw[field] for field in DATED if field in raw}, order)
    for field in TEXTS:
        if field in raw:
            columns.texts[field] = [
                cell.strip() if isinstance(cell, str) else text_of(cell) for cell in raw[field]]
    _name_currencies(columns)
    _to_major_units(columns)
    columns.stated = tuple(_stated(columns))
    return columns


def _stated(columns: Columns) -> Iterator[tuple[str, Sequence[Any]]]:
    for field, write in TERMS.items():
        if field in columns.texts:
            yield field, [write(text) for text in columns.texts[field]]
    for values in (columns.numbers, columns.dates):
        yield from ((field, values[field]) for field in AMOUNTS_OF_TERMS if field in values)


def _name_currencies(columns: Columns) -> None:
    """Write currencies given by mark or name as codes; take one from a header or title else."""
    known = columns.texts.get("currency")
    if known is not None:
        columns.texts["currency"] = [CURRENCY_WORDS.get(text.upper(), text) for text in known]
        return
    headers = [columns.table.headers[columns.map.fields[field]]
               for field in ("price", "market_value", "notional") if field in columns.map.fields]
    titles = [text_of(cell) for row in columns.table.titles for cell in columns.sheet.rows[row]]
    code = next(filter(None, (*map(currency_in_header, headers), *map(currency_in_title, titles))),
                "")
    if code:
        columns.texts["currency"] = [code] * len(columns.table.body)
        columns.remarks.append((columns.sheet.where(columns.table.header_row),
                                f"no currency column; {code} was taken from the words around it",
                                "add a currency column"))
    else:
        _name_by_marks(columns)


def _name_by_marks(columns: Columns) -> None:
    """Take the currency of rows from the € and £ beside their figures, where nothing else says."""
    found = [""] * len(columns.table.body)
    for field in ("price", "market_value", "notional"):
        number = columns.map.fields.get(field)
        for k, cell in enumerate(columns.table.column(number) if number is not None else ()):
            if isinstance(cell, str) and not found[k]:
                found[k] = next((code for mark, code in MARKS.items() if mark in cell), "")
    if any(found):
        columns.texts["currency"] = found
        columns.remarks.append((columns.where(next(k for k, code in enumerate(found) if code)),
                                "no currency column; currencies were taken from the marks beside "
                                "the figures", "add a currency column"))


def _to_major_units(columns: Columns) -> None:
    """Turn prices of rows in pence or cents (currency GBp and the like) into whole units."""
    currencies = columns.texts.get("currency", [])
    minor = [k for k, text in enumerate(currencies) if major_currency(text)]
    for k in minor:
        currencies[k] = major_currency(currencies[k]) or ""
        for field in PRICES:
            values = columns.numbers.get(field)
            if values is not None and (value := values[k]) is not None:
                values[k] = value * PERCENT
    if minor:
        columns.remarks.append((
            columns.where(minor[0], "currency"),
            f"{len(minor)} rows are priced in hundredths of their currency (pence, cents) and "
            "were divided by 100", "check these prices"))


def _read_numbers(columns: Columns, field: str, cells: Sequence[Cell], vote: CommaVote) -> None:
    if vote.doubtful:
        columns.remarks.append((
            columns.sheet.where(columns.table.header_row, columns.map.fields[field]),
            f"{field}: a comma was read as the {'decimal' if vote.comma else 'thousands'} mark"
            + ("" if vote.comma else ", a point as the decimal mark"),
            "check the column; write 1234.5 or 1.234,50 somewhere to settle it"))
    values: list[Decimal | None] = []
    for k, cell in enumerate(cells):
        if type(cell) is float and abs(cell) < LARGEST:
            values.append(exact(cell))
        elif cell == "":
            values.append(None)
        else:
            values.append(_number(columns, field, k, cell, vote.comma))
    if field == "price" and columns.sheet.percents:
        _show_percents(columns, values)
    if field == "price" and columns.sheet.has_unplaced_percents:
        _doubt_percents(columns, values)
    bare = [k for k, cell in enumerate(cells) if values[k] is not None and not _states_unit(cell)]
    factor = _factor(columns, field, [values[k] for k in bare])
    for k in bare if factor is not None else ():
        values[k] = (values[k] or Decimal(0)) * (factor or 1)
    columns.numbers[field] = values


def _show_percents(columns: Columns, values: list[Decimal | None]) -> None:
    """Read prices shown as percentages as the percentages shown: 0.985 with % is 98.5."""
    column = columns.map.fields["price"]
    shown = [k for k, row in enumerate(columns.table.body)
             if (row, column) in columns.sheet.percents and values[k] is not None]
    for k in shown:
        values[k] = (values[k] or Decimal(0)) / PERCENT
    if shown:
        columns.remarks.append((columns.where(shown[0], "price"), "prices shown as percentages "
                                "were read in percent", "check these prices"))


def _doubt_percents(columns: Columns, values: list[Decimal | None]) -> None:
    """Say that a small price may be one shown as a percentage, where nobody can see which are."""
    small = [k for k, value in enumerate(values)
             if value is not None and 0 < value <= HIGHEST_FRACTION]
    if small:
        columns.remarks.append((
            columns.where(small[0], "price"),
            "which cells show percentages is not read from .xlsb: prices of "
            f"{HIGHEST_FRACTION} or less ({len(small):,}) were read as the bare number",
            "save the file as .xlsx if a price such as 98.5 % was read as 0.985"))


def _states_unit(cell: Cell) -> bool:
    """Say whether a cell carries its own unit, which no unit of the column changes."""
    return isinstance(cell, str) and cell.strip().casefold().endswith(("%", "bp", "bps"))


def _factor(columns: Columns, field: str, values: Sequence[Decimal | None]) -> Decimal | None:
    """Return what the bare figures of a column are multiplied by: by choice, header or size."""
    header = columns.table.headers[columns.map.fields[field]]
    decided, unit = columns.recipe.unit(header)[0], unit_of(header, field, columns.recipe)
    if unit is None and not decided and field in MONEY:
        unit = _unit_of_titles(columns)
    if unit is not None and not decided:
        _say_unit(columns, field, unit)
    if unit is not None or decided:
        return unit.factor if unit is not None else None
    largest = max((abs(value) for value in values if value), default=Decimal(0))
    if field not in RATES or largest <= HIGHEST_DECIMAL_RATE:
        return None
    columns.remarks.append((
        columns.sheet.where(columns.table.header_row, columns.map.fields[field]),
        f"{field} was read in percent", "write rates as decimals or with a % sign"))
    return PERCENT


def _unit_of_titles(columns: Columns) -> Unit | None:
    """Return the unit a title states for every amount of money below it."""
    titles = (text_of(cell) for row in columns.table.titles for cell in columns.sheet.rows[row])
    return next(filter(None, map(unit_in_title, titles)), None)


def unit_of(header: str, field: str, recipe: Recipe) -> Unit | None:
    """Return the unit a column is read in: the one decided, or the one its header states."""
    decided, unit = recipe.unit(header)
    return unit if decided else header_unit(header, field)


def _say_unit(columns: Columns, field: str, unit: Unit) -> None:
    columns.remarks.append((
        columns.sheet.where(columns.table.header_row, columns.map.fields[field]),
        f"{field} was read {unit.words}, as its header or title says", "check the unit"))


def _number(columns: Columns, field: str, k: int, cell: Cell, comma: bool) -> Decimal | None:
    if field in PRICES and (ticks := thirty_seconds(cell) or mixed_fraction(cell)) is not None:
        return ticks
    found = figure(cell, comma)
    if isinstance(found, Figure):
        if found.unit and field in UNITS | {"multiplier"}:
            columns.faults[field, k] = Fault(f"“{text_of(cell)}” is a rate, not a number of units")
            return None
        return found.decimal if field in RATES else found.value
    if isinstance(found, Fault):
        columns.faults[field, k] = found
    return None


def _of_1900(cell: Cell) -> Cell:
    """Return a serial number of the 1904 date system as one of the 1900 system."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return cell
    return cell + DAYS_TO_1904


def _read_dates(columns: Columns, raw: Mapping[str, Sequence[Cell]], order: Order | None) -> None:
    decided = bool(columns.recipe.value(DATES))
    vote = OrderVote(order or "mdy") if decided else order_vote(raw.values(), order)
    if vote.doubtful:
        field = next(iter(raw))
        columns.remarks.append((
            columns.sheet.where(columns.table.header_row, columns.map.fields[field]),
            f"dates such as 03/04/2026 were read {'day' if vote.order == 'dmy' else 'month'} first",
            "write dates as YYYY-MM-DD"))
    for field, cells in raw.items():
        own = vote if decided else order_vote([cells], vote.order)
        values: list[date | None] = []
        for k, cell in enumerate(cells):
            found = day(_of_1900(cell) if columns.sheet.from_1904 else cell, own.order)
            if isinstance(found, Fault):
                columns.faults[field, k] = found
                found = None
            values.append(found)
        columns.dates[field] = values
        if field == "expiry":
            columns.months = frozenset(k for k, cell in enumerate(cells) if month_only(cell))
