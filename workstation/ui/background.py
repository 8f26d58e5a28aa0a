"""A question about the review answered beside it: one at a time, overtaken by the next."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal

from workstation.base.problem import UnusableInputError
from workstation.ui.desk import Desk
from workstation.ui.runner import Runner
from workstation.ui.tasks import Task


class Background(Runner):
    """Works beside the review on the desk; another review on it stops the work."""

    stopped = Signal(str)
    """Why there is no answer, empty where the analyst stopped."""
    name = "Work"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        desk.session_changed.connect(self.cancel)
        self.finished.connect(self._answer)
        self.failed.connect(self._fail)
        self.cancelled.connect(lambda: self.stopped.emit(""))

    def answered(self, result: Any) -> None:
        """Take an answer; said by whoever asks."""

    def _answer(self, task: Task) -> None:
        self.answered(task.result)

    def _fail(self, task: Task) -> None:
        if isinstance(task.error, UnusableInputError):
            self.stopped.emit(str(task.error))
        else:
            self.stopped.emit(f"{self.name}: internal error ({type(task.error).__name__}: "
                              f"{task.error}). Please report this.")
