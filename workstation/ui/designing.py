"""What the Design dock asks for beyond knobs: designs added, read from files and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workstation.base.problem import UnusableInputError
from workstation.ui.banner import Banner
from workstation.ui.desk import Desk

if TYPE_CHECKING:
    from workstation.harmonised.design import Design
    from workstation.ui.asking import Asking
    from workstation.ui.design_editor import DesignEditor
    from workstation.workspace.edits import Edit
    from workstation.workspace.session import Session

FILES = "Design files (*.toml);;All files (*)"


class Designing(QObject):
    """Serves the editor; what cannot be done is said in the banner, and nothing changes."""

    def __init__(self, desk: Desk, banner: Banner) -> None:
        super().__init__(desk)
        self._desk, self._banner = desk, banner
        self.asking: Callable[[], Asking] | None = None

    def serve(self, dock: DesignEditor) -> None:
        """Answer the design editor."""
        dock.copy_wanted.connect(self.copy)
        dock.file_wanted.connect(self.read)
        dock.removal_wanted.connect(self.remove)

    def copy(self) -> None:
        """Add a design that starts as the chosen one."""
        from workstation.workspace.designs import copy_of

        session = self._desk.session
        if session is None or self.asking is None:
            return
        base = session.design(self._desk.design_name)
        title = self.asking().name("New design", f"{base.title}, own")
        if title:
            self._add(lambda: copy_of(base, title))

    def read(self) -> None:
        """Add the designs of files."""
        from workstation.harmonised.design import read_design

        if self.asking is not None and self._desk.session is not None:
            for path in self.asking().files_to_load("Add a design", FILES):
                self._add(lambda path=path: read_design(path))  # type: ignore[misc]

    def _add(self, made: Callable[[], Design]) -> None:
        from workstation.workspace.designs import AddDesign

        def edit(session: Session) -> Edit:
            design = made()
            names.append(design.name)
            return AddDesign(session, design)

        names: list[str] = []
        if self._do(edit):
            self._desk.choose_design(names[0])

    def remove(self) -> None:
        """Compare the chosen design no longer."""
        from workstation.workspace.designs import RemoveDesign

        gone = self._desk.design_name
        self._do(lambda session: RemoveDesign(session, gone))

    def _do(self, make: Callable[[Session], Edit]) -> bool:
        from workstation.harmonised.design import DesignFileError

        session = self._desk.session
        if session is None:
            return False
        try:
            edit = make(session)
        except (UnusableInputError, DesignFileError) as refused:
            self._banner.error(str(refused))
            return False
        before = session.designs
        self._desk.push(edit)
        return session.designs is not before
