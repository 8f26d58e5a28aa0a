"""`crossmargin import`: what the importer understands of a file, and what was decided about it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from workstation.base.problem import Problem, UnusableInputError
from workstation.cli.printed import json_text
from workstation.importers import import_document, refused
from workstation.importers import recipe as decisions
from workstation.importers.conventions import PLAIN, UNITS
from workstation.importers.recipe import Recipe, Step, plain, recipe_of
from workstation.reports.import_changes import changes_body, changes_text
from workstation.reports.texts import import_text
from workstation.results.book_difference import difference
from workstation.workspace.importing import Reading, as_profile, read_file
from workstation.workspace.profiles import ProfileStore
from workstation.workspace.session import Session
from workstation.workspace.state import state_of
from workstation.workspace.writing_back import write_margin_back

DONE, INCOMPLETE = 0, 1


def arguments(sub: argparse.ArgumentParser) -> None:
    """Declare what `crossmargin import` takes beside --as-of and --json."""
    sub.add_argument("file", type=Path, help="position file: workbook, CSV, JSON or XML")
    sub.add_argument("--password", help="password of a protected workbook")
    group = sub.add_argument_group("decisions about reading the file")
    for flag, kind, names, text in (
        ("--map", decisions.COLUMN, "COLUMN=FIELD",
         "read a column (its header or its letter) as a field; extra for none"),
        ("--unit", decisions.UNIT, "COLUMN=UNIT",
         f"unit of a column: {PLAIN}, {', '.join(UNITS)}"),
        ("--set", decisions.SET_CELL, "CELL=VALUE", "correct a cell, such as Positions!C7=100"),
        ("--type", decisions.ACCOUNT_TYPE, "ACCOUNT=TYPE", "type of an account"),
    ):
        group.add_argument(flag, action="append", default=[], metavar=names, help=text,
                           type=_pair, dest=_name(kind))
    group.add_argument("--ignore-row", action="append", default=[], metavar="CELL",
                       help="leave out the row of a cell, such as Positions!A9")
    group.add_argument("--header-row", metavar="N", help="row of the headers, counted from 1")
    group.add_argument("--sheet", help="read only this sheet")
    group.add_argument("--account", metavar="ID", help="account of rows that name none")
    group.add_argument("--decimal", choices=("point", "comma"), help="decimal mark")
    group.add_argument("--dates", choices=("day-first", "month-first"),
                       help="order of day and month")
    group.add_argument("--days-from", choices=("1900", "1904"), help="date system of bare numbers")
    group.add_argument("--profile", default="", metavar="NAME",
                       help="read with a saved profile; none for no profile (the one whose header "
                       "line the file has unless given)")
    sub.add_argument("--save-profile", metavar="NAME", help="keep these decisions under a name")
    sub.add_argument("--write-back", type=Path, metavar="OUT.xlsx",
                     help="margin the book and write margin and offsets into a copy of the "
                     "workbook")
    sub.add_argument("--against", type=Path, metavar="OLD",
                     help="an earlier file or a saved review: list what changed since")


def _name(kind: str) -> str:
    return kind.replace(" ", "_")


def _pair(text: str) -> tuple[str, str]:
    target, mark, value = text.rpartition("=")
    if not mark or not target.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return target.strip(), value.strip()


def import_(chosen: argparse.Namespace) -> int:
    """Print what the importer understood; a refusal is a document as well."""
    recipe = recipe_of(_steps(chosen))
    store = ProfileStore()
    try:
        reading = read_file(chosen.file, as_of=chosen.as_of, password=chosen.password,
                            recipe=recipe, profile_name=chosen.profile, store=store)
    except UnusableInputError as error:
        if chosen.json:
            document = import_document(refused(chosen.file, error))
            print(json_text(document))
        raise
    if chosen.save_profile:
        store.save(as_profile(chosen.save_profile, reading))
    if chosen.write_back is not None:
        session = Session.of(state_of(reading, chosen.file))
        write_margin_back(session, session.review(), chosen.write_back)
    _show(chosen, reading)
    return DONE if reading.imported.outcome == "imported" else INCOMPLETE


def _steps(chosen: argparse.Namespace) -> Iterator[Step]:
    for kind in (decisions.COLUMN, decisions.UNIT, decisions.SET_CELL, decisions.ACCOUNT_TYPE):
        for target, value in getattr(chosen, _name(kind)):
            yield Step(kind, value, target)
    for cell in chosen.ignore_row:
        yield Step(decisions.IGNORE_ROW, "ignored", cell)
    single: Iterable[tuple[str, str | None]] = (
        (decisions.SHEET, chosen.sheet), (decisions.HEADER_ROW, chosen.header_row),
        (decisions.ACCOUNT, chosen.account), (decisions.DECIMAL, chosen.decimal),
        (decisions.DATES, (chosen.dates or "").replace("-", " ")),
        (decisions.SYSTEM, chosen.days_from))
    for kind, value in single:
        if value:
            yield Step(kind, value)


def _show(chosen: argparse.Namespace, reading: Reading) -> None:
    document: dict[str, Any] = {
        **import_document(reading.imported), "profile": reading.profile and reading.profile.name,
        "steps": plain(reading.recipe)}
    text = import_text(document)
    if reading.recipe.steps:
        text += "\n" + _listed(reading.recipe)
    if chosen.against is not None:
        changes = _changes(chosen, reading)
        document["changes"] = changes_body(changes)
        text += "\n" + changes_text(changes, chosen.against.name)
    if chosen.write_back is not None:
        document["written"] = str(chosen.write_back)
        text += f"\nwrote {chosen.write_back}"
    print(json_text(document) if chosen.json else text)


def _listed(recipe: Recipe) -> str:
    return "\n".join(["STEPS", *(f"  {number}. {step.words}"
                                 for number, step in enumerate(recipe.steps, start=1))])


def _changes(chosen: argparse.Namespace, reading: Reading) -> Any:
    if reading.imported.book is None:
        raise UnusableInputError(Problem(
            chosen.file.name, "it holds no positions to compare", "compare position files"))
    old = Session.from_file(chosen.against).book
    return difference(old, reading.imported.book)
