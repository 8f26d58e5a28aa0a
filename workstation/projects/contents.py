"""What one review file holds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from workstation.base.problem import Problem
from workstation.book.book import Book
from workstation.book.what_if import Branch
from workstation.projects.audit import AuditEntry
from workstation.results.run import Run


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An imported file with its original bytes."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Return the hash reports print."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredText:
    """A design, overlay or scenario as its whole text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """A parameter edition as its whole text, so that a review reruns years later."""

    folder: str
    filename: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A remark of a reviewer."""

    at: datetime
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Approval:
    """A decision on the review: what was decided, by whom, on which conditions."""

    at: datetime
    author: str
    decision: str
    conditions: str = ""


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One kept version of a design, as its whole text."""

    name: str
    version: str
    at: datetime
    author: str
    note: str
    text: str


@dataclass(frozen=True, slots=True)
class ProjectContents:
    """Everything a saved review needs to reopen with the same numbers, and to compute them again.

    `mapping` is the column mapping chosen at import, as JSON text. `problems` is what was found
    wrong with the file while loading; it is never saved.
    """

    client: str
    saved_at: datetime
    book: Book
    run: Run | None = None
    inputs: tuple[StoredFile, ...] = ()
    input_problems: tuple[Problem, ...] = ()
    mapping: str = ""
    designs: tuple[StoredText, ...] = ()
    parameters: tuple[StoredEdition, ...] = ()
    overlays: tuple[StoredText, ...] = ()
    scenarios: tuple[StoredText, ...] = ()
    notes: tuple[Note, ...] = ()
    approvals: tuple[Approval, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    branches: tuple[Branch, ...] = ()
    design_versions: tuple[StoredVersion, ...] = ()
    problems: tuple[Problem, ...] = ()


def texts_sha256(contents: ProjectContents) -> str:
    """Return one hash over every text of a review, so that none can change unnoticed."""
    said = [
        contents.client, contents.saved_at.isoformat(), contents.mapping,
        [[t.name, t.text] for t in (*contents.designs, *contents.overlays, *contents.scenarios)],
        [[e.folder, e.filename, e.text] for e in contents.parameters],
        [[n.at.isoformat(), n.author, n.text] for n in contents.notes],
        [[a.at.isoformat(), a.author, a.decision, a.conditions] for a in contents.approvals],
        [file.name for file in contents.inputs],
    ]
    if contents.design_versions:  # files of version 1 have none
        said.append([[v.name, v.version, v.at.isoformat(), v.author, v.note, v.text]
                     for v in contents.design_versions])
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
