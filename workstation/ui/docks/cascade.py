"""What a forced sale does: price paths, calls, losses, and the chain of causes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGraphicsView,
    QPushButton,
    QTabWidget,
    QTextBrowser,
    QWidget,
)

from workstation.base.money import accounting
from workstation.cascade.result import CascadeCall, CascadeResult
from workstation.cascade.scenarios import scenario_names
from workstation.results.run import Run
from workstation.results.tables import (
    calls_table,
    cascade_participants_table,
    cascade_path_table,
)
from workstation.ui.docks.choice import combo
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.panes import ChartAndTable, TablePane
from workstation.ui.plots.figures import Figure, FigureStrip
from workstation.ui.plots.paths import Tick, indexed
from workstation.ui.plots.paths_view import PathsView
from workstation.ui.table_model import TableModel
from workstation.ui.tokens import Tokens

EMPTY = ("How a shock spreads through calls and forced sales appears here.\n"
         "Open a client file with positions to run a cascade (Ctrl+O).")
NOT_MET = "not met"
TIMES = " x "
"""Stands between scenario and multiplier in the name of a scaled scenario."""


class CascadeDock(Dock):
    """Price paths and calls of the cascade; asks for another one by scenario and multiplier."""

    cascade_requested = Signal(str, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Cascade", EMPTY, parent)
        self.scenario = combo("Scenario")
        self.multiplier = _multiplier()
        self.button = QPushButton("Run")
        self.button.setAccessibleName("Run the cascade")
        self.figures = FigureStrip("Losses of the cascade")
        self.paths = PathsView("Price paths")
        self.calls = TablePane("Margin calls")
        self.prices = TablePane("Price paths as a table")
        self.participants = TablePane("Participants round by round")
        self.chain = _page("Causal chain")
        self.assumptions = _page("Assumptions and checks")
        self.tables = self._tabs()
        self._lay_out()
        self.button.clicked.connect(self._request)
        self.scenario.activated.connect(lambda _: self._request())

    def _tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        for page, name in ((self.calls, "Calls"), (self.chain, "Chain"), (self.prices, "Prices"),
                           (self.participants, "Participants"),
                           (self.assumptions, "Assumptions")):
            tabs.addTab(page, name)
        return tabs

    def _lay_out(self) -> None:
        self.panes = ChartAndTable(self.paths, self.tables)
        self.header.addWidget(self.scenario, 12)
        self.header.addWidget(self.multiplier)
        self.header.addWidget(self.button)
        self.header.addStretch(1)
        self.header.addWidget(self.panes.toggle)
        self.header.addWidget(self.export_button())
        self.body.addWidget(self.figures)
        self.body.addWidget(self.panes, 1)

    def offer_scenarios(self, names: Sequence[str]) -> None:
        """List the scenarios that can be asked for, keeping the choice where it can be kept."""
        before = self.scenario.currentText()
        self.scenario.clear()
        self.scenario.addItems(list(names))
        self.scenario.setCurrentIndex(max(0, self.scenario.findText(before)))

    def _show_stress(self, label: str) -> None:
        """Put the scenario and multiplier a cascade was run with into the controls."""
        name, _, times = label.partition(TIMES)
        number = self.scenario.findText(name)
        if number >= 0:
            self.scenario.setCurrentIndex(number)
            self.multiplier.setValue(float(times or 1))

    def _request(self) -> None:
        if self.scenario.currentText():
            self.cascade_requested.emit(self.scenario.currentText(), self.multiplier.value())

    def has_content(self, run: Run) -> bool:
        """Say whether a cascade was run."""
        return run.cascade is not None and bool(run.cascade.steps)

    def fill(self, run: Run) -> None:
        """Show the cascade of a review."""
        cascade = run.cascade
        if cascade is None:
            return
        if self.scenario.count() == 0:
            self.offer_scenarios(scenario_names())
        self._show_stress(cascade.scenario)
        self.figures.show_figures(figures(cascade, run.currency))
        self.calls.show_table(calls_table(run))
        self.prices.show_table(cascade_path_table(run))
        self.participants.show_table(cascade_participants_table(run))
        self.chain.setHtml(_listed(cascade.triggers, "ol"))
        self.assumptions.setHtml(_assumptions(cascade))
        client = cascade.participants[0] if cascade.participants else ""
        self.paths.show_paths(indexed(cascade.factors, [step.prices for step in cascade.steps]),
                              ticks(cascade.calls), client)

    def apply_theme(self, palette: Tokens) -> None:
        """Draw again in another palette."""
        super().apply_theme(palette)
        self.paths.apply_theme(palette)

    def shown_table(self) -> TableModel:
        """Return the table in front, the calls where a text is."""
        page = self.tables.currentWidget()
        return page.model if isinstance(page, TablePane) else self.calls.model

    def chart(self) -> QGraphicsView | None:
        """Return the price paths."""
        return self.paths.view()


def ticks(calls: Sequence[CascadeCall]) -> tuple[Tick, ...]:
    """Return calls as the chart marks them."""
    return tuple(
        Tick(call.step, call.participant, accounting(call.call), NOT_MET not in call.met_by)
        for call in calls)


def figures(cascade: CascadeResult, currency: str) -> tuple[Figure, ...]:
    """Return the losses, how much the chain amplified them, and who defaulted."""
    amplified = "none" if cascade.amplification is None else f"{cascade.amplification:.2f} x"
    defaults = ", ".join(cascade.defaults) or "none"
    return (
        Figure(f"Direct loss, {currency}", accounting(cascade.direct_loss)),
        Figure(f"Total loss, {currency}", accounting(cascade.total_loss), tone="denied"),
        Figure("Amplification", amplified, note="total loss over direct loss"),
        Figure("Defaults", defaults, tone="denied" if cascade.defaults else "text"),
    )


def _assumptions(cascade: CascadeResult) -> str:
    checks = tuple(f"{law}: residual {residual:.2g}" for law, residual in cascade.invariants)
    asked = f"<p>{escape(cascade.scenario)}, {escape(cascade.mode)}.</p>"
    return asked + _listed(cascade.assumptions, "ul") + "<p>Checks</p>" + _listed(checks, "ul")


def _listed(lines: Sequence[str], kind: str) -> str:
    items = "".join(f"<li style='margin-bottom:4px'>{escape(line)}</li>" for line in lines)
    return f"<{kind} style='margin-left:-16px'>{items}</{kind}>" if lines else "<p>None.</p>"


def _page(name: str) -> QTextBrowser:
    page = QTextBrowser()
    page.setAccessibleName(name)
    page.setOpenLinks(False)
    page.setStyleSheet("QTextBrowser:!focus { border: 1px solid transparent; }")
    return page


def _multiplier() -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(0.1, 5.0)
    box.setSingleStep(0.1)
    box.setDecimals(1)
    box.setValue(1.0)
    box.setPrefix("× ")
    box.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
    box.setMaximumWidth(64)
    box.setAccessibleName("Shock multiplier")
    box.setToolTip("Multiplies every shock of the scenario")
    return box
