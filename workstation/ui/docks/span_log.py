"""Spreads between futures, formed and denied, what the files hold, and margin over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QTabWidget, QToolButton, QWidget

from workstation.results.risk_files_table import reading, risk_contents_table
from workstation.results.run import Run
from workstation.results.spreads import DENIED, FORMED, SpreadRow, spread_log_table
from workstation.rulebooks.span.margin_history import products_of
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.margin_history import MarginHistoryPane
from workstation.ui.docks.panes import TablePane
from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.figures import Figure, FigureStrip
from workstation.ui.table_model import TableModel

if TYPE_CHECKING:
    from workstation.rulebooks.span.parameters import RiskParameters
    from workstation.workspace.session import Session

EMPTY = ("Spreads formed and denied between futures appear here, with what the parameter files "
         "hold.\nOpen a client file with futures, then load an exchange's file (File menu, "
         "Risk-parameter files).")
ALL = ""
LOG_FIRST = ("status", "reason", "kind", "priority", "legs", "amount", "count", "rate")
NO_FILES = "The files these figures were computed with are not loaded; load them to look inside."
UNLOADED = ("Spreads are formed by an exchange's parameters; none is loaded "
            "(File menu, Risk-parameter files).")


class SpanLogDock(Dock):
    """Account and status chosen above; spread log, files and margin history in tabs."""

    margin_history_loaded = Signal(object)
    """A file of published margin changes to keep with the review."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Spreads", EMPTY, parent)
        self._files: tuple[RiskParameters, ...] = ()
        self.account, self.status = combo("Account of the spreads"), combo("Formed or denied")
        self.search = _search()
        self.figures = FigureStrip("Spreads and files")
        self.log, self.contents = TablePane("Spread log"), TablePane("Risk-parameter files")
        self.tables = QTabWidget()
        self.tables.setDocumentMode(True)
        self.tables.addTab(self.log, "Spread log")
        self.tables.addTab(self.contents, "Files")
        self.margins = MarginHistoryPane()
        self.tables.addTab(self.margins, "Margin history")
        self.header.addWidget(self.account, 6)
        self.header.addWidget(self.status, 5)
        self.header.addWidget(self.search, 8)
        self.header.addStretch(1)
        self.header.addWidget(self.export_button())
        self.body.addWidget(self.figures)
        self.body.addWidget(self.tables, 1)
        self.account.activated.connect(lambda _: self._choose_account())
        self.status.activated.connect(lambda _: self._show())
        self.search.textChanged.connect(lambda _: self._find())
        self.log.chosen.connect(self._tell)
        self.margins.said.connect(self.say)
        self.margins.wanted.connect(self.margin_history_loaded)
        self.tables.currentChanged.connect(lambda _: self._offer_filters())

    # Filling ------------------------------------------------------------------------------

    def show_session(self, session: Session | None) -> None:
        """Show what the files of a review hold."""
        self.margins.show_session(session)
        files = () if session is None else tuple(session.risk_files)
        known = [file.sha256 for file in self._files]
        if known != [file.sha256 for file in files] or self.contents.model.table is None:
            self._files = files
            self.contents.show_table(risk_contents_table(files), refit=True)
        if self.run is not None:
            self.show_run(self.run)

    def has_content(self, run: Run) -> bool:
        """Say whether futures are held, any spread was considered or any file is loaded."""
        return bool(run.spreads or self._files or products_of(run.book.positions))

    def fill(self, run: Run) -> None:
        """List the spreads of a review, keeping account and status looked at."""
        accounts = dict.fromkeys(row.account for row in run.spreads)
        refill(self.account, [(f"All accounts ({len(accounts)})", ALL),
                              *((name, name) for name in accounts)], ALL)
        self._show()

    def show_account(self, account_id: str) -> None:
        """Show the spreads of one account, where it has any."""
        number = self.account.findData(account_id)
        if number >= 0:
            self.account.setCurrentIndex(number)
            self._show()

    def _choose_account(self) -> None:
        self._show()
        if self.account.currentData() != ALL:
            self.account_chosen.emit(str(self.account.currentData()))

    def _show(self) -> None:
        run, account = self.run, self.account.currentData()
        if run is None:
            return
        rows = tuple(row for row in run.spreads if account in (ALL, row.account))
        refill(self.status, [(f"Formed and denied ({len(rows)})", ALL), *(
            (f"{word.capitalize()} ({sum(row.status == word for row in rows)})", word)
            for word in (FORMED, DENIED))], ALL)
        status = self.status.currentData()
        table = spread_log_table(row for row in rows if status in (ALL, row.status))
        self.log.show_table(table, refit=True, first=LOG_FIRST)
        self._find()
        self.figures.show_figures(_figures(rows, self._files))
        self.say("" if self._files else NO_FILES if run.spreads else UNLOADED)

    def _find(self) -> None:
        for pane in (self.log, self.contents):
            pane.model.filter_by({}, self.search.text())

    def _offer_filters(self) -> None:
        """Offer account, status and words only where they filter what is in front."""
        in_front = self.tables.currentWidget()
        for widget in (self.account, self.status):
            widget.setVisible(in_front is self.log)
        self.search.setVisible(in_front is not self.margins)

    def _tell(self, row: SpreadRow) -> None:
        """Say in full why a spread was denied, or what it did to the deltas."""
        if row.status == DENIED:
            self.say(f"{row.kind} {row.priority}, {row.legs}: denied, {row.reason}. {row.detail}")
        else:
            self.say(f"{row.kind} {row.priority}, {row.legs}: deltas {row.before} before, "
                     f"{row.after} after.")

    def shown_table(self) -> TableModel:
        """Return the table in front."""
        page = self.tables.currentWidget()
        if isinstance(page, MarginHistoryPane):
            return page.table.model
        return page.model if isinstance(page, TablePane) else self.log.model

    def chart(self) -> Canvas:
        """Return the margins of a contract over time."""
        return self.margins.canvas


def _figures(rows: Sequence[SpreadRow], files: Sequence[RiskParameters]) -> tuple[Figure, ...]:
    """Return how many spreads were formed and denied, and the date and cycle of each file."""
    formed = sum(row.status == FORMED for row in rows)
    return (
        Figure("Formed", f"{formed:,}"), Figure("Denied", f"{len(rows) - formed:,}"),
        *(Figure(file.name, "; ".join(item.snapshot for item in file.organisations) or "empty",
                 note=reading(file)) for file in files),
    )


def _search() -> QLineEdit:
    line = QLineEdit()
    line.setPlaceholderText("Find a leg or a reason")
    line.setAccessibleName("Find in spreads and files")
    line.setClearButtonEnabled(True)
    for button in line.findChildren(QToolButton):
        button.setAccessibleName("Clear")
    return line
