"""A row of named figures, some with a small bar of their share; wraps where it must."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QWidget

from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import tone

PADDING, GAP, BETWEEN = 8.0, 4.0, 12.0
BAR = 4.0
BAR_LEAST = 56.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A label, its value as written, and optionally a share (0 to 1) drawn below it."""

    label: str
    value: str
    share: float | None = None
    tone: str = "text"
    note: str = ""


def summary(figures: Sequence[Figure]) -> str:
    """Return the figures in one sentence."""
    return "; ".join(f"{figure.label} {figure.value}" for figure in figures) + "."


def draw(sheet: Sheet, figures: Sequence[Figure]) -> None:
    """Write figures from left to right, in further lines where one does not hold them."""
    labels, values = sheet.metrics(sheet.small), sheet.metrics(sheet.heavy)
    high = labels.height() + values.height() + (
        BAR + GAP if any(figure.share is not None for figure in figures) else 0)
    x, y = PADDING, GAP
    for figure in figures:
        least = 0.0 if figure.share is None else BAR_LEAST
        wide = max(labels.horizontalAdvance(figure.label),
                   values.horizontalAdvance(figure.value), least)
        if x > PADDING and x + wide > sheet.width - PADDING:
            x, y = PADDING, y + high + 2 * GAP
        _figure(sheet, figure, QRectF(x, y, wide, high))
        x += wide + BETWEEN
    sheet.used = y + high + GAP


def _figure(sheet: Sheet, figure: Figure, area: QRectF) -> None:
    label, value = sheet.metrics(sheet.small).height(), sheet.metrics(sheet.heavy).height()
    sheet.words(figure.label, QPointF(area.left(), area.top() + label / 2),
                sheet.tokens.muted, sheet.small)
    sheet.words(figure.value, QPointF(area.left(), area.top() + label + value / 2),
                tone(sheet.tokens, figure.tone), sheet.heavy)
    if figure.share is not None:
        whole = QRectF(area.left(), area.top() + label + value + 2, area.width(), BAR)
        sheet.block(whole, sheet.tokens.line)
        sheet.block(QRectF(whole.left(), whole.top(), whole.width() * figure.share, BAR),
                    tone(sheet.tokens, "granted"))
    if figure.note:
        sheet.sensitive(area, figure.note)


class FigureStrip(Canvas):
    """A canvas as high as its figures need at its width.

    It never scrolls: room kept for a scroll bar would change how figures wrap, hence the height,
    hence the need of the bar, and so on without end.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setMinimumSize(160, 24)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show figures."""
        self.show_drawing(lambda sheet: draw(sheet, figures), summary(figures))

    def redraw(self) -> None:
        """Draw at the full width, then take the height that needed."""
        self._is_stale = False
        used = self._draw(self.scene(), float(self.width() - 2), 0.0)
        self.setFixedHeight(round(used) + 2)
