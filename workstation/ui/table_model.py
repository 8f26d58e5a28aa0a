"""The Qt model over a result table: order, filter and cached text; the table is never copied."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import IntFlag
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from workstation.ui.amount_style import AMOUNTS
from workstation.ui.arrangement import Arrangement
from workstation.ui.table_groups import Group
from workstation.ui.table_order import SortKey, column_total, lacks_amounts

if TYPE_CHECKING:
    from workstation.results.table import Column, Table

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
WRAP = int(Qt.TextFlag.TextWordWrap)
CACHED_ROWS = 20_000
INCOMPLETE = "incomplete"
INSET = "\N{EM SPACE}"
"""What an inner heading is set in by, for each group it stands in; its rows once more."""
FOLDED, OPEN = "▸", "▾"
# Plain numbers: comparing enum members costs more than the rest of a call for a cell.
DISPLAY, ALIGN, RAW = int(Role.DisplayRole), int(Role.TextAlignmentRole), int(Role.UserRole)
TIP, EDIT = int(Role.ToolTipRole), int(Role.EditRole)


class Mark(IntFlag):
    """What a cell's look says besides its text."""

    PLAIN = 0
    NUMERIC = 1
    NEGATIVE = 2
    GROUP = 4
    EXCLUDED = 8
    TO_CONFIRM = 16
    PENDING = 32


NUMBER, NEGATIVE_NUMBER = int(Mark.NUMERIC), int(Mark.NUMERIC | Mark.NEGATIVE)
Painted = tuple[str, int]
NOWHERE = QModelIndex()


