"""Published margin of a contract over time, from a file the analyst loads: stair and changes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workstation.base.problem import UnusableInputError
from workstation.results.margin_history_tables import jumps_table
from workstation.rulebooks.span.margin_history import products_of
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.panes import ChartAndTable, TablePane, labelled
from workstation.ui.plots import margin_steps
from workstation.ui.plots.canvas import Canvas

if TYPE_CHECKING:
    from workstation.workspace.session import Session

KINDS = "Margin histories (*.csv);;All files (*)"
NONE_LOADED = ("No margin history is loaded. Load a CSV file of published changes: symbol, date, "
               "initial, maintenance.")
KEPT = "The lab replays it for the contracts held; it is saved with the review."


class MarginHistoryPane(QWidget):
    """A contract chosen above, its margin over time, and every change beneath."""

    said = Signal(str, str)
    """What to say to the analyst, and its tone."""
    wanted = Signal(object)
    """A margin source to keep with the review."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self.contract = combo("Contract")
        self.canvas = Canvas("Published margin over time")
        self.table = TablePane("Margin changes")
        self.panes = ChartAndTable(self.canvas, self.table)
        self.words = QLabel(NONE_LOADED)
        self.words.setProperty("role", "muted")
        load = QPushButton("Load margin history…")
        load.clicked.connect(lambda _: self._ask())
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
        self._label = labelled("Contract", self.contract)
        row.addWidget(self._label)
        row.addWidget(self.contract, 4)
        row.addWidget(self.words, 10)
        row.addWidget(self.panes.toggle)
        row.addWidget(load)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.panes, 1)
        column.addStretch(0)
        self.contract.activated.connect(lambda _: self._show())
        self._fill()

    def show_session(self, session: Session | None) -> None:
        """Show the history of a review, where one is loaded."""
        self._session = session
        self._fill()

    def load(self, path: Path) -> None:
        """Read a file of changes; an unreadable one changes nothing and is named."""
        from workstation.workspace.margin_sources import read_margin_source

        if self._session is None:
            return
        try:
            source = read_margin_source(path)
        except UnusableInputError as error:
            self.said.emit(error.problems[0].sentence(), "bad")
            return
        self.wanted.emit(source)
        found = source.histories
        left_out = f"; {len(found.problems)} rows were left out as doubtful" * bool(found.problems)
        self.said.emit(f"{found.name}: {len(found.symbols)} contracts{left_out}. {KEPT}", "")

    def _ask(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Load margin history", "", KINDS)
        if name:
            self.load(Path(name))

    def _fill(self) -> None:
        found = None if self._session is None else self._session.margin_histories
        self.words.setText(NONE_LOADED if found is None else found.name)
        for widget in (self._label, self.contract, self.panes, self.panes.toggle):
            widget.setVisible(found is not None)
        if found is None or self._session is None:
            return
        held = set(products_of(self._session.book.positions)) & set(found.symbols)
        order = [*sorted(held), *(name for name in found.symbols if name not in held)]
        refill(self.contract, [(f"{name} (held)" if name in held else name, name)
                               for name in order])
        self._show()

    def _show(self) -> None:
        found = None if self._session is None else self._session.margin_histories
        replay = None if found is None else found.replay(str(self.contract.currentData()))
        if replay is None:
            return
        self.table.show_table(jumps_table(replay), refit=True)
        self.canvas.show_drawing(partial(margin_steps.draw, found=replay),
                                 margin_steps.summary(replay))

