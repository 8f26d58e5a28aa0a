"""Where a window keeps changes to a review that has no file of its own yet."""

from __future__ import annotations

import uuid
from pathlib import Path

from PySide6.QtCore import QLockFile

SUFFIX = ".crossmargin"
FOLDER = "unsaved"


class Shelf:
    """One place for this window; what windows that stopped left on theirs can be found.

    A lock beside each file says whether its window still runs: whoever can take the lock of a
    file knows that nobody works on it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._path: Path | None = None
        self._lock: QLockFile | None = None

    def place(self, project: Path | None = None) -> Path:
        """Return where this window keeps its review, locked from now on; raises OSError.

        That is beside its project file, or on the shelf where there is none, where the folder
        takes no files, or where another window keeps changes to the same review.
        """
        from workstation.projects.recovery import recovery_path

        if self._path is None and not (project and self.take(recovery_path(project))):
            self._folder.mkdir(parents=True, exist_ok=True)
            self.take(self._folder / f"{uuid.uuid4().hex}{SUFFIX}")
        if self._path is None:
            raise OSError(f"{self._folder} takes no files")
        return self._path

    def take(self, path: Path) -> bool:
        """Go on with a kept file as this window's own; False where another window has it."""
        lock = _lock(path)
        if not lock.tryLock(0):
            return False
        self.clear()
        self._path, self._lock = path, lock
        return True

    def clear(self) -> None:
        """Remove what this window kept: it was saved, or given up."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.unlock()
        self._path = self._lock = None

    def left(self) -> tuple[Path, ...]:
        """Return what windows left that no longer run, the latest first."""
        found = [path for path in self._folder.glob(f"*{SUFFIX}")
                 if path != self._path and is_free(path)]
        return tuple(sorted(found, key=lambda path: path.stat().st_mtime, reverse=True))


def is_free(path: Path) -> bool:
    """Say whether no running window works on a kept file."""
    lock = _lock(path)
    if not lock.tryLock(0):
        return lock.error() == QLockFile.LockError.PermissionError
    lock.unlock()
    return True


def _lock(path: Path) -> QLockFile:
    lock = QLockFile(f"{path}.lock")
    lock.setStaleLockTime(0)  # however old: a lock is void only when its process is gone
    return lock
