"""Open client files and saved reviews, and write saved reviews."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.base.problem import Problem, UnusableInputError
from workstation.base.progress import Progress, silent
from workstation.cascade.client import MODE as EQUILIBRIUM
from workstation.cascade.regimes import SILOS
from workstation.harmonised.design_text import design_text, parse_design
from workstation.importers import import_file
from workstation.importers.imported import Imported
from workstation.parameters.store import Edition, parse_edition
from workstation.projects.audit import appended
from workstation.projects.contents import (
    ProjectContents,
    StoredEdition,
    StoredFile,
    StoredText,
)
from workstation.projects.load import load_project
from workstation.projects.recovery import discard_recovery, find_recovery, write_recovery
from workstation.projects.save import save_project as write_project

if TYPE_CHECKING:
    from workstation.workspace.session import Session


def open_client_file(path: Path, progress: Progress = silent, *, as_of: date | None = None,
                     password: str | None = None) -> Session:
    """Import a client's file into a new review; raises UnusableInputError with a sentence."""
    from workstation.workspace.session import Input, Session

    progress(0.0, f"Reading {path.name}")
    imported = import_file(path, as_of=as_of, password=password)
    if imported.book is None:
        raise UnusableInputError(*_reasons(imported))
    session = Session(imported.book, inputs=(Input(path.name, path.read_bytes()),),
                      input_problems=imported.problems)
    session.mapping = json.dumps([asdict(choice) for choice in imported.mapping])
    session.note("imported", f"{path.name}, {imported.rows_read} rows, {imported.outcome}")
    return session


def open_project(path: Path, progress: Progress = silent) -> Session:
    """Open a saved review with its numbers as saved, its editions and its designs."""
    progress(0.0, f"Opening {path.name}")
    return _session(load_project(path), path)


def save_project(session: Session, path: Path) -> None:
    """Write the review to its file and drop the autosave beside it."""
    session.note("saved", path.name)
    write_project(path, contents(session))
    discard_recovery(path)


def autosave(session: Session) -> Path | None:
    """Write the review beside its file, for recovery; None for a review never saved."""
    if session.project_path is None:
        return None
    return write_recovery(session.project_path, contents(session))


def recovered(path: Path) -> Session | None:
    """Return the autosaved review later than the project file, if there is one."""
    candidate = find_recovery(path)
    return None if candidate is None else _session(load_project(candidate), path)


def contents(session: Session) -> ProjectContents:
    """Return everything the project file keeps of a review."""
    used = session.rules.used_without_overlays() if session.rules else session.pinned
    return ProjectContents(
        client=session.book.name,
        saved_at=datetime.now(UTC),
        book=session.book,
        run=session.run,
        inputs=tuple(StoredFile(item.name, item.content) for item in session.inputs),
        input_problems=session.input_problems,
        mapping=session.mapping,
        designs=tuple(StoredText(d.name, design_text(d)) for d in session.designs),
        parameters=tuple(_stored(used)),
        overlays=tuple(StoredText(o.path.name, o.text) for o in session.overlays),
        scenarios=(StoredText("stress", json.dumps(asdict(session.stress))),),
        audit=session.audit,
    )


def _session(saved: ProjectContents, path: Path) -> Session:
    from workstation.workspace.review import Stress
    from workstation.workspace.session import Input, Session

    session = Session(
        saved.book,
        inputs=tuple(Input(item.name, item.content) for item in saved.inputs),
        input_problems=(*saved.input_problems, *saved.problems),
        overlays=tuple(parse_edition(o.text, Path(o.name)) for o in saved.overlays),
    )
    session.pinned = {e.folder: parse_edition(e.text, Path(e.filename)) for e in saved.parameters}
    if saved.designs:
        session.designs = tuple(parse_design(d.text, d.name) for d in saved.designs)
    for scenario in saved.scenarios:
        kept = json.loads(scenario.text)
        shocks = tuple((factor, move) for factor, move in kept["shocks"])
        session.stress = Stress(kept["scenario"], kept["multiplier"], shocks,
                                kept.get("mode", EQUILIBRIUM), kept.get("under", SILOS),
                                kept.get("paths", 0), kept.get("seed", 1),
                                kept.get("minutes", 0.0))
    session.run, session.project_path = saved.run, path
    session.mapping, session.audit = saved.mapping, saved.audit
    return session


def _stored(used: Mapping[str, Edition]) -> Iterable[StoredEdition]:
    return (StoredEdition(folder, e.path.name, e.text) for folder, e in sorted(used.items()))


def _reasons(imported: Imported) -> tuple[Problem, ...]:
    return imported.problems or (Problem(
        imported.path.name, f"recognised as {imported.kind}, which holds no positions",
        "open a file of positions", "error"),)


def audited(session: Session, action: str, detail: str) -> None:
    """Add one entry to the review's trail."""
    session.audit = appended(session.audit, datetime.now(UTC), _author(), action, detail)


def _author() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown user"
