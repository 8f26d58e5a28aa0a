"""A review as plain state: what its file keeps, and what it becomes when a file is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from workstation.base.problem import Problem, UnusableInputError
from workstation.base.progress import Progress, silent
from workstation.book.book import Book
from workstation.book.what_if import Branch
from workstation.harmonised.design import Design
from workstation.harmonised.design_text import design_text, parse_design
from workstation.importers.imported import Imported
from workstation.parameters.store import Edition, parse_edition
from workstation.projects.audit import AuditEntry, appended
from workstation.projects.contents import (
    Approval,
    ProjectContents,
    StoredEdition,
    StoredFile,
    StoredText,
    StoredVersion,
)
from workstation.projects.load import load_project
from workstation.results.run import Run
from workstation.workspace.design_versions import DesignVersion
from workstation.workspace.importing import Reading, kept_mapping, read_file
from workstation.workspace.margin_sources import MarginSource, is_margin_file, read_kept_margins
from workstation.workspace.people import author
from workstation.workspace.review import Stress
from workstation.workspace.risk_sources import (
    NOT_STORED,
    RiskSource,
    compiled_folders,
    is_risk_file,
    not_stored,
    read_kept,
)

STRESS_DEFAULTS = asdict(Stress())


@dataclass(frozen=True, slots=True)
class Input:
    """An imported file: its name and original bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class State:
    """Everything a review is made of; `designs` empty means those shipped by default.

    `pinned` holds the editions the saved figures were computed under, by folder. Of the
    risk-parameter files only those are kept whose bytes are at hand.
    """

    book: Book
    inputs: tuple[Input, ...] = ()
    input_problems: tuple[Problem, ...] = ()
    overlays: tuple[Edition, ...] = ()
    pinned: Mapping[str, Edition] = field(default_factory=dict)
    designs: tuple[Design, ...] = ()
    stress: Stress = field(default_factory=Stress)
    run: Run | None = None
    mapping: str = ""
    audit: tuple[AuditEntry, ...] = ()
    risk_files: tuple[RiskSource, ...] = ()
    branches: tuple[Branch, ...] = ()
    approvals: tuple[Approval, ...] = ()
    design_versions: tuple[DesignVersion, ...] = ()
    margin_source: MarginSource | None = None


def read_client_file(path: Path, progress: Progress = silent, *, as_of: date | None = None,
                     password: str | None = None) -> State:
    """Import a client's file into a new review; raises UnusableInputError with a sentence."""
    progress(0.0, f"Reading {path.name}")
    return state_of(read_file(path, as_of=as_of, password=password), path)


def state_of(reading: Reading, path: Path) -> State:
    """Return a new review of a file as it was read; raises UnusableInputError without a book."""
    imported = reading.imported
    if imported.book is None:
        raise UnusableInputError(*_reasons(imported))
    steps = "".join(f"; {step.words}" for step in reading.recipe.steps)
    return State(
        imported.book, (Input(path.name, path.read_bytes()),), imported.problems,
        mapping=kept_mapping(reading),
        audit=noted((), "imported",
                    f"{path.name}, {imported.rows_read} rows, {imported.outcome}{steps}"))


def read_project(path: Path, progress: Progress = silent, *, as_of: date | None = None) -> State:
    """Open a saved review with its numbers as saved, its editions and its designs.

    Its date is part of it: raises UnusableInputError where another one is asked for.
    """
    progress(0.0, f"Opening {path.name}")
    saved = load_project(path)
    if as_of is not None and as_of != saved.book.as_of:
        raise UnusableInputError(Problem(
            path.name, f"this review is as of {saved.book.as_of}, not {as_of}",
            "leave the date out, or import the client's file again as of the other date"))
    return _state(saved, path)


def noted(trail: tuple[AuditEntry, ...], action: str, detail: str) -> tuple[AuditEntry, ...]:
    """Return an audit trail with one more entry, of now and of the present user."""
    return appended(trail, datetime.now(UTC), author(), action, detail)


def contents(state: State) -> ProjectContents:
    """Return everything the project file keeps of a review."""
    return ProjectContents(
        client=state.book.name,
        saved_at=datetime.now(UTC),
        book=state.book,
        run=state.run,
        inputs=(*(StoredFile(item.name, item.content) for item in state.inputs),
                *(source.file for source in state.risk_files if source.file is not None),
                *(() if state.margin_source is None else (state.margin_source.file,))),
        input_problems=tuple(p for p in state.input_problems if p.what != NOT_STORED),
        mapping=state.mapping,
        designs=tuple(StoredText(d.name, design_text(d)) for d in state.designs),
        parameters=tuple(_stored(state.pinned)),
        overlays=tuple(StoredText(o.path.name, o.text) for o in state.overlays),
        scenarios=(StoredText("stress", json.dumps(asdict(state.stress))),),
        approvals=state.approvals,
        audit=state.audit,
        branches=state.branches,
        design_versions=tuple(map(_stored_version, state.design_versions)),
    )


def _state(saved: ProjectContents, path: Path) -> State:
    stresses = [_stress(scenario.text) for scenario in saved.scenarios]
    risk_files, unread = read_kept(filter(is_risk_file, saved.inputs), compiled_folders(path))
    margins, unread_margins = read_kept_margins(saved.inputs)
    return State(
        saved.book,
        tuple(Input(item.name, item.content) for item in saved.inputs
              if not is_risk_file(item) and not is_margin_file(item)),
        (*saved.input_problems, *saved.problems, *unread, *unread_margins,
         *not_stored(saved.run, saved.inputs)),
        tuple(parse_edition(o.text, Path(o.name)) for o in saved.overlays),
        {e.folder: parse_edition(e.text, Path(e.filename)) for e in saved.parameters},
        tuple(parse_design(d.text, d.name) for d in saved.designs),
        stresses[-1] if stresses else Stress(),
        saved.run, saved.mapping, saved.audit, risk_files, saved.branches, saved.approvals,
        tuple(map(_version, saved.design_versions)), margins)


def _stored_version(kept: DesignVersion) -> StoredVersion:
    if kept.at is None:
        raise ValueError("a shipped version is never stored")
    design = kept.design
    return StoredVersion(design.name, design.version, kept.at, kept.author, kept.note,
                         design_text(design))


def _version(stored: StoredVersion) -> DesignVersion:
    return DesignVersion(parse_design(stored.text, stored.name), stored.at, stored.author,
                         stored.note)


def _stress(text: str) -> Stress:
    """Read a kept stress; what an older file did not know yet is as unless given."""
    kept = {**STRESS_DEFAULTS, **json.loads(text)}
    return msgspec.convert({name: kept[name] for name in STRESS_DEFAULTS}, Stress)


def _stored(editions: Mapping[str, Edition]) -> Iterable[StoredEdition]:
    return (StoredEdition(folder, e.path.name, e.text) for folder, e in sorted(editions.items()))


def _reasons(imported: Imported) -> tuple[Problem, ...]:
    return imported.problems or (Problem(
        imported.path.name, f"recognised as {imported.kind}, which holds no positions",
        "open a file of positions", "error"),)
