"""What the review knows of the market, editable in place: prices and volatilities."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QToolButton, QWidget

from workstation.results.market_table import MarketRow, market_table
from workstation.results.run import Run
from workstation.ui.cell_editor import CellEditor
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.panes import TablePane
from workstation.ui.editable_model import EditableModel, Refusal
from workstation.ui.pasting import pasted
from workstation.ui.restyle import restyle
from workstation.ui.table_model import Mark, TableModel
from workstation.ui.typed_number import typed_level, typed_percent

if TYPE_CHECKING:
    from workstation.book.book import Book
    from workstation.workspace.session import Session

EMPTY = ("Prices and volatilities of the underlyings appear here.\n"
         "Open a client file to load them (Ctrl+O).")
PERCENT = 100


class MarketModel(EditableModel):
    """Underlyings whose price and volatility can be typed over; missing ones stand out."""

    key_field = "symbol"

    def key(self, row: MarketRow) -> object:
        """Return what identifies an underlying: its symbol."""
        return row.symbol

    def is_editable(self, row: MarketRow, field: str) -> bool:
        """Say whether a field can be typed over; a volatility needs a row with a price."""
        return field == "price" or (field == "iv" and row.price is not None)

    def read(self, column: int, text: str) -> Decimal | Refusal:
        """Return the price or the volatility typed, or a sentence that says what is wrong."""
        return typed_percent(text) if self.field(column) == "iv" else typed_level(text)

    def typing_text(self, column: int, value: Any) -> str:
        """Return the text an editor starts from: volatilities in percent."""
        is_share = value is not None and self.field(column) == "iv"
        return super().typing_text(column, (value * PERCENT).normalize() if is_share else value)

    def marks(self, source: int, column: int) -> Mark:
        """Mark what is missing."""
        if self.table is None or not self.table.rows[source].is_missing:
            return Mark.PLAIN
        return Mark.EXCLUDED if self.field(column) in ("symbol", "status") else Mark.PLAIN


class MarketDock(Dock):
    """Table of underlyings; what is typed leaves as `underlying_edited`."""

    underlying_edited = Signal(str, str, object, int)
    abandoned = Signal(int)
    underlyings_pasted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Market", EMPTY, parent)
        self.session: Session | None = None
        self.model = MarketModel()
        self.table = TablePane("Market", model=self.model)
        self.editor = CellEditor(self.table.view)
        self.count = QLabel()
        self.next_missing = QToolButton()
        self.search = QLineEdit()
        self._opening = 0
        self._prepare()

    def _prepare(self) -> None:
        view = self.table.view
        view.setItemDelegate(self.editor)
        view.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked
                             | QAbstractItemView.EditTrigger.EditKeyPressed
                             | QAbstractItemView.EditTrigger.AnyKeyPressed)
        self.editor.opened.connect(self._opened)
        self.editor.abandoned.connect(lambda: self.abandoned.emit(self._opening))
        self.model.typed.connect(lambda symbol, field, value: self.underlying_edited.emit(
            symbol, field, value, self._opening))
        self.next_missing.setText("Next missing")
        self.next_missing.setToolTip("Give the price of the next underlying that has none")
        self.next_missing.clicked.connect(self.go_to_missing)
        self.search.setPlaceholderText("Find an underlying")
        self.search.setAccessibleName("Find an underlying")
        self.search.setClearButtonEnabled(True)
        for button in self.search.findChildren(QToolButton):
            button.setAccessibleName("Clear")
        self.search.setMaximumWidth(220)
        self.search.textChanged.connect(lambda text: self.model.filter_by({}, text))
        self.header.addWidget(self.count)
        self.header.addWidget(self.next_missing)
        self.header.addStretch(1)
        self.header.addWidget(self.search, 1)
        self.header.addWidget(self.export_button())
        self.body.addWidget(self.table)

    def _opened(self, opening: int) -> None:
        self._opening = opening

    # Showing ------------------------------------------------------------------------------

    def show_session(self, session: Session | None) -> None:
        """Show the market of a review as edited, before its figures are known."""
        self.session = session
        if session is not None and self.table.model.table is not None:
            self._show(session.book)

    def has_content(self, run: Run) -> bool:
        """Say whether anything is priced or lacks a price."""
        return bool(run.book.positions or run.book.market.underlyings)

    def fill(self, run: Run) -> None:
        """List the underlyings of the book as edited."""
        self._show(run.book if self.session is None else self.session.book)

    def _show(self, book: Book) -> None:
        table = market_table(book)
        self.table.show_table(table)
        missing = sum(row.is_missing for row in table.rows)
        self.next_missing.setVisible(bool(missing))
        words = f"{len(table.rows):,} underlyings"
        self.count.setText(f"{words}  ·  {missing} missing" if missing else words)
        restyle(self.count, "role", "note" if missing else "label")
        restyle(self.count, "tone", "warning" if missing else "")

    def shown_table(self) -> TableModel:
        """Return the list."""
        return self.table.model

    def paste(self) -> None:
        """Type the rows on the clipboard over the market, by symbol or from the current cell on."""
        found = pasted(self.table.view, self.model, QGuiApplication.clipboard().text())
        if isinstance(found, Refusal):
            self.say(f"Nothing was pasted. {found}", "warning")
            return
        if found.changes:
            self.underlyings_pasted.emit(found.changes)
        self.say(found.sentence)

    # Finding ------------------------------------------------------------------------------

    def go_to_missing(self) -> None:
        """Open the price of the first missing underlying below the current row, or of the first."""
        rows = range(self.model.rowCount())
        missing = [row for row in rows if self.model.row_at(row).is_missing]
        current = self.table.view.currentIndex().row()
        if missing:
            self._edit(next((row for row in missing if row > current), missing[0]), "price")

    def give_price(self, symbol: str) -> bool:
        """Open the price of an underlying for typing; False when the list has none such."""
        row = self.model.row_of(symbol)
        if row < 0 and self.search.text():
            self.search.clear()
            row = self.model.row_of(symbol)
        if row >= 0:
            self._edit(row, "price")
        return row >= 0

    def _edit(self, row: int, field: str) -> None:
        index = self.model.index(row, self.model.column_of(field))
        view = self.table.view
        view.setFocus()
        view.setCurrentIndex(index)
        view.scrollTo(index)
        view.edit(index)
