"""The autosave beside a project file, and whether to offer it at the next start."""

from __future__ import annotations

from pathlib import Path

from workstation.projects.contents import ProjectContents
from workstation.projects.load import saved_at
from workstation.projects.save import save_project

SUFFIX = ".recovery"


def recovery_path(path: Path) -> Path:
    """Return where the autosave of a project file lies: beside it, under its name."""
    return path.with_name(path.name + SUFFIX)


def write_recovery(path: Path, contents: ProjectContents) -> Path:
    """Autosave a review; the project file itself is not touched. Returns where it lies."""
    target = recovery_path(path)
    save_project(target, contents)
    return target


def find_recovery(path: Path) -> Path | None:
    """Return the autosave worth offering: readable, and later than the project file."""
    candidate = recovery_path(path)
    rescued = saved_at(candidate)
    if rescued is None:
        return None
    saved = saved_at(path)
    return candidate if saved is None or rescued > saved else None


def discard_recovery(path: Path) -> None:
    """Remove the autosave of a project file, after a save or on the user's word."""
    recovery_path(path).unlink(missing_ok=True)
