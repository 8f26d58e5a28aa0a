"""The file's own cells in the import preview, with a field chooser above every column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QLabel, QTableView, QWidget

from workstation.ui.restyle import restyle
from workstation.ui.theme import THEME, scaled, tokens
from workstation.ui.tokens import mixed

if TYPE_CHECKING:
    from workstation.importers.preview import Preview

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
TINT, HEAD_TINT = 0.18, 0.14
NARROWEST, WIDEST, ROW_HEIGHT = 132, 220, 22
CHOOSER, LINE = 24, 16
SURE = 0.75
NOT_USED = "not used"
MARKS = {"error": "✕", "warning": "!"}
MARGIN = 8
LEFT_OUT, CORRECTED = "–", "✓"


class SheetModel(QAbstractTableModel):
    """The first rows of one sheet; problems show beside the cells they are about."""

    cell_set = Signal(int, int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown: Preview | None = None
        self._width = 0
        self._figures: set[int] = set()
        THEME.changed.connect(self._repaint)

    def show(self, preview: Preview) -> None:
        """Show another dry run."""
        from workstation.workspace.import_tables import is_number

        self.beginResetModel()
        self.shown = preview
        self._width = max((len(row) for row in preview.rows), default=0)
        self._figures = {column for column, choice in preview.columns.items()
                         if is_number(choice.field)}
        self.endResetModel()

    def _repaint(self, _: object = None) -> None:
        if self.rowCount() and self.columnCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1,
                                                               self.columnCount() - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows of the file are shown."""
        is_inner = parent is not None and parent.isValid()
        return 0 if self.shown is None or is_inner else len(self.shown.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the width of the sheet."""
        return 0 if parent is not None and parent.isValid() else self._width

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let cells below the header be corrected."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if self._is_body(index.row()) else flags

    def text(self, row: int, column: int) -> str:
        """Return a cell as written in the file."""
        cells = self.shown.rows[row] if self.shown is not None else ()
        return cells[column] if column < len(cells) else ""

    def severity(self, row: int, column: int | None = None) -> str:
        """Return the gravest remark about a cell, or about any cell of a row."""
        found = [problem.severity for (r, c), problems in self._problems().items()
                 if r == row and column in (None, c) for problem in problems]
        return next((kind for kind in ("error", "warning") if kind in found), "")

    def _problems(self) -> Any:
        return self.shown.problems if self.shown is not None else {}

    def data(self, index: Index, role: int = int(Role.DisplayRole)) -> Any:
        """Return a cell's text, look or remarks."""
        row, column = index.row(), index.column()
        match role:
            case Role.DisplayRole | Role.EditRole:
                return self.text(row, column)
            case Role.BackgroundRole:
                return self._background(row, column)
            case Role.TextAlignmentRole:
                return RIGHT if column in self._figures and self._is_body(row) else LEFT
            case Role.ForegroundRole:
                return QColor(tokens().muted) if self._is_aside(row) else None
            case Role.FontRole:
                return self._font(row)
            case Role.ToolTipRole:
                return "\n".join(p.sentence() for p in self._problems().get((row, column), ())) or (
                    None)
        return None

    def _is_body(self, row: int) -> bool:
        return self.shown is not None and row > self.shown.header_row

    def _is_aside(self, row: int) -> bool:
        return self.shown is not None and (
            row < self.shown.header_row or row in self.shown.left_out)

    def _font(self, row: int) -> QFont | None:
        if self.shown is None or (row != self.shown.header_row
                                  and row not in self.shown.left_out):
            return None
        font = QFont()
        font.setStrikeOut(row in self.shown.left_out)
        if row == self.shown.header_row:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _background(self, row: int, column: int) -> QColor | None:
        chosen = tokens()
        if self.shown is not None and row == self.shown.header_row:
            return QColor(mixed(chosen.accent, chosen.raised, HEAD_TINT))
        colour = {"error": chosen.denied, "warning": chosen.partial}.get(self.severity(row, column))
        if self.shown is not None and (row, column) in self.shown.corrected:
            colour = colour or chosen.granted
        return QColor(mixed(colour, chosen.raised, TINT)) if colour else None

    def headerData(self, section: int, orientation: Qt.Orientation,
                   role: int = int(Role.DisplayRole)) -> Any:
        """Return column letters, and row numbers with a mark where a row has a remark."""
        from workstation.importers.sheets import column_letters

        if orientation == Qt.Orientation.Horizontal:
            return column_letters(section) if role == Role.DisplayRole else None
        if role == Role.DisplayRole:
            return f"{self._mark(section)} {section + 1}".strip()
        return None

    def _mark(self, row: int) -> str:
        """Return the mark of a row: an error, a warning, left out, or corrected."""
        found = MARKS.get(self.severity(row), "")
        if found or self.shown is None:
            return found
        if row in self.shown.left_out:
            return LEFT_OUT
        return CORRECTED if any(r == row for r, _ in self.shown.corrected) else ""

    def setData(self, index: Index, value: Any, role: int = int(Role.EditRole)) -> bool:
        """Ask for a correction; the cell changes when the file was read again."""
        if role != Role.EditRole or str(value) == self.text(index.row(), index.column()):
            return False
        self.cell_set.emit(index.row(), index.column(), str(value))
        return True


class SheetView(QTableView):
    """Shows a `SheetModel`."""

    moved = Signal()

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setAccessibleName("Cells of the file")
        self.setShowGrid(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(scaled(ROW_HEIGHT))
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setMinimumSectionSize(scaled(NARROWEST))
        self.horizontalHeader().sectionResized.connect(lambda *_: self.moved.emit())
        self.horizontalScrollBar().valueChanged.connect(lambda _: self.moved.emit())

    def fit(self) -> None:
        """Make every column wide enough for its chooser and most of its texts."""
        longest = f"{MARKS['error']} {self.model().rowCount()}"
        self.verticalHeader().setFixedWidth(
            self.fontMetrics().horizontalAdvance(longest) + 2 * MARGIN)
        self.resizeColumnsToContents()
        for column in range(self.model().columnCount()):
            width = min(max(self.columnWidth(column), scaled(NARROWEST)), scaled(WIDEST))
            self.setColumnWidth(column, width)
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the choosers that columns may have moved."""
        super().resizeEvent(event)
        self.moved.emit()

    def left_of(self, column: int) -> int:
        """Return where a column begins, from the left edge of the view."""
        return (self.columnViewportPosition(column) + self.verticalHeader().width()
                + self.frameWidth())


class ChooserBar(QWidget):
    """Over each column: its field, its unit, and how sure that is and why."""

    field_chosen = Signal(int, str)
    unit_chosen = Signal(int, str)

    def __init__(self, view: SheetView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._parts: list[tuple[QComboBox, QComboBox, QLabel]] = []
        self.setAccessibleName("Fields of the columns")
        self.setFixedHeight(scaled(2 * CHOOSER + LINE + 8))
        view.moved.connect(self.follow)

    def choosers(self) -> Sequence[tuple[QComboBox, QComboBox, QLabel]]:
        """Return field chooser, unit chooser and reason of each column."""
        return tuple(self._parts)

    def show_preview(self, preview: Preview) -> None:
        """Show what each column was read as."""
        width = max((len(row) for row in preview.rows), default=0)
        while len(self._parts) < width:
            self._parts.append(self._made(len(self._parts)))
        for column, part in enumerate(self._parts):
            self._fill(column, part, preview)
        self.follow()

    def _made(self, column: int) -> tuple[QComboBox, QComboBox, QLabel]:
        from workstation.importers.conventions import PLAIN, UNITS
        from workstation.workspace.import_tables import field_names

        field, unit, reason = QComboBox(self), QComboBox(self), QLabel(self)
        field.addItem(NOT_USED, "")
        for name, words in field_names():
            field.addItem(words, name)
        unit.addItem(PLAIN, PLAIN)
        for each in UNITS.values():
            unit.addItem(each.words.removesuffix(", pence or other hundredths"), each.name)
        reason.setProperty("role", "note")
        field.activated.connect(lambda _: self.field_chosen.emit(column, field.currentData()))
        unit.activated.connect(lambda _: self.unit_chosen.emit(column, unit.currentData()))
        for widget in (field, unit, reason):
            widget.show()
        return field, unit, reason

    def _fill(self, column: int, part: tuple[QComboBox, QComboBox, QLabel],
              preview: Preview) -> None:
        from workstation.importers.conventions import PLAIN
        from workstation.workspace.import_tables import is_number

        field, unit, reason = part
        choice = preview.columns.get(column)
        header = preview.headers[column] if column < len(preview.headers) else ""
        field.setAccessibleName(f"Field of column {header or column + 1}")
        unit.setAccessibleName(f"Unit of column {header or column + 1}")
        field.setCurrentIndex(max(0, field.findData(choice.field if choice else "")))
        unit.setCurrentIndex(max(0, unit.findData((choice.unit if choice else "") or PLAIN)))
        field.setVisible(bool(header))
        unit.setVisible(bool(choice and is_number(choice.field)))
        is_used = choice is not None and bool(choice.field)
        why = f"{choice.confidence:.0%}  {choice.reason}" if choice and is_used else (
            "kept beside the position" if header else "")
        reason.setToolTip(why)
        reason.setAccessibleName(why)
        is_doubtful = is_used and choice is not None and choice.confidence < SURE
        restyle(reason, "tone", "bad" if is_doubtful else "")

    def follow(self) -> None:
        """Keep every chooser over its column."""
        edge = self._view.verticalHeader().width()
        shown = self._view.model().columnCount()
        for column, part in enumerate(self._parts):
            left, width = self._view.left_of(column), self._view.columnWidth(column) - 4
            is_near = column < shown and left + width > edge and left < self.width()
            for place, widget in enumerate(part):
                if not is_near:
                    widget.setGeometry(-2 * WIDEST, 0, 0, 0)
                    continue
                top = place * scaled(CHOOSER + 2)
                widget.setGeometry(left, top, width, scaled(CHOOSER if place < 2 else LINE))
            reason = part[2]
            reason.setText(reason.fontMetrics().elidedText(
                reason.toolTip(), Qt.TextElideMode.ElideRight, width))
        self._cover()

    def _cover(self) -> None:
        """Keep choosers of columns scrolled away from showing over the row numbers."""
        edge = self._view.verticalHeader().width() + self._view.frameWidth()
        self.setMask(self.rect().adjusted(edge, 0, 0, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the columns when the bar grows."""
        super().resizeEvent(event)
        self.follow()
