"""The positions as edited: the last run's table with what was changed since laid over it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from workstation.book.remarks import FLAGS
from workstation.ui.editable_model import EditableModel, Refusal
from workstation.ui.table_model import Mark
from workstation.ui.typed_number import typed_number, typed_price

if TYPE_CHECKING:
    from workstation.book.book import Book
    from workstation.book.remarks import Remark
    from workstation.results.run import Run
    from workstation.results.table import Table

EDITABLE = ("account", "quantity", "price", "flag", "comment")
REMARKS = frozenset({"flag", "comment"})
FROM_THE_BOOK = frozenset({
    "symbol", "asset_class", "underlying", "description", "currency", "multiplier", "where",
    "flag", "comment",
})
CONFIRMED_BY_ACCOUNT = "stand_alone"


class PositionsModel(EditableModel):
    """A positions table whose quantity, price and account can be typed over.

    It changes nothing itself: `typed` carries the cell, the field and the value wanted, and the
    book answers with `show_changes`.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(None, parent)
        self.accounts: tuple[str, ...] = ()
        self._changed: dict[str, Mapping[str, Any]] = {}
        self._to_confirm: dict[str, str] = {}
        self._remarks: dict[str, Remark] | None = None

    def show_book(self, book: Book, run: Run | None, table: Table | None = None) -> None:
        """Show a run's positions, or a book's before its first run, with later edits on top.

        `table` is the run's positions table where it was made already, off the window's thread.
        """
        from workstation.results.tables import positions_of, positions_table

        self.accounts = tuple(account.account_id for account in book.accounts)
        self._to_confirm = {} if run is None else _to_confirm(run)
        self._changed = {} if run is None else _changes(run.book, book)
        self._remarks = {remark.where: remark for remark in book.remarks}
        if table is None:
            table = (positions_of(book, with_remarks=True) if run is None
                     else positions_table(run, with_remarks=True))
        self.show(table)

    def show_changes(self, run: Run, book: Book) -> None:
        """Lay the edits made since a run over its figures, which are marked as pending."""
        self._changed = _changes(run.book, book)
        self._remarks = {remark.where: remark for remark in book.remarks}
        self.refresh()

    def value(self, source: int, column: int) -> Any:
        """Return the edited value of a cell where there is one, else the run's."""
        value = super().value(source, column)
        if self._changed and self.table is not None:
            changed = self._changed.get(self.table.rows[source].where)
            if changed is not None:
                return changed.get(self.columns[column].field, value)
        return self._remark(source, column, value)

    def _remark(self, source: int, column: int, value: Any) -> Any:
        """Return what is said of a position now, which may be more than when it was computed."""
        field = self.columns[column].field if column >= 0 else ""
        if field not in REMARKS or self.table is None or self._remarks is None:
            return value
        remark = self._remarks.get(self.table.rows[source].where)
        return "" if remark is None else remark.flag if field == "flag" else remark.text

    def marks(self, source: int, column: int) -> Mark:
        """Return excluded, pending and to-confirm marks of a cell."""
        if self.table is None:
            return Mark.PLAIN
        row, field = self.table.rows[source], self.columns[column].field
        marks = Mark.PLAIN
        if field in ("status", "symbol") and row.status.startswith("excluded"):
            marks |= Mark.EXCLUDED
        if self._changed and row.where in self._changed and field not in FROM_THE_BOOK:
            marks |= Mark.PENDING
        if field == CONFIRMED_BY_ACCOUNT and row.account in self._to_confirm and row.stand_alone:
            marks |= Mark.TO_CONFIRM
        return marks

    def tip(self, row: int, column: int) -> str | None:
        """Return the cell's text, and why its figure is marked."""
        text, marks = self.painted(row)[column]
        shown = self.row_at(row)
        if shown is not None and marks & Mark.TO_CONFIRM:
            return f"{text}: to confirm\n{self._to_confirm[shown.account]}"
        said = self._remarks.get(shown.where) if shown is not None and self._remarks else None
        if said is not None and self.field(column) in ("symbol", "flag", "comment"):
            return f"{text}\n{said.flag}: {said.text}" if said.flag else f"{text}\n{said.text}"
        return text or None

    # Editing ------------------------------------------------------------------------------

    def is_editable(self, row: Any, field: str) -> bool:
        """Say whether a field can be typed over: quantity, price and account can."""
        return field in EDITABLE

    def choices(self, field: str) -> tuple[str, ...]:
        """Return the accounts a position may be moved to."""
        if field == "flag":
            return FLAGS
        return self.accounts if field == "account" else ()

    def read(self, column: int, text: str) -> Any:
        """Return the value typed into a column, or a sentence that says what is wrong."""
        match self.field(column):
            case "quantity":
                return typed_number(text)
            case "price":
                return typed_price(text)
            case "flag" | "comment":
                return text.strip()
            case _ if text in self.accounts:
                return text
            case _:
                return Refusal(
                    f"The book has no account {text}; it has {', '.join(self.accounts)}.")


def _changes(run_book: Book, book: Book) -> dict[str, Mapping[str, Any]]:
    """Return the edited fields of each position that is not the run's any more."""
    if run_book is book or len(run_book.positions) != len(book.positions):
        return {}
    return {
        new.where: {"quantity": new.quantity, "price": new.price, "account": new.account_id}
        for old, new in zip(run_book.positions, book.positions, strict=True)
        if old is not new and old != new
    }


def _to_confirm(run: Run) -> dict[str, str]:
    """Return the numbers still to confirm behind each account's requirement, as text."""
    found = {}
    for account in run.silos.accounts:
        cites = account.maintenance.unverified()
        if cites:
            found[account.account_id] = "\n".join(str(cite) for cite in cites)
    return found
