"""The sensitivities behind swaps margin: a heat-map by tenor or bucket, factors beneath."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from workstation.base.money import accounting
from workstation.results.run import Run
from workstation.results.sensitivities import (
    FactorRow,
    accounts_with_sensitivities,
    factors_table,
    risk_types,
    sensitivity_grid,
)
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.panes import ChartAndTable, TablePane, labelled
from workstation.ui.plots import grid_map
from workstation.ui.plots.canvas import Canvas
from workstation.ui.table_model import TableModel

EMPTY = ("Net sensitivities of swaps accounts, by tenor and bucket, appear here.\n"
         "Open a CRIF or a client file that holds swaps (Ctrl+O).")


class SensitivitiesDock(Dock):
    """Account and risk type chosen above, the heat-map, and the risk factors beneath."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Sensitivities", EMPTY, parent)
        self.account, self.risk_type = combo("Swaps account"), combo("Risk type")
        self.canvas = Canvas("Sensitivities by tenor or bucket")
        self.table = TablePane("Risk factors", totals=True)
        self.panes = ChartAndTable(self.canvas, self.table)
        self.header.addWidget(labelled("Account", self.account))
        self.header.addWidget(self.account, 8)
        self.header.addWidget(labelled("Risk", self.risk_type))
        self.header.addWidget(self.risk_type, 8)
        self.header.addStretch(1)
        self.header.addWidget(self.panes.toggle)
        as_crif = QAction("Save sensitivities as CRIF…", self)
        as_crif.triggered.connect(lambda: self._ask("CSV", self.save_crif))
        self.header.addWidget(self.export_button(as_crif))
        self.body.addWidget(self.panes)
        self.account.activated.connect(lambda _: self._choose_account())
        self.risk_type.activated.connect(lambda _: self._show())

    def has_content(self, run: Run) -> bool:
        """Say whether any account has sensitivities."""
        return bool(run.sensitivities)

    def fill(self, run: Run) -> None:
        """Offer the accounts, keeping the one looked at."""
        refill(self.account, [(name, name) for name in accounts_with_sensitivities(run)])
        self._offer_types(run)

    def _offer_types(self, run: Run) -> None:
        names = risk_types(run, str(self.account.currentData()))
        refill(self.risk_type, [(name.removeprefix("Risk_"), name) for name in names])
        self._show()

    def _choose_account(self) -> None:
        if self.run is not None:
            self._offer_types(self.run)
            self.account_chosen.emit(str(self.account.currentData()))

    def _show(self) -> None:
        if self.run is None:
            return
        account, kind = str(self.account.currentData()), str(self.risk_type.currentData())
        grid = sensitivity_grid(self.run, account, kind)
        table = factors_table(self.run, account, kind)
        rows: tuple[FactorRow, ...] = tuple(table.rows)
        self.table.show_table(table, refit=True)
        net = accounting(sum(row.usd for row in rows))
        shown = grid_map.GridMap(
            grid.rows, grid.columns, grid.amounts, accounting,
            f"{kind.removeprefix('Risk_')} by {grid.row_kind} and {grid.column_kind}, "
            f"net {net} USD", "USD")
        self.canvas.show_drawing(partial(grid_map.draw, shown=shown), grid_map.summary(shown))

    def save_crif(self, path: Path) -> None:
        """Write the sensitivities of every swaps account of the review as a CRIF."""
        from workstation.importers.write_crif import write_crif
        from workstation.workspace.netting_sets import crif_of_book

        if self.run is not None:
            write_crif(crif_of_book(self.run.book)[0], path)

    def shown_table(self) -> TableModel:
        """Return the risk factors."""
        return self.table.model

    def chart(self) -> Canvas:
        """Return the heat-map."""
        return self.canvas
