"""Write what an analyst chose of a pack: parts, notices, template and the earlier review."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from workstation.base.progress import Progress, part_of, silent
from workstation.reports.template import Template, read_template
from workstation.workspace.changes import compare
from workstation.workspace.pack import write_notices, write_pack
from workstation.workspace.previous import of_session, read_reviewed
from workstation.workspace.session import Session
from workstation.workspace.stressed_book import stressed_book


class Choice(Protocol):
    """What to write, as a dialog or a command asked for it."""

    @property
    def folder(self) -> Path:
        """Folder to write to."""

    @property
    def parts(self) -> Sequence[str]:
        """Files of the pack, by name."""

    @property
    def page(self) -> str:
        """Paper."""

    @property
    def notices(self) -> bool:
        """Whether to write the margin-call notices."""

    @property
    def template(self) -> Path | None:
        """The firm's template."""

    @property
    def previous(self) -> Path | None:
        """The earlier review."""


def export(session: Session, choice: Choice, progress: Progress = silent) -> tuple[Path, ...]:
    """Write a computed review as chosen and return the paths; raises UnusableInputError."""
    template = Template() if choice.template is None else read_template(choice.template)
    changes = None if choice.previous is None else compare(
        read_reviewed(choice.previous, progress), of_session(session), progress)
    written: tuple[Path, ...] = ()
    if choice.parts:
        stressed = stressed_book(session, progress=part_of(progress, 0.0, 0.4))
        written = write_pack(session.pack(template, changes, stressed), choice.folder, choice.page,
                             choice.parts, part_of(progress, 0.4, 0.6))
    if choice.notices:
        found = session.notices(template)
        written += write_notices(found, choice.folder, choice.page, template, progress)
    return written
