"""Find anything by typing part of its name: commands, positions, accounts, rules, offsets."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workstation.ui.finding import Entry, Source, found
from workstation.ui.stylesheet import LABEL_SIZE
from workstation.ui.theme import scaled, tokens

ENTRY = int(Qt.ItemDataRole.UserRole)
WIDTH, HEIGHT, ROW = 640, 460, 40
KEYS_WIDE = 150
NOTHING = "Nothing is called that. Try a symbol, an account, a rule or a command."
Index = QModelIndex | QPersistentModelIndex


class _Lines(QStyledItemDelegate):
    """Draws a find on two lines: its name and keys, then what it is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of two lines."""
        return QSize(0, scaled(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one find."""
        entry, chosen = index.data(ENTRY), tokens()
        if not isinstance(entry, Entry):
            super().paint(painter, option, index)
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(chosen.selection))
        area = option.rect.adjusted(12, 3, -12, -3)
        half = area.height() // 2
        upper = QRect(area.left(), area.top(), area.width(), half)
        lower = upper.translated(0, half)
        painter.setFont(option.font)
        painter.setPen(QColor(chosen.text if entry.is_enabled else chosen.muted))
        self._line(painter, upper.adjusted(0, 0, -KEYS_WIDE if entry.keys else 0, 0), entry.name)
        small = QFont(option.font)
        small.setPixelSize(scaled(LABEL_SIZE))
        painter.setFont(small)
        painter.setPen(QColor(chosen.muted))
        painter.drawText(upper, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                         entry.keys)
        self._line(painter, lower, f"{entry.kind} · {entry.hint}" if entry.hint else entry.kind)

    @staticmethod
    def _line(painter: QPainter, area: QRect, text: str) -> None:
        cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)


class Finder(QDialog):
    """A field and what fits it; Enter runs the first or the chosen one."""

    def __init__(self, title: str, sources: Sequence[Source],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(scaled(WIDTH), scaled(HEIGHT))
        self._sources = sources
        self.field = QLineEdit()
        self.field.setPlaceholderText("Type part of a name")
        self.field.setAccessibleName(title)
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._list)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("What was found")
        self.list.setItemDelegate(_Lines(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(self._run)
        self.list.itemClicked.connect(self._run)
        self.empty = QLabel(NOTHING)
        self.empty.setProperty("role", "empty")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        for widget in (self.field, self.empty, self.list):
            column.addWidget(widget)
        self._list("")

    def _list(self, typed: str) -> None:
        self.list.clear()
        for entry in found(self._sources, typed):
            item = QListWidgetItem(f"{entry.name}, {entry.kind}")
            item.setData(ENTRY, entry)
            if not entry.is_enabled:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        self.empty.setVisible(not self.list.count())
        self.list.setVisible(bool(self.list.count()))
        self.list.setCurrentRow(0)

    def _run(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            entry: Entry = item.data(ENTRY)
            self.accept()
            entry.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys walk the list and Enter run, while the field has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8,
                    Qt.Key.Key_PageUp: -8}.get(Qt.Key(event.key()), 0)
            if step:
                row = self.list.currentRow() + step
                self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentItem())
                return True
        return False
