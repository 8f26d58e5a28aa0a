"""Paint table cells straight from the model's cache, with the marks that carry meaning."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen, QPolygon
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from workstation.ui.table_model import FOLDED, Mark, TableModel
from workstation.ui.theme import THEME, tokens
from workstation.ui.tokens import Tokens

PADDING = 8
STRIPE = 5
MARK_SIZE = 6
CHEVRON_ROOM = 16
NUMERIC, NEGATIVE, GROUP = int(Mark.NUMERIC), int(Mark.NEGATIVE), int(Mark.GROUP)
EXCLUDED, TO_CONFIRM, PENDING = int(Mark.EXCLUDED), int(Mark.TO_CONFIRM), int(Mark.PENDING)
MARKED = EXCLUDED | TO_CONFIRM | PENDING
SELECTED = int(QStyle.StateFlag.State_Selected.value)
FOCUSED = int(QStyle.StateFlag.State_HasFocus.value)
POINTED = int(QStyle.StateFlag.State_MouseOver.value)
ELIDED = Qt.TextElideMode.ElideRight
KEPT_WIDTHS = 50_000
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
        self._widths: dict[str, int] = {}
        THEME.changed.connect(self._repalette)

    def _repalette(self, chosen: Tokens) -> None:
        self._inks = Inks(chosen)
        self._widths.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell: ground, marks, text, hairline.

        Runs for every visible cell of every frame; flags are plain integers because combining
        enumeration members costs more than the drawing.
        """
        model = index.model()
        if not isinstance(model, TableModel):
            super().paint(painter, option, index)
            return
        text, marks = model.painted(index.row())[index.column()]
        rect, state = option.rect, option.state.value
        self._ground(painter, rect, marks, state)
        if marks & MARKED:
            self._marks(painter, rect, marks)
        if marks & GROUP:
            self._group_cell(painter, option, model, index)
        elif text:
            self._text(painter, option, rect, text, marks, state)
        painter.setPen(self._inks.grid)
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        if state & FOCUSED:
            painter.setPen(self._inks.accent)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _ground(self, painter: QPainter, rect: QRect, marks: int, state: int) -> None:
        """Fill what differs from the table's own ground."""
        if state & SELECTED:
            painter.fillRect(rect, self._inks.selected)
        elif marks & GROUP:
            painter.fillRect(rect, self._inks.group)
        elif state & POINTED:
            painter.fillRect(rect, self._inks.hover)

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

    def _text(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, text: str,
              marks: int, state: int) -> None:
        """Draw the text; words are cut short with dots, a number that does not fit shows ###."""
        painter.setPen(self._inks.of(marks, bool(state & SELECTED)))
        inner = rect.adjusted(PADDING, 0, -PADDING, 0)
        if marks & NUMERIC:
            fits = self._width(option, text) <= inner.width() + PADDING
            painter.drawText(inner, NUMBER, text if fits else "###")
        else:
            if self._width(option, text) > inner.width():
                text = option.fontMetrics.elidedText(text, ELIDED, inner.width())
            painter.drawText(inner, WORDS, text)

    def _group_cell(self, painter: QPainter, option: QStyleOptionViewItem, model: TableModel,
                    index: Index) -> None:
        """Draw a group's subtotal, or the slice of its heading that lies over this cell.

        Every cell draws its own slice, so that repainting one of them never cuts the words.
        """
        text, marks = model.painted(index.row())[index.column()]
        rect, view = option.rect, option.widget
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.save()
        painter.setPen(self._inks.text)
        painter.setFont(font)
        if marks & NUMERIC:
            painter.drawText(rect.adjusted(PADDING, 0, -PADDING, 0), NUMBER, text)
        elif isinstance(view, QTableView):
            left = view.columnViewportPosition(model.lead) + PADDING
            painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
            heading = model.painted(index.row())[model.lead][0]
            words = heading.lstrip()
            left += painter.fontMetrics().horizontalAdvance(heading[:len(heading) - len(words)])
            self._chevron(painter, left, rect.center().y(), is_folded=words.startswith(FOLDED))
            painter.drawText(QRect(left + CHEVRON_ROOM, rect.top(), view.width(), rect.height()),
                             WORDS, words[1:].lstrip())
        painter.restore()

    def _chevron(self, painter: QPainter, left: int, middle: int, *, is_folded: bool) -> None:
        """Draw the sign of a folded or open group, as trees draw it."""
        points = ([(2, -4), (6, 0), (2, 4)] if is_folded else [(0, -2), (4, 2), (8, -2)])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._inks.muted, 1.5))
        painter.drawPolyline(QPolygon([QPoint(left + x, middle + y) for x, y in points]))
        painter.setPen(self._inks.text)

    def _width(self, option: QStyleOptionViewItem, text: str) -> int:
        """Return how wide a text is in the view's font; measuring is done once a text."""
        wide = self._widths.get(text)
        if wide is None:
            if len(self._widths) > KEPT_WIDTHS:
                self._widths.clear()
            wide = self._widths[text] = option.fontMetrics.horizontalAdvance(text)
        return wide

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room one cell wants."""
        model = index.model()
        if not isinstance(model, TableModel):
            return super().sizeHint(option, index)
        text, marks = model.painted(index.row())[index.column()]
        wide = 0 if marks & GROUP and not marks & NUMERIC else self._width(option, text)
        return QSize(wide + 2 * PADDING + 2, option.fontMetrics.height() + 4)
