"""What stands behind a venue's margin, and one risk wherever it is held."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QDoubleSpinBox, QTabWidget, QWidget

from workstation.measures.venue_detail import ScenarioMatrix
from workstation.results.run import Run
from workstation.results.tables import exposure_table, ladders_table
from workstation.results.venue_tables import (
    ExposureRow,
    FundingRow,
    LadderRow,
    funding_table,
    legs_table,
)
from workstation.ui.docks.choice import combo
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.panes import ChartAndTable, TablePane, labelled
from workstation.ui.plots import scenario_map
from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.sheet import Sheet
from workstation.ui.table_model import TableModel

EMPTY = ("Scenarios and liquidation marks of trading venues, and every risk by wrapper, silo and\n"
         "location, appear here. Open a client file to compute them (Ctrl+O).")
USUAL_RATE = 0.01
LARGEST_RATE = 4.0
PERCENT = 100.0
FIRST = ("root", "wrapper", "account", "delta", "stand_alone", "silo", "location")
SELDOM = ("positions", "regime")


class VenuesDock(Dock):
    """Scenario heat map above; legs of the chosen cell, exposures, ladders and funding below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Venues", EMPTY, parent)
        self._chosen = ""
        self.canvas = Canvas("Scenarios of the chosen portfolio")
        self.portfolio = combo("Portfolio")
        self.rate = _rate_field()
        self.legs = TablePane("Chosen scenario by instrument", totals=True)
        self.exposures = TablePane("Exposure by risk", totals=True)
        self.ladders = TablePane("Liquidation ladders")
        self.funding = TablePane("Projected funding", totals=True)
        self._lay_out()
        self.portfolio.activated.connect(lambda _: self._show_portfolio())
        self.canvas.chosen.connect(self.choose_cell)
        self.rate.valueChanged.connect(lambda _: self._project())
        for pane in (self.exposures, self.ladders, self.funding):
            pane.chosen.connect(self._announce)

    def _lay_out(self) -> None:
        self.tables = QTabWidget()
        for pane, name in ((self.legs, "Legs"), (self.exposures, "One risk"),
                           (self.ladders, "Liquidation"), (self.funding, "Funding")):
            self.tables.addTab(pane, name)
        self.panes = ChartAndTable(self.canvas, self.tables)
        self.header.addWidget(self.portfolio, 4)
        self.header.addStretch(1)
        self.header.addWidget(labelled("Funding, % per 8 h", self.rate))
        self.header.addWidget(self.rate)
        self.header.addWidget(self.panes.toggle)
        self.header.addWidget(self.export_button())
        self.body.addWidget(self.panes)

    def has_content(self, run: Run) -> bool:
        """Say whether there is any risk or venue to show."""
        return bool(run.exposures or run.venues.matrices)

    def fill(self, run: Run) -> None:
        """Show the portfolios, exposures, ladders and funding of a review."""
        before = self.portfolio.currentText()
        with QSignalBlocker(self.portfolio):
            self.portfolio.clear()
            for matrix in run.venues.matrices:
                self.portfolio.addItem(f"{matrix.account_id}, {matrix.portfolio}")
            self.portfolio.setCurrentIndex(max(0, self.portfolio.findText(before)))
        self.exposures.show_table(exposure_table(run), seldom=SELDOM, first=FIRST)
        self.ladders.show_table(ladders_table(run))
        self._project()
        self._show_portfolio()

    @property
    def matrix(self) -> ScenarioMatrix | None:
        """Return the portfolio shown; None where no venue margins by scenarios."""
        matrices = self.run.venues.matrices if self.run else ()
        place = self.portfolio.currentIndex()
        return matrices[place] if 0 <= place < len(matrices) else None

    def choose_cell(self, mark: str) -> None:
        """Show the legs of one scenario, named by its place."""
        self._chosen = mark
        self._draw()
        self.tables.setCurrentWidget(self.legs)

    def _show_portfolio(self) -> None:
        matrix = self.matrix
        self._chosen = "" if matrix is None or matrix.binding is None else str(matrix.binding)
        self._draw()

    def _draw(self) -> None:
        matrix, chosen = self.matrix, self._chosen

        def drawing(sheet: Sheet) -> None:
            scenario_map.draw(sheet, matrix, chosen)

        self.canvas.show_drawing(drawing, scenario_map.summary(matrix))
        place = int(chosen) if chosen.isdigit() else None
        self.legs.show_table(legs_table(matrix, place), refit=True)

    def _project(self) -> None:
        if self.run is not None:
            self.funding.show_table(funding_table(self.run, self.rate.value() / PERCENT))

    def _announce(self, row: ExposureRow | LadderRow | FundingRow) -> None:
        self.account_chosen.emit(row.account)

    def shown_table(self) -> TableModel:
        """Return the table in front."""
        pane = self.tables.currentWidget()
        return pane.model if isinstance(pane, TablePane) else self.legs.model

    def chart(self) -> Canvas:
        """Return the heat map."""
        return self.canvas


def _rate_field() -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setAccessibleName("Funding rate in percent per eight hours")
    field.setRange(-LARGEST_RATE, LARGEST_RATE)
    field.setDecimals(4)
    field.setSingleStep(USUAL_RATE)
    field.setValue(USUAL_RATE)
    field.setToolTip("Assumed to stay as it is; long positions pay a positive rate.")
    return field
