"""What a crash left: found when a review is opened and at the start, offered, never forced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThreadPool, Signal

from workstation.base.progress import Progress
from workstation.ui.autosave import Autosave
from workstation.ui.banner import Banner
from workstation.ui.desk import Desk
from workstation.ui.shelf import Shelf, is_free
from workstation.ui.tasks import Work

if TYPE_CHECKING:
    from workstation.workspace.session import Session

Start = Callable[[Work, Callable[[Any], object]], None]


class Recovering(QObject):
    """Keeps unsaved changes through its autosave, and offers what an earlier window left."""

    recovered = Signal(object)

    def __init__(self, desk: Desk, banner: Banner, shelf: Shelf, pool: QThreadPool,
                 start: Start, may_leave: Callable[[], bool]) -> None:
        super().__init__(desk)
        self._desk, self._banner, self._shelf = desk, banner, shelf
        self._start, self._may_leave = start, may_leave
        self.autosave = Autosave(desk, pool, shelf)
        self._was_offered = False

    def offer_changes(self, project: Path) -> bool:
        """Offer what an interrupted session left beside a project file; False without any."""
        from workstation.projects.recovery import find_recovery

        found = find_recovery(project)
        if found is None:
            return False
        if not is_free(found):
            self._banner.notice(f"{project.name} is open in another window, with changes that "
                                "are not saved.", stays=True)
            return True
        self._banner.notice(
            f"{project.name} was not closed properly; later changes were kept.",
            "Recover them", lambda: self.recover(project), stays=True)
        return True

    def offer_unsaved(self, *, again: bool = False) -> None:
        """Offer, once a window, the review that was never saved when an earlier one stopped."""
        left = () if self._was_offered and not again else self._shelf.left()
        self._was_offered = True
        if not left:
            return
        several = f" {len(left) - 1} more will be offered after it." if len(left) > 1 else ""
        self._banner.notice("Crossmargin was not closed properly; a review that was not saved "
                            f"was kept.{several}", "Recover it",
                            lambda: self._recover_unsaved(left[0]), stays=True)

    def recover(self, project: Path) -> None:
        """Put the kept changes on the desk; they count as unsaved."""
        def read(progress: Progress) -> Session | None:
            from workstation.workspace import storage

            return storage.recovered(project)

        self._start(read, self._adopt)

    def _recover_unsaved(self, kept: Path) -> None:
        if not self._may_leave():
            return

        def read(progress: Progress) -> Session:
            from workstation.workspace import storage

            return storage.recovered_unsaved(kept)

        def adopt(session: Session) -> None:
            self._adopt(session)
            self._shelf.take(kept)
            self.offer_unsaved(again=True)

        self._start(read, adopt)

    def _adopt(self, session: Session | None) -> None:
        if session is None:
            return
        self._desk.adopt(session)
        self._desk.stack.resetClean()
        self.recovered.emit(session)
