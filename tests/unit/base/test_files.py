"""Files are written whole, and a refused write is one sentence with the way out."""

import errno

import pytest

from workstation.base.files import write_all, write_whole, writing
from workstation.base.problem import UnusableInputError


def test_a_file_is_replaced_whole_and_a_refused_one_leaves_the_old(tmp_path):
    path = tmp_path / "review.xlsx"
    path.write_bytes(b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    with pytest.raises(OSError, match="missing"):
        write_whole(tmp_path / "missing" / "review.xlsx", b"newer")
    assert path.read_bytes() == b"new"
    assert [item.name for item in tmp_path.iterdir()] == ["review.xlsx"]


def test_a_folder_of_files_is_made_and_written(tmp_path):
    folder = tmp_path / "new" / "pack"
    paths = write_all(folder, {"a.json": b"{}", "b.pdf": b"%PDF"})
    assert [path.read_bytes() for path in paths] == [b"{}", b"%PDF"]
    assert sorted(item.name for item in folder.iterdir()) == ["a.json", "b.pdf"]


@pytest.mark.parametrize(("number", "exists", "remedy"), [
    (errno.ENOSPC, False, "free some space, or choose another folder"),
    (errno.EACCES, True, "close it in the program that has it open, or choose another folder"),
    (errno.EACCES, False, "choose another folder"),
    (errno.ENOENT, False, "choose another folder")])
def test_a_refused_write_says_where_what_and_what_to_do(tmp_path, number, exists, remedy):
    target = tmp_path / "pack.xlsx"
    if exists:
        target.write_bytes(b"old")
    with pytest.raises(UnusableInputError) as refused, writing(target, "the pack"):
        raise OSError(number, "no")
    (problem,) = refused.value.problems
    assert (problem.where, problem.what, problem.remedy) == (
        str(target), "the pack cannot be written there (no)", remedy)


def test_other_errors_pass():
    with pytest.raises(ValueError, match="a bug"), writing(None):
        raise ValueError("a bug")
