"""Questions of single panels about the open book, answered beside the review."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from workstation.base.progress import Progress
from workstation.ui.background import Background
from workstation.ui.desk import Desk

if TYPE_CHECKING:
    from workstation.results.run import Run
    from workstation.workspace.session import Session

Answer = Callable[["Session", "Run | None", str, str, Progress], object]
"""Session, run, design shown, and what the panel asks, to the answer."""


class SideRunner(Background):
    """Answers one panel; an edit of the book stops the work, and a late answer is not shown."""

    found = Signal(object)

    def __init__(self, desk: Desk, name: str, answer: Answer) -> None:
        super().__init__(desk)
        self.name, self._work = name, answer
        desk.book_changed.connect(self.cancel)

    def serve(self, dock: Any) -> None:
        """Answer a panel and keep it told."""
        dock.asked.connect(self.ask)
        dock.given_up.connect(self.cancel)
        self.progressed.connect(dock.show_working)
        self.found.connect(dock.show_answer)
        self.stopped.connect(dock.show_stopped)

    def ask(self, what: str = "") -> None:
        """Answer a question about the book as it stands."""
        session, design, run = self._desk.session, self._desk.design_name, self._desk.run
        if session is None:
            return

        def work(progress: Progress) -> tuple[object, object]:
            return self._work(session, run, design, what, progress), run

        self.start(work)

    def answered(self, result: Any) -> None:
        """Hand the answer to the panel, unless the book was changed meanwhile."""
        found, run = result
        if run is self._desk.run:
            self.found.emit(found)
        else:
            self.stopped.emit("The book was changed meanwhile; compute again.")


def answer_curves(session: Session, run: Run | None, design: str, factor: str,
                  progress: Progress) -> object:
    """Move one factor of the book, or every price for an empty name."""
    from workstation.workspace.curves import curve_question, curves

    _ = run
    return curves(session, curve_question(session, factor, design), progress)


def answer_stresses(session: Session, run: Run | None, design: str, what: str,
                    progress: Progress) -> object:
    """Put the book through every stress, and search along a scenario or the review's own."""
    from workstation.lab.scenarios import historical
    from workstation.workspace.stresses import stress_question, stresses

    _ = run, design
    return stresses(stress_question(session, historical(what) if what else None), progress)


def answer_attribution(session: Session, run: Run | None, design: str, what: str,
                       progress: Progress) -> object:
    """Attribute the risk of the design shown to the holdings and levers of the run."""
    from workstation.workspace.beneath import attributed_to

    _ = what
    progress(0.0, "Leaving out one holding after another")
    known = {item.name: item for item in session.terms().designs}
    found = None if run is None or design not in known else (
        attributed_to(session, run, known[design]))
    return design, found
