"""One piece of work at a time beside the event loop: the newest counts, earlier ones go unheard."""

from __future__ import annotations

from PySide6.QtCore import QObject, QThreadPool, Signal

from workstation.ui.tasks import Task, Work

LAST_WORDS_MS = 10_000


class Runner(QObject):
    """Runs work on a thread of its own; starting more overtakes what runs."""

    progressed = Signal(float, str)
    finished = Signal(object)
    """The task, its `result` set."""
    failed = Signal(object)
    """The task, its `error` set."""
    cancelled = Signal()
    working = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pool = QThreadPool(self)
        self.pool.setMaxThreadCount(1)
        self._task: Task | None = None

    @property
    def is_working(self) -> bool:
        """Say whether work runs that was not overtaken."""
        return self._task is not None

    def start(self, work: Work) -> None:
        """Run work in the background; what still runs is cancelled and no longer heard of."""
        self._overtake()
        task = self._task = Task(work, self)
        task.progressed.connect(self.progressed)
        for ending in (task.finished, task.failed, task.cancelled):
            ending.connect(self._ended)
        task.start(self.pool)
        self.working.emit(True)

    def cancel(self) -> None:
        """Ask the work to stop at its next progress report."""
        if self._task is not None:
            self._task.cancel()

    def stop(self) -> None:
        """Cancel and wait until no worker runs; the work is not heard of again."""
        self._overtake()
        self.pool.waitForDone(LAST_WORDS_MS)

    def _overtake(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.progressed.disconnect(self.progressed)
            for ending in (task.finished, task.failed, task.cancelled):
                ending.connect(task.deleteLater)
            task.cancel()

    def _ended(self) -> None:
        task = self._task
        if task is None or task.outcome == "running":
            return  # news of work that was overtaken
        self._task = None
        task.deleteLater()
        self.working.emit(False)
        match task.outcome:
            case "finished":
                self.finished.emit(task)
            case "failed":
                self.failed.emit(task)
            case _:
                self.cancelled.emit()
