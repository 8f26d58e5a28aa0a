"""Read a review back from its project file."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.book.what_if import Branch
from workstation.projects import schema
from workstation.projects.audit import AuditEntry, verify_audit
from workstation.projects.codec import UnreadableError
from workstation.projects.columns import ColumnBlob
from workstation.projects.contents import (
    Approval,
    Note,
    ProjectContents,
    StoredEdition,
    StoredFile,
    StoredText,
    StoredVersion,
    texts_sha256,
)
from workstation.projects.header import Header, header_of
from workstation.projects.state import book_codec, branch_codec, problems_codec, run_codec
from workstation.results.run import Run

DAMAGED = "close it elsewhere, or open a copy or the recovery file beside it"


def load_project(path: Path,
                 migrations: Mapping[int, schema.Migration] = schema.MIGRATIONS) -> ProjectContents:
    """Return what the file holds; raises UnusableInputError with a sentence where it cannot.

    A broken audit trail or unreadable results do not stop the review from opening: they are named
    in `problems`.
    """
    header = _checked_header(path, migrations)
    try:
        if header.version < schema.VERSION:
            return _load_migrated(path, migrations)
        with closing(_opened(path)) as connection:
            return _read(connection, path.name)
    except (sqlite3.Error, OSError, UnreadableError, ValueError, TypeError, KeyError) as error:
        raise _refusal(path, f"the file is damaged or in use ({error})", DAMAGED) from error


def saved_at(path: Path) -> datetime | None:
    """Return when the review in a file was saved, None where there is no readable review."""
    try:
        header = header_of(path)
        if header is None or not header.is_review:
            return None
        with closing(_opened(path)) as connection:
            stamp = datetime.fromisoformat(_about(connection)["saved_at"])
            return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    except (sqlite3.Error, OSError, ValueError, KeyError):
        return None


def stored_columns(path: Path) -> dict[str, tuple[ColumnBlob, ...]]:
    """Return the result tables of a file as columns, for those who read it without the product."""
    with closing(_opened(path)) as connection:
        found: dict[str, list[ColumnBlob]] = {
            name: [] for (name,) in connection.execute(
                "SELECT name FROM result_table ORDER BY position")}
        for table, *blob in connection.execute(
                "SELECT table_name, field, heading, kind, data FROM result_column "
                "ORDER BY table_name, position"):
            found[table].append(ColumnBlob(*blob))
    return {name: tuple(blobs) for name, blobs in found.items()}


def _checked_header(path: Path, migrations: Mapping[int, schema.Migration]) -> Header:
    try:
        header = header_of(path)
    except OSError as error:
        raise _refusal(path, f"the file cannot be read ({error.strerror})",
                       "check its name and that you may read it") from error
    if header is None or not header.is_review:
        raise _refusal(path, "this is not a Crossmargin review",
                       "open a .crossmargin file, or import a workbook instead")
    if header.version > schema.VERSION:
        raise _refusal(path, "a newer version of Crossmargin wrote this review",
                       "update Crossmargin to open it")
    missing = [v for v in range(header.version, schema.VERSION) if v not in migrations]
    if missing:
        raise _refusal(path, f"its format {header.version} is no longer known",
                       "import the client's files again")
    return header


def _refusal(path: Path, what: str, remedy: str) -> UnusableInputError:
    return UnusableInputError(Problem(str(path), what, remedy, "error"))


def _opened(path: Path) -> sqlite3.Connection:
    """Open an existing file; writable where it may be, so that a killed save is rolled back."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)


def _load_migrated(path: Path, migrations: Mapping[int, schema.Migration]) -> ProjectContents:
    """Read an older file through a copy brought up to date; the file itself stays as it is."""
    with tempfile.TemporaryDirectory(prefix="crossmargin-") as folder:
        copy = sqlite3.connect(Path(folder) / path.name, isolation_level=None)
        with closing(copy), closing(_opened(path)) as original:
            original.backup(copy)
            schema.migrate(copy, migrations)
            return _read(copy, path.name)


