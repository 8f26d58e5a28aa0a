"""Write a review to its project file, whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from workstation import __version__
from workstation.base.problem import Problem, UnusableInputError
from workstation.projects import schema
from workstation.projects.audit import AuditEntry
from workstation.projects.columns import column_blobs
from workstation.projects.contents import ProjectContents, texts_sha256
from workstation.projects.header import header_of
from workstation.projects.state import book_codec, branch_codec, problems_codec, run_codec
from workstation.results.run import Run
from workstation.results.tables import all_tables

BUSY_SECONDS = 0.4
"""How long a save waits for another one, which takes a tenth of it; the window waits with it."""
PROTECTED = ("the file or its folder may not be written to",
             "choose another folder with Save as, or take the write protection off")
FULL = ("the disk is full", "free some space and save again, or save to another disk")
LOCKED = ("another program has the file open",
          "close it there and save again, or save under another name")
GONE = ("its folder is not there any more", "choose another folder with Save as")
SHARING, SHARED = errno.EBUSY, (32, 33)
"""Windows says that a file is open elsewhere by error numbers of its own."""
BY_CODE = {errno.EACCES: PROTECTED, errno.EPERM: PROTECTED, errno.EROFS: PROTECTED,
           errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EBUSY: LOCKED, errno.ETXTBSY: LOCKED,
           errno.ENOENT: GONE, errno.ENOTDIR: GONE}
BY_WORDS = {"readonly": PROTECTED, "unable to open": PROTECTED, "full": FULL, "locked": LOCKED,
            "busy": LOCKED}


def save_project(path: Path, contents: ProjectContents) -> None:
    """Write the review; after a failure at any instant the file is the old one or the new one.

    The file of the same review is changed in one transaction. Any other file, and a new one, is
    replaced by a file written beside it. Raises UnusableInputError where it cannot be written.
    """
    try:
        if path.exists() and _continues(path, contents.audit):
            with closing(connect(path)) as connection, connection:
                connection.execute("BEGIN IMMEDIATE")
                _fill(connection, contents)
        else:
            _write_new(path, contents)
    except (OSError, sqlite3.Error) as error:
        what, remedy = trouble(error)
        kept = "; the file still holds what was saved before" if _is_there(path) else ""
        raise UnusableInputError(Problem(
            str(path), f"the review could not be saved: {what}", f"{remedy}{kept}",
            "error")) from error


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # the disk is gone, or its folder may not be looked into
        return False


def connect(path: Path) -> sqlite3.Connection:
    """Open a project file to write; every commit is on the disk before it returns."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def trouble(error: OSError | sqlite3.Error) -> tuple[str, str]:
    """Return what keeps a file from being written, and the way out, as two phrases."""
    if isinstance(error, OSError):
        said = error.strerror or str(error)
        code = SHARING if getattr(error, "winerror", None) in SHARED else error.errno
        found = BY_CODE.get(code or 0)
    else:
        said = str(error)
        found = next((way for words, way in BY_WORDS.items() if words in said), None)
    return found or (said, "save again, or under another name")


def saved_elsewhere(path: Path, trail: tuple[AuditEntry, ...]) -> bool:
    """Say whether a file holds a review of this version that is not an earlier state of this one.

    A file that cannot be read here holds nothing that could be lost by a save: that will say why.
    """
    try:
        stored = _stored_trail(path) if path.exists() else None
    except (OSError, sqlite3.Error):
        return False
    return bool(stored) and stored != [entry.sha256 for entry in trail[:len(stored or ())]]


def _continues(path: Path, trail: tuple[AuditEntry, ...]) -> bool:
    """Say whether the file is of this version and its audit trail is the start of this one."""
    stored = _stored_trail(path)
    return bool(stored) and stored == [entry.sha256 for entry in trail[:len(stored or ())]]


def _stored_trail(path: Path) -> list[str] | None:
    """Return the hashes of a file's audit trail, None where it is not of this version."""
    header = header_of(path)
    if header is None or not header.is_current:
        return None
    with closing(connect(path)) as connection:
        return [sha for (sha,) in connection.execute("SELECT sha256 FROM audit ORDER BY number")]


