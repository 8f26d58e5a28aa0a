"""A file as the import would read it now: cells, header, columns, problems, totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.importers.directed import cell_of, place_of
from workstation.importers.imported import ColumnChoice, Imported
from workstation.importers.opening import open_source
from workstation.importers.profile import Profile
from workstation.importers.reading import import_source
from workstation.importers.recipe import HEADER_ROW, IGNORE_ROW, SET_CELL, Recipe
from workstation.importers.sheets import Sheet, Source, text_of
from workstation.importers.tables import position_tables

ROWS = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """One dry run; `imported` is None where the file was refused, and `refused` says why.

    Cells are addressed by row and column counted from 0 within the sheet shown.
    """

    source: Source
    recipe: Recipe
    sheet: Sheet
    header_row: int
    columns: Mapping[int, ColumnChoice]
    problems: Mapping[tuple[int, int], tuple[Problem, ...]]
    imported: Imported | None
    refused: tuple[Problem, ...] = ()
    profile: Profile | None = None
    rows: tuple[tuple[str, ...], ...] = field(default=())
    corrected: frozenset[tuple[int, int]] = frozenset()
    """Cells that were set; the rows show what they were set to."""
    left_out: frozenset[int] = frozenset()
    """Rows that were left out."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the header line of the sheet shown, empty where none was found."""
        if not 0 <= self.header_row < len(self.sheet.rows):
            return ()
        return tuple(text_of(cell) for cell in self.sheet.rows[self.header_row])

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """Return every remark of the dry run, the gravest first."""
        found = self.refused if self.imported is None else self.imported.problems
        grave = {"error": 0, "warning": 1, "info": 2}
        return tuple(sorted(found, key=lambda problem: grave[problem.severity]))

    @property
    def is_sure(self) -> bool:
        """Say whether nothing was guessed: no warning, no error, every total agrees."""
        return self.imported is not None and self.imported.outcome == "imported" and all(
            problem.severity == "info" for problem in self.imported.problems) and all(
            total.agrees for total in self.imported.control_totals)

    @property
    def value(self) -> Mapping[str, Decimal]:
        """Return the value of the positions by currency."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        book = self.imported.book if self.imported else None
        for position in book.positions if book else ():
            if position.price is not None:
                sums[position.instrument.currency] += position.value
        return dict(sorted(sums.items()))


def open_for_preview(path: Path, password: str | None = None) -> Source:
    """Open a file once, so that each decision only reads it again; raises UnusableInputError."""
    return open_source(path, password)


def preview(source: Source, recipe: Recipe, sheet_name: str = "",
            profile: Profile | None = None) -> Preview:
    """Return what the import of a source would be under a recipe; never raises for a bad file."""
    imported: Imported | None = None
    refused: tuple[Problem, ...] = ()
    try:
        imported = import_source(source, recipe=recipe)
    except UnusableInputError as error:
        refused = error.problems
    sheet = _shown(source, imported, sheet_name)
    columns, header = _columns(sheet, imported)
    if header < 0:
        header = _header(sheet, recipe)
    found = refused if imported is None else imported.problems
    return Preview(source, recipe, sheet, header, columns, _by_cell(sheet, found), imported,
                   refused, profile, *_as_decided(sheet, recipe))


def _shown(source: Source, imported: Imported | None, wanted: str) -> Sheet:
    """Return the sheet asked for, or the one the positions were read from, or the first."""
    sheets = {sheet.name: sheet for sheet in source.sheets}
    if wanted in sheets:
        return sheets[wanted]
    for choice in imported.mapping if imported else ():
        place = place_of(choice.where)
        if place is not None and place[0] in sheets:
            return sheets[place[0]]
    return next(iter(source.visible), Sheet(source.path.name, []))


def _columns(sheet: Sheet, imported: Imported | None) -> tuple[dict[int, ColumnChoice], int]:
    chosen: dict[int, ColumnChoice] = {}
    header = -1
    for choice in imported.mapping if imported else ():
        place = place_of(choice.where)
        if place is None or place[0] != sheet.name:
            continue
        if header < 0:
            header = place[1]
        if place[1] == header:
            chosen[place[2]] = choice
    return chosen, header


def _header(sheet: Sheet, recipe: Recipe) -> int:
    text = recipe.value(HEADER_ROW, sheet.name) or recipe.value(HEADER_ROW)
    if text:
        return int(text) - 1
    return next((table.header_row for table in position_tables(sheet)), -1)


def _by_cell(sheet: Sheet, problems: tuple[Problem, ...],
             ) -> dict[tuple[int, int], tuple[Problem, ...]]:
    cells: dict[tuple[int, int], list[Problem]] = defaultdict(list)
    for problem in problems:
        place = cell_of(problem)
        if place is not None and place[0] == sheet.name:
            cells[place[1], place[2]].append(problem)
    return {place: tuple(found) for place, found in cells.items()}


def _as_decided(sheet: Sheet, recipe: Recipe) -> tuple[
        tuple[tuple[str, ...], ...], frozenset[tuple[int, int]], frozenset[int]]:
    """Return the first rows with the cells that were set, those cells, and the rows left out."""
    rows = [[text_of(cell) for cell in row] for row in sheet.rows[:ROWS]]
    corrected = set()
    for step in recipe.of_kind(SET_CELL):
        place = place_of(step.target)
        if place is not None and place[0] == sheet.name and place[1] < len(rows):
            row = rows[place[1]]
            row += [""] * (place[2] + 1 - len(row))
            row[place[2]] = step.value
            corrected.add(place[1:])
    left_out = (place_of(step.target) for step in recipe.of_kind(IGNORE_ROW))
    return (tuple(map(tuple, rows)), frozenset(corrected), frozenset(
        place[1] for place in left_out if place is not None and place[0] == sheet.name))
