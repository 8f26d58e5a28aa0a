"""The first columns of a table, kept in sight while the others scroll under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QRect, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from workstation.ui.cell_delegate import PADDING, WORDS
from workstation.ui.theme import tokens

if TYPE_CHECKING:
    from workstation.ui.table_model import TableModel
    from workstation.ui.table_view import TableView

FROZEN = 2
LARGEST_SHARE = 0.5
SELECT = (QItemSelectionModel.SelectionFlag.ClearAndSelect
          | QItemSelectionModel.SelectionFlag.Rows)


class FrozenColumns(QWidget):
    """Lies over the left of a table that is scrolled sideways; clicks select rows as usual."""

    def __init__(self, view: TableView, model: TableModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        view.viewport().installEventFilter(self)
        view.horizontalScrollBar().valueChanged.connect(self.follow)
        view.columns_changed.connect(self.follow)
        for changed in (view.verticalScrollBar().valueChanged, model.dataChanged,
                        model.layoutChanged, model.modelReset,
                        view.selectionModel().selectionChanged):
            changed.connect(self._repaint)
        self.hide()

    def columns(self) -> list[int]:
        """Return the columns kept in sight: the first ones shown."""
        header = self._view.horizontalHeader()
        shown = (header.logicalIndex(place) for place in range(header.count()))
        return [c for c in shown if not self._view.isColumnHidden(c)][:FROZEN]

    def left_of(self, column: int) -> int | None:
        """Return where a frozen column stands; None for one that scrolls."""
        if not self.isVisible():
            return None
        left = 0
        for frozen in self.columns():
            if frozen == column:
                return left
            left += self._view.columnWidth(frozen)
        return None

    def follow(self) -> None:
        """Show the columns when the table is scrolled sideways and there is room for them."""
        view = self._view
        wide = sum(view.columnWidth(column) for column in self.columns())
        is_wanted = view.horizontalScrollBar().value() > 0 and (
            wide < view.viewport().width() * LARGEST_SHARE)
        frame = view.frameWidth()
        self.setGeometry(frame, frame, wide,
                         view.horizontalHeader().height() + view.viewport().height())
        if is_wanted != self.isVisible():
            self.setVisible(is_wanted)
            view.frozen_changed.emit()
        self.update()

    def _repaint(self) -> None:
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the height of the table."""
        if event.type() == QEvent.Type.Resize:
            self.follow()
        return False

    # Painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the headings and the rows in sight."""
        painter, chosen = QPainter(self), tokens()
        painter.fillRect(self.rect(), QColor(chosen.raised))
        top = self._view.horizontalHeader().height()
        self._headings(painter, top)
        painter.setClipRect(QRect(0, top, self.width(), self.height() - top))
        row = self._view.rowAt(0)
        while 0 <= row < self._model.rowCount():
            place = self._view.rowViewportPosition(row)
            if place > self._view.viewport().height():
                break
            self._row(painter, row, top + place)
            row += 1
        painter.setClipping(False)
        painter.setPen(QColor(chosen.line))
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())
        painter.end()

    def _headings(self, painter: QPainter, high: int) -> None:
        chosen, left = tokens(), 0
        painter.fillRect(QRect(0, 0, self.width(), high), QColor(chosen.surface))
        for column in self.columns():
            wide = self._view.columnWidth(column)
            painter.setPen(QColor(chosen.muted))
            text = str(self._model.headerData(column, Qt.Orientation.Horizontal) or "")
            painter.drawText(QRect(left, 0, wide, high).adjusted(PADDING, 0, -PADDING, 0),
                             WORDS, text)
            left += wide
        painter.setPen(QColor(chosen.line))
        painter.drawLine(0, high - 1, self.width(), high - 1)

    def _row(self, painter: QPainter, row: int, top: int) -> None:
        left, high = 0, self._view.rowHeight(row)
        is_selected = self._view.selectionModel().isRowSelected(row)
        for column in self.columns():
            option = QStyleOptionViewItem()
            self._view.initViewItemOption(option)
            option.rect = QRect(left, top, self._view.columnWidth(column), high)
            option.widget = self
            if is_selected:
                option.state |= QStyle.StateFlag.State_Selected
            self._view.itemDelegate().paint(painter, option, self._model.index(row, column))
            left += self._view.columnWidth(column)
        if self._model.group_at(row) is not None:
            self._group(painter, row, QRect(PADDING, top, self.width() - PADDING, high))

    def _group(self, painter: QPainter, row: int, rect: QRect) -> None:
        font = QFont(self._view.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(tokens().text))
        painter.drawText(rect, WORDS, self._model.painted(row)[self._model.lead][0])
        painter.setFont(self._view.font())

    # Pointer ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Sort by a heading, or select a row without scrolling back to it."""
        at = event.position().toPoint()
        below = at.y() - self._view.horizontalHeader().height()
        if below < 0:
            self._view.sort_next(self._column_at(at.x()))
            return
        row, beside = self._view.rowAt(below), self._view.columnAt(self.width() + 1)
        if row >= 0 and beside >= 0:
            self._view.selectionModel().setCurrentIndex(self._model.index(row, beside), SELECT)
            self._view.setFocus()

    def _column_at(self, place: int) -> int:
        columns, left = self.columns(), 0
        for column in columns:
            left += self._view.columnWidth(column)
            if place < left:
                return column
        return columns[-1]

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the table scroll."""
        event.ignore()
