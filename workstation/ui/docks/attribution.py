"""Which holdings and levers a design's requirement comes from, and what each would release."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from workstation.base.money import accounting
from workstation.results.attribution_table import (
    Attribution,
    AttributionRow,
    LeverRow,
    PositionRow,
    attribution_table,
    levers_table,
    positions_table,
)
from workstation.results.run import Run
from workstation.results.silos import silo_of
from workstation.ui.docks.asking import AskingDock, wait_for
from workstation.ui.docks.choice import DesignChoice, combo, refill
from workstation.ui.docks.panes import ChartAndTable, TablePane
from workstation.ui.plots import exposure_bars
from workstation.ui.plots.canvas import Canvas
from workstation.ui.table_model import TableModel

EMPTY = ("What each holding adds to a design's requirement, and what it would release if it went, "
         "appears here.\nOpen a client file to compute it (Ctrl+O).")
TO_DO = "Left out one by one, each holding shows what it releases; Compute starts it."
KEEPS = ("This design keeps today's silos: it has no joint risk to attribute. Choose another; the "
         "Margin panel has the silos' own amounts.")
HOLDINGS = exposure_bars.Heads("Euler share", "Released if it goes", "Account", "Risk")
LEVERS = exposure_bars.Heads("Shapley share", "In the bridge's order", "", "Together")
VIEWS = (("By holding", "holdings"), ("By position", "positions"), ("By lever", "levers"))
MOST_BARS = 40


class AttributionDock(AskingDock):
    """The design chosen above, a bar for each holding, and the table beneath."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Attribution", EMPTY, parent)
        self.canvas = Canvas("What the risk is made of")
        self.found: Attribution | None = None
        self.table = TablePane("Attribution", totals=True)
        self.positions = TablePane("Positions", totals=True)
        self.levers = TablePane("Levers", totals=True)
        self.tables = QStackedWidget()
        for pane in (self.table, self.positions, self.levers):
            self.tables.addWidget(pane)
        self.panes = ChartAndTable(self.canvas, self.tables)
        self.view = combo("Attributed to")
        refill(self.view, VIEWS)
        self.view.activated.connect(lambda _: self._show())
        self.choice = DesignChoice()
        self.choice.picked.connect(self.design_chosen)
        self.choice.stand_in(self.header, self.view, self.button, self.bar, self.panes.toggle,
                             self.export_button())
        self.body.addWidget(self.panes)
        for pane in (self.table, self.positions):
            pane.chosen.connect(lambda row: self.account_chosen.emit(row.account))

    def has_content(self, run: Run) -> bool:
        """Say whether any design was computed."""
        return bool(run.designs and run.book.positions)

    def fill(self, run: Run) -> None:
        """Offer the designs; the figures of an earlier state of the book are taken away."""
        self.choice.offer(run)
        self._clear()
        self.ask_soon()

    def show_design(self, name: str) -> None:
        """Ask about another design."""
        changed = name != self.choice.name()
        self.choice.want(name)
        if changed and self.run is not None:
            self._clear()
            self.ask_soon()

    def _clear(self) -> None:
        self.found = None
        self._show()

    def show_answer(self, found: Any) -> None:
        """Show the holdings and levers of a design."""
        self.rest()
        _, self.found = found
        self._show()
        self.say("" if self.found is not None else KEEPS)

    def _show(self) -> None:
        run, found, design = self.run, self.found, self.choice.name()
        outcome = None if run is None else run.design(design)
        if run is None or outcome is None:
            return
        self.tables.setCurrentIndex(self.view.currentIndex())
        self.table.show_table(attribution_table(
            found.holdings if found else (), design, run.currency), refit=found is not None)
        self.positions.show_table(positions_table(
            found.positions if found else (), design, run.currency), refit=found is not None)
        self.levers.show_table(levers_table(
            found.levers if found else (), outcome.bridge, run.currency), refit=found is not None)
        pane = self._pane()
        bars, heads = (_levers(pane), LEVERS) if pane is self.levers else (
            _holdings(pane, run), HOLDINGS)
        if not bars:
            wait_for(self.canvas, TO_DO)
            return
        told = "; ".join(f"{bar.name} {accounting(bar.amount)}" for bar in bars)
        self.canvas.show_drawing(
            partial(exposure_bars.draw, bars=bars, currency=run.currency, heads=heads),
            f"{heads.amount} of {design} in {run.currency}: {told}.")

    # Exports ------------------------------------------------------------------------------

    def shown_table(self) -> TableModel:
        """Return the table chosen."""
        return self._pane().model

    def _pane(self) -> TablePane:
        return (self.table, self.positions, self.levers)[self.tables.currentIndex()]

    def chart(self) -> Canvas:
        """Return the bars."""
        return self.canvas


def _holdings(pane: TablePane, run: Run) -> tuple[exposure_bars.Bar, ...]:
    """Return a bar for each of the largest holdings, in the colour of its silo."""
    silos = {a.account_id: str(silo_of(a.account_type)) for a in run.book.accounts}
    rows: Sequence[AttributionRow | PositionRow] = (
        () if pane.model.table is None else pane.model.table.rows)
    return tuple(exposure_bars.Bar(
        row.name, silos.get(row.account, ""), row.euler,
        "" if row.marginal is None else accounting(row.marginal), row.account, "", row.hedge)
        for row in rows[:MOST_BARS])


def _levers(pane: TablePane) -> tuple[exposure_bars.Bar, ...]:
    rows: Sequence[LeverRow] = () if pane.model.table is None else pane.model.table.rows
    return tuple(exposure_bars.Bar(row.lever, "", row.shapley, accounting(row.in_order), "", "")
                 for row in rows)
