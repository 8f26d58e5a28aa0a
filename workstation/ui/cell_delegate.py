"""Paint table cells straight from the model's cache, with the marks that carry meaning."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen, QPolygon
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workstation.ui.table_model import Mark, TableModel
from workstation.ui.theme import THEME, tokens
from workstation.ui.tokens import Tokens

PADDING = 8
STRIPE = 5
MARK_SIZE = 6
NUMERIC, NEGATIVE, GROUP = int(Mark.NUMERIC), int(Mark.NEGATIVE), int(Mark.GROUP)
EXCLUDED, TO_CONFIRM, PENDING = int(Mark.EXCLUDED), int(Mark.TO_CONFIRM), int(Mark.PENDING)
NUMBER = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
             | Qt.TextFlag.TextSingleLine)
WORDS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            | Qt.TextFlag.TextSingleLine)
Index = QModelIndex | QPersistentModelIndex


class Inks:
    """The pens and brushes of one palette, made once."""

    def __init__(self, chosen: Tokens) -> None:
        self.text, self.muted = QColor(chosen.text), QColor(chosen.muted)
        self.negative, self.excluded = QColor(chosen.denied), QColor(chosen.excluded)
        self.partial, self.accent = QColor(chosen.partial), QColor(chosen.accent)
        self.selected, self.hover = QColor(chosen.selection), QColor(chosen.hover)
        self.group, self.grid = QColor(chosen.surface), QPen(QColor(chosen.grid))
        self.dots = QBrush(self.excluded, Qt.BrushStyle.Dense5Pattern)

    def of(self, marks: int, is_selected: bool) -> QColor:
        """Return the colour of a cell's text; on a selection only plain text stays readable."""
        if is_selected:
            return self.text
        if marks & EXCLUDED:
            return self.excluded
        if marks & PENDING:
            return self.muted
        return self.negative if marks & NEGATIVE else self.text


class CellDelegate(QStyledItemDelegate):
    """Draws a TableModel's cells; works only on views of a `TableModel`."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # Qt's own overloads for the parent
        self._inks = Inks(tokens())
        THEME.changed.connect(self._repalette)

    def _repalette(self, chosen: Tokens) -> None:
        self._inks = Inks(chosen)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell: ground, marks, text, hairline."""
        model = index.model()
        if not isinstance(model, TableModel):
            super().paint(painter, option, index)
            return
        text, marks = model.painted(index.row())[index.column()]
        rect = option.rect
        state = option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        self._ground(painter, self._whole_row(option, rect, text, marks), marks, is_selected,
                     state)
        if marks & (EXCLUDED | TO_CONFIRM | PENDING):
            self._marks(painter, rect, marks)
        if text:
            painter.setPen(self._inks.of(marks, is_selected))
            painter.setFont(self._font(option, marks))
            self._text(painter, rect.adjusted(PADDING, 0, -PADDING, 0), text, marks)
        painter.setPen(self._inks.grid)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._inks.accent)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _ground(self, painter: QPainter, rect: QRect, marks: int, is_selected: bool,
                state: QStyle.StateFlag) -> None:
        if is_selected:
            painter.fillRect(rect, self._inks.selected)
        elif marks & GROUP:
            if not rect.isEmpty():
                painter.fillRect(rect, self._inks.group)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, self._inks.hover)

    @staticmethod
    def _whole_row(option: QStyleOptionViewItem, rect: QRect, text: str, marks: int) -> QRect:
        """Return the ground of a cell; a group's heading lies over the empty cells after it."""
        if not marks & GROUP or marks & NUMERIC:
            return rect
        if not text:
            return QRect()
        return rect.adjusted(0, 0, option.widget.width(), 0)

    def _marks(self, painter: QPainter, rect: QRect, marks: int) -> None:
        """Draw what is not said by words: dots for excluded, a corner for to confirm, a bar."""
        if marks & EXCLUDED:
            painter.fillRect(QRect(rect.left(), rect.top(), STRIPE, rect.height() - 1),
                             self._inks.dots)
        if marks & TO_CONFIRM:
            corner = rect.topRight()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._inks.partial)
            painter.drawPolygon(QPolygon([
                corner, corner - QPoint(MARK_SIZE, 0), corner + QPoint(0, MARK_SIZE)]))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        if marks & PENDING:
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height() - 1),
                             self._inks.accent)

    @staticmethod
    def _font(option: QStyleOptionViewItem, marks: int) -> QFont:
        font = QFont(option.font)
        if marks & GROUP:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    @staticmethod
    def _text(painter: QPainter, rect: QRect, text: str, marks: int) -> None:
        """Draw the text; words are cut short with dots, a number that does not fit shows ###."""
        metrics = painter.fontMetrics()
        if marks & NUMERIC:
            fits = metrics.horizontalAdvance(text) <= rect.width() + PADDING
            shown = text if fits else "###"
            painter.drawText(rect, NUMBER, shown)
            return
        if marks & GROUP:
            rect = rect.adjusted(0, 0, metrics.horizontalAdvance(text), 0)
        else:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, WORDS, text)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room one cell wants."""
        model = index.model()
        if not isinstance(model, TableModel):
            return super().sizeHint(option, index)
        text, marks = model.painted(index.row())[index.column()]
        metrics = QFontMetrics(self._font(option, marks))
        wide = 0 if marks & GROUP and not marks & NUMERIC else metrics.horizontalAdvance(text)
        return QSize(wide + 2 * PADDING + 2, metrics.height() + 4)
