"""Run Qt-free work on the thread pool and bring its outcome back as signals."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Literal

from PySide6.QtCore import QObject, QThreadPool, Signal

from workstation.base.problem import UnusableInputError
from workstation.base.progress import CancelledError, Progress

log = logging.getLogger(__name__)
Work = Callable[[Progress], Any]
Outcome = Literal["running", "finished", "failed", "cancelled"]


class Task(QObject):
    """One cancellable piece of work; exactly one of its three endings is emitted.

    `outcome`, `result` and `error` are set before the ending is emitted, so a listener that
    follows only its newest task can ask that task and ignore late news of earlier ones.
    """

    progressed = Signal(float, str)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._stop = threading.Event()
        self.outcome: Outcome = "running"
        self.result: Any = None
        self.error: Exception | None = None
        self.seconds = 0.0

    def start(self, pool: QThreadPool | None = None) -> None:
        """Queue the work on the pool.

        The pool is given the function itself: a `QRunnable` made here would be deleted by the
        pool under its Python wrapper, and a later Qt object at the same address would be taken
        for it.
        """
        (pool or QThreadPool.globalInstance()).start(self._run)

    def cancel(self) -> None:
        """Ask the work to stop at its next progress report."""
        self._stop.set()

    def _report(self, done: float, doing: str) -> None:
        if self._stop.is_set():
            raise CancelledError
        self.progressed.emit(done, doing)

    def _run(self) -> None:
        started = time.perf_counter()
        try:
            self._report(0.0, "Starting")
            self.result = self._work(self._report)
        except CancelledError:
            self._end("cancelled", started)
            self.cancelled.emit()
        except UnusableInputError as error:
            self.error = error
            self._end("failed", started)
            self.failed.emit(error)
        except Exception as error:
            log.exception("task failed")
            self.error = error
            self._end("failed", started)
            self.failed.emit(error)
        else:
            self._end("finished", started)
            self.finished.emit(self.result)

    def _end(self, outcome: Outcome, started: float) -> None:
        self.seconds = time.perf_counter() - started
        self.outcome = outcome
