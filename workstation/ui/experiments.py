"""The policy lab in the background: one question at a time, cancellable, beside the review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal

from workstation.base.progress import Progress
from workstation.ui.background import Background


class Experiments(Background):
    """Runs the lab on the review on the desk, and brings its findings with what was asked."""

    found = Signal(object, object)
    """Findings, and the question they answer."""
    name = "Lab"

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

        def work(progress: Progress) -> tuple[object, object]:
            from workstation.workspace.laboratory import lab_question, laboratory

            progress(0.0, "Reading the designs")
            question = lab_question(session, names, stress, days)
            return laboratory(session, question, progress), question

        self.start(work)

    def answered(self, result: Any) -> None:
        """Hand the findings to the lab with the question they answer."""
        self.found.emit(*result)
