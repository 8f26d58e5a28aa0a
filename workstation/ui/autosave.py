"""Keep unsaved changes beside the review's file or on a shelf, so that a crash loses a minute."""

from __future__ import annotations

import logging
from copy import copy

from PySide6.QtCore import QObject, QThreadPool, QTimer

from workstation.base.progress import Progress
from workstation.ui.desk import Desk
from workstation.ui.shelf import Shelf
from workstation.ui.tasks import Task

log = logging.getLogger(__name__)
EVERY_MS = 60_000


class Autosave(QObject):
    """Writes the recovery file once a minute while there are unsaved changes."""

    def __init__(self, desk: Desk, pool: QThreadPool, shelf: Shelf) -> None:
        super().__init__(desk)
        self._desk, self._pool, self._shelf = desk, pool, shelf
        self._task: Task | None = None
        self._kept = -1
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.keep)
        self._timer.start()
        desk.session_changed.connect(self._start_over)

    def keep(self) -> None:
        """Write what changed since the last time, in the background."""
        session, stack = self._desk.session, self._desk.stack
        if session is None or stack.isClean() or self._task:
            return
        if stack.index() == self._kept or not self._desk.is_current:
            return
        self._kept = stack.index()
        snapshot = copy(session)  # edits go on while it is written

        def write(progress: Progress) -> object:
            from workstation.workspace import storage

            return storage.autosave(snapshot, self._shelf.place)

        self._task = Task(write, self)
        for ending in (self._task.finished, self._task.failed, self._task.cancelled):
            ending.connect(self._ended)
        self._task.start(self._pool)

    def _ended(self) -> None:
        if self._task is not None and self._task.outcome == "failed":
            log.warning("autosave failed: %s", self._task.error)
        self._task = None

    def _start_over(self) -> None:
        """Keep another review from here on; what became of the one before was asked."""
        self._kept = -1
        self._shelf.clear()

    def discard(self) -> None:
        """Remove the recovery file of changes the analyst gave up."""
        session = self._desk.session
        self._kept = -1
        self._shelf.clear()
        if session is not None and session.project_path is not None:
            from workstation.projects.recovery import discard_recovery

            discard_recovery(session.project_path)
