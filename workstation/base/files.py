"""Files appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Put a finished file in place in one step; raises OSError where it cannot be written."""
    draft = _drafted(path, content)
    try:
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


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
