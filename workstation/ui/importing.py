"""Import with preview in the window: open the wizard, take its result, keep profiles."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workstation.base.problem import UnusableInputError
from workstation.base.progress import Progress
from workstation.ui.banner import Banner
from workstation.ui.desk import Desk
from workstation.ui.import_wizard import ImportWizard
from workstation.ui.opening import SUFFIX, Opening

if TYPE_CHECKING:
    from workstation.importers.preview import Preview
    from workstation.importers.profile import Profile
    from workstation.importers.sheets import Source
    from workstation.workspace.importing import Reading
    from workstation.workspace.state import State

Opened = tuple["Source", "Profile | None"]


class Importing(QObject):
    """Leads a file through the preview onto the desk."""

    def __init__(self, window: QWidget, desk: Desk, opening: Opening, banner: Banner) -> None:
        super().__init__(window)
        self._window, self._desk, self._opening, self._banner = window, desk, opening, banner
        self.wizard: ImportWizard | None = None
        opening.preview_wanted.connect(self.look)

    def ask_and_look(self) -> None:
        """Let the analyst choose a file, and preview it."""
        path = self._opening.asking.file_to_open()
        if path is not None and path.suffix == SUFFIX:
            self._opening.open_path(path)
        elif path is not None:
            self.look(path)

    def look(self, path: Path, password: str | None = None) -> None:
        """Read a file in the background and show its preview."""
        def read(progress: Progress) -> Opened:
            from workstation.importers.preview import open_for_preview
            from workstation.workspace.profiles import ProfileStore

            progress(0.0, f"Reading {path.name}")
            source = open_for_preview(path, password)
            return source, ProfileStore().recognised(source)

        self._opening.work(read, self._show, path)

    def _show(self, opened: Opened) -> None:
        from workstation.importers.recipe import NO_DECISIONS

        source, profile = opened
        recipe = profile.recipe_for(source) if profile else NO_DECISIONS
        self.wizard = ImportWizard(source, recipe, profile, self._desk.session, self._window)
        self.wizard.may_discard = partial(self._opening.asking.agree, "Close the preview")
        self.wizard.committed.connect(self._take)
        self.wizard.profile_wanted.connect(self._keep)
        self.wizard.finished.connect(lambda _: self._forget())
        self.wizard.open()

    def _forget(self) -> None:
        self.wizard = None

    def _keep(self, name: str, shown: Preview) -> None:
        """Save the decisions as a profile."""
        from workstation.workspace.importing import as_profile
        from workstation.workspace.profiles import ProfileStore

        headers = [text for text in shown.headers if text]
        try:
            path = ProfileStore().save(as_profile(name, _reading(shown), headers))
        except UnusableInputError as error:
            self._banner.error(str(error))
        else:
            self._banner.notice(f"Saved the profile {name} ({path.name}); files with this header "
                                "line are read with it from now on.")

    def _take(self, shown: Preview, is_new: bool) -> None:
        """Put the file on the desk: as a review of its own, or as one step in the open one."""
        from workstation.workspace.import_edit import ImportBook
        from workstation.workspace.session import Session
        from workstation.workspace.state import state_of

        try:
            state: State = state_of(_reading(shown), shown.source.path)
        except (UnusableInputError, OSError) as error:
            self._banner.error(str(error))
            return
        session = self._desk.session
        if is_new or session is None:
            if not self._opening.adopt(Session.of(state), shown.source.path):
                return  # the analyst keeps the open review, and the preview with its decisions
            if self.wizard is not None and self.wizard.has_decided():
                self._desk.stack.resetClean()  # decisions that no file keeps yet are changes
        elif not self._desk.push(ImportBook(session, state)):
            return
        else:
            self._banner.notice(f"Imported {shown.source.path.name} into the open review.", "Undo",
                                self._desk.stack.undo)
        if self.wizard is not None:
            self.wizard.accept()

    def write_back(self) -> None:
        """Write margin and offsets into a copy of the client's workbook."""
        from workstation.workspace.writing_back import client_file, copy_name, write_margin_back

        session, run = self._desk.session, self._desk.run
        if session is None or run is None or not self._desk.is_current:
            self._banner.error("There is no finished review to write back; wait for the figures, "
                               "or recompute with F5.")
            return
        try:
            name = client_file(session).name
        except UnusableInputError as error:
            self._banner.error(str(error))
            return
        path = self._opening.asking.file_to_save(
            "Write margin into a copy of the workbook", Path(copy_name(name)),
            f"Excel workbook (*{Path(name).suffix})")
        if path is not None:
            self._opening.work(lambda _: write_margin_back(session, run, path),
                               lambda made: self._banner.notice(f"Wrote {made.name}."))


def _reading(shown: Preview) -> Reading:
    from workstation.workspace.importing import Reading

    if shown.imported is None:
        raise UnusableInputError(*shown.refused)
    return Reading(shown.imported, shown.recipe, shown.profile)
