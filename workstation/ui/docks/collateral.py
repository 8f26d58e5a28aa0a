"""What the client's collateral really is: free, pledged, re-used, and what is free by when."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtWidgets import QTabWidget, QWidget

from workstation.base.money import accounting
from workstation.collateral.report import CollateralReport, LotReport, LotState
from workstation.results.collateral_tables import LotRow
from workstation.results.formats import percent_text
from workstation.results.run import Run
from workstation.results.tables import collateral_states_table, free_table, lots_table
from workstation.ui.docks.choice import combo
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.panes import ChartAndTable, TablePane, labelled
from workstation.ui.plots import stacked_bars
from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.figures import Figure, FigureStrip
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.stacked_bars import Bar, Look, Part
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
MOST_BARS = 40
FIRST = ("lot", "symbol", "market_value", "haircut", "free_value", "location")
SELDOM = ("account", "haircut_source", "haircut_cite", "where", "asset_class")


class CollateralDock(Dock):
    """Bars by lot or custodian, the figures that matter, and the tables behind them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Collateral", EMPTY, parent)
        self.figures = FigureStrip("Free collateral by deadline")
        self.canvas = Canvas("Market value by state")
        self.lots = TablePane("Collateral lots", totals=True)
        self.states = TablePane("Collateral by state", totals=True)
        self.free = TablePane("Free collateral by deadline")
        self.tables = QTabWidget()
        for pane, name in ((self.lots, "Lots"), (self.states, "States"), (self.free, "Free by")):
            self.tables.addTab(pane, name)
        self.grouping = combo("Bars by")
        for text, key in GROUPINGS:
            self.grouping.addItem(text, key)
        self._lay_out()
        self.lots.chosen.connect(self._announce)

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

    def has_content(self, run: Run) -> bool:
        """Say whether the client has any lots."""
        return bool(run.collateral.lots)

    def fill(self, run: Run) -> None:
        """Show the lots of a review."""
        self.lots.show_table(lots_table(run), seldom=SELDOM, first=FIRST)
        self.states.show_table(collateral_states_table(run))
        self.free.show_table(free_table(run))
        self.figures.show_figures(figures(run.collateral))
        self._draw()

    def group_by(self, key: str) -> None:
        """Draw one bar a lot (`lot`) or a custodian (`custodian`)."""
        self.grouping.setCurrentIndex(max(0, self.grouping.findData(key)))
        self._draw()

    def _draw(self) -> None:
        if self.run is None:
            return
        shown, currency = bars(self.run.collateral, self.grouping.currentData()), self.run.currency

        def drawing(sheet: Sheet) -> None:
            stacked_bars.draw(sheet, shown, LOOKS, currency)

        self.canvas.show_drawing(drawing, stacked_bars.summary(shown, currency))

    def _announce(self, row: LotRow) -> None:
        self.account_chosen.emit(row.account)

    def shown_table(self) -> TableModel:
        """Return the table in front."""
        pane = self.tables.currentWidget()
        return pane.model if isinstance(pane, TablePane) else self.lots.model

    def chart(self) -> Canvas:
        """Return the bars."""
        return self.canvas


def _of_lot(lot: LotReport) -> str:
    return f"{lot.lot}  {lot.symbol}"


def _of_custodian(lot: LotReport) -> str:
    return lot.location or "not said where"


GROUPINGS = (("lot", "lot"), ("custodian", "custodian"))
NAME_OF: dict[str, Callable[[LotReport], str]] = {"lot": _of_lot, "custodian": _of_custodian}


def bars(report: CollateralReport, grouping: str) -> tuple[Bar, ...]:
    """Return market value by state, one bar a lot or a custodian, in file order.

    Beyond `MOST_BARS` the largest come first and the rest share the last bar.
    """
    values: dict[str, dict[LotState, Decimal]] = {}
    for lot in report.lots:
        held = values.setdefault(NAME_OF[grouping](lot), {})
        for state, quantity in lot.states:
            share = quantity / lot.quantity if lot.quantity else Decimal(0)
            held[state] = held.get(state, Decimal(0)) + share * lot.market_value
    found = [Bar(name, tuple(Part(str(state), held[state]) for state in LotState
                             if held.get(state))) for name, held in values.items()]
    return tuple(found) if len(found) <= MOST_BARS else _largest(found)


def _largest(found: list[Bar]) -> tuple[Bar, ...]:
    """Return the largest bars and one for all the others, so that a long list stays readable."""
    ranked = sorted(found, key=lambda bar: -bar.total)
    others: dict[str, Decimal] = {}
    for bar in ranked[MOST_BARS:]:
        for part in bar.parts:
            others[part.state] = others.get(part.state, Decimal(0)) + part.amount
    rest = tuple(Part(state, others[state]) for state in LOOKS if state in others)
    return (*ranked[:MOST_BARS], Bar(f"{len(ranked) - MOST_BARS:,} others", rest))


def figures(report: CollateralReport) -> tuple[Figure, ...]:
    """Return what is free, by which deadline, and how much of everything is encumbered."""
    free = report.free_value
    found = [Figure(f"Free after haircut, {report.currency}", accounting(free), tone="granted")]
    if report.encumbrance_ratio is not None:
        found.append(Figure("Encumbered", percent_text(report.encumbrance_ratio),
                            note="share of the market value of all lots that others claim"))
    found += [
        Figure(f"Free by T+{days}", accounting(value), float(value / free) if free else 0.0,
               note="deliverable within so many business days, after haircut, cumulative")
        for days, value in report.free_by_lag]
    return tuple(found)
