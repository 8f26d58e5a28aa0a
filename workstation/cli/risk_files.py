"""Risk-parameter files given on the line with a book."""

from __future__ import annotations

import argparse
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.workspace.risk_sources import compiled_folders, read_source
from workstation.workspace.session import Session


def add_params_file(sub: argparse.ArgumentParser) -> None:
    """Declare the option."""
    sub.add_argument("--params-file", type=Path, action="append", default=[], metavar="FILE",
                     help="risk-parameter file (.pa2, .spn, or zipped) futures are margined from; "
                     "it sizes contracts no table has")


def use_params_files(session: Session, chosen: argparse.Namespace) -> None:
    """Compute a session with the files given; without any, those it has stay.

    Raises UnusableInputError where a file cannot be used or the review is approved.
    """
    if not chosen.params_file:
        return
    if session.locked:
        raise UnusableInputError(Problem("--params-file", "the review is approved and read-only",
                                         "start its next version with crossmargin revise"))
    folders = compiled_folders(session.project_path)
    sources = [read_source(path, folders) for path in chosen.params_file]
    session.keep_bytes(sources)
    session.use_risk_files([source.parameters for source in sources])
