"""Kept versions of a review's designs: each whole, with who kept it, when and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from workstation.base.problem import Problem, UnusableInputError
from workstation.harmonised.design import Design, differences, shipped
from workstation.harmonised.knobs import KnobValue
from workstation.workspace.people import author

if TYPE_CHECKING:
    from workstation.workspace.session import Session

SHIPPED = "shipped"
EDITED = "+edited"


@dataclass(frozen=True, slots=True)
class DesignVersion:
    """One version of a design as it was kept; the shipped one is no one's and never changes."""

    design: Design
    at: datetime | None
    author: str
    note: str


def history(session: Session, name: str) -> tuple[DesignVersion, ...]:
    """Return the versions of a design, oldest first, the shipped one before all."""
    original = shipped().get(name)
    first = () if original is None else (
        DesignVersion(original, None, "", f"{SHIPPED}, effective {original.effective}"),)
    return (*first, *(v for v in session.design_versions if v.design.name == name))


def base_of(design: Design) -> Design | None:
    """Return what a design is compared with: its shipped file, else the design it inherits."""
    known = shipped()
    return known.get(design.name) or known.get(design.base)


def changed_knobs(design: Design) -> tuple[tuple[str, KnobValue, KnobValue], ...]:
    """Return the knobs in which a design departs from its base: name, the base's, its own."""
    base = base_of(design)
    return () if base is None else differences(design, base)


class KeepVersion:
    """Keep a design as it stands under the next version number, with a note."""

    def __init__(self, session: Session, name: str, note: str, effective: date | None = None
                 ) -> None:
        said = " ".join(note.split())
        if not said:
            raise UnusableInputError(Problem(
                f"Design {name}", "a version needs a note", "say what was changed and why"))
        self._session = session
        self._old = session.designs, session.design_versions
        kept = _numbered(session, session.design(name), effective)
        self.label = f"Keep version {kept.version} of {name}"
        version = DesignVersion(kept, datetime.now(UTC), author(), said)
        self._new = (tuple(kept if d.name == name else d for d in session.designs),
                     (*session.design_versions, version))

    def apply(self) -> None:
        """Use the numbered design and remember the version."""
        self._session.designs, self._session.design_versions = self._new

    def revert(self) -> None:
        """Forget the version."""
        self._session.designs, self._session.design_versions = self._old


class RestoreVersion:
    """Put an earlier version in the place of the design; versions kept since stay kept."""

    def __init__(self, session: Session, name: str, version: str) -> None:
        found = next((v for v in reversed(history(session, name))
                      if v.design.version == version), None)
        if found is None:
            known = ", ".join(v.design.version for v in history(session, name)) or "none"
            raise UnusableInputError(Problem(
                f"Design {name}", f"there is no version {version!r}", f"name one of: {known}"))
        self.label = f"Restore version {version} of {name}"
        self._session, self._old, self._new = session, session.design(name), found.design

    def apply(self) -> None:
        """Use the earlier version."""
        self._session.replace_design(self._new)

    def revert(self) -> None:
        """Use the later one again."""
        self._session.replace_design(self._old)


class DescribeDesign:
    """Write a design's notes and citation; the shipped file is never touched."""

    def __init__(self, session: Session, name: str, *, notes: str, citation: str) -> None:
        if not citation.strip():
            raise UnusableInputError(Problem(
                f"Design {name}", "a design needs a citation", "say where it comes from"))
        self._session, self._old = session, session.design(name)
        version = self._old.version.removesuffix(EDITED) + EDITED
        self._new = replace(self._old, notes=notes.strip(), citation=citation.strip(),
                            version=version)
        self.label = f"Describe {name}"

    def apply(self) -> None:
        """Use the new words."""
        self._session.replace_design(self._new)

    def revert(self) -> None:
        """Use the earlier words."""
        self._session.replace_design(self._old)


def _numbered(session: Session, design: Design, effective: date | None) -> Design:
    """Give a version the number after those kept: shipped 1.0, then 1.0-1, 1.0-2."""
    original = shipped().get(design.name)
    root = original.version if original is not None else design.version.partition("-")[0]
    count = sum(v.design.name == design.name for v in session.design_versions) + 1
    status = design.status if original is None else "experiment"
    return replace(design, version=f"{root.removesuffix(EDITED)}-{count}", status=status,
                   effective=effective or design.effective)
