"""A row of controls that breaks into more rows where it is too narrow for them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget


class FlowRow(QWidget):
    """Controls from left to right; those that expand take what room a row has left, in order."""

    def __init__(self, *controls: QWidget, spacing: int = 8) -> None:
        super().__init__()
        self.flow = FlowLayout(self, spacing)
        for control in controls:
            self.flow.addWidget(control)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)


class FlowLayout(QLayout):
    """Rows as full as the width allows; an item that expands grows up to its largest width."""

    def __init__(self, parent: QWidget, spacing: int) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        """Take one more item."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item by its place."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove an item and return it."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Say that width is welcome."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """Say that fewer rows are needed where it is wide."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return how high the rows are together."""
        rows = self._rows(width)
        return sum(_high(row) for row in rows) + self.spacing() * max(len(rows) - 1, 0)

    def minimumSize(self) -> QSize:
        """Return room for the widest item alone."""
        return QSize(max((_least(i) for i in self._shown()), default=0), _high(self._shown()))

    def sizeHint(self) -> QSize:
        """Return room for everything in one row."""
        shown = self._shown()
        wide = sum(_least(i) for i in shown) + self.spacing() * max(len(shown) - 1, 0)
        return QSize(wide, _high(shown))

    def setGeometry(self, area: QRect) -> None:
        """Place every item."""
        super().setGeometry(area)
        top = area.top()
        for row in self._rows(area.width()):
            self._place(row, area, top)
            top += _high(row) + self.spacing()

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = []
        left = -1
        for item in self._shown():
            need = _least(item) + (self.spacing() if rows and left >= 0 else 0)
            if not rows or need > left:
                rows.append([])
                left, need = width, _least(item)
            rows[-1].append(item)
            left -= need
        return rows

    def _place(self, row: list[QLayoutItem], area: QRect, top: int) -> None:
        spare = area.width() - self.spacing() * (len(row) - 1) - sum(_least(i) for i in row)
        x, high = area.left(), _high(row)
        for item in row:
            wide = _least(item)
            if item.expandingDirections() & Qt.Orientation.Horizontal:
                more = min(max(spare, 0), item.maximumSize().width() - wide)
                wide, spare = wide + more, spare - more
            tall = min(item.sizeHint().height(), high)
            item.setGeometry(QRect(x, top + (high - tall) // 2, wide, tall))
            x += wide + self.spacing()


def _least(item: QLayoutItem) -> int:
    """Return the width an item needs: its smallest where it expands, else the one it asks for."""
    expands = item.expandingDirections() & Qt.Orientation.Horizontal
    return (item.minimumSize() if expands else item.sizeHint()).width()


def _high(row: list[QLayoutItem]) -> int:
    return max((item.sizeHint().height() for item in row), default=0)
