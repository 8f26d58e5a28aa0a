"""The table every dock can use: sorting by several columns, copying, hiding and reordering."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from workstation.ui.amount_style import AMOUNTS
from workstation.ui.cell_delegate import PADDING, CellDelegate
from workstation.ui.copying import copy_selection
from workstation.ui.frozen_columns import FrozenColumns
from workstation.ui.restyle import literal
from workstation.ui.table_model import TableModel
from workstation.ui.table_order import SortKey
from workstation.ui.theme import THEME, scaled, tokens

ROW_HEIGHTS = {"compact": 22, "comfortable": 28}
NARROWEST, WIDEST_WORDS = 48, 260
SAMPLED_ROWS = 500
MOST_SUMMED = 50_000
ARROW_ROOM = 20
TWO_LINES = 42
WRAPPED = Qt.AlignmentFlag(int(Qt.TextFlag.TextWordWrap))


class TableView(QTableView):
    """Shows a `TableModel`; click a heading to sort, with Shift or Ctrl to sort by more."""

    columns_changed = Signal()
    frozen_changed = Signal()

    def __init__(self, model: TableModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.frozen: FrozenColumns | None = None
        self._fitted_at = THEME.percent
        self.setModel(model)
        self.setItemDelegate(CellDelegate(self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)  # arrows walk the cells; Tab leads out of the table
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # Painted over whole by `paintEvent`: scrolling then moves what stands and draws the rest.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.verticalHeader().hide()
        self.set_density("compact")
        self._prepare_header()
        model.modelReset.connect(self.fit_columns)
        AMOUNTS.changed.connect(self.fit_columns)
        THEME.changed.connect(self._refit)
        self.columns_changed.connect(self._lead_groups)

    def _prepare_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(NARROWEST)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.sectionClicked.connect(self._sort_by_heading)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._offer_columns)
        for changed in (header.sectionResized, header.sectionMoved, header.geometriesChanged):
            changed.connect(lambda *_: self.columns_changed.emit())

    def set_density(self, density: str) -> None:
        """Make rows 22 px (`compact`) or 28 px (`comfortable`) high."""
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_HEIGHTS["compact"])
        rows.setDefaultSectionSize(scaled(ROW_HEIGHTS[density]))
        if self._model.wraps_headings:
            self.horizontalHeader().setFixedHeight(scaled(TWO_LINES))

    def copy(self) -> None:
        """Copy the selection as TSV and HTML, with headings."""
        copy_selection(self)

    def freeze(self) -> None:
        """Keep the first columns in sight while the others scroll."""
        self.frozen = FrozenColumns(self, self._model)

    def column_left(self, column: int) -> int:
        """Return where a column stands in the view, frozen or scrolled."""
        frozen = None if self.frozen is None else self.frozen.left_of(column)
        return self.columnViewportPosition(column) if frozen is None else frozen

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the table's ground, then the cells."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(tokens().raised))
        painter.end()
        super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy whole selections, where Qt would copy one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)

    def wrap_headings(self) -> None:
        """Let long headings take two lines, so that columns are as narrow as their figures."""
        header = self.horizontalHeader()
        header.setDefaultAlignment(header.defaultAlignment() | WRAPPED)
        header.setFixedHeight(scaled(TWO_LINES))
        self._model.wraps_headings = True

    def _lead_groups(self) -> None:
        header = self.horizontalHeader()
        shown = (header.logicalIndex(place) for place in range(header.count()))
        self._model.lead_with(next((c for c in shown if not self.isColumnHidden(c)), 0))

    def fit_columns(self) -> None:
        """Make every column as wide as its longest text among the first rows, words capped."""
        self._fitted_at = THEME.percent
        metrics = QFontMetrics(self.font())
        shown = [self._model.painted(r) for r in range(min(SAMPLED_ROWS, self._model.rowCount()))]
        heavy = QFont(self.font())
        heavy.setWeight(QFont.Weight.DemiBold)
        bold, totals = QFontMetrics(heavy), self._sums()
        for column, declared in enumerate(self._model.columns):
            longest = max((row[column][0] for row in shown), key=len, default="")
            wide = max(metrics.horizontalAdvance(longest), bold.horizontalAdvance(totals[column]))
            wide += 2 * PADDING + 2
            if not declared.numeric:
                wide = min(wide, WIDEST_WORDS)
            heading = self._heading_width(metrics, AMOUNTS.heading(declared))
            self.setColumnWidth(column, max(NARROWEST, wide, heading))
        self.columns_changed.emit()

    def widen_lead(self) -> None:
        """Give the first column the room its rows take under inner headings."""
        lead = self._model.lead
        texts = (self._model.painted(r)[lead][0] for r in range(
            min(SAMPLED_ROWS, self._model.rowCount())) if self._model.group_at(r) is None)
        metrics = QFontMetrics(self.font())
        wide = max(map(metrics.horizontalAdvance, texts), default=0) + 2 * PADDING + 2
        if wide > self.columnWidth(lead):
            self.setColumnWidth(lead, min(wide, WIDEST_WORDS))
            self.columns_changed.emit()

    def _sums(self) -> tuple[str, ...]:
        """Return the totals, which must fit too; of very long tables they are not waited for."""
        if self._model.rowCount() > MOST_SUMMED:
            return ("",) * len(self._model.columns)
        return self._model.totals()

    def _refit(self) -> None:
        """Fit columns again where the size of text has changed."""
        if self._fitted_at != THEME.percent:
            self.fit_columns()

    def _heading_width(self, metrics: QFontMetrics, heading: str) -> int:
        if not self._model.wraps_headings:
            return metrics.horizontalAdvance(heading) + 2 * PADDING + ARROW_ROOM
        words = heading.split(" ")
        lines = [max(metrics.horizontalAdvance(" ".join(words[:cut])),
                     metrics.horizontalAdvance(" ".join(words[cut:])))
                 for cut in range(1, len(words) + 1)]
        return min(lines) + 2 * PADDING + ARROW_ROOM // 2

    # Sorting ------------------------------------------------------------------------------

    def _sort_by_heading(self, column: int) -> None:
        held = QGuiApplication.keyboardModifiers()
        more = held & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
        self.sort_next(column, keep=bool(more))

    def sort_next(self, column: int, *, keep: bool = False) -> None:
        """Turn a column from unsorted to rising to falling to unsorted; `keep` the others."""
        keys = list(self._model.sort_keys)
        place = next((i for i, (c, _) in enumerate(keys) if c == column), None)
        turned: list[SortKey] = [(column, False)] if place is None else (
            [] if keys[place][1] else [(column, True)])
        if not keep:
            keys = turned
        elif place is None:
            keys += turned
        else:
            keys[place : place + 1] = turned
        self._model.sort_by(keys)

    # Columns ------------------------------------------------------------------------------

    def _offer_columns(self, at: QPoint) -> None:
        self.columns_menu().popup(self.horizontalHeader().mapToGlobal(at))

    def columns_menu(self) -> QMenu:
        """Return the menu that hides and shows columns."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column, declared in enumerate(self._model.columns):
            action = QAction(literal(declared.heading), menu, checkable=True)
            action.setChecked(not self.isColumnHidden(column))
            action.toggled.connect(lambda on, c=column: self._show_column(c, on))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction("Show every column").triggered.connect(self._show_every_column)
        menu.addAction("Fit columns to their text").triggered.connect(self.fit_columns)
        return menu

    def _show_column(self, column: int, is_on: bool) -> None:
        shown = sum(not self.isColumnHidden(c) for c in range(len(self._model.columns)))
        if is_on or shown > 1:
            self.setColumnHidden(column, not is_on)
            self.columns_changed.emit()

    def _show_every_column(self) -> None:
        header = self.horizontalHeader()
        for column in range(len(self._model.columns)):
            self.setColumnHidden(column, False)
            header.moveSection(header.visualIndex(column), column)
        self.columns_changed.emit()

    # Rows ---------------------------------------------------------------------------------

    def select_where(self, where: str) -> bool:
        """Select and show the row read from a cell; False when it is not among the shown."""
        row = self._model.row_of(where)
        if row < 0:
            return False
        column = max(0, self.horizontalHeader().logicalIndex(0))
        index = self._model.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        return True
