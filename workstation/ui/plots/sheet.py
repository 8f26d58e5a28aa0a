"""One chart's drawing surface: marks and words in pixels on a scene, in palette colours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
)

from workstation.ui.plots.style import Pattern, hatching, sized, tint
from workstation.ui.tokens import Tokens

SMALL = 11 / 13
MARK = 0
"""Data key under which an item keeps the id it announces when clicked."""


@dataclass(slots=True)
class Sheet:
    """A scene to draw on, its size in pixels, and the palette and font to draw with.

    `height` is what the surface offers; `used` and `used_width` grow to what the drawing needs.
    """

    scene: QGraphicsScene
    width: float
    height: float
    tokens: Tokens
    font: QFont
    used: float = 0.0
    used_width: float = 0.0
    small: QFont = field(init=False)
    heavy: QFont = field(init=False)

    def __post_init__(self) -> None:
        self.small = sized(self.font, SMALL)
        self.heavy = sized(self.font, 1.0, heavy=True)

    def metrics(self, font: QFont | None = None) -> QFontMetricsF:
        """Return the metrics of a font, the body font unless told."""
        return QFontMetricsF(font or self.font)

    def row(self, least: float, font: QFont | None = None) -> float:
        """Return the height of a row: as given, or what a line of text in this size needs."""
        return max(least, self.metrics(font).height() + 1)

    def block(self, area: QRectF, colour: str, pattern: Pattern = Pattern.SOLID,
              hint: str = "", mark: str = "") -> QGraphicsRectItem:
        """Draw an area: solid, or a pale ground under a pattern with an edge of the colour."""
        item = QGraphicsRectItem(area)
        if pattern is Pattern.SOLID:
            item.setPen(QPen(Qt.PenStyle.NoPen))
            item.setBrush(QBrush(QColor(colour)))
        else:
            ground = self.tokens.raised if pattern is Pattern.OUTLINE else tint(colour, self.tokens)
            item.setBrush(QBrush(QColor(ground)))
            item.setPen(QPen(QColor(colour), 1.0))
        self._announce(item, hint, mark)
        if pattern not in (Pattern.SOLID, Pattern.OUTLINE):
            self._cover(area, colour, pattern)
        self.used = max(self.used, area.bottom())
        self.used_width = max(self.used_width, area.right())
        return item

    def _cover(self, area: QRectF, colour: str, pattern: Pattern) -> None:
        lines = QGraphicsPathItem(hatching(area, pattern))
        if pattern is Pattern.DOTS:
            lines.setPen(QPen(Qt.PenStyle.NoPen))
            lines.setBrush(QBrush(QColor(colour)))
        else:
            lines.setPen(QPen(QColor(colour), 1.0))
        lines.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.scene.addItem(lines)

    def line(self, start: QPointF, end: QPointF, colour: str, width: float = 1.0,
             style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> None:
        """Draw a line."""
        pen = QPen(QColor(colour), width, style)
        self.scene.addLine(start.x(), start.y(), end.x(), end.y(), pen)
        self.used = max(self.used, start.y(), end.y())

    def words(self, text: str, at: QPointF, colour: str = "", font: QFont | None = None,
              align: str = "left", plate: str = "") -> QRectF:
        """Write text whose left, centre or right edge is at x and whose middle is at y.

        A plate is laid under it where it stands on a pattern. Returns the area covered.
        """
        item = QGraphicsSimpleTextItem(text)
        item.setFont(font or self.font)
        item.setBrush(QBrush(QColor(colour or self.tokens.text)))
        size = item.boundingRect()
        shift = {"left": 0.0, "centre": size.width() / 2, "right": size.width()}[align]
        area = QRectF(at.x() - shift, at.y() - size.height() / 2, size.width(), size.height())
        if plate:
            under = self.scene.addRect(area.adjusted(-3, 0, 3, 0), QPen(Qt.PenStyle.NoPen),
                                       QBrush(QColor(plate)))
            under.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        item.setPos(area.topLeft())
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.scene.addItem(item)
        self.used = max(self.used, area.bottom())
        return area

    def upright(self, text: str, at: QPointF, font: QFont | None = None,
                colour: str = "") -> None:
        """Write text running upwards, its lower end at the point, for narrow columns."""
        item = QGraphicsSimpleTextItem(text)
        item.setFont(font or self.font)
        item.setBrush(QBrush(QColor(colour or self.tokens.text)))
        item.setRotation(-90)
        item.setPos(at.x() - item.boundingRect().height() / 2, at.y())
        self.scene.addItem(item)

    def sensitive(self, area: QRectF, hint: str, mark: str = "") -> None:
        """Lay an invisible area over marks, with values for the pointer and an id for clicks."""
        item = QGraphicsRectItem(area)
        item.setPen(QPen(Qt.PenStyle.NoPen))
        item.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        self._announce(item, hint, mark)
        item.setZValue(10)

    def _announce(self, item: QGraphicsItem, hint: str, mark: str) -> None:
        item.setToolTip(hint)
        item.setData(MARK, mark)
        self.scene.addItem(item)


def mark_of(item: QGraphicsItem) -> str:
    """Return the id an item announces, empty where it has none."""
    found: Any = item.data(MARK)
    return str(found) if found else ""
