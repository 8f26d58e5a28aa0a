"""A CRIF file as a book: each portfolio an account of uncleared swaps, margined from its rows."""

from __future__ import annotations

from workstation.base.problem import UnusableInputError
from workstation.importers.crif_columns import crif_sheet
from workstation.importers.crif_sheet import read_crif_sheet
from workstation.importers.draft import Draft
from workstation.importers.layouts.refusals import is_crif
from workstation.importers.sheets import Sheet, Source


def matches(source: Source) -> bool:
    """Say whether a visible sheet, and no sheet of positions, has the columns of a CRIF."""
    return is_crif(source) and _sheet(source) is not None


def read(source: Source, draft: Draft) -> None:
    """Read the sensitivities; a file of which nothing can be used is refused with every finding."""
    sheet = _sheet(source)
    if sheet is None:
        raise TypeError(source.path.name)
    read_crif_sheet(sheet, draft)
    if not draft.crif:
        errors = [problem for problem in draft.problems if problem.severity == "error"]
        raise UnusableInputError(*errors)


def _sheet(source: Source) -> Sheet | None:
    return next((sheet for sheet in source.visible
                 if crif_sheet(sheet, source.path.name) is not None), None)
