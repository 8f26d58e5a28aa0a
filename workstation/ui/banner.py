"""A line above the work that says what went wrong, or what was done; it never blocks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from workstation.ui.restyle import restyle

NOTICE_MS = 15_000
NO_REMEDY = "No remedy"


class Banner(QFrame):
    """One sentence with an optional remedy to press; closed by its button or Esc."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setAccessibleName("Message")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.remedy = QPushButton()
        self.remedy.setProperty("role", "link")
        self.remedy.setAccessibleName(NO_REMEDY)
        self.remedy.clicked.connect(self._mend)
        self._action: Callable[[], object] | None = None
        self._enough = QTimer(self, singleShot=True, interval=NOTICE_MS)
        self._enough.timeout.connect(self.hide)
        close = QPushButton("Close")
        close.setProperty("role", "link")
        close.setAccessibleName("Close the message")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.addWidget(self.words, 1)
        row.addWidget(self.remedy)
        row.addWidget(close)
        self.hide()

    def error(self, sentence: str, remedy: str = "",
              action: Callable[[], object] | None = None) -> None:
        """Say what could not be done and, with a button, what would help."""
        self._say("Error: ", sentence, "error", remedy, action)
        self._enough.stop()

    def notice(self, sentence: str, remedy: str = "",
               action: Callable[[], object] | None = None, *, stays: bool = False) -> None:
        """Say what was done; the line goes away by itself unless it asks for a decision."""
        self._say("", sentence, "notice", remedy, action)
        self._enough.stop()
        if not stays:
            self._enough.start()

    def add(self, sentence: str) -> None:
        """Say one thing more behind what is being said."""
        if sentence:
            text = f"{self.text()} {sentence}".strip()
            self.words.setText(text)
            self.setAccessibleDescription(text)
            self.show()

    def _say(self, word: str, sentence: str, tone: str, remedy: str,
             action: Callable[[], object] | None) -> None:
        self.words.setText(word + sentence)
        self.setAccessibleDescription(word + sentence)
        restyle(self, "tone", tone)
        self._action = action
        self.remedy.setText(remedy)
        self.remedy.setAccessibleName(remedy or NO_REMEDY)
        self.remedy.setVisible(bool(remedy))
        self.show()

    def text(self) -> str:
        """Return what is being said, empty when the banner is closed."""
        return "" if self.isHidden() else self.words.text()

    def _mend(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
