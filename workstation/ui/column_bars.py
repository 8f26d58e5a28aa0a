"""Bars that follow the columns of a table: the filter row above it, the totals row below."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from workstation.ui.cell_delegate import NUMBER, PADDING, WORDS
from workstation.ui.table_model import TableModel
from workstation.ui.table_view import TableView
from workstation.ui.theme import THEME, scaled, tokens

BAR_HEIGHT = 24


class ColumnBar(QWidget):
    """A strip whose parts stand exactly over (or under) the columns of a view."""

    def __init__(self, view: TableView, model: TableModel) -> None:
        super().__init__()
        self.view, self.model = view, model
        self.setFixedHeight(scaled(BAR_HEIGHT))
        THEME.changed.connect(self._grow)
        view.columns_changed.connect(self.follow)
        view.horizontalScrollBar().valueChanged.connect(self.follow)
        view.frozen_changed.connect(self.follow)

    def sizeHint(self) -> QSize:
        """Return a bar's height; the width is the table's."""
        return QSize(0, scaled(BAR_HEIGHT))

    def _grow(self) -> None:
        self.setFixedHeight(scaled(BAR_HEIGHT))

    def follow(self) -> None:
        """Move the parts to where the columns are now."""
        self.update()

    def column_rect(self, column: int) -> QRect:
        """Return where a column stands, empty when it is hidden."""
        if self.view.isColumnHidden(column):
            return QRect()
        left = self.view.column_left(column) + self.view.frameWidth()
        return QRect(left, 0, self.view.columnWidth(column), self.height())

    def frozen_columns(self) -> list[int]:
        """Return the columns that stay in sight while the view is scrolled sideways."""
        frozen = self.view.frozen
        return frozen.columns() if frozen is not None and frozen.isVisible() else []


class FilterRow(ColumnBar):
    """One field a column; numbers take `>1000`, `-5..5`, `=0`, words what they must contain."""

    changed = Signal(object)

    def __init__(self, view: TableView, model: TableModel) -> None:
        super().__init__(view, model)
        self._fields: list[QLineEdit] = []
        model.modelReset.connect(self._rebuild)
        self.setAccessibleName("Column filters")

    def _rebuild(self) -> None:
        headings = [column.heading for column in self.model.columns]
        if [field.accessibleName() for field in self._fields] != [_named(h) for h in headings]:
            for field in self._fields:
                field.deleteLater()
            self._fields = []
            for column in self.model.columns:
                self._fields.append(self._field(column))
        self.follow()

    def _field(self, column: object) -> QLineEdit:
        field = QLineEdit(self)
        numeric = bool(getattr(column, "numeric", False))
        field.setProperty("role", "filter")
        field.setAccessibleName(_named(str(getattr(column, "heading", ""))))
        field.setPlaceholderText("Filter" if not self._fields else "")
        field.setToolTip(">1000, <0, -5..5, =0, or the digits shown" if numeric
                         else "Rows whose text contains this")
        if numeric:
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setFrame(False)
        field.textChanged.connect(lambda _: self.changed.emit(self.filters()))
        field.show()
        return field

    def filters(self) -> dict[int, str]:
        """Return the filters in force by column."""
        return {c: f.text() for c, f in enumerate(self._fields) if f.text().strip()}

    def set_filter(self, column: int, text: str) -> None:
        """Write one column's filter."""
        self._fields[column].setText(text)

    def clear(self) -> None:
        """Remove every filter."""
        for field in self._fields:
            field.clear()

    def follow(self) -> None:
        """Keep every field over its column."""
        for column, field in enumerate(self._fields):
            rect = self.column_rect(column)
            field.setVisible(not rect.isEmpty())
            field.setGeometry(rect)
        for column in self.frozen_columns():
            self._fields[column].raise_()


def _named(heading: str) -> str:
    return f"Filter {heading}"


class TotalsRow(ColumnBar):
    """The sums of the rows that pass the filters."""

    def __init__(self, view: TableView, model: TableModel) -> None:
        super().__init__(view, model)
        self._texts: tuple[str, ...] = ()
        self.setAccessibleName("Totals of the rows shown")
        for changed in (model.modelReset, model.layoutChanged, model.dataChanged):
            changed.connect(lambda *_: self.recount())

    def recount(self) -> None:
        """Add the shown rows up again."""
        self._texts = self.model.totals()
        named = (f"{column.heading} {text}"
                 for column, text in zip(self.model.columns, self._texts, strict=True) if text)
        self.setAccessibleDescription("; ".join(named))
        self.update()

    def text(self, column: int) -> str:
        """Return the total shown under a column."""
        return self._texts[column] if column < len(self._texts) else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a hairline, the word under the first column, and the sums."""
        painter, chosen = QPainter(self), tokens()
        painter.fillRect(self.rect(), QColor(chosen.surface))
        painter.setPen(QColor(chosen.line))
        painter.drawLine(0, 0, self.width(), 0)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(chosen.text))
        for column, text in enumerate(self._texts):
            rect = self.column_rect(column)
            if text and not rect.isEmpty():
                painter.drawText(rect.adjusted(0, 0, -PADDING, 0), NUMBER, text)
        covered = sum(self.view.columnWidth(column) for column in self.frozen_columns())
        if covered:
            painter.fillRect(QRect(0, 1, covered, self.height()), QColor(chosen.surface))
        painter.drawText(self._first_words(), WORDS, "Total")
        painter.end()

    def _first_words(self) -> QRect:
        header = self.view.horizontalHeader()
        shown = (header.logicalIndex(place) for place in range(header.count()))
        first = next((c for c in shown if not self.view.isColumnHidden(c)), 0)
        if self.text(first):
            return QRect()
        return self.column_rect(first).adjusted(PADDING, 0, 0, 0)
