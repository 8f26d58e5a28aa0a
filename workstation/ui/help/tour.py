"""A guided tour: each part of the window framed and explained, one step at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workstation.ui.theme import scaled, tokens

if TYPE_CHECKING:
    from workstation.ui.main_window import MainWindow

WIDE, GAP = 380, 12


@dataclass(frozen=True, slots=True)
class Step:
    """One stop: what is framed, the title, and what is said; `show` prepares the window."""

    title: str
    words: str
    target: Callable[[MainWindow], QWidget]
    show: Callable[[MainWindow], object] = lambda window: None


def _headline(window: MainWindow) -> QWidget:
    return window.headline


def _positions(window: MainWindow) -> QWidget:
    return window.positions


def _search(window: MainWindow) -> QWidget:
    return window.commands.search


def _dock(id_: str) -> Callable[[MainWindow], QWidget]:
    return lambda window: window.docks.frames[id_]


def _bring(perspective: str, id_: str) -> Callable[[MainWindow], object]:
    def show(window: MainWindow) -> None:
        window.use_perspective(perspective)
        window.docks.bring(id_)

    return show


STEPS = (
    Step("Five questions", "What does the client post today? What would the design ask for? What "
         "does that save? What collateral is free? How far is the next call? Press a figure for "
         "what it is made of. The small arrow chooses another design.",
         _headline),
    Step("The book", "Positions stand under their silo and underlying, each group with its total. "
         "Type over a quantity, a price or an account and everything follows; Ctrl+Z takes it "
         "back. A corner mark says that a number behind the figure is still to confirm.",
         _positions),
    Step("Why this number", "Press F1 on any row. The tree goes from the account down to the "
         "position; the filled diamond binds. Beside it stand the paragraph, its edition and every "
         "input; the line above leads back up, and down to the cell it was read from.",
         _dock("margin"), _bring("review", "margin")),
    Step("From today to the design", "Every step of the bridge is an offset granted (solid), an "
         "offset denied or an add-on (hatched). Nothing is left out: the steps add up.",
         _dock("bridge"), _bring("review", "bridge")),
    Step("Offsets", "Each offset that was looked at, granted or denied, with its tests, its reason "
         "and what would change the answer.", _dock("offsets"), _bring("review", "offsets")),
    Step("What could be moved", "Which lots are free, pledged, re-used or segregated, and what can "
         "be delivered by when.", _dock("collateral"), _bring("collateral", "collateral")),
    Step("If it happened again", "A shock, the calls it brings, what is sold to meet them, and how "
         "far prices fall by that. Under today's silos or under a design.",
         _dock("cascade"), _bring("cascade", "cascade")),
    Step("What is wrong with the file", "What was left out or doubtful, with its cell and what "
         "mends it. Totals say incomplete until it is mended.",
         _dock("problems"), _bring("review", "problems")),
    Step("Find anything", "Ctrl+K finds commands, positions, accounts, offsets, rules, problems "
         "and this guide by part of a name. Alt+Left goes back to where you were. Shift+F1 opens "
         "the guide.", _search),
)


class _Outline(QWidget):
    """Frames a part of the window; lets the pointer through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame."""
        painter = QPainter(self)
        painter.setPen(QPen(QColor(tokens().accent), 3))
        painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
        painter.end()


class Tour(QFrame):
    """The card that explains; Enter or Right goes on, Left back, Esc ends the tour."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._place = window, 0
        self.setObjectName("tour")
        self.setFixedWidth(scaled(WIDE))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Guided tour")
        self.outline = _Outline(window)
        self.title, self.words, self.count = QLabel(), QLabel(), QLabel()
        self.title.setProperty("role", "heading")
        self.words.setWordWrap(True)
        self.count.setProperty("role", "note")
        self.back, self.next = QPushButton("Back"), QPushButton("Next")
        self.close_button = QPushButton("End tour")
        self._lay_out()
        self.back.clicked.connect(lambda: self.go(self._place - 1))
        self.next.clicked.connect(lambda: self.go(self._place + 1))
        self.close_button.clicked.connect(self.end)
        window.installEventFilter(self)
        self._is_going = False
        for action in window.commands.perspectives.actions():
            action.triggered.connect(self._step_aside)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.count)
        buttons.addStretch(1)
        for button in (self.close_button, self.back, self.next):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addLayout(buttons)

    @property
    def place(self) -> int:
        """Return the number of the stop, from 0."""
        return self._place

    def go(self, place: int) -> None:
        """Go to a stop; past the last one the tour ends."""
        if place >= len(STEPS):
            self.end()
            return
        self._place = max(0, place)
        step = STEPS[self._place]
        self._is_going = True
        step.show(self._window)
        self._is_going = False
        self.title.setText(step.title)
        self.words.setText(step.words)
        self.count.setText(f"{self._place + 1} of {len(STEPS)}")
        self.setAccessibleDescription(f"{step.title}. {step.words}")
        self.back.setEnabled(self._place > 0)
        self.next.setText("Next" if self._place + 1 < len(STEPS) else "Done")
        self._stand()
        self.next.setFocus()

    def _stand(self) -> None:
        """Frame the part and stand beside it, inside the window."""
        target = STEPS[self._place].target(self._window)
        area = QRect(target.mapTo(self._window, QPoint(0, 0)), target.size())
        self.outline.setGeometry(area.adjusted(-2, -2, 2, 2))
        self.adjustSize()
        room = self._window.rect().adjusted(GAP, GAP, -GAP, -GAP)
        x = area.center().x() - self.width() // 2
        y = area.bottom() + GAP
        if y + self.height() > room.bottom():
            y = area.top() - GAP - self.height()
        if y < room.top():
            y = area.center().y() - self.height() // 2
        self.move(max(room.left(), min(x, room.right() - self.width())),
                  max(room.top(), min(y, room.bottom() - self.height())))
        for widget in (self.outline, self):
            widget.show()
            widget.raise_()

    def _step_aside(self) -> None:
        """End where the user goes elsewhere: what the card speaks of is no longer in sight."""
        if not self._is_going:
            self.end()

    def end(self) -> None:
        """Take the card and the frame away."""
        self._window.removeEventFilter(self)
        self.outline.deleteLater()
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window as it is resized."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._stand()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk by keys."""
        match event.key():
            case Qt.Key.Key_Escape:
                self.end()
            case Qt.Key.Key_Right:
                self.go(self._place + 1)
            case Qt.Key.Key_Left:
                self.go(self._place - 1)
            case _:
                super().keyPressEvent(event)
