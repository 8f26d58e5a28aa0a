"""The central table: every position, filtered, sorted, grouped, added up, copied and edited."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from workstation.ui.cell_editor import CellEditor
from workstation.ui.column_bars import FilterRow, TotalsRow
from workstation.ui.copying import copy_selection
from workstation.ui.editable_model import Refusal
from workstation.ui.pasting import pasted
from workstation.ui.positions_model import PositionsModel
from workstation.ui.restyle import restyle
from workstation.ui.table_view import TableView

if TYPE_CHECKING:
    from workstation.book.book import Book
    from workstation.results.run import Run
    from workstation.results.table import Table

GROUPINGS = {"No groups": "", "By silo": "silo", "By account": "account",
             "By underlying": "underlying", "By asset class": "asset_class"}
HIDDEN_AT_FIRST = ("silo", "regime", "asset_class", "description", "currency", "multiplier",
                   "where")
FILTER_DELAY_MS = 60
EMPTY = ("No book is open. Drop a position workbook, a CSV or a saved review here, "
         "or open one of the sample clients.")


class PositionsPanel(QWidget):
    """Shows the book; edits and questions leave as signals that carry the position's cell."""

    why = Signal(str)
    edited = Signal(str, str, object, int)
    abandoned = Signal(int)
    pasted = Signal(object)
    said = Signal(str)
    sample_wanted = Signal()
    open_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = PositionsModel(self)
        self.view = TableView(self.model, "Positions")
        self.editor = CellEditor(self.view)
        self.filters = FilterRow(self.view, self.model)
        self.totals = TotalsRow(self.view, self.model)
        self.search = QLineEdit()
        self.grouping = QComboBox()
        self.count = QLabel()
        self._opening = 0
        self._book_name = ""
        self._columns_state = ""
        self._pages = QStackedLayout()
        self._later = QTimer(self, singleShot=True, interval=FILTER_DELAY_MS)
        self._prepare_view()
        self._lay_out()

    # Layout -------------------------------------------------------------------------------

    def _prepare_view(self) -> None:
        self.view.setItemDelegate(self.editor)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked
                                  | QAbstractItemView.EditTrigger.EditKeyPressed
                                  | QAbstractItemView.EditTrigger.AnyKeyPressed)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._offer)
        self.view.wrap_headings()
        self.view.freeze()
        self.view.activated.connect(self._go_into)
        self.editor.opened.connect(self._opened)
        self.editor.abandoned.connect(lambda: self.abandoned.emit(self._opening))
        self.model.typed.connect(
            lambda where, field, value: self.edited.emit(where, field, value, self._opening))
        self.filters.changed.connect(lambda _: self._later.start())
        self._later.timeout.connect(self._filter)
        for changed in (self.model.modelReset, self.model.layoutChanged):
            changed.connect(self._recount)

    def _lay_out(self) -> None:
        self.search.setPlaceholderText("Find in every column  (Ctrl+F)")
        self.search.setAccessibleName("Find in positions")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(280)
        self.search.textChanged.connect(lambda _: self._later.start())
        self.grouping.addItems(list(GROUPINGS))
        self.grouping.setAccessibleName("Group positions")
        self.grouping.currentTextChanged.connect(lambda _: self._group())
        self.count.setProperty("role", "muted")
        title = QLabel("Positions")
        title.setProperty("role", "heading")
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(8)
        for widget in (title, self.count):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self.grouping)
        bar.addWidget(self.search, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        for part in (self.filters, self.view, self.totals):
            column.addWidget(part)
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(page)
        self.setLayout(self._pages)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        words = QLabel(EMPTY)
        words.setProperty("role", "empty")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        open_file, sample = QPushButton("Open…"), QPushButton("Open a sample client")
        open_file.clicked.connect(self.open_wanted)
        sample.clicked.connect(self.sample_wanted)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(open_file)
        buttons.addWidget(sample)
        buttons.addStretch(1)
        column.addStretch(1)
        column.addWidget(words)
        column.addLayout(buttons)
        column.addStretch(2)
        return page

    # What is shown ------------------------------------------------------------------------

    def show_book(self, book: Book | None, run: Run | None,
                  table: Table | None = None) -> None:
        """Show a book with its last run; None shows what to do first."""
        if book is None:
            self.model.show(None)
            self._pages.setCurrentIndex(0)
            return
        is_first, is_other = self.model.table is None, book.name != self._book_name
        self._book_name = book.name
        where = self.selected_where()
        self.model.show_book(book, run, table)
        if is_first and not self._restore_columns():
            self._hide_columns()
        if is_other:
            self._show_notional()
        self._pages.setCurrentIndex(1)
        if where and where != self.selected_where():
            self.view.select_where(where)
        self._recount()

    def keep_columns(self, state: str) -> None:
        """Remember an arrangement of columns, for the first book that is shown."""
        self._columns_state = state

    def columns_state(self) -> str:
        """Return fields in shown order with whether each is hidden; as kept before any book."""
        if self.model.table is None:
            return self._columns_state
        header = self.view.horizontalHeader()
        columns = [header.logicalIndex(place) for place in range(header.count())]
        return json.dumps([[self.model.field(c), self.view.isColumnHidden(c)] for c in columns])

    def _restore_columns(self) -> bool:
        """Arrange the columns as kept; fields that are not there any more are passed over."""
        try:
            kept = [(str(field), bool(hidden)) for field, hidden in json.loads(self._columns_state)]
        except (ValueError, TypeError):
            return False
        header = self.view.horizontalHeader()
        known = [(self.model.column_of(field), hidden) for field, hidden in kept]
        for place, (column, hidden) in enumerate((c, h) for c, h in known if c >= 0):
            header.moveSection(header.visualIndex(column), place)
            self.view.setColumnHidden(column, hidden)
        self.view.columns_changed.emit()
        return bool(kept)

    def _hide_columns(self) -> None:
        for field in HIDDEN_AT_FIRST:
            column = self.model.column_of(field)
            if column >= 0:
                self.view.setColumnHidden(column, True)
        self.view.columns_changed.emit()

    def _show_notional(self) -> None:
        """Give the notional column a place in books that hold futures, swaps or perpetuals."""
        table, column = self.model.table, self.model.column_of("notional")
        if table is not None and column >= 0:
            is_empty = all(row.notional is None for row in table.rows)
            self.view.setColumnHidden(column, is_empty)
            self.view.columns_changed.emit()

    def _recount(self) -> None:
        table = self.model.table
        every = 0 if table is None else len(table.rows)
        shown = len(self.model.source_rows())
        excluded = 0 if table is None else sum(
            row.status.startswith("excluded") for row in table.rows)
        words = f"{shown:,}" if shown == every else f"{shown:,} of {every:,}"
        self.count.setText(f"{words}  ·  {excluded} excluded" if excluded else words)
        restyle(self.count, "role", "note" if excluded else "muted")
        restyle(self.count, "tone", "warning" if excluded else "")

    def set_density(self, density: str) -> None:
        """Set the height of rows."""
        self.view.set_density(density)

    # Finding ------------------------------------------------------------------------------

    def start_search(self) -> None:
        """Put the keyboard in the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _filter(self) -> None:
        self.model.filter_by(self.filters.filters(), self.search.text())

    def _group(self) -> None:
        field = GROUPINGS[self.grouping.currentText()]
        self.model.group_by(self.model.column_of(field) if field else -1)

    def select(self, where: str) -> bool:
        """Select the row of a position, lifting filters that hide it; False when none is there."""
        if self.view.select_where(where):
            return True
        self.filters.clear()
        self.search.clear()
        self.grouping.setCurrentIndex(0)
        self._filter()
        return self.view.select_where(where)

    def selected_where(self) -> str:
        """Return the cell of the current position, empty when none is."""
        index = self.view.currentIndex()
        row = self.model.row_at(index.row()) if index.isValid() else None
        return "" if row is None else str(row.where)

    # Doing --------------------------------------------------------------------------------

    def ask_why(self) -> None:
        """Ask for the explanation of the current position."""
        where = self.selected_where()
        if where:
            self.why.emit(where)

    def paste(self) -> None:
        """Type the rows on the clipboard over the positions, from the current cell on."""
        found = pasted(self.view, self.model, QGuiApplication.clipboard().text())
        if isinstance(found, Refusal):
            self.said.emit(f"Nothing was pasted. {found}")
            return
        if found.changes:
            self.pasted.emit(found.changes)
        if found.sentence:
            self.said.emit(found.sentence)

    def _go_into(self, index: QModelIndex) -> None:
        """Fold a group, or explain a figure that cannot be typed over."""
        if self.model.group_at(index.row()) is not None:
            self.model.toggle_group(index.row())
        elif not self.model.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self.ask_why()

    def _opened(self, opening: int) -> None:
        self._opening = opening

    def _offer(self, at: QPoint) -> None:
        self.context_menu(at).popup(self.view.viewport().mapToGlobal(at))

    def context_menu(self, at: QPoint) -> QMenu:
        """Return what can be done with the row at a point."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        index = self.view.indexAt(at)
        why = menu.addAction("Why this number?\tF1")
        why.triggered.connect(self.ask_why)
        why.setEnabled(bool(self.selected_where()))
        edit = menu.addAction("Edit this cell")
        edit.setEnabled(index.isValid()
                        and bool(self.model.flags(index) & Qt.ItemFlag.ItemIsEditable))
        edit.triggered.connect(lambda: self.view.edit(index))
        menu.addSeparator()
        menu.addAction("Copy with headings").triggered.connect(self.view.copy)
        menu.addAction("Copy without headings").triggered.connect(
            lambda: copy_selection(self.view, headers=False))
        menu.addAction("Paste rows\tCtrl+V").triggered.connect(self.paste)
        menu.addAction("Export rows shown as CSV…").triggered.connect(self.export_wanted)
        menu.addSeparator()
        same = menu.addAction("Show only rows like this cell")
        same.setEnabled(index.isValid() and self.model.row_at(index.row()) is not None)
        same.triggered.connect(lambda: self.filters.set_filter(index.column(), index.data()))
        columns = self.view.columns_menu()
        columns.setTitle("Columns")
        menu.addMenu(columns)
        return menu
