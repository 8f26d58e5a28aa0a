"""A chart and its table in one panel: both where there is room, one of them where there is not."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSplitter, QToolButton, QVBoxLayout, QWidget

from workstation.results.table import Table
from workstation.ui.column_bars import TotalsRow
from workstation.ui.table_model import TableModel
from workstation.ui.table_view import TableView

ROOMY = 400
CHART_SHARE = 0.6
SCROLL_BAR = 22


class TablePane(QWidget):
    """A result table that can be sorted and copied, with a totals row where columns add up."""

    chosen = Signal(object)
    """The table row selected, by pointer or keys."""

    def __init__(self, name: str, *, totals: bool = False, model: TableModel | None = None,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TableModel() if model is None else model
        self.model.setParent(self)
        self.view = TableView(self.model, name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view)
        self.totals = TotalsRow(self.view, self.model) if totals else None
        if self.totals is not None:
            column.addWidget(self.totals)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._announce())

    def _announce(self) -> None:
        rows = self.view.selectionModel().selectedRows()
        row = self.model.row_at(rows[0].row()) if rows else None
        if row is not None:
            self.chosen.emit(row)

    def select(self, field: str, value: str) -> None:
        """Select the row whose field holds a value, or no row."""
        for number in range(self.model.rowCount()):
            if getattr(self.model.row_at(number), field, None) == value:
                self.view.selectRow(number)
                return
        self.view.clearSelection()

    def natural_height(self) -> int:
        """Return the height at which every row shows."""
        rows = self.model.rowCount() * self.view.verticalHeader().defaultSectionSize()
        head = self.view.horizontalHeader().sizeHint().height()
        around = head + 2 * self.view.frameWidth() + SCROLL_BAR
        return rows + around + (self.totals.height() if self.totals else 0)

    def show_table(self, table: Table, *, refit: bool = False,
                   seldom: tuple[str, ...] = (), first: tuple[str, ...] = ()) -> None:
        """Show a table; order, filters and column widths stay unless it is another subject.

        To begin with, and where other columns come, those seldom needed are hidden (the heading's
        menu brings them back) and the most telling ones stand first.
        """
        before = [c.field for c in self.model.columns] if self.model.table is not None else []
        self.model.show(table)
        if refit:
            self.view.fit_columns()
        if before != [c.field for c in table.columns] and (seldom or first or not before):
            self._arrange(seldom, first)

    def _arrange(self, seldom: tuple[str, ...], first: tuple[str, ...]) -> None:
        header, fields = self.view.horizontalHeader(), [c.field for c in self.model.columns]
        for number, field in enumerate(fields):
            self.view.setColumnHidden(number, field in seldom)
        for place, field in enumerate(f for f in first if f in fields):
            header.moveSection(header.visualIndex(fields.index(field)), place)
        self.view.columns_changed.emit()


class ChartAndTable(QSplitter):
    """Chart above, table below; a low panel shows the chart until asked for the table."""

    arranged = Signal(bool)
    """Whether the table is shown."""

    def __init__(self, chart: QWidget, below: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._chart, self._below = chart, below
        self._is_shared = False
        self.addWidget(chart)
        self.addWidget(below)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.toggle = QToolButton()
        self.toggle.setText("Show as table")
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(lambda _: self._arrange())
        self._arrange()

    @property
    def is_roomy(self) -> bool:
        """Say whether chart and table both fit."""
        return self.height() >= ROOMY

    def minimumSizeHint(self) -> QSize:
        """Return the least room of either: a low panel shows one of them.

        Qt's own answer counts a table that is about to be hidden, and the layouts remember it:
        panels then stood over the foot of a small window.
        """
        sizes = [part.minimumSizeHint().expandedTo(part.minimumSize())
                 for part in (self._chart, self._below)]
        return sizes[0].expandedTo(sizes[1])

    def _arrange(self) -> None:
        as_table = self.toggle.isChecked()
        self._chart.setVisible(not as_table)
        self._below.setVisible(as_table or self.is_roomy)
        if not as_table and self.is_roomy and not self._is_shared:
            self.setSizes([round(self.height() * CHART_SHARE),
                           round(self.height() * (1 - CHART_SHARE))])
            self._is_shared = True
        self.arranged.emit(as_table or self.is_roomy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show or hide the table as room allows."""
        super().resizeEvent(event)
        if self._below.isHidden() == self.is_roomy and not self.toggle.isChecked():
            self._arrange()


def labelled(text: str, buddy: QWidget) -> QLabel:
    """Return the small label of a control."""
    label = QLabel(text)
    label.setProperty("role", "label")
    label.setBuddy(buddy)
    return label
