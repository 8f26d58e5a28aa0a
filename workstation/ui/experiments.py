"""The policy lab in the background: one question at a time, cancellable, beside the review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal

from workstation.base.problem import UnusableInputError
from workstation.base.progress import Progress
from workstation.ui.desk import Desk
from workstation.ui.tasks import Task

LAST_WORDS_MS = 10_000


class Experiments(QObject):
    """Runs the lab on the review on the desk, and brings its findings with what was asked."""

    progressed = Signal(float, str)
    found = Signal(object, object)
    """Findings, and the question they answer."""
    stopped = Signal(str)
    """Why there are no findings, empty where the analyst stopped."""
    working = Signal(bool)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._task: Task | None = None
        desk.session_changed.connect(self.cancel)

    @property
    def is_working(self) -> bool:
        """Say whether the lab runs."""
        return self._task is not None

    def serve(self, dock: Any) -> None:
        """Answer a lab dock and keep it told."""
        dock.experiment_requested.connect(self.ask)
        dock.experiment_cancelled.connect(self.cancel)
        self.progressed.connect(dock.show_working)
        self.found.connect(dock.show_findings)
        self.stopped.connect(dock.show_stopped)

    def ask(self, names: Sequence[str], stress: str, days: int) -> None:
        """Compare designs on the book as it stands; a question still open is overtaken."""
        session = self._desk.session
        if session is None:
            return
        self._drop()

        def work(progress: Progress) -> tuple[object, object]:
            from workstation.workspace.laboratory import lab_question, laboratory

            progress(0.0, "Reading the designs")
            question = lab_question(session, names, stress, days)
            return laboratory(session, question, progress), question

        task = self._task = Task(work, self)
        task.progressed.connect(self.progressed)
        for ending in (task.finished, task.failed):
            ending.connect(self._ended)
        task.cancelled.connect(self._cancelled)
        task.start(self._pool)
        self.working.emit(True)

    def _drop(self) -> None:
        """Let a question still open end unheard."""
        if self._task is not None:
            self._task.progressed.disconnect(self.progressed)
            self._task.cancelled.connect(self._task.deleteLater)
            self._task.cancel()
            self._task = None

    def cancel(self) -> None:
        """Stop the lab."""
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
            self.found.emit(*task.result)
        elif isinstance(task.error, UnusableInputError):
            self.stopped.emit(str(task.error))
        else:
            self.stopped.emit(f"Lab: internal error ({type(task.error).__name__}: {task.error}). "
                              "Please report this.")

    def _cancelled(self) -> None:
        task = self._task
        if task is not None and task.outcome == "cancelled":
            self._rest(task)
            self.stopped.emit("")

    def _rest(self, task: Task) -> None:
        self._task = None
        task.deleteLater()
        self.working.emit(False)