def _write_new(path: Path, contents: ProjectContents) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    os.close(handle)
    draft = Path(name)
    try:
        with closing(connect(draft)) as connection:
            schema.create(connection)
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                _fill(connection, contents)
        draft.chmod(_mode(path))
        # A journal left by a killed save of the old file must not be played into the new one.
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        draft.replace(path)
        _flush_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _mode(path: Path) -> int:
    """Return the permissions of the file replaced, or those a new file gets."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _flush_folder(folder: Path) -> None:
    """Put the new name on the disk; Windows does so itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _fill(connection: sqlite3.Connection, contents: ProjectContents) -> None:
    for table in schema.REWRITTEN:
        connection.execute(f"DELETE FROM {table}")
    _fill_state(connection, contents)
    _numbered(connection, "input", ((f.name, f.sha256, f.content) for f in contents.inputs))
    _numbered(connection, "design", ((d.name, d.text) for d in contents.designs))
    _numbered(connection, "edition",
              ((e.folder, e.filename, e.text) for e in contents.parameters))
    _numbered(connection, "overlay", ((o.name, o.text) for o in contents.overlays))
    _numbered(connection, "scenario", ((s.name, s.text) for s in contents.scenarios))
    _numbered(connection, "note", ((n.at.isoformat(), n.author, n.text) for n in contents.notes))
    _numbered(connection, "approval", (
        (a.at.isoformat(), a.author, a.decision, a.conditions) for a in contents.approvals))
    _numbered(connection, "branch", _branches(contents))
    _numbered(connection, "design_version", (
        (v.name, v.version, v.at.isoformat(), v.author, v.note, v.text)
        for v in contents.design_versions))
    if contents.run is not None:
        _fill_results(connection, contents.run)
    _fill_audit(connection, contents.audit)


def _fill_state(connection: sqlite3.Connection, contents: ProjectContents) -> None:
    about = {"client": contents.client, "saved_at": contents.saved_at.isoformat(),
             "product_version": __version__, "mapping": contents.mapping,
             "texts_sha256": texts_sha256(contents)}
    connection.executemany("INSERT INTO about VALUES (?, ?)", about.items())
    blobs = {"book": book_codec().encode(contents.book),
             "input_problems": problems_codec().encode(contents.input_problems)}
    if contents.run is not None:
        blobs["run"] = run_codec().encode(contents.run)
    connection.executemany("INSERT INTO state VALUES (?, ?, ?)", (
        (name, hashlib.sha256(data).hexdigest(), data) for name, data in blobs.items()))


def _numbered(connection: sqlite3.Connection, table: str,
              rows: Iterable[tuple[str | bytes, ...]]) -> None:
    for position, row in enumerate(rows):
        marks = ", ".join("?" * (len(row) + 1))
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", (position, *row))


def _branches(contents: ProjectContents) -> Iterable[tuple[str | bytes, ...]]:
    for branch in contents.branches:
        data = branch_codec().encode(branch)
        yield branch.name, hashlib.sha256(data).hexdigest(), data


def _fill_results(connection: sqlite3.Connection, run: Run) -> None:
    for position, table in enumerate(all_tables(run)):
        connection.execute("INSERT INTO result_table VALUES (?, ?, ?, ?)",
                           (table.name, position, table.about, len(table.rows)))
        connection.executemany("INSERT INTO result_column VALUES (?, ?, ?, ?, ?, ?)", (
            (table.name, place, blob.field, blob.heading, blob.kind, blob.data)
            for place, blob in enumerate(column_blobs(table))))


def _fill_audit(connection: sqlite3.Connection, trail: tuple[AuditEntry, ...]) -> None:
    (stored,) = connection.execute("SELECT count(*) FROM audit").fetchone()
    connection.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", (
        (e.number, e.at.isoformat(), e.author, e.action, e.detail, e.previous, e.sha256)
        for e in trail[stored:]))