class TableModel(QAbstractTableModel):
    """Presents a Table; formatting comes from its columns, values from its rows."""

    def __init__(self, table: Table | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arranged = Arrangement(table)
        self._cache: dict[int, tuple[Painted, ...]] = {}
        self.lead = 0
        self.wraps_headings = False
        AMOUNTS.changed.connect(self._rewrite)

    # What is shown ------------------------------------------------------------------------

    @property
    def table(self) -> Table | None:
        """Return the table being shown."""
        return self._arranged.table

    @property
    def sort_keys(self) -> tuple[SortKey, ...]:
        """Return the columns sorted by, most important first."""
        return tuple(self._arranged.sort)

    @property
    def group_columns(self) -> tuple[int, ...]:
        """Return the columns rows are gathered by, the outermost first."""
        return self._arranged.group_by

    def show(self, table: Table | None) -> None:
        """Replace the table; when its rows are the same ones, order and editors are kept."""
        old = self.table
        is_same = old is not None and table is not None and self._same_rows(old, table)
        self._cache.clear()
        if is_same:
            self._arranged.show(table)
            if self.group_columns:
                self._reorder(self._arranged.regroup)
            self.refresh()
            return
        self.beginResetModel()
        if old is None or table is None or len(old.columns) != len(table.columns):
            self._arranged.start_over()
        self._arranged.show(table)
        self._arranged.arrange()
        self.endResetModel()

    def _same_rows(self, old: Table, table: Table) -> bool:
        return (len(old.rows) == len(table.rows) and len(old.columns) == len(table.columns)
                and all(self.key(a) == self.key(b)
                        for a, b in zip(old.rows, table.rows, strict=True)))

    def key(self, row: Any) -> object:
        """Return what identifies a row across runs."""
        return getattr(row, "where", None)

    def refresh(self) -> None:
        """Repaint every cell, keeping order, selection and open editors."""
        self._cache.clear()
        if self.rowCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _rewrite(self) -> None:
        """Write every amount in another style."""
        self.refresh()
        if self.columns:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    # Order --------------------------------------------------------------------------------

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by one column; -1 restores file order."""
        down = order == Qt.SortOrder.DescendingOrder
        self.sort_by([(column, down)] if column >= 0 else [])

    def sort_by(self, keys: Sequence[SortKey]) -> None:
        """Sort by several columns, the first the most important."""
        self._arranged.sort = list(keys)
        self._rearrange()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, self.columnCount() - 1))

    def filter_by(self, filters: Mapping[int, str], anywhere: str = "") -> None:
        """Show only rows that pass every column's filter and hold every word of `anywhere`."""
        self._arranged.filter_by(filters, anywhere)
        self._rearrange()

    def group_by(self, *columns: int) -> None:
        """Gather rows by columns' values under headings with subtotals; by none for no groups."""
        self._arranged.group_by = columns
        self._arranged.folded.clear()
        self._rearrange()

    def lead_with(self, column: int) -> None:
        """Write group headings in another column: the first one the view shows."""
        if column != self.lead:
            self.lead = column
            self._cache.clear()

    def toggle_group(self, row: int) -> None:
        """Fold or unfold the group whose heading stands in a shown row."""
        group = self.group_at(row)
        if group is not None:
            self._arranged.fold(group)
            self._rearrange()

    def fold_all(self, *, is_folded: bool) -> None:
        """Fold or unfold every outer group."""
        self._arranged.fold_outer(is_folded=is_folded)
        self._rearrange()

    def _rearrange(self) -> None:
        self._reorder(self._arranged.arrange)

    def _reorder(self, arrange: Callable[[], None]) -> None:
        """Change the order; what is selected or being edited follows its row."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        sources = [self.source(i.row()) for i in before]
        self._cache.clear()  # headings and their subtotals follow the filter
        arrange()
        place = self._arranged.places(sources)
        after = [self.index(place[s], i.column()) if s in place else QModelIndex()
                 for s, i in zip(sources, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    # Rows ---------------------------------------------------------------------------------

    def source(self, row: int) -> int:
        """Return the table's row shown at a place; negative for a heading."""
        return self._arranged.order[row]

    def source_rows(self) -> list[int]:
        """Return the table's rows that pass the filters, in shown order, headings left out."""
        return self._arranged.rows()

    def row_at(self, row: int) -> Any:
        """Return the table row shown at a place, None for a heading."""
        source = self.source(row)
        return self.table.rows[source] if self.table is not None and source >= 0 else None

    def group_at(self, row: int) -> Group | None:
        """Return the group whose heading stands at a place."""
        return self._arranged.group_at(row)

    def is_folded(self, group: Group) -> bool:
        """Say whether a group's rows are hidden."""
        return group.path in self._arranged.folded

    def row_of(self, where: str) -> int:
        """Return the shown place of the row read from a cell, -1 when it is not shown."""
        if self.table is None:
            return -1
        for row, source in enumerate(self._arranged.order):
            if source >= 0 and self.key(self.table.rows[source]) == where:
                return row
        return -1

    def totals(self) -> tuple[str, ...]:
        """Return the text of the totals row: sums of the columns that add up."""
        return self._sums(self.source_rows())

    def _sums(self, rows: Sequence[int]) -> tuple[str, ...]:
        table = self.table
        return () if table is None else tuple(
            self._sum(table, column, rows) for column in range(len(table.columns)))

    @staticmethod
    def _sum(table: Table, column: int, rows: Sequence[int]) -> str:
        if lacks_amounts(table, column, rows):
            return INCOMPLETE
        total = column_total(table, column, rows)
        return "" if total is None else AMOUNTS.writer(table.columns[column])(total)

    # Cells --------------------------------------------------------------------------------

    def painted(self, row: int) -> tuple[Painted, ...]:
        """Return text and marks of every cell of a shown row, from the cache where it can."""
        source = self.source(row)
        cells = self._cache.get(source)
        if cells is None:
            if len(self._cache) > CACHED_ROWS:
                self._cache.clear()
            cells = self._heading(row) if source < 0 else self._cells(source)
            self._cache[source] = cells
        return cells

    def _heading(self, row: int) -> tuple[Painted, ...]:
        group = self._arranged.groups[-1 - self.source(row)]
        arrow = FOLDED if self.is_folded(group) else OPEN
        numeric = int(Mark.GROUP | Mark.NUMERIC)
        cells = [(text, numeric if text else int(Mark.GROUP)) for text in self._sums(group.rows)]
        inset = INSET * group.level
        label = group.label.capitalize() if group.label.islower() else group.label
        cells[self.lead] = (f"{inset}{arrow} {label}  ({len(group.rows)})", int(Mark.GROUP))
        return tuple(cells)

    def _cells(self, source: int) -> tuple[Painted, ...]:
        cells = [self._cell(source, column, declared)
                 for column, declared in enumerate(self.columns)]
        if self._arranged.is_inner(source):
            text, marks = cells[self.lead]
            cells[self.lead] = f"{INSET}{INSET}{text}", marks
        return tuple(cells)

    def _cell(self, source: int, column: int, declared: Column) -> Painted:
        value, marks = self.value(source, column), int(self.marks(source, column))
        text = "" if value is None else AMOUNTS.writer(declared)(value)
        if declared.numeric:
            marks |= NEGATIVE_NUMBER if value is not None and value < 0 else NUMBER
        return text, marks

    @property
    def columns(self) -> Sequence[Any]:
        """Return the columns of the table, none without one."""
        return self.table.columns if self.table is not None else ()

    def value(self, source: int, column: int) -> Any:
        """Return the raw value of a cell."""
        return None if self.table is None else self.table.value(source, column)

    def marks(self, source: int, column: int) -> Mark:
        """Return further marks of a cell; the general table has none."""
        return Mark.PLAIN

    def tip(self, row: int, column: int) -> str | None:
        """Return what the pointer shows over a cell: its text, for cells cut short."""
        return self.painted(row)[column][0] or None

    # Qt -----------------------------------------------------------------------------------

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Count rows (none below a cell)."""
        return 0 if parent.isValid() else len(self._arranged.order)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Count columns (none below a cell)."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        """Return text, alignment, or the raw value for sorting and copying."""
        if not index.isValid():
            return None
        row, column, role = index.row(), index.column(), int(role)
        if role == DISPLAY:
            return self.painted(row)[column][0]
        if role == ALIGN:
            return RIGHT if self.columns[column].numeric else LEFT
        if role in (RAW, EDIT):
            source = self.source(row)
            return None if source < 0 else self.value(source, column)
        return self.tip(row, column) if role == TIP else None

    def headerData(self, section: int, orientation: Qt.Orientation,
                   role: int = DISPLAY) -> Any:
        """Return the column heading, with an arrow and a rank where it sorts."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        role = int(role)
        if role == DISPLAY:
            return f"{AMOUNTS.heading(self.columns[section])}{self._arrow(section)}"
        if role == ALIGN:
            side = RIGHT if self.columns[section].numeric else LEFT
            return side | WRAP if self.wraps_headings else side
        if role == RAW:
            return self.columns[section].heading
        return self.columns[section].hint or None if role == TIP else None

    def _arrow(self, column: int) -> str:
        for rank, (sorted_column, down) in enumerate(self._arranged.sort, start=1):
            if sorted_column == column:
                return f" {'▼' if down else '▲'}{rank if len(self._arranged.sort) > 1 else ''}"
        return ""
