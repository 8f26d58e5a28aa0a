"""Write the margin of a review back into a copy of the client's own workbook."""

from __future__ import annotations

import json
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.importers.directed import place_of
from workstation.reports.write_back import write_back
from workstation.results.run import Run
from workstation.workspace.session import Session
from workstation.workspace.state import Input


def write_margin_back(session: Session, run: Run, path: Path) -> Path:
    """Write the copy and return its path; raises UnusableInputError with the way out."""
    source = client_file(session)
    return write_back(run, source.content, source.name, header_rows(session.mapping), path)


def client_file(session: Session) -> Input:
    """Return the file the book was imported from last; raises UnusableInputError without one."""
    if not session.inputs:
        raise UnusableInputError(Problem(
            session.book.name, "the review keeps no client file to write into",
            "import the client's workbook"))
    return session.inputs[-1]


def header_rows(mapping: str) -> dict[str, int]:
    """Return the header row (from 1) of each sheet, as the review keeps its mapping."""
    kept = json.loads(mapping) if mapping else []
    choices = kept.get("columns", []) if isinstance(kept, dict) else kept
    rows: dict[str, int] = {}
    for choice in choices:
        place = place_of(str(choice.get("where", "")))
        if place is not None:
            rows.setdefault(place[0], place[1] + 1)
    return rows


def copy_name(name: str) -> str:
    """Return what the copy is called unless the user names it."""
    path = Path(name)
    return f"{path.stem}-margin{path.suffix}"
