"""Panels whose answer takes a while: asked for when they are looked at, stopped when not wanted."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from workstation.ui.docks.dock import Dock
from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.sheet import Sheet

PERCENT = 100
AT_ONCE_UP_TO = 1_000
"""Positions of a book up to which the panel asks by itself."""
QUIET_MS = 350
"""How long nothing may change before the panel asks: not while someone types."""


def wait_for(canvas: Canvas, words: str) -> None:
    """Say in the middle of a chart what will be there."""
    canvas.show_drawing(partial(_invite, words=words), words)


def _invite(sheet: Sheet, words: str) -> None:
    sheet.words(words, QPointF(sheet.width / 2, sheet.height / 2), sheet.tokens.muted,
                align="centre")


class AskingDock(Dock):
    """Has a button that asks and stops, and a bar beside it; a subclass shows the answer."""

    asked = Signal(str)
    given_up = Signal()

    def __init__(self, title: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(title, empty, parent)
        self.button, self.bar = QPushButton("Compute"), QProgressBar()
        self.button.setAccessibleName(f"Compute {title.lower()}")
        self.button.clicked.connect(self._press)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(96)
        self.bar.setAccessibleName(f"Progress of {title.lower()}")
        self.bar.hide()
        self._is_due = False
        self._soon = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._soon.timeout.connect(self._ask_if_seen)

    def question(self) -> str:
        """Return what is asked."""
        return ""

    def ask(self) -> None:
        """Ask now."""
        self._soon.stop()
        self._is_due = False
        self.asked.emit(self.question())

    def ask_soon(self) -> None:
        """Ask once nothing changed for a moment, as soon as the panel is looked at.

        A book so large that the answer takes minutes is left to the button.
        """
        if self.run is not None and len(self.run.book.positions) > AT_ONCE_UP_TO:
            self.say(f"With more than {AT_ONCE_UP_TO:,} positions this takes a while: press "
                     "Compute.")
            return
        self._is_due = True
        self._soon.start()

    def _ask_if_seen(self) -> None:
        if self._is_due and self.isVisible() and not self.is_empty:
            self.ask()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask what is due now that the panel is looked at."""
        super().showEvent(event)
        if self._is_due:
            self._soon.start()

    def _press(self) -> None:
        if self.bar.isVisibleTo(self):
            self.given_up.emit()
        else:
            self.ask()

    def show_working(self, done: float, doing: str) -> None:
        """Show how far the work is; the button stops it."""
        self.bar.show()
        self.bar.setValue(round(done * PERCENT))
        self.button.setText("Cancel")
        self.say(doing)

    def show_stopped(self, why: str) -> None:
        """Say why there is no answer."""
        self.rest()
        self.say(why or "Stopped.")

    def rest(self) -> None:
        """Let the button ask again."""
        self.bar.hide()
        self.button.setText("Compute")
