"""What the client's collateral really is: free, pledged, re-used, and what is free by when."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from workstation.base.money import accounting
from workstation.collateral.report import CollateralReport, LotState
from workstation.results.collateral_tables import LotRow
from workstation.results.encumbrance_flow import flow_table
from workstation.results.encumbrance_measures import measures_table, proposals_table
from workstation.results.formats import percent_text
from workstation.results.mobility_tables import stressed_lots_table
from workstation.results.run import Run
from workstation.results.tables import (
    collateral_states_table,
    estates_table,
    free_table,
    lots_table,
    matrix_table,
    moves_table,
    obligations_table,
    runway_table,
)
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.collateral_bars import (
    DELIVERY_LOOKS,
    FLOW,
    GROUPINGS,
    bars,
    obligation_bars,
    runway_bars,
)
from workstation.ui.docks.collateral_flow import shown_flows
from workstation.ui.docks.dock import GAP, PADDING, Dock
from workstation.ui.docks.panes import ChartAndTable, TablePane, labelled
from workstation.ui.plots import sankey, stacked_bars
from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.figures import Figure, FigureStrip
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.stacked_bars import Bar
from workstation.ui.plots.state_key import Look
from workstation.ui.plots.style import Pattern
from workstation.ui.table_model import TableModel

EMPTY = ("What is free, pledged, re-used, segregated or in transit appears here.\n"
         "Add a Collateral sheet to the client file and open it again (Ctrl+O).")
LOOKS = {
    str(LotState.FREE): Look("granted", Pattern.SOLID),
    str(LotState.PLEDGED): Look("partial", Pattern.DIAGONAL),
    str(LotState.REUSABLE): Look("partial", Pattern.CROSS),
    str(LotState.REUSED): Look("denied", Pattern.CROSS),
    str(LotState.SEGREGATED): Look("accent", Pattern.BACK_DIAGONAL),
    str(LotState.IN_TRANSIT): Look("muted", Pattern.DIAGONAL),
    str(LotState.INELIGIBLE): Look("excluded", Pattern.DOTS),
}
FIRST = ("lot", "symbol", "market_value", "haircut", "free_value", "location")
LOOKS_ALL = {**LOOKS, **DELIVERY_LOOKS}
TODAY = "silos"
ESTATE_FIRST = ("holder", "lot", "symbol", "part", "value", "recovery", "loss")
SELDOM = ("account", "haircut_source", "haircut_cite", "where", "asset_class")


class AllocationPane(TablePane):
    """The matrix of lots against obligations, under a regime chosen above it."""

    def __init__(self) -> None:
        super().__init__("Cheapest allocation")
        self.regime = combo("Allocation under")
        row = QHBoxLayout()
        row.setContentsMargins(PADDING, GAP, PADDING, GAP)
        row.setSpacing(PADDING)
        row.addWidget(labelled("Under", self.regime))
        row.addWidget(self.regime, 1)
        row.addStretch(1)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertLayout(0, row)

    def offer(self, run: Run) -> None:
        """List the regimes with a plan; the one chosen stays where it is still there."""
        found = run.collateral.mobility
        refill(self.regime, [(p.title, p.regime) for p in found.plans] if found else (), TODAY)
        self.regime.setEnabled(found is not None)


class CollateralDock(Dock):
    """Bars by lot or custodian, the figures that matter, and the tables behind them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Collateral", EMPTY, parent)
        self.figures = FigureStrip("Free collateral by deadline")
        self.canvas = Canvas("Market value by state")
        self.lots = TablePane("Collateral lots", totals=True)
        self.states = TablePane("Collateral by state", totals=True)
        self.free = TablePane("Free collateral by deadline")
        self.matrix = AllocationPane()
        self.obligations = TablePane("Margin obligations")
        self.runway = TablePane("Free collateral against calls")
        self.moves = TablePane("Substitutions that cost less")
        self.estates = TablePane("Collateral if its holder fails", totals=True)
        self.flow = TablePane("Collateral flow")
        self.stressed = TablePane("Collateral under stress", totals=True)
        self.measures = TablePane("Encumbrance before and after")
        self.proposals = TablePane("Substitutions, one for one")
        self.tables = QTabWidget()
        for pane, name in (
                (self.lots, "Lots"), (self.states, "States"), (self.free, "Free by"),
                (self.matrix, "Allocation"), (self.obligations, "Obligations"),
                (self.runway, "Runway"), (self.moves, "Substitutions"),
                (self.stressed, "Stressed"), (self.proposals, "Proposals"),
                (self.measures, "Measures"), (self.flow, "Flow"),
                (self.estates, "If it fails")):
            self.tables.addTab(pane, name)
        self.regime = self.matrix.regime
        self.grouping = combo("Bars by")
        for text, key in GROUPINGS:
            self.grouping.addItem(text, key)
        self.grouping.setCurrentIndex(self.grouping.findData("lot"))
        self.opened: set[str] = set()
        self._lay_out()
        self.lots.chosen.connect(self._announce)
        self.canvas.chosen.connect(self._open_or_close)

    def _lay_out(self) -> None:
        self.panes = ChartAndTable(self.canvas, self.tables)
        self.header.addWidget(labelled("Bars by", self.grouping))
        self.header.addWidget(self.grouping, 1)
        self.header.addStretch(2)
        self.header.addWidget(self.panes.toggle)
        self.header.addWidget(self.export_button())
        self.body.addWidget(self.figures)
        self.body.addWidget(self.panes, 1)
        self.grouping.activated.connect(lambda _: self._draw())
        self.regime.activated.connect(lambda _: self._allocate())

    def has_content(self, run: Run) -> bool:
        """Say whether the client has any lots."""
        return bool(run.collateral.lots)

    def fill(self, run: Run) -> None:
        """Show the lots of a review."""
        self.lots.show_table(lots_table(run), seldom=SELDOM, first=FIRST)
        self.states.show_table(collateral_states_table(run))
        self.free.show_table(free_table(run))
        self.obligations.show_table(obligations_table(run), first=("regime", "obligation"))
        self.runway.show_table(runway_table(run))
        self.moves.show_table(moves_table(run))
        self.estates.show_table(estates_table(run), seldom=("citation",), first=ESTATE_FIRST)
        self.flow.show_table(flow_table(run))
        self.stressed.show_table(stressed_lots_table(run))
        self.measures.show_table(measures_table(run))
        self.proposals.show_table(proposals_table(run))
        self.figures.show_figures(figures(run.collateral))
        self.matrix.offer(run)
        self._allocate()

    def allocate_under(self, regime: str) -> None:
        """Show the cheapest delivery under today's law (`silos`) or a design."""
        self.regime.setCurrentIndex(max(0, self.regime.findData(regime)))
        self._allocate()

    def _allocate(self) -> None:
        if self.run is not None:
            self.matrix.show_table(matrix_table(self.run, self._regime()), refit=True)
            self._draw()

    def _regime(self) -> str:
        return str(self.regime.currentData() or TODAY)

    def group_by(self, key: str) -> None:
        """Draw the `flow`, or one bar a `lot`, `custodian`, `regime`, `obligation`, `deadline`."""
        self.grouping.setCurrentIndex(max(0, self.grouping.findData(key)))
        self._draw()

    def _draw(self) -> None:
        if self.run is None:
            return
        if self.grouping.currentData() == FLOW:
            self._draw_flow(self.run)
            return
        shown, currency = self._bars(self.run), self.run.currency

        def drawing(sheet: Sheet) -> None:
            stacked_bars.draw(sheet, shown, LOOKS_ALL, currency)

        self.canvas.show_drawing(drawing, stacked_bars.summary(shown, currency))

    def _draw_flow(self, run: Run) -> None:
        found = shown_flows(run, self.opened)
        self.canvas.show_drawing(lambda sheet: sankey.draw(sheet, found, LOOKS),
                                 sankey.summary(found))

    def _open_or_close(self, party: str) -> None:
        """Open or close the chain of a party that re-uses."""
        if self.grouping.currentData() == FLOW:
            self.opened ^= {party}
            self._draw()

    def _bars(self, run: Run) -> tuple[Bar, ...]:
        grouping = self.grouping.currentData()
        if grouping == "obligation":
            return obligation_bars(run.collateral, self._regime()) or bars(run.collateral, "lot")
        if grouping == "deadline":
            return runway_bars(run)
        return bars(run.collateral, grouping)

    def _announce(self, row: LotRow) -> None:
        self.account_chosen.emit(row.account)

    def shown_table(self) -> TableModel:
        """Return the table in front."""
        pane = self.tables.currentWidget()
        return pane.model if isinstance(pane, TablePane) else self.lots.model

    def chart(self) -> Canvas:
        """Return the bars."""
        return self.canvas


def figures(report: CollateralReport) -> tuple[Figure, ...]:
    """Return what is free, by which deadline, and how much of everything is encumbered."""
    free = report.free_value
    found = [Figure(f"Free after haircut, {report.currency}", accounting(free), tone="granted")]
    if report.encumbrance_ratio is not None:
        found.append(Figure("Encumbered", percent_text(report.encumbrance_ratio),
                            note="share of the market value of all lots that others claim"))
    plan = report.mobility.plan(TODAY) if report.mobility else None
    if plan is not None:
        cost = f"{accounting(plan.cost)} a year"
        found.append(Figure("Cheapest delivery of today's margin", cost,
                            note="opportunity cost of the lots given, by the house's terms"))
        if not plan.feasible:
            found.append(Figure("Lots fall short by", accounting(plan.shortfall), tone="denied",
                                note="of requirements in full, without the positions' own equity"))
    found += [
        Figure(f"Free by T+{days}", accounting(value), float(value / free) if free else 0.0,
               note="deliverable within so many business days, after haircut, cumulative")
        for days, value in report.free_by_lag]
    return tuple(found)
