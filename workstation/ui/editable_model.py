"""A table some of whose cells can be typed over; it changes nothing itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal

from workstation.base.numerals import in_use
from workstation.ui.table_model import EDIT, TableModel

Index = QModelIndex | QPersistentModelIndex


class Refusal(str):
    """A sentence that says why what was typed cannot be entered."""

    __slots__ = ()


class EditableModel(TableModel):
    """Announces what was typed as `typed` (row key, field, value); whoever owns it answers."""

    typed = Signal(str, str, object)
    key_field = "where"
    """The field whose column names a row when rows are pasted by heading."""

    def field(self, column: int) -> str:
        """Return the field a column shows."""
        return str(self.columns[column].field)

    def column_of(self, field: str) -> int:
        """Return the column that shows a field, -1 when none does."""
        return next((i for i, c in enumerate(self.columns) if c.field == field), -1)

    def is_editable(self, row: Any, field: str) -> bool:
        """Say whether a field of a row can be typed over."""
        return False

    def choices(self, field: str) -> tuple[str, ...]:
        """Return the values a field is chosen from, none where it is typed."""
        return ()

    def read(self, column: int, text: str) -> Any:
        """Return the value typed into a column, or a Refusal."""
        return Refusal("This cannot be changed here.")

    def typing_text(self, column: int, value: Any) -> str:
        """Return the text an editor starts from."""
        if isinstance(value, str):
            return value
        return "" if value is None else format(value, "f").replace(".", in_use().decimal)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what may be done with a cell."""
        flags = super().flags(index)
        row = self.row_at(index.row()) if index.isValid() else None
        if row is not None and self.is_editable(row, self.field(index.column())):
            return flags | Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: Any, role: int = EDIT) -> bool:
        """Ask for a change of one cell; False where the text cannot be read."""
        shown = self.row_at(index.row()) if index.isValid() else None
        if shown is None or int(role) != EDIT:
            return False
        wanted = self.read(index.column(), str(value))
        if isinstance(wanted, Refusal):
            return False
        if wanted != self.value(self.source(index.row()), index.column()):
            self.typed.emit(str(self.key(shown)), self.field(index.column()), wanted)
        return True
