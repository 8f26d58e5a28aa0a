"""What-if branches: their changes, and current, change and after beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workstation.base.vocabulary import BASE
from workstation.book.what_if import STATUSES
from workstation.results.run import Run
from workstation.results.table import Table
from workstation.results.what_if_tables import OperationRow, operations_table, what_if_tables
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.panes import TablePane, labelled
from workstation.ui.table_model import TableModel

if TYPE_CHECKING:
    from workstation.workspace.session import Session

EMPTY = ("What-if branches of the client appear here: changes on top of the book, which itself "
         "stays as it is.\nOpen a client file to start one (Ctrl+O).")
ON_BASE = ("This is the book itself.\nStart a what-if with New, then type changes above or edit "
           "positions, prices and volatilities as usual: the base is never changed by them.")
CHANGES_WIDE = 270
HINT = ("close SPY  ·  price SPX by -10%  ·  correlation SPX BTC to 0.5  ·  "
        "parameter futures_rates ES long to 25000")


class WhatIfDock(Dock):
    """Chooses, makes and changes branches; announces what is wanted and computes nothing."""

    branch_wanted = Signal(str)
    branch_started = Signal()
    branch_removed = Signal(str)
    change_wanted = Signal(str)
    change_switched = Signal(int, bool)
    change_dropped = Signal(int)
    status_wanted = Signal(str)
    file_wanted = Signal(int)
    """A file is to be added (1) or taken away (-1)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What-if", EMPTY, parent)
        self._session: Session | None = None
        self._design = ""
        self._tables: tuple[Table, ...] = ()
        self.branches, self.status = combo("Branch"), combo("Status of the branch")
        self.new = QPushButton("New")
        self.new.setAccessibleName("Start a what-if branch")
        self.change = QLineEdit()
        self.change.setPlaceholderText(HINT)
        self.change.setAccessibleName("Change to make")
        self.make = QPushButton("Apply")
        self.make.setAccessibleName("Make the change")
        self.switch, self.drop = QPushButton("Leave out"), QPushButton("Remove")
        self.changes, self.shown = TablePane("Changes of the branch"), combo("Comparison shown")
        self.table = TablePane("Current, change and after")
        self.invitation = QLabel(ON_BASE)
        self.invitation.setProperty("role", "empty")
        self.invitation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.invitation.setWordWrap(True)
        self._lay_out()
        self._connect()

    # Layout -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        refill(self.status, [(name.capitalize(), name) for name in STATUSES])
        self.status.setMaximumWidth(120)
        self.header.addWidget(labelled("Branch", self.branches))
        self.header.addWidget(self.branches, 2)
        self.header.addWidget(self.status, 1)
        self.header.addWidget(self.new)
        self.header.addStretch(1)
        self.header.addWidget(self._more())
        self.header.addWidget(self.export_button())
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 4)
        row.setSpacing(8)
        row.addWidget(self.change, 1)
        row.addWidget(self.make)
        self.panes = QSplitter(Qt.Orientation.Horizontal)
        self.panes.setHandleWidth(1)
        self.panes.setChildrenCollapsible(False)
        self.panes.addWidget(_column(self.changes, self.switch, self.drop))
        self.panes.addWidget(_column(self.table, self.shown))
        self.panes.setStretchFactor(0, 1)
        self.panes.setStretchFactor(1, 2)
        self.panes.setSizes([CHANGES_WIDE, 2 * CHANGES_WIDE])
        self.body.addLayout(row)
        self.body.addWidget(self.panes, 1)
        self.body.addWidget(self.invitation, 1)

    def _more(self) -> QToolButton:
        button = QToolButton()
        button.setText("Files")
        button.setAccessibleName("Add or subtract a file, or remove the branch")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        self.add_file = menu.addAction("Add from file…")
        self.subtract_file = menu.addAction("Subtract a file…")
        menu.addSeparator()
        self.remove = menu.addAction("Remove this branch")
        button.setMenu(menu)
        return button

    def _connect(self) -> None:
        self.branches.activated.connect(
            lambda i: self.branch_wanted.emit(str(self.branches.itemData(i))))
        self.status.activated.connect(
            lambda i: self.status_wanted.emit(str(self.status.itemData(i))))
        self.new.clicked.connect(self.branch_started)
        self.make.clicked.connect(self._want)
        self.change.returnPressed.connect(self._want)
        self.switch.clicked.connect(self._switch)
        self.drop.clicked.connect(self._drop)
        self.add_file.triggered.connect(lambda: self.file_wanted.emit(1))
        self.subtract_file.triggered.connect(lambda: self.file_wanted.emit(-1))
        self.remove.triggered.connect(lambda: self.branch_removed.emit(self._active()))
        self.shown.activated.connect(lambda _: self._show_table())
        self.changes.chosen.connect(lambda _: self._name_switch())

    # Showing ------------------------------------------------------------------------------

    def show_session(self, session: Session | None) -> None:
        """Show the branches of a review as they are now."""
        self._session = session
        branches = () if session is None else session.branches
        active = self._active()
        with QSignalBlocker(self.branches):
            self.branches.clear()
            self.branches.addItem("Base", BASE)
            for branch in branches:
                self.branches.addItem(f"{branch.name} ({branch.status})", branch.name)
            self.branches.setCurrentIndex(max(0, self.branches.findData(active)))
        mine = next((b for b in branches if b.name == active), None)
        for widget in (self.change, self.make, self.status, self.switch, self.drop):
            widget.setEnabled(mine is not None)
        for action in (self.add_file, self.subtract_file, self.remove):
            action.setEnabled(mine is not None)
        if mine is not None:
            self.status.setCurrentIndex(self.status.findData(mine.status))
        self.changes.show_table(operations_table(() if mine is None else (mine,)),
                                seldom=("branch", "status", "parent", "at", "author"))
        self._name_switch()
        if mine is None:
            self._compare(None)
        self._invite(is_branch=mine is not None)

    def _invite(self, *, is_branch: bool) -> None:
        """Show changes and comparison of a branch; on the base, say how to start one."""
        self.panes.setVisible(is_branch)
        self.invitation.setVisible(not is_branch)

    def fill(self, run: Run) -> None:
        """Compare a run with the base's."""
        self._compare(run)

    def show_design(self, name: str) -> None:
        """Show offsets and bridge of another design."""
        self._design = name
        self._compare(self.run)

    def _compare(self, run: Run | None) -> None:
        base = None if self._session is None else self._session.base_run
        is_branch = run is not None and self._active() != BASE and base is not None and (
            run.book is not base.book)
        self._tables = what_if_tables(base, run, (), self._design)[:-1] if (
            is_branch and base is not None and run is not None) else ()
        refill(self.shown, [(_short(t.name), t.name) for t in self._tables])
        self.shown.setEnabled(bool(self._tables))
        self._show_table()

    def _show_table(self) -> None:
        name = self.shown.currentData()
        table = next((t for t in self._tables if t.name == name), None)
        if table is not None:
            self.table.show_table(table, refit=True)
        else:
            self.table.model.show(None)

    def _active(self) -> str:
        return BASE if self._session is None else self._session.active

    # Asking -------------------------------------------------------------------------------

    def _want(self) -> None:
        text = self.change.text().strip()
        if text:
            self.change_wanted.emit(text)

    def accepted(self) -> None:
        """Empty the line of a change that was made."""
        self.change.clear()
        self.say("")

    def _chosen(self) -> OperationRow | None:
        rows = self.changes.view.selectionModel().selectedRows()
        found = self.changes.model.row_at(rows[0].row()) if rows else None
        return found if isinstance(found, OperationRow) else None

    def _name_switch(self) -> None:
        row = self._chosen()
        self.switch.setText("Leave out" if row is None or row.counts else "Count again")

    def _switch(self) -> None:
        row = self._chosen()
        if row is not None:
            self.change_switched.emit(row.number - 1, not row.counts)

    def _drop(self) -> None:
        row = self._chosen()
        if row is not None:
            self.change_dropped.emit(row.number - 1)

    def shown_table(self) -> TableModel:
        """Return the comparison."""
        return self.table.model


def _column(pane: TablePane, *controls: QWidget) -> QWidget:
    """Return a table with controls above it."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    row = QHBoxLayout()
    row.setContentsMargins(8, 0, 8, 4)
    row.setSpacing(8)
    for control in controls:
        row.addWidget(control)
    row.addStretch(1)
    column.addLayout(row)
    column.addWidget(pane, 1)
    return whole


def _short(name: str) -> str:
    """Return a comparison's name as the list offers it."""
    return name.removeprefix("What-if ").split(" ", maxsplit=1)[0].capitalize()
