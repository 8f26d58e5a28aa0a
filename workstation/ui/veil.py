"""A veil over figures that no longer follow from the book, until they do again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from workstation.ui.theme import tokens

STRENGTH = 150
"""How opaque the veil is, of 255: enough to see, little enough to read through."""


class Veil(QWidget):
    """Covers its parent while figures are being computed; lets every click through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._covered = parent
        parent.installEventFilter(self)
        self.hide()

    def cover(self, is_stale: bool) -> None:
        """Dim the parent, or show it at full strength again."""
        if is_stale:
            self.setGeometry(self._covered.rect())
            self.raise_()
        self.setVisible(is_stale)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the size of the parent."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._covered.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surface colour thinly over everything."""
        ground = QColor(tokens().surface)
        ground.setAlpha(STRENGTH)
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground)
        painter.end()
