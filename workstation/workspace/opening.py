"""Open a book together with risk-parameter files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.importers.reading import NO_DATE
from workstation.workspace.risk_sources import RiskSource, compiled_folders, read_source
from workstation.workspace.session import Session


def open_with_files(path: Path, risk_files: Sequence[Path], as_of: date | None = None) -> Session:
    """Open a book or a saved review with the files given; without any, those it has stay.

    A book that states no date is reviewed as of the files' date, and says so. Raises
    UnusableInputError where a file cannot be used or the review is approved.
    """
    session = Session.from_file(path, as_of=as_of)
    if not risk_files:
        return session
    if session.locked:
        raise UnusableInputError(Problem(path.name, session.locked,
                                         "leave the risk-parameter files out"))
    folders = compiled_folders(session.project_path)
    sources = [read_source(file, folders) for file in risk_files]
    session = _as_of_files(session, path, sources)
    session.keep_bytes(sources)
    session.use_risk_files([source.parameters for source in sources])
    return session


def _as_of_files(session: Session, path: Path, sources: Sequence[RiskSource]) -> Session:
    """Read a book again as of the files' date where its own had to be assumed."""
    assumed = any(problem.what.startswith(NO_DATE) for problem in session.input_problems)
    days = {item.business_date: source.parameters.name for source in sources
            for item in source.parameters.organisations if item.business_date is not None}
    if not assumed or not days or session.project_path is not None:
        return session
    last = max(days)
    dated = Session.from_file(path, as_of=last)
    dated.input_problems = (*dated.input_problems, Problem(
        path.name, f"{NO_DATE}; {last} of {days[last]} was taken", "give the review date"))
    return dated
