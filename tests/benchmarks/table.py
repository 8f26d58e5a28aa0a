"""Times of the positions table: show, sort, filter, and the repaint of a full screen.

python -m tests.benchmarks.table [ROWS]
"""

import os
import sys
import time
from dataclasses import dataclass
from decimal import Decimal

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtWidgets import QTableView

from workstation.results.formats import money, quantity, words
from workstation.results.table import Table
from workstation.ui.application import application
from workstation.ui.table_model import TableModel
from workstation.ui.table_view import TableView
from workstation.ui.theme import apply

FRAMES = 60
COLUMNS = (words("Account", "account"), words("Symbol", "symbol"), words("Status", "status"),
           quantity("Quantity", "quantity"), money("Value (USD)", "value", total=True),
           money("Requirement (USD)", "margin", total=True))


@dataclass(frozen=True, slots=True)
class Row:
    account: str
    symbol: str
    status: str
    quantity: Decimal
    value: Decimal
    margin: Decimal
    where: str


class PlainModel(QAbstractTableModel):
    """What a model without a cache costs: formats at every call."""

    def __init__(self, table):
        super().__init__()
        self.table = table

    def rowCount(self, parent=QModelIndex()):  # noqa: B008, N802 - Qt's name and default
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent=QModelIndex()):  # noqa: B008, N802 - Qt's name and default
        return 0 if parent.isValid() else len(self.table.columns)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        column = self.table.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.table.text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and column.numeric:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def rows(count):
    return tuple(Row(f"ACC-{i % 40}", f"SYM{i * 7919 % count}", "margined", Decimal(i % 977 - 400),
                     Decimal(i * 31 % 100_000) / 7, Decimal(i * 17 % 50_000), f"Positions!A{i}")
                 for i in range(count))


def timed(label, act):
    started = time.perf_counter()
    act()
    print(f"{label:<44}{(time.perf_counter() - started) * 1000:10.1f} ms")


def frames(app, view):
    """Mean time to scroll by a page and repaint."""
    view.resize(900, 1000)
    view.show()
    app.processEvents()
    started = time.perf_counter()
    for frame in range(FRAMES):
        view.verticalScrollBar().setValue(frame * 43)
        view.viewport().repaint()
    return (time.perf_counter() - started) / FRAMES * 1000


def main(count):
    app = application()
    apply(app, "light")
    table = Table("Rows", COLUMNS, rows(count))
    model = TableModel()
    view = TableView(model, "Rows")
    timed(f"show {count:,} rows", lambda: model.show(table))
    timed("show the same rows again", lambda: model.show(table))
    timed("sort by text", lambda: model.sort(1))
    timed("sort by number", lambda: model.sort(4, Qt.SortOrder.DescendingOrder))
    timed("sort by three columns", lambda: model.sort_by([(0, False), (3, True), (1, False)]))
    timed("search in every column, first time", lambda: model.filter_by({}, "sym77"))
    timed("search again", lambda: model.filter_by({}, "sym778"))
    timed("filter numbers", lambda: model.filter_by({4: ">5000"}))
    timed("group by account", lambda: (model.filter_by({}), model.group_by(0)))
    timed("totals", model.totals)
    model.group_by()
    model.sort(-1)
    own = frames(app, view)
    plain_model, plain = PlainModel(table), QTableView()
    plain.setModel(plain_model)
    plain.verticalHeader().setDefaultSectionSize(22)
    other = frames(app, plain)
    print(f"{'scroll a page, own view':<44}{own:10.1f} ms")
    print(f"{'scroll a page, plain model and delegate':<44}{other:10.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
