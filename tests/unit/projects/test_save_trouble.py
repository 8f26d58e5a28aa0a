"""What is said when a review cannot be saved, and that the file stays whole."""

import errno
import os
import sqlite3

import pytest

from workstation.base.problem import UnusableInputError
from workstation.projects import save
from workstation.projects.save import FULL, GONE, LOCKED, PROTECTED, trouble
from workstation.workspace.session import Session, sample_books


@pytest.fixture(scope="module")
def session():
    return Session.from_file(next(b for b in sample_books() if "larkfield" in b.stem))


@pytest.mark.parametrize(("error", "said"), [
    (OSError(errno.EACCES, "Permission denied"), PROTECTED),
    (OSError(errno.EROFS, "Read-only file system"), PROTECTED),
    (OSError(errno.ENOSPC, "No space left on device"), FULL),
    (OSError(errno.EBUSY, "Device or resource busy"), LOCKED),
    (FileNotFoundError(errno.ENOENT, "No such file or directory"), GONE),
    (sqlite3.OperationalError("attempt to write a readonly database"), PROTECTED),
    (sqlite3.OperationalError("database or disk is full"), FULL),
    (sqlite3.OperationalError("database is locked"), LOCKED),
])
def test_every_trouble_has_its_way_out(error, said):
    assert trouble(error) == said


def test_what_is_not_known_is_quoted():
    what, remedy = trouble(OSError(errno.EIO, "Input/output error"))
    assert what == "Input/output error"
    assert "another name" in remedy


def test_windows_says_locked_by_numbers_of_its_own():
    error = PermissionError(errno.EACCES, "The process cannot access the file")
    error.winerror = 32
    assert trouble(error) == LOCKED


def test_a_file_open_elsewhere_is_named_and_kept(session, tmp_path, monkeypatch):
    monkeypatch.setattr(save, "BUSY_SECONDS", 0.05)
    path = session.save(tmp_path / "review.crossmargin")
    before = path.read_bytes()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(UnusableInputError, match="another program has the file open; "):
            session.save(path)
    finally:
        other.rollback()
        other.close()
    assert path.read_bytes() == before
    assert session.save(path) == path


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_protected_folder_is_named(session, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o500)
    with pytest.raises(UnusableInputError, match="may not be written to"):
        session.save(folder / "review.crossmargin")


def test_a_full_disk_leaves_the_old_file(session, tmp_path, monkeypatch):
    path = session.save(tmp_path / "review.crossmargin")
    before = path.read_bytes()

    def full(connection, contents):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(save, "_fill", full)
    with pytest.raises(UnusableInputError, match="the disk is full"):
        session.save(path)
    assert path.read_bytes() == before
    with pytest.raises(UnusableInputError, match="free some space"):
        session.save(tmp_path / "other.crossmargin")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["review.crossmargin"]
