"""The central table: every position, filtered, sorted, grouped, added up, copied and edited."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
from workstation.ui.column_layout import Layout, arrange, hide, layout_of, read_layout
from workstation.ui.editable_model import Refusal
from workstation.ui.pasting import pasted
from workstation.ui.positions_menu import context_menu
from workstation.ui.positions_model import PositionsModel
from workstation.ui.restyle import restyle
from workstation.ui.saved_views import SavedViews
from workstation.ui.table_view import TableView

if TYPE_CHECKING:
    from workstation.book.book import Book
    from workstation.results.run import Run
    from workstation.results.table import Table

GROUPINGS: Mapping[str, tuple[str, ...]] = {
    "No groups": (), "By silo and underlying": ("silo", "underlying"), "By account": ("account",),
    "By account and underlying": ("account", "underlying"), "By silo": ("silo",),
    "By underlying": ("underlying",), "By asset class": ("asset_class",),
}
UNGROUPED, FIRST_GROUPING = "No groups", "By silo and underlying"
HIDDEN_AT_FIRST = ("silo", "regime", "asset_class", "description", "currency", "multiplier",
                   "where", "flag", "comment")
TELLING: Mapping[str, tuple[object, ...]] = {
    "notional": (None,), "status": ("margined", "not computed yet"), "flag": ("",),
    "comment": ("",)}
"""Columns shown to begin with only where some row says something else than these."""
FIRST_ORDER = ("account", "symbol", "underlying", "quantity", "price", "stand_alone",
               "market_value", "notional")
"""The columns that come first to begin with: the requirement stands in sight on a small screen."""
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
        self.views = SavedViews(self)
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
        bar.addWidget(self.views.button)
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
            arrange(self.view, self.model, self._first_layout())
        if is_other:
            self._show_telling()
        if is_first:
            self._group()
        self._pages.setCurrentIndex(1)
        if where and where != self.selected_where():
            self.view.select_where(where)
        self._recount()

    def keep_columns(self, state: str) -> None:
        """Remember an arrangement of columns, for the first book that is shown."""
        self._columns_state = state

    def columns_state(self) -> str:
        """Return the arrangement of the columns as text; as kept before any book."""
        if self.model.table is None:
            return self._columns_state
        return json.dumps(layout_of(self.view, self.model))

    def _restore_columns(self) -> bool:
        try:
            layout = read_layout(json.loads(self._columns_state or "[]"))
        except ValueError:
            return False
        arrange(self.view, self.model, layout)
        return bool(layout)

    def _show_telling(self) -> None:
        """Give seldom columns a place in the books where they say something."""
        table = self.model.table
        for field, silent in TELLING.items():
            is_silent = table is None or all(
                getattr(row, field) in silent for row in table.rows)
            hide(self.view, self.model, (field,), is_hidden=is_silent)

    # Views --------------------------------------------------------------------------------

    def view_state(self) -> dict[str, Any]:
        """Return everything that makes up the present view, by field."""
        model = self.model
        return {
            "columns": layout_of(self.view, model), "grouping": self.grouping.currentText(),
            "sort": [(model.field(c), down) for c, down in model.sort_keys],
            "filters": {model.field(c): text for c, text in self.filters.filters().items()},
            "search": self.search.text(),
        }

    def show_view(self, state: Mapping[str, Any]) -> None:
        """Show the positions as a view says; fields that are not there are passed over."""
        model = self.model
        arrange(self.view, model, read_layout(state.get("columns", ())))
        self.grouping.setCurrentText(str(state.get("grouping", UNGROUPED)))
        self.filters.clear()
        for field, text in dict(state.get("filters", {})).items():
            if model.column_of(field) >= 0:
                self.filters.set_filter(model.column_of(field), str(text))
        self.search.setText(str(state.get("search", "")))
        self._filter()
        model.sort_by([(model.column_of(field), bool(down)) for field, down
                       in state.get("sort", ()) if model.column_of(field) >= 0])

    def first_view(self) -> None:
        """Show the columns, order and groups of the beginning."""
        self.show_view({"columns": self._first_layout(), "grouping": FIRST_GROUPING})
        self._show_telling()

    def _first_layout(self) -> Layout:
        fields = [column.field for column in self.model.columns]
        order = [field for field in FIRST_ORDER if field in fields]
        order += [field for field in fields if field not in order]
        return [(field, field in HIDDEN_AT_FIRST) for field in order]

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
        fields = GROUPINGS[self.grouping.currentText()]
        columns = [self.model.column_of(field) for field in fields]
        said = {*fields} & {"account", "underlying"}
        hide(self.view, self.model, {"account", "underlying"} - said, is_hidden=False)
        hide(self.view, self.model, said)
        self.model.group_by(*(column for column in columns if column >= 0))
        self.view.widen_lead()

    def select(self, where: str) -> bool:
        """Select the row of a position, lifting filters that hide it; False when none is there."""
        if self.view.select_where(where):
            return True
        self.filters.clear()
        self.search.clear()
        self.model.fold_all(is_folded=False)
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
        return context_menu(self, at)

    def flag(self, flag: str) -> None:
        """Flag every selected position, or take their flags away."""
        for row in self._selected_rows():
            self.edited.emit(row.where, "flag", flag, 0)

    def comment(self) -> None:
        """Open the comment of the current position for typing."""
        row, column = self.view.currentIndex().row(), self.model.column_of("comment")
        if row < 0 or column < 0 or self.model.row_at(row) is None:
            return
        hide(self.view, self.model, ("comment",), is_hidden=False)
        index = self.model.index(row, column)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)
        self.view.edit(index)

    def _selected_rows(self) -> list[Any]:
        chosen = self.view.selectionModel().selectedRows()
        rows = [self.model.row_at(index.row()) for index in chosen]
        return [row for row in rows if row is not None]
