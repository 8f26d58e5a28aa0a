"""Risk-parameter files kept with a review: their bytes in its file, read again on opening."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.importers.span_parameters import read_risk_parameters
from workstation.projects.contents import StoredFile
from workstation.results.run import Run
from workstation.rulebooks.span.parameters import RiskParameters

FOLDER = "risk-parameters/"
"""Stands before the names of these files among the inputs of a project."""
LARGEST = 32 * 1024 * 1024
"""Bytes of the largest file kept: a review stays small enough to be saved as work goes on."""
BESIDE, OF_USER = ".crossmargin-compiled", "risk-parameters"
"""Folders of compiled copies: beside the reviews of a client, and in the user's own cache."""
NOT_STORED = "is not part of the saved review, so that computing again leaves it out"


@dataclass(frozen=True, slots=True)
class RiskSource:
    """A risk-parameter file as read, and its bytes where they are kept."""

    parameters: RiskParameters
    file: StoredFile | None


def compiled_folders(project: Path | None) -> tuple[Path, ...]:
    """Return where compiled copies of large files lie, the preferred folder first.

    A saved review has them beside it, for whoever opens it next; where that folder cannot be
    written, and without a saved review, they go into the user's cache.
    """
    from platformdirs import user_cache_path

    own = user_cache_path("crossmargin") / OF_USER
    return (own,) if project is None else (project.parent / BESIDE, own)


def read_source(path: Path, compiled: Sequence[Path] = ()) -> RiskSource:
    """Read a file and its bytes; raises UnusableInputError when it holds nothing usable."""
    parameters = read_risk_parameters(path, compiled)
    if path.stat().st_size > LARGEST:
        return RiskSource(parameters, None)
    file = StoredFile(FOLDER + path.name, path.read_bytes())
    return RiskSource(parameters, file if file.sha256 == parameters.sha256 else None)


def is_risk_file(file: StoredFile) -> bool:
    """Say whether an input of a project is a risk-parameter file."""
    return file.name.startswith(FOLDER)


def read_kept(files: Iterable[StoredFile], compiled: Sequence[Path] = ()
              ) -> tuple[tuple[RiskSource, ...], tuple[Problem, ...]]:
    """Read kept files again; one that this version cannot read is a problem."""
    found: list[RiskSource] = []
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory(prefix="crossmargin-") as folder:
        for number, file in enumerate(files):
            path = Path(folder) / str(number) / Path(file.name).name
            path.parent.mkdir()
            path.write_bytes(file.content)
            try:
                found.append(RiskSource(read_risk_parameters(path, compiled), file))
            except UnusableInputError as error:
                problems += error.problems
    return tuple(found), tuple(problems)


def not_stored(run: Run | None, kept: Sequence[StoredFile]) -> tuple[Problem, ...]:
    """Return the files a saved run was computed with that its project does not hold."""
    digests = {file.sha256 for file in kept}
    return tuple(
        Problem(item.name, NOT_STORED, "load it again (File, Risk-parameter files)", "warning")
        for item in (() if run is None else run.inputs) if item.sha256 not in digests)
