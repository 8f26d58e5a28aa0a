"""One risk on one page: every wrapper, account, silo, margin and legal location it stands in."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from workstation.base.money import accounting
from workstation.results.one_risk import HoldingRow, RiskSummary, one_risk_table, risks
from workstation.results.run import Run
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.panes import ChartAndTable, TablePane, labelled
from workstation.ui.plots import exposure_bars
from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.figures import Figure, FigureStrip
from workstation.ui.plots.style import compact
from workstation.ui.table_model import TableModel

EMPTY = ("Everything held of one underlying risk, in every wrapper and account, appears here.\n"
         "Open a client file to compute it (Ctrl+O).")
NO_MARGIN = "not margined"
MOST_BARS = 40


class OneRiskDock(Dock):
    """The risk chosen above, its figures, a bar for each holding, and the table beneath."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("One risk", EMPTY, parent)
        self.root = combo("Underlying risk")
        self.figures = FigureStrip("Figures of the risk")
        self.canvas = Canvas("Exposure by holding")
        self.table = TablePane("Holdings of the risk", totals=True)
        self.panes = ChartAndTable(self.canvas, self.table)
        self.header.addWidget(labelled("Risk", self.root))
        self.header.addWidget(self.root, 12)
        self.header.addStretch(1)
        self.header.addWidget(self.panes.toggle)
        self.header.addWidget(self.export_button())
        self.body.addWidget(self.figures)
        self.body.addWidget(self.panes, 1)
        self.root.activated.connect(lambda _: self._show())
        self.table.chosen.connect(lambda row: self.account_chosen.emit(row.account))
        self.canvas.chosen.connect(self._choose)

    def has_content(self, run: Run) -> bool:
        """Say whether any risk is held."""
        return bool(run.exposures)

    def fill(self, run: Run) -> None:
        """Offer the risks, the largest first, keeping the one looked at."""
        found = risks(run)
        widest = max((risk for risk in found), key=lambda risk: (risk.silos, risk.gross))
        refill(self.root, [(f"{risk.root}    gross {compact(risk.gross)}, "
                            f"{_count(risk.silos, 'silo')}", risk.root) for risk in found],
               widest.root)
        self._show()

    def show_risk(self, root: str) -> None:
        """Show one risk, where it is held."""
        number = self.root.findData(root)
        if number >= 0:
            self.root.setCurrentIndex(number)
            self._show()

    def _show(self) -> None:
        root, run = str(self.root.currentData()), self.run
        if run is None:
            return
        summary = next(risk for risk in risks(run) if risk.root == root)
        table = one_risk_table(run, root)
        self.figures.show_figures(_figures(summary))
        self.table.show_table(table, refit=True)
        bars = tuple(_bar(row, number) for number, row in enumerate(table.rows[:MOST_BARS]))
        self.canvas.show_drawing(
            partial(exposure_bars.draw, bars=bars, currency=run.currency),
            exposure_bars.summary(root, bars, run.currency))
        left_out = len(table.rows) - len(bars)
        self.say(f"The chart shows the {MOST_BARS} largest; {left_out} more are in the table."
                 if left_out > 0 else "")

    def _choose(self, mark: str) -> None:
        """Select the row of a bar, which announces its account."""
        table = self.table.model.table
        if table is not None and mark.isdigit():
            row = table.rows[int(mark)]
            for number in range(self.table.model.rowCount()):
                if self.table.model.row_at(number) is row:
                    self.table.view.selectRow(number)

    def shown_table(self) -> TableModel:
        """Return the holdings."""
        return self.table.model

    def chart(self) -> Canvas:
        """Return the bars."""
        return self.canvas


def _figures(risk: RiskSummary) -> tuple[Figure, ...]:
    margin = accounting(risk.stand_alone)
    note = f"{_count(risk.unmargined, 'holding')} not margined" if risk.unmargined else ""
    gap = () if risk.weekend is None else (
        Figure("Weekend move, unsettled", accounting(risk.weekend),
               note="one deviation of what trades while its account cannot settle"),)
    return (
        Figure("Long", accounting(risk.long)), Figure("Short", accounting(risk.short)),
        Figure("Net", accounting(risk.net), note="what is left if everything offset"),
        Figure("Margin, each alone", f"{margin} *" if note else margin, note=note,
               tone="excluded" if note else "text"),
        Figure("Accounts", str(risk.accounts)), Figure("Silos", str(risk.silos)),
        Figure("Locations", str(risk.legal_locations),
               note="legal location and firm: margin crosses neither"),
        *gap,
    )


def _bar(row: HoldingRow, number: int) -> exposure_bars.Bar:
    margin = NO_MARGIN if row.stand_alone is None else accounting(row.stand_alone)
    place = ", ".join(part for part in (row.legal, row.location) if part)
    return exposure_bars.Bar(f"{row.wrapper}, {row.account}", row.silo, row.delta, margin, place,
                             str(number), f"{row.regime}; {_count(row.positions, 'position')}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