def _read(connection: sqlite3.Connection, name: str) -> ProjectContents:
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise ValueError(verdict)
    about = _about(connection)
    state = _state(connection)
    run, run_problem = _run(state, name)
    trail = _trail(connection)
    doubts = (run_problem, verify_audit(trail))
    contents = ProjectContents(
        client=about["client"],
        saved_at=datetime.fromisoformat(about["saved_at"]),
        book=book_codec().decode(state["book"]),
        run=run,
        inputs=_inputs(connection),
        input_problems=problems_codec().decode(state["input_problems"]),
        mapping=about["mapping"],
        designs=_texts(connection, "design"),
        parameters=_editions(connection),
        overlays=_texts(connection, "overlay"),
        scenarios=_texts(connection, "scenario"),
        notes=_notes(connection),
        approvals=_approvals(connection),
        audit=trail,
        branches=_branches(connection),
        design_versions=_versions(connection),
        problems=tuple(problem for problem in doubts if problem is not None),
    )
    if texts_sha256(contents) != about["texts_sha256"]:
        raise ValueError("its texts are not what was saved")
    return contents


def _about(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT key, value FROM about"))


def _state(connection: sqlite3.Connection) -> dict[str, bytes]:
    state: dict[str, bytes] = {}
    for name, sha, content in connection.execute("SELECT name, sha256, content FROM state"):
        if hashlib.sha256(content).hexdigest() != sha:
            raise ValueError(f"the stored {name} is not what was saved")
        state[name] = content
    return state


def _run(state: Mapping[str, bytes], name: str) -> tuple[Run | None, Problem | None]:
    """Return the stored run; one that another version wrote differently is computed anew."""
    if "run" not in state:
        return None, None
    try:
        return run_codec().decode(state["run"]), None
    except UnreadableError:
        return None, Problem(name, "its results were written by another version",
                             "compute the review again")


def _inputs(connection: sqlite3.Connection) -> tuple[StoredFile, ...]:
    files = []
    query = "SELECT name, sha256, content FROM input ORDER BY position"
    for name, sha, content in connection.execute(query):
        file = StoredFile(name, content)
        if file.sha256 != sha:
            raise ValueError(f"the stored file {name} is not what was imported")
        files.append(file)
    return tuple(files)


def _texts(connection: sqlite3.Connection, table: str) -> tuple[StoredText, ...]:
    rows = connection.execute(f"SELECT name, text FROM {table} ORDER BY position")
    return tuple(StoredText(name, text) for name, text in rows)


def _editions(connection: sqlite3.Connection) -> tuple[StoredEdition, ...]:
    rows = connection.execute("SELECT folder, filename, text FROM edition ORDER BY position")
    return tuple(StoredEdition(*row) for row in rows)


def _notes(connection: sqlite3.Connection) -> tuple[Note, ...]:
    rows = connection.execute("SELECT at, author, text FROM note ORDER BY position")
    return tuple(Note(datetime.fromisoformat(at), author, text) for at, author, text in rows)


def _approvals(connection: sqlite3.Connection) -> tuple[Approval, ...]:
    rows = connection.execute(
        "SELECT at, author, decision, conditions FROM approval ORDER BY position")
    return tuple(Approval(datetime.fromisoformat(at), *rest) for at, *rest in rows)


def _branches(connection: sqlite3.Connection) -> tuple[Branch, ...]:
    found = []
    for name, sha, content in connection.execute(
            "SELECT name, sha256, content FROM branch ORDER BY position"):
        if hashlib.sha256(content).hexdigest() != sha:
            raise ValueError(f"the stored what-if {name} is not what was saved")
        found.append(branch_codec().decode(content))
    return tuple(found)


def _versions(connection: sqlite3.Connection) -> tuple[StoredVersion, ...]:
    rows = connection.execute("SELECT name, version, at, author, note, text "
                              "FROM design_version ORDER BY position")
    return tuple(StoredVersion(name, version, datetime.fromisoformat(at), *rest)
                 for name, version, at, *rest in rows)


def _trail(connection: sqlite3.Connection) -> tuple[AuditEntry, ...]:
    rows = connection.execute(
        "SELECT number, at, author, action, detail, previous, sha256 FROM audit ORDER BY number")
    return tuple(
        AuditEntry(number, datetime.fromisoformat(at), author, action, detail, previous, sha)
        for number, at, author, action, detail, previous, sha in rows)
