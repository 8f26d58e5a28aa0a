"""A review as something to compare with: from a project, a review.json, or a position file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.base.problem import Problem, UnusableInputError
from workstation.base.progress import Progress, silent
from workstation.base.resources import resource_root
from workstation.book.book import Book
from workstation.harmonised.design import Design, shipped
from workstation.parameters.store import Edition, editions
from workstation.projects.codec import UnreadableError
from workstation.projects.state import book_codec
from workstation.reports.dossier.pack import data_hash
from workstation.results.exceptions import exception_rows
from workstation.results.run import Run
from workstation.rulebooks.span.parameters import RiskParameters

if TYPE_CHECKING:
    from workstation.workspace.session import Session

SCHEMA = "crossmargin.review/"
RISK_SUFFIXES = (".pa2", ".spn", ".zip")
Recorded = Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One review with what it was computed from, and its figures as they were on record.

    `recorded` is by measure and account; `since` says from which review on an exception stands.
    """

    book: Book
    overlays: tuple[Edition, ...]
    pinned: Mapping[str, Edition]
    risk_files: tuple[RiskParameters, ...]
    designs: tuple[Design, ...]
    recorded: Recorded
    sha256: str
    since: Mapping[str, date] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_reviewed(path: Path, progress: Progress = silent, *,
                  as_of: date | None = None) -> Reviewed:
    """Read a project, a review.json or a position file; raises UnusableInputError."""
    from workstation.workspace.session import Session

    if path.suffix.lower() == ".json":
        document = _document(path)
        if document is not None:
            return _of_document(path, document)
    session = Session.from_file(path, progress, as_of=as_of)
    if session.run is None:
        session.run = session.review(progress)
    return of_session(session)


def of_session(session: Session) -> Reviewed:
    """Return a session's review; it must have been computed."""
    from workstation.workspace.changes import recorded_amounts

    run = session.run
    assert run is not None
    state = session.state()
    return Reviewed(
        run.book, state.overlays, dict(state.pinned), session.risk_files,
        tuple(d for d in session.designs if run.design(d.name) is not None),
        recorded_amounts(run), data_hash(run), _since(run))


def _since(run: Run) -> dict[str, date]:
    return {row.key: row.since for row in exception_rows(run)}


def _document(path: Path) -> dict[str, Any] | None:
    """Return the document of a review.json; None for another JSON file."""
    try:
        found = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    except OSError as error:
        raise _refusal(path, f"the file cannot be read ({error.strerror})",
                       "check its name and that you may read it") from error
    except (UnicodeDecodeError, json.JSONDecodeError):
        return None
    schema = found.get("schema") if isinstance(found, dict) else None
    return found if isinstance(schema, str) and schema.startswith(SCHEMA) else None


def _of_document(path: Path, document: dict[str, Any]) -> Reviewed:
    from workstation.workspace.changes import INITIAL, MAINTENANCE

    if "book" not in document:
        raise _refusal(path, "this review.json was written without its book",
                       "give the project or the position file of the earlier review")
    try:
        book = book_codec().of_plain(document["book"])
        silos = document["silos"]
        recorded = {
            (MAINTENANCE, ""): Decimal(silos["maintenance"]),
            (INITIAL, ""): Decimal(silos["initial"]),
            **{(MAINTENANCE, a["account_id"]): Decimal(a["maintenance"])
               for a in silos["accounts"]},
            **{(f"Design {d['design']}", ""): Decimal(d["maintenance"])
               for d in document["designs"]}}
        since = {row["key"]: date.fromisoformat(row["since"])
                 for row in document.get("exceptions", ())}
        names = [d["design"] for d in document["designs"]]
        sha = str(document["inputs_sha256"])
        used, inputs = document["parameters"], list(document["inputs"])
    except (KeyError, TypeError, ValueError, ArithmeticError, UnreadableError) as error:
        raise _refusal(path, f"this review.json is damaged ({error})",
                       "give the project or the position file of the earlier review") from error
    pinned, lost = _pinned(used)
    designs = tuple(shipped()[name] for name in names if name in shipped())
    return Reviewed(book, (), pinned, (), designs, recorded, sha, since, (
        *lost, *_unread(path.name, names, inputs)))


def _unread(name: str, designs: Sequence[str], inputs: Sequence[str]) -> tuple[str, ...]:
    """Say what a review.json does not hold; its effect stands under the method."""
    own = [design for design in designs if design not in shipped()]
    files = [item for item in inputs if item.lower().endswith(RISK_SUFFIXES)]
    notes = []
    if own:
        notes.append(f"{name} does not hold the designs {', '.join(own)}: they are not compared.")
    if files:
        notes.append(f"{name} does not hold {', '.join(files)}: futures of the earlier review are "
                     "margined without, and the difference stands under Method.")
    return tuple(notes)


def _pinned(used: Mapping[str, str]) -> tuple[dict[str, Edition], tuple[str, ...]]:
    """Return the shipped editions a document names, and notes on those that are not shipped."""
    found: dict[str, Edition] = {}
    for folder in sorted((resource_root() / "parameters").iterdir()):
        for edition in editions(folder) if folder.is_dir() else ():
            if used.get(edition.rule) == edition.edition:
                found[folder.name] = edition
    known = {edition.rule for edition in found.values()}
    return found, tuple(
        f"The edition {edition} of {rule} is not shipped: today's is used for the earlier review, "
        "and the difference stands under Method."
        for rule, edition in used.items() if rule not in known)


def _refusal(path: Path, what: str, remedy: str) -> UnusableInputError:
    return UnusableInputError(Problem(str(path), what, remedy, "error"))
