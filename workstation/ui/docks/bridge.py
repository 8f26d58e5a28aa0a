"""From stand-alone requirements through today's silos to one design, as a waterfall."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QWidget

from workstation.results.beside import bridge_beside
from workstation.results.run import DesignOutcome, Run
from workstation.results.silos import silo_of
from workstation.ui.docks.choice import DesignChoice
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.panes import ChartAndTable, TablePane
from workstation.ui.plots import waterfall
from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.sheet import Sheet
from workstation.ui.table_model import TableModel

EMPTY = ("The steps from stand-alone requirements to a harmonised design appear here.\n"
         "Open a client file to compute them (Ctrl+O).")


class BridgeDock(Dock):
    """The waterfall of the chosen design, with the same steps as a table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Bridge", EMPTY, parent)
        self.canvas = Canvas("Bridge to the chosen design")
        self.table = TablePane("Steps of the bridge")
        self.panes = ChartAndTable(self.canvas, self.table)
        self.choice = DesignChoice()
        self.choice.picked.connect(self._show_design)
        self.choice.picked.connect(self.design_chosen)
        self.choice.stand_in(self.header, self.panes.toggle, self.export_button())
        self.body.addWidget(self.panes)

    def has_content(self, run: Run) -> bool:
        """Say whether any design was computed."""
        return bool(run.designs)

    def fill(self, run: Run) -> None:
        """Offer the designs and draw the one chosen."""
        self._show_design(self.choice.offer(run))

    def show_design(self, name: str) -> None:
        """Choose a design by its name."""
        self.choice.want(name)
        self._show_design(self.choice.name())

    def _show_design(self, name: str) -> None:
        outcome = self.run.design(name) if self.run else None
        if self.run is None or outcome is None:
            return
        base = self.base_run()
        then = None if base is None else base.design(name)
        self.table.show_table(bridge_beside(outcome, then, self.run.currency), refit=True)
        bars = waterfall.rows(outcome.bridge, silo_amounts(self.run), _title(outcome))
        currency = self.run.currency

        def drawing(sheet: Sheet) -> None:
            waterfall.draw(sheet, bars, currency)

        self.canvas.show_drawing(drawing, waterfall.summary(bars, currency))

    def shown_table(self) -> TableModel:
        """Return the steps as a table."""
        return self.table.model

    def chart(self) -> Canvas:
        """Return the waterfall."""
        return self.canvas


def _title(outcome: DesignOutcome) -> str:
    return outcome.margin.title or outcome.margin.name


def silo_amounts(run: Run) -> tuple[tuple[str, Decimal], ...]:
    """Return today's maintenance requirement by silo, in the order of the accounts."""
    amounts: dict[str, Decimal] = {}
    for account in run.book.accounts:
        margin = run.silos.of_account(account.account_id)
        if margin is not None:
            silo = str(silo_of(account.account_type))
            amounts[silo] = amounts.get(silo, Decimal(0)) + margin.maintenance.amount
    return tuple(amounts.items())
