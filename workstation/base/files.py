"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError


def write_whole(path: Path, content: bytes) -> None:
    """Put a finished file in place in one step; raises OSError where it cannot be written."""
    draft = _drafted(path, content)
    try:
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def with_ending(path: Path, ending: str) -> Path:
    """Return a path that has an ending, put behind whatever stands there."""
    is_named = not ending or path.suffix.lower() == ending.lower()
    return path if is_named else path.with_name(path.name + ending)


class Together:
    """Files of one set, which appear all or not at all.

    Each is written beside its place first; `place` then puts them there, and puts the former ones
    back should one of them not give way.
    """

    def __init__(self) -> None:
        self._drafts: list[tuple[Path, Path]] = []

    def add(self, path: Path, content: bytes) -> None:
        """Write one file beside its place; raises OSError where it cannot be written."""
        self._drafts.append((_drafted(path, content), path))

    def place(self) -> None:
        """Put all files in place; raises OSError, naming the file, with the former ones back."""
        former: list[tuple[Path, Path]] = []
        new: list[Path] = []
        try:
            for draft, path in self._drafts:
                if path.exists():
                    kept = draft.with_suffix(".old")
                    path.replace(kept)
                    former.append((kept, path))
                draft.replace(path)
                new.append(path)
        except OSError:
            for path in new:
                path.unlink(missing_ok=True)
            for kept, path in former:
                kept.replace(path)
            raise
        for kept, _ in former:
            kept.unlink(missing_ok=True)

    def drop(self) -> None:
        """Remove what was written beside and is not in place."""
        for draft, _ in self._drafts:
            draft.unlink(missing_ok=True)


def _drafted(path: Path, content: bytes) -> Path:
    """Write a file beside its place and return it; nothing is left of one cut short."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o666 & ~mask)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def write_all(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files into a folder, made if needed, all or none; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    together = Together()
    try:
        for name, content in files.items():
            together.add(folder / name, content)
        together.place()
    finally:
        together.drop()
    return tuple(folder / name for name in files)


@contextmanager
def writing(target: Path, what: str = "") -> Iterator[None]:
    """Refuse with one sentence and the way out where what is inside cannot write `target`.

    `what` names what is written, as in "the pack". Raises UnusableInputError in place of OSError.
    """
    try:
        yield
    except OSError as error:
        said = f"{what} cannot be written there" if what else "cannot be written"
        raise UnusableInputError(Problem(
            str(target), f"{said} ({error.strerror or error})",
            way_out(error, target))) from error


def way_out(error: OSError, target: Path) -> str:
    """Return what the user can do about a failed write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "free some space, or choose another folder"
    if error.errno in (errno.EACCES, errno.EPERM) and target.is_file():
        return "close it in the program that has it open, or choose another folder"
    return "choose another folder"
