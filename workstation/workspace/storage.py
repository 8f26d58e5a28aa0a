"""The recovery file beside a saved review: written as work goes on, offered at the next start."""

from __future__ import annotations

from pathlib import Path

from workstation.projects.recovery import find_recovery, write_recovery
from workstation.workspace.session import Session
from workstation.workspace.state import contents, read_project


def autosave(session: Session) -> Path | None:
    """Write the review beside its file, for recovery; None for a review never saved."""
    if session.project_path is None:
        return None
    return write_recovery(session.project_path, contents(session.state()))


def recovered(path: Path) -> Session | None:
    """Return the autosaved review later than the project file, if there is one."""
    candidate = find_recovery(path)
    return None if candidate is None else Session.of(read_project(candidate), path)
