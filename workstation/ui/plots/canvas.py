"""The view that shows a chart, draws it again at every size and palette, and writes it out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QStyle, QWidget

from workstation.ui.plots.sheet import Sheet, mark_of
from workstation.ui.theme import tokens as tokens_in_use
from workstation.ui.tokens import Tokens

Drawing = Callable[[Sheet], None]


class Canvas(QGraphicsView):
    """Shows one drawing made for the size at hand; a larger one scrolls, text never shrinks."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing: Drawing | None = None
        self._is_stale = True
        self._tokens = tokens_in_use()
        # A panel finding its place is resized many times; what is drawn is the last of them.
        self._settled = QTimer(self, singleShot=True, interval=0)
        self._settled.timeout.connect(self._redraw_stale)
        self.setScene(QGraphicsScene(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing
                            | QPainter.RenderHint.TextAntialiasing)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setMinimumSize(160, 96)
        self.setAccessibleName(name)

    def show_drawing(self, drawing: Drawing | None, summary: str = "") -> None:
        """Show a drawing; the summary says in one sentence what it shows, for screen readers."""
        self._drawing = drawing
        self.setAccessibleDescription(summary)
        self._redraw_when_seen()

    def apply_theme(self, tokens: Tokens) -> None:
        """Draw again in another palette."""
        self._tokens = tokens
        self._redraw_when_seen()

    def _redraw_when_seen(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self.redraw()

    def redraw(self) -> None:
        """Draw for the present size, leaving room for a scroll bar where one is needed."""
        self._is_stale = False
        scene = self.scene()
        width, height = float(self.width() - 2), float(self.height() - 2)
        used = self._draw(scene, width, height)
        if used > height:
            self._draw(scene, width - self._bar_width(), height)

    def _bar_width(self) -> int:
        """Return the room a scroll bar takes by either of the widths Qt reckons with."""
        bar = self.verticalScrollBar()
        metric = QStyle.PixelMetric.PM_ScrollBarExtent
        return max(bar.sizeHint().width(), self.style().pixelMetric(metric, None, self))

    def _draw(self, scene: QGraphicsScene, width: float, height: float) -> float:
        scene.clear()
        scene.setBackgroundBrush(QColor(self._tokens.raised))
        sheet = Sheet(scene, width, height, self._tokens, self.font())
        if self._drawing is not None:
            self._drawing(sheet)
        used = sheet.used + 4 if sheet.used > height else height
        scene.setSceneRect(QRectF(0, 0, max(width, sheet.used_width), used))
        return used

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw for the new size once the layout has settled."""
        super().resizeEvent(event)
        self._is_stale = True
        self._settled.start()

    def settle(self) -> None:
        """Draw at once what is out of date, for whoever takes the picture now."""
        if self._is_stale:
            self.redraw()

    def _redraw_stale(self) -> None:
        if self.isVisible():
            self.settle()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what changed while nobody looked, unless this is only shown in passing."""
        super().showEvent(event)
        self._settled.start()

    def changeEvent(self, event: QEvent) -> None:
        """Draw again when the font changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._redraw_when_seen()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Announce the mark under the pointer."""
        marks = (mark_of(item) for item in self.items(event.position().toPoint()))
        mark = next(filter(None, marks), "")
        if mark and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(mark)
        super().mousePressEvent(event)
