"""Curves and maps of the open book, computed when the Curves panel asks for them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal

from workstation.base.progress import Progress
from workstation.ui.background import Background


class CurveRunner(Background):
    """Moves the book on the desk, one factor or all of them."""

    found = Signal(object)
    name = "Curves"

    def serve(self, dock: Any) -> None:
        """Answer a Curves panel and keep it told."""
        dock.curves_requested.connect(self.ask)
        dock.curves_cancelled.connect(self.cancel)
        self.progressed.connect(dock.show_working)
        self.found.connect(dock.show_curves)
        self.stopped.connect(dock.show_stopped)

    def ask(self, factor: str) -> None:
        """Move one factor of the book as it stands, or every price for an empty name."""
        session, design = self._desk.session, self._desk.design_name
        if session is None:
            return
        snapshot, run = session, self._desk.run

        def work(progress: Progress) -> tuple[object, object]:
            from workstation.workspace.curves import curve_question, curves

            return curves(snapshot, curve_question(snapshot, factor, design), progress), run

        self.start(work)

    def answered(self, result: Any) -> None:
        """Hand the curves to the panel, unless the book was changed meanwhile."""
        found, run = result
        if run is self._desk.run:
            self.found.emit(found)
        else:
            self.stopped.emit("The book was changed meanwhile; compute again.")
