"""Carry out what was decided about a file: cells set, rows left out, headers and columns named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from workstation.base.problem import Problem
from workstation.importers.recipe import (
    COLUMN,
    EXTRA,
    HEADER_ROW,
    IGNORE_ROW,
    SET_CELL,
    SHEET,
    SYSTEM,
    UNIT,
    Recipe,
)
from workstation.importers.sheets import Cell, Sheet, Source, column_letters, is_blank
from workstation.importers.tables import Table, header_text
from workstation.importers.vocabulary import normal

_PLACE = re.compile(r"^(?P<sheet>.*)!(?P<column>[A-Z]{1,3})(?P<row>\d+)$")
LETTERS = 26


def place_of(where: str) -> tuple[str, int, int] | None:
    """Return sheet, row and column (from 0) of an address such as Positions!F17, or None."""
    found = _PLACE.match(where.split(":")[0].strip())
    if found is None:
        return None
    column = 0
    for letter in found["column"]:
        column = column * LETTERS + ord(letter) - ord("A") + 1
    return found["sheet"], int(found["row"]) - 1, column - 1


def cell_of(problem: Problem) -> tuple[str, int, int] | None:
    """Return the cell a remark is about: the one its words name, or the one it stands at."""
    place = place_of(problem.where)
    if place is None:
        return None
    named = re.search(re.escape(place[0]) + r"![A-Z]{1,3}\d+", problem.what)
    return place_of(named[0]) if named else place


def with_cells(source: Source, recipe: Recipe) -> Source:
    """Return a source with the cells set and the rows left out that were decided."""
    sheets = {sheet.name: sheet for sheet in source.sheets}
    problems = list(source.problems)
    for step in (*recipe.of_kind(SET_CELL), *recipe.of_kind(IGNORE_ROW)):
        place = place_of(step.target)
        sheet = sheets.get(place[0]) if place else None
        if place is None or sheet is None or place[1] >= len(sheet.rows):
            problems.append(Problem(step.target, "there is no such cell; the step was not done",
                                    f"take back the step “{step.words}”"))
            continue
        value = step.value if step.kind == SET_CELL else None
        sheets[sheet.name] = _changed(sheet, place[1], place[2], value)
        problems.append(Problem(step.target, f"as decided: {step.words}", severity="info"))
    if recipe.value(SYSTEM):
        sheets = {name: replace(sheet, from_1904=recipe.value(SYSTEM) == "1904")
                  for name, sheet in sheets.items()}
    return replace(source, sheets=tuple(sheets[sheet.name] for sheet in source.sheets),
                   problems=tuple(problems))


def _changed(sheet: Sheet, row: int, column: int, value: str | None) -> Sheet:
    """Return a sheet with one cell set, or with one row emptied."""
    rows: list[list[Cell]] = list(sheet.rows)
    if value is None:
        rows[row] = []
        return replace(sheet, rows=rows)
    cells = [*rows[row], *[""] * (column + 1 - len(rows[row]))]
    cells[column] = value
    rows[row] = cells
    return replace(sheet, rows=rows, unread=sheet.unread - {(row, column)})


def sheets_to_read(sheets: Sequence[Sheet], recipe: Recipe) -> list[Sheet]:
    """Return the sheets to look for tables in: the one decided, or all."""
    wanted = recipe.value(SHEET).casefold()
    return [sheet for sheet in sheets if not wanted or sheet.name.casefold() == wanted]


def table_at(sheet: Sheet, recipe: Recipe) -> Table | None:
    """Return the table under the header row that was decided for a sheet, or None."""
    text = recipe.value(HEADER_ROW, sheet.name) or recipe.value(HEADER_ROW)
    row = int(text) - 1 if text else -1
    if not 0 <= row < len(sheet.rows):
        return None
    filled = [i for i in range(len(sheet.rows)) if not all(map(is_blank, sheet.rows[i]))]
    return Table(sheet, row, tuple(header_text(cell) for cell in sheet.rows[row]),
                 tuple(i for i in filled if i > row), tuple(i for i in filled if i < row))


def fixed_columns(headers: Sequence[str], recipe: Recipe,
                  given: Mapping[int, str] | None) -> tuple[dict[int, str], frozenset[int]]:
    """Return the columns whose field is settled, and those that must stay extras.

    What was decided wins over what a layout gives.
    """
    fixed, decided = dict(given or {}), dict[int, str]()
    extras = set[int]()
    for i, header in enumerate(headers):
        field = recipe.field(header) or recipe.field(column_letters(i)) if header else ""
        if field == EXTRA:
            extras.add(i)
            fixed.pop(i, None)
        elif field and field not in decided.values():
            decided[i] = field
    fixed = {i: field for i, field in fixed.items() if field not in decided.values()}
    return fixed | decided, frozenset(extras)


def missing_columns(tables: Sequence[Table], recipe: Recipe) -> list[str]:
    """Return the columns decisions speak of that no table has."""
    met = {normal(text) for table in tables for text in table.headers}
    letters = {normal(column_letters(i)) for table in tables for i in range(len(table.headers))}
    named = [step.target for kind in (COLUMN, UNIT) for step in recipe.of_kind(kind)]
    return list(dict.fromkeys(name for name in named if normal(name) not in met | letters))
