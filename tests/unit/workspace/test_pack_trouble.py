"""A pack that cannot be written: one sentence, nothing half written, the earlier pack whole."""

import errno
import os
from pathlib import Path

import pytest

from workstation.base.problem import UnusableInputError
from workstation.cli.main import main
from workstation.workspace.pack import MEMO, REVIEW, WEB, write_pack
from workstation.workspace.session import Session, sample_books

INCOME = next(p for p in sample_books() if p.stem == "larkfield_income")
PARTS = (REVIEW, WEB, MEMO)


@pytest.fixture(scope="module")
def pack():
    session = Session.from_file(INCOME)
    session.settled()
    return session.pack()


def held(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class Cut:
    """A file that takes the first bytes and then fails, once so many files are written."""

    def __init__(self, monkeypatch, after, error):
        self.left, self.error, self.opened = after, error, os.fdopen
        monkeypatch.setattr(os, "fdopen", self)

    def __call__(self, handle, mode="r", *rest, **more):
        file = self.opened(handle, mode, *rest, **more)
        if "w" not in mode:
            return file
        self.left -= 1
        return _Failing(file, self.error) if self.left < 0 else file


class _Failing:
    def __init__(self, file, error):
        self.file, self.error = file, error

    def __enter__(self):
        return self

    def __exit__(self, *about):
        self.file.close()

    def write(self, content):
        self.file.write(content[:100])
        raise self.error


FULL = OSError(errno.ENOSPC, "No space left on device")
DENIED = PermissionError(errno.EACCES, "Permission denied")


@pytest.mark.parametrize("after", range(len(PARTS)))
@pytest.mark.parametrize(("error", "way_out"), [
    (FULL, "No space left on device); free some space, or choose another folder"),
    (DENIED, "Permission denied); choose another folder")])
def test_a_write_cut_short_leaves_nothing(pack, tmp_path, monkeypatch, after, error, way_out):
    folder = tmp_path / "new"
    Cut(monkeypatch, after, error)
    with pytest.raises(UnusableInputError) as caught:
        write_pack(pack, folder, parts=PARTS)
    assert way_out in str(caught.value)
    assert PARTS[after] in str(caught.value)
    assert not held(folder)


@pytest.mark.parametrize("after", range(len(PARTS)))
def test_a_write_cut_short_leaves_the_earlier_pack(pack, tmp_path, monkeypatch, after):
    for name in (*PARTS, "notes.txt"):
        (tmp_path / name).write_bytes(b"earlier " + name.encode())
    before = held(tmp_path)
    Cut(monkeypatch, after, FULL)
    with pytest.raises(UnusableInputError):
        write_pack(pack, tmp_path, parts=PARTS)
    assert held(tmp_path) == before


@pytest.mark.parametrize("locked", PARTS)
def test_a_file_that_does_not_give_way_leaves_the_earlier_pack(pack, tmp_path, monkeypatch, locked):
    for name in PARTS:
        (tmp_path / name).write_bytes(b"earlier " + name.encode())
    before, replace = held(tmp_path), Path.replace

    def move(self, target):
        if self.name == locked:
            raise PermissionError(errno.EACCES, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", move)
    with pytest.raises(UnusableInputError, match="choose another folder"):
        write_pack(pack, tmp_path, parts=PARTS)
    monkeypatch.undo()
    assert held(tmp_path) == before


def test_a_pack_replaces_the_earlier_one(pack, tmp_path):
    (tmp_path / MEMO).write_bytes(b"earlier")
    written = write_pack(pack, tmp_path, parts=PARTS)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(PARTS)
    assert [path.name for path in written] == list(PARTS)
    assert (tmp_path / MEMO).read_bytes().startswith(b"%PDF-")


def test_the_command_says_so_in_one_sentence(tmp_path, monkeypatch, capsys):
    Cut(monkeypatch, 1, FULL)
    assert main(["review", str(INCOME), "--design", "today", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("crossmargin: ")
    assert said.count("\n") == 1
    assert "free some space" in said
    assert not held(tmp_path)
