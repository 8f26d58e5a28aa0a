"""Read one client file into a book, with everything the user should know about the reading."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from workstation.base.problem import UnusableInputError
from workstation.base.suggestion import meant
from workstation.base.vocabulary import AccountType
from workstation.importers import as_of as stated
from workstation.importers.assemble import assemble
from workstation.importers.contracts import contracts_on
from workstation.importers.dates import day
from workstation.importers.described import Desk
from workstation.importers.directed import with_cells
from workstation.importers.draft import Draft
from workstation.importers.imported import Imported
from workstation.importers.layouts.registry import LAYOUTS
from workstation.importers.opening import open_source
from workstation.importers.recipe import (
    ACCOUNT_TYPE,
    HEADER_ROW,
    NO_DECISIONS,
    SHEET,
    Recipe,
)
from workstation.importers.sheets import Sheet, Source
from workstation.importers.vocabulary import normal
from workstation.importers.workbooks import refusal

AS_OF_HEADERS = frozenset({"asof", "asofdate", "reportdate", "businessdate", "valuationdate",
                           "cobdate", "rundate", "periodenddate", "pricingdate", "positiondate"})
ANY_DATE = "date"
_REPORT_DATE = re.compile(r'\b(?:reportDate|toDate)="(\d{4}-?\d{2}-?\d{2})"')
NO_DATE = "the file states no date"
"""Begins the problem of a file whose review date had to be assumed."""
_POINT_IN_TIME = re.compile(r"<pointInTime>\s*<date>\s*(\d{8})\s*</date>")
EXPORT = "export the positions as .xlsx or .csv, or use the template"


def import_file(path: Path, *, as_of: date | None = None, password: str | None = None,
                recipe: Recipe = NO_DECISIONS) -> Imported:
    """Return what a position file says; raises UnusableInputError when nothing can be used.

    Parameters
    ----------
    path
        A workbook (.xlsx, .xlsm, .xlsb, .xls, .ods), delimited text or JSON export; the first
        bytes decide which, not the extension.
    as_of
        Review date; the file's own date, or today, unless given.
    password
        Opens a protected workbook.
    recipe
        What was decided about reading the file, such as the field of a column.
    """
    return import_source(open_source(path, password), as_of=as_of, recipe=recipe)


def import_source(source: Source, *, as_of: date | None = None,
                  recipe: Recipe = NO_DECISIONS) -> Imported:
    """Return what an opened file says under the decisions of a recipe; raises as `import_file`."""
    source = with_cells(source, recipe)
    _refuse_unknown_sheet(source, recipe)
    given = as_of or recipe.as_of
    on, where = _review_date(source, given)
    draft = Draft(source.path.name, Desk(on, contracts_on(on)), recipe=recipe)
    _say_date(draft, source, given, on, where)
    # Who names the sheet or the header row says that it is a table, whatever else it resembles.
    is_table = bool(recipe.of_kind(SHEET) or recipe.of_kind(HEADER_ROW)) and bool(source.sheets)
    for layout in LAYOUTS[-1:] if is_table else LAYOUTS:
        if layout.matches(source):
            draft.kind = ""
            layout.read(source, draft)
            draft.kind = draft.kind or layout.name
            _type_accounts(draft)
            return assemble(draft, source)
    raise refusal(source.path.name, "the file holds no positions in a layout we know", EXPORT)


def _refuse_unknown_sheet(source: Source, recipe: Recipe) -> None:
    """Refuse a decision for a sheet the file does not have: nothing would be read."""
    wanted, names = recipe.value(SHEET), [sheet.name for sheet in source.sheets]
    if wanted and names and wanted.casefold() not in map(str.casefold, names):
        raise refusal(source.path.name, f"there is no sheet {wanted!r}",
                      f"{meant(wanted, names)}name one of: {', '.join(names)}")


def _type_accounts(draft: Draft) -> None:
    """Give accounts the types that were decided."""
    for step in draft.recipe.of_kind(ACCOUNT_TYPE):
        if step.target in draft.accounts:
            draft.accounts[step.target].account_type = AccountType(step.value)
        else:
            draft.say(draft.file_name, f"no account is called {step.target}",
                      f"take back the step “{step.words}”", "warning")


def refused(path: Path, error: UnusableInputError) -> Imported:
    """Return a refusal in the form of an import, for documents that must always have one."""
    return Imported("refused", "", path, "", None, 0, None, problems=error.problems)


def _review_date(source: Source, given: date | None) -> tuple[date, str]:
    if given is not None:
        return given, ""
    found = stated.in_sheets(source.visible) or _in_columns(source) or _in_document(
        source) or stated.in_name(source.path.stem)
    return (found.day, found.where) if found else (date.today(), "")


def _in_document(source: Source) -> stated.StatedDate | None:
    """Return the date a JSON document, or a report in XML, states beside its positions."""
    if source.sort == "xml" and (found := _REPORT_DATE.search(source.text)
                                 or _POINT_IN_TIME.search(source.text)):
        when = day(found[1])
        return stated.StatedDate(when, source.path.name) if isinstance(when, date) else None
    document = source.document if isinstance(source.document, dict) else {}
    for key, value in document.items():
        when = day(value) if isinstance(value, str) and (
            normal(key) in AS_OF_HEADERS or normal(key) == ANY_DATE) else None
        if isinstance(when, date):
            return stated.StatedDate(when, f"{source.path.name}, {key}")
    return None


def _in_columns(source: Source) -> stated.StatedDate | None:
    """Return the latest date of an as-of column."""
    days = [found for sheet in source.visible for found in _column_dates(sheet)]
    return max(days, key=lambda found: found.day, default=None)


def _column_dates(sheet: Sheet) -> list[stated.StatedDate]:
    found = []
    for row, cells in enumerate(sheet.rows[: stated.HEAD_ROWS]):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and normal(cell) in AS_OF_HEADERS:
                found += _dates_below(sheet, row, column)
            elif isinstance(cell, str) and normal(cell) == ANY_DATE and column == 0:
                below = _dates_below(sheet, row, column)
                found += below if len({each.day for each in below}) == 1 else []
    return found


def _dates_below(sheet: Sheet, row: int, column: int) -> list[stated.StatedDate]:
    below = (other[column] if column < len(other) else "" for other in sheet.rows[row + 1:])
    read = ((offset, day(value)) for offset, value in enumerate(below))
    return [stated.StatedDate(when, sheet.where(row + 1 + offset, column))
            for offset, when in read if isinstance(when, date)]


def _say_date(draft: Draft, source: Source, given: date | None, on: date, where: str) -> None:
    if given is not None:
        found = stated.in_sheets(source.visible) or _in_columns(source)
        if found is not None and found.day != given:
            draft.say(found.where, f"the file is as of {found.day}, the review as of {given}",
                      "leave the review date out to use the file's own", "warning")
    elif where:
        draft.say(where, f"review date {on} taken from the file")
    else:
        draft.say(draft.file_name, f"{NO_DATE}; {on} (today) was taken",
                  "give the review date", "warning")
