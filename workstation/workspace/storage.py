"""What is kept of unsaved changes: written as work goes on, offered at the next start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workstation.projects.recovery import find_recovery
from workstation.projects.save import save_project
from workstation.workspace.session import Session
from workstation.workspace.state import contents, read_project


def autosave(session: Session, place: Callable[[Path | None], Path]) -> Path:
    """Write the review where `place` says, given its project file, and return where it lies."""
    target = place(session.project_path)
    save_project(target, contents(session.state()))
    return target


def recovered(path: Path) -> Session | None:
    """Return the autosaved review later than the project file, if there is one."""
    candidate = find_recovery(path)
    return None if candidate is None else Session.of(read_project(candidate), path)


def recovered_unsaved(path: Path) -> Session:
    """Return a kept review that was never saved; raises UnusableInputError where it is damaged."""
    return Session.of(read_project(path))
