"""The designs a review compares: finding one a user names, adding, writing and removing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.base.problem import Problem, UnusableInputError
from workstation.harmonised.design import Design, differences, read_design, shipped, with_knob
from workstation.harmonised.design_text import overlay_text
from workstation.harmonised.knobs import KnobValueError

if TYPE_CHECKING:
    from workstation.workspace.session import Session

SUFFIX = ".toml"


def find_design(name_or_file: str) -> Design:
    """Return a shipped design by name, or read one from a TOML file."""
    known = shipped()
    if name_or_file in known:
        return known[name_or_file]
    path = Path(name_or_file)
    if path.suffix == SUFFIX and path.exists():
        return read_design(path)
    close = get_close_matches(name_or_file, known, n=1)
    meant = f"; did you mean {close[0]}" if close else ""
    raise UnusableInputError(Problem(
        "Design", f"there is no design {name_or_file!r}{meant}",
        f"name one of {', '.join(known)} or give a design file (.toml)"))


def copy_of(base: Design, title: str, changes: Mapping[str, object] | None = None) -> Design:
    """Return a new design after another, under the name its title makes; an experiment.

    Raises UnusableInputError for a title without letters or a value a knob refuses.
    """
    name = "-".join(re.findall(r"[a-z0-9]+", title.casefold()))
    if not name:
        raise UnusableInputError(Problem("New design", "it has no name", "give it a title"))
    made = replace(base, name=name, title=" ".join(title.split()), version="1.0", base=base.name,
                   status="experiment", citation=f"own design after {base.name}", notes="",
                   default=False)
    for knob, value in (changes or {}).items():
        try:
            made = replace(with_knob(made, knob, value), version=made.version)
        except KnobValueError as error:
            raise UnusableInputError(Problem(
                f"Design {name}", str(error), "give a value it accepts")) from error
    return made


def write_overlay(design: Design, base: Design, path: Path) -> None:
    """Write a design as what it changes against a shipped base; never over an existing file."""
    if path.suffix != SUFFIX:
        raise UnusableInputError(Problem(
            str(path), f"a design file ends in {SUFFIX}", f"write {path.stem}{SUFFIX} instead"))
    changed = {knob: now for knob, _, now in differences(design, base)}
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(overlay_text(design, base.name, changed))
    except OSError as error:
        raise UnusableInputError(Problem(str(path), f"cannot be written ({error.strerror})",
                                         "choose another name or folder")) from error


class AddDesign:
    """Compare one more design; raises UnusableInputError where its name is taken."""

    def __init__(self, session: Session, design: Design) -> None:
        taken = {d.name for d in session.designs} | {
            v.design.name for v in session.design_versions}
        if design.name in taken:
            raise UnusableInputError(Problem(
                f"Design {design.name}", "the review has a design of that name",
                "give the new one another"))
        self.label = f"Add design {design.title}"
        self._session = session
        self._old, self._new = session.designs, (*session.designs, design)

    def apply(self) -> None:
        """Compare it."""
        self._session.designs = self._new

    def revert(self) -> None:
        """Compare it no longer."""
        self._session.designs = self._old


class RemoveDesign:
    """Compare one design less; the last one stays."""

    def __init__(self, session: Session, name: str) -> None:
        if len(session.designs) == 1:
            raise UnusableInputError(Problem(
                f"Design {name}", "it is the only one left", "add another before removing it"))
        self.label = f"Remove design {session.design(name).title}"
        self._session, self._old = session, session.designs
        self._new = tuple(d for d in session.designs if d.name != name)

    def apply(self) -> None:
        """Compare it no longer."""
        self._session.designs = self._new

    def revert(self) -> None:
        """Compare it again."""
        self._session.designs = self._old
