"""One table as one worksheet: header frozen, filter on, widths and formats set, no formulas."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from workstation.reports import ink
from workstation.results.table import Column, Table

SHEET_NAME_LENGTH = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))
NARROWEST, WIDEST = 8, 60
LINE_HEIGHT = 15.0
FILTER_ARROW = 3
MOST_ROWS = 1_000_000
MOST_OUTLINE = 7
DEEPEST_INDENT = 15
NAMES_WIDTH, LINES_WIDTH = 30, 100
NO_GRID = 2
DATE = "yyyy-mm-dd"


class SheetNames:
    """Gives every sheet a name Excel accepts, each once."""

    def __init__(self, *taken: str) -> None:
        self._taken = {name.lower() for name in taken}

    def unique(self, wanted: str) -> str:
        """Return the name, cut and numbered where it must be."""
        clean = wanted.translate(FORBIDDEN)
        name, count = clean[:SHEET_NAME_LENGTH], 1
        while name.lower() in self._taken:
            count += 1
            mark = f" {count}"
            name = clean[:SHEET_NAME_LENGTH - len(mark)] + mark
        self._taken.add(name.lower())
        return name


class Formats:
    """Cell formats made once for a workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        """Return the format with these properties."""
        key = tuple(properties.items())
        if key not in self._made:
            base = {"font_name": "Calibri", "font_size": 10, "font_color": ink.TEXT,
                    "valign": "top"}
            self._made[key] = self._book.add_format({**base, **properties})
        return self._made[key]

    def header(self, column: Column) -> Any:
        """Return the format of a heading."""
        return self(bold=True, bg_color=ink.HEADER, bottom=1, text_wrap=True,
                    align="right" if column.numeric else "left")


def write_table(sheet: Any, table: Table, formats: Formats, footer: str) -> None:
    """Write a table with its totals as values below it."""
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.heading, formats.header(column))
        sheet.set_column(place, place, _width(table, place))
    sheet.set_row(0, LINE_HEIGHT * _heading_lines(table))
    shown = min(len(table.rows), MOST_ROWS)
    for row in range(shown):
        _write_row(sheet, row, table, formats)
    last = max(len(table.columns) - 1, 0)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(shown, 1), last)
    _write_totals(sheet, table, shown, formats)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{footer.replace('&', '&&')}&R&A, page &P of &N")
    sheet.outline_settings(True, False, False, False)


def _heading_lines(table: Table) -> int:
    """Return the lines the headings take in the width of their columns."""
    return max((len(textwrap.wrap(column.heading, int(_width(table, place)) - FILTER_ARROW))
                for place, column in enumerate(table.columns)), default=1)


def _write_row(sheet: Any, row: int, table: Table, formats: Formats) -> None:
    level = getattr(table.rows[row], "level", 0)
    depth = level if isinstance(level, int) else 0
    if depth:
        sheet.set_row(row + 1, None, None, {"level": min(depth, MOST_OUTLINE)})
    for place, column in enumerate(table.columns):
        value = table.value(row, place)
        indent = depth if column.field == "label" else 0
        _write_cell(sheet, row + 1, place, value, column, formats, indent)


def _write_cell(sheet: Any, row: int, place: int, value: Any, column: Column, formats: Formats,
                indent: int = 0) -> None:
    if value is None or value == "":
        return  # a cell that says nothing is not written: half of a long explanation is blank
    if column.numeric and math.isfinite(value):
        form = formats(num_format=number_format(column.excel, value), align="right")
        sheet.write_number(row, place, float(value), form)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, formats(num_format=DATE, align="left"))
    else:
        text = column.text(value)
        colour = ink.of_status(text) if column.field in ("status", "severity") else None
        extra: dict[str, Any] = {"font_color": colour} if colour else {}
        if indent:
            extra["indent"] = min(indent, DEEPEST_INDENT)
        sheet.write_string(row, place, text, formats(**extra))


def number_format(excel: str, value: Decimal | float) -> str:
    """Return the format of one number; a whole one loses the point its optional decimals leave."""
    whole = value == math.floor(value)
    return excel.replace(".########", "") if whole else excel


def _write_totals(sheet: Any, table: Table, shown: int, formats: Formats) -> None:
    if not shown or not any(column.total for column in table.columns):
        return
    row = shown + 1
    for place, column in enumerate(table.columns):
        if column.total:
            _write_total(sheet, row, place, table, formats)
        else:
            sheet.write_string(row, place, "" if place else "Total", formats(bold=True, top=1))


def _write_total(sheet: Any, row: int, place: int, table: Table, formats: Formats) -> None:
    """Write the sum of a column, or that an amount is missing where it needs every one."""
    column = table.columns[place]
    amounts = [table.value(r, place) for r in range(len(table.rows))]
    form = formats(num_format=column.excel, align="right", bold=True, top=1)
    if column.every and None in amounts:
        sheet.write_string(row, place, "incomplete", form)
    else:
        sheet.write_number(row, place, float(sum(a for a in amounts if a is not None)), form)


def _width(table: Table, place: int) -> float:
    column = table.columns[place]
    words = max((len(word) for word in column.heading.split()), default=0) + FILTER_ARROW
    texts = (len(table.text(row, place)) for row in range(min(len(table.rows), MOST_ROWS)))
    extra = 2 * MOST_OUTLINE if column.field == "label" and hasattr(
        table.rows[0] if table.rows else None, "combine") else 2
    return max(NARROWEST, min(WIDEST, max(words, max(texts, default=0) + extra)))


def write_lines(sheet: Any, lines: Iterable[tuple[str, ...]], formats: Formats) -> None:
    """Write the first sheet: each line starts with the way it is set."""
    sheet.set_column(0, 0, NAMES_WIDTH)
    sheet.set_column(1, 1, LINES_WIDTH)
    sheet.hide_gridlines(NO_GRID)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    plain = formats(text_wrap=True)
    for row, (kind, first, *rest) in enumerate(lines):
        match kind:
            case "title":
                sheet.write_string(row, 0, first, formats(bold=True, font_size=14))
            case "warning":
                sheet.write_string(row, 0, first, formats(bold=True, font_color=ink.DENIED))
            case "what_if":
                sheet.write_string(row, 0, first, formats(bold=True,
                                                          font_color=ink.token("what_if")))
            case "link":
                sheet.write_url(row, 0, f"internal:'{first}'!A1",
                                formats(font_color=ink.ACCENT, underline=1), first)
            case "head":
                sheet.write_string(row, 0, first, formats(bold=True, bg_color=ink.HEADER))
            case _:
                sheet.write_string(row, 0, first, plain)
        for text in rest:
            form = formats(bold=True, bg_color=ink.HEADER) if kind == "head" else plain
            sheet.write_string(row, 1, text, form)
