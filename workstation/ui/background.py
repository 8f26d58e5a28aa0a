"""A question answered in the background: one at a time, cancellable, overtaken by the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal

from workstation.base.problem import UnusableInputError
from workstation.base.progress import Progress
from workstation.ui.desk import Desk
from workstation.ui.tasks import Task

LAST_WORDS_MS = 10_000


class Background(QObject):
    """Works beside the review on the desk; another review on it stops the work."""

    progressed = Signal(float, str)
    stopped = Signal(str)
    """Why there is no answer, empty where the analyst stopped."""
    working = Signal(bool)
    name = "Work"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._task: Task | None = None
        desk.session_changed.connect(self.cancel)

    @property
    def is_working(self) -> bool:
        """Say whether a question is being answered."""
        return self._task is not None

    def start(self, work: Callable[[Progress], Any]) -> None:
        """Answer a question; one still open is overtaken."""
        self._drop()
        task = self._task = Task(work, self)
        task.progressed.connect(self.progressed)
        for ending in (task.finished, task.failed):
            ending.connect(self._ended)
        task.cancelled.connect(self._cancelled)
        task.start(self._pool)
        self.working.emit(True)

    def answered(self, result: Any) -> None:
        """Take an answer; said by whoever asks."""

    def _drop(self) -> None:
        """Let a question still open end unheard."""
        if self._task is not None:
            self._task.progressed.disconnect(self.progressed)
            self._task.cancelled.connect(self._task.deleteLater)
            self._task.cancel()
            self._task = None

    def cancel(self) -> None:
        """Stop the work."""
        if self._task is not None:
            self._task.cancel()

    def stop(self) -> None:
        """Cancel and wait until no worker runs."""
        self.cancel()
        self._task = None
        self._pool.waitForDone(LAST_WORDS_MS)

    def _ended(self, _: object) -> None:
        task = self._task
        if task is None or task.outcome == "running":
            return
        self._rest(task)
        if task.outcome == "finished":
            self.answered(task.result)
        elif isinstance(task.error, UnusableInputError):
            self.stopped.emit(str(task.error))
        else:
            self.stopped.emit(f"{self.name}: internal error ({type(task.error).__name__}: "
                              f"{task.error}). Please report this.")

    def _cancelled(self) -> None:
        task = self._task
        if task is not None and task.outcome == "cancelled":
            self._rest(task)
            self.stopped.emit("")

    def _rest(self, task: Task) -> None:
        self._task = None
        task.deleteLater()
        self.working.emit(False)
