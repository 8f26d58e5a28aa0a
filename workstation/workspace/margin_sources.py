"""A file of published margin changes kept with a review: its bytes saved, read again on opening."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.importers.margin_histories import margin_histories_of
from workstation.projects.contents import StoredFile
from workstation.rulebooks.span.margin_history import MarginHistories

FOLDER = "margin-history/"
"""Stands before the name of such a file among the inputs of a project."""


@dataclass(frozen=True, slots=True)
class MarginSource:
    """A margin history as read, and its bytes."""

    histories: MarginHistories
    file: StoredFile


def read_margin_source(path: Path) -> MarginSource:
    """Read a file and its bytes; raises UnusableInputError when it holds no change."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnusableInputError(Problem(
            path.name, f"cannot be read as a margin history ({error.strerror})",
            "check the path and the permissions")) from error
    return MarginSource(margin_histories_of(path.name, content),
                        StoredFile(FOLDER + path.name, content))


def is_margin_file(file: StoredFile) -> bool:
    """Say whether an input of a project is a margin history."""
    return file.name.startswith(FOLDER)


def read_kept_margins(files: Iterable[StoredFile]
                      ) -> tuple[MarginSource | None, tuple[Problem, ...]]:
    """Read the kept file again; one that this version cannot read is a problem."""
    for file in filter(is_margin_file, files):
        try:
            return MarginSource(
                margin_histories_of(file.name.removeprefix(FOLDER), file.content), file), ()
        except UnusableInputError as error:
            return None, error.problems
    return None, ()
