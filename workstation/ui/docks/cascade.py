"""What a forced sale does: price paths, calls, losses, and the chain of causes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGraphicsView, QStackedWidget, QTabWidget, QTextBrowser, QWidget

from workstation.base.money import accounting
from workstation.base.problem import UnusableInputError
from workstation.cascade.episodes import preset_names
from workstation.cascade.result import CascadeCall, CascadeResult
from workstation.results.cascade_chain import (
    borne_table,
    causes_table,
    deleveraged_table,
    liquidations_table,
    network_table,
    odds_table,
)
from workstation.results.cascade_measures import (
    account_losses_table,
    amplifiers_table,
    contagion_table,
    drawn_table,
    liquidity_table,
    margin_rise_table,
    references_table,
)
from workstation.results.run import Run
from workstation.results.table import Table
from workstation.results.tables import (
    calls_table,
    cascade_participants_table,
    cascade_path_table,
    distances_table,
    factor_losses_table,
    halts_table,
    regimes_table,
    sources_table,
    tipping_table,
)
from workstation.ui.docks.cascade_charts import CHARTS, PRICES, chart_of
from workstation.ui.docks.cascade_controls import LEAST_CHOICE, CascadeControls
from workstation.ui.docks.cascade_player import CascadePlayer
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.panes import ChartAndTable, TablePane
from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.figures import Figure, FigureStrip
from workstation.ui.plots.paths import Shade, Tick, indexed
from workstation.ui.plots.paths_view import PathsView
from workstation.ui.table_model import TableModel
from workstation.ui.tokens import Tokens
from workstation.workspace.stress import Stress, refuse_unknown

if TYPE_CHECKING:
    from workstation.workspace.session import Session

EMPTY = ("How a shock spreads through calls and forced sales appears here.\n"
         "Open a client file with positions to run a cascade (Ctrl+O).")
NOT_MET = "not met"
MOST_KIND = 180
MEASURES: tuple[tuple[str, Callable[[Run], Table]], ...] = (
    ("Regimes", regimes_table), ("Tipping", tipping_table), ("Next calls", distances_table),
    ("Sources", sources_table), ("Factors", factor_losses_table),
    ("Accounts", account_losses_table), ("Halts", halts_table),
    ("Amplifiers", amplifiers_table), ("Margin", margin_rise_table),
    ("Contagion", contagion_table), ("Liquidity", liquidity_table), ("Drawn", drawn_table),
    ("Odds", odds_table), ("Causes", causes_table), ("In time", liquidations_table),
    ("Deleveraged", deleveraged_table), ("Deficits", borne_table),
    ("Clearing", network_table), ("Reference", references_table),
)
"""Further tables, each shown when it has rows."""


class CascadeDock(Dock):
    """Price paths and calls of the cascade, to be played; asks for another one."""

    cascade_requested = Signal(object)
    """The stress to run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Cascade", EMPTY, parent)
        self.session: Session | None = None
        self.controls = CascadeControls(self)
        self.scenario, self.multiplier = self.controls.scenario, self.controls.multiplier
        self.button = self.controls.button
        self.figures = FigureStrip("Losses of the cascade")
        self.paths = PathsView("Price paths")
        self.canvas = Canvas("Chart of the cascade")
        self.charts = QStackedWidget()
        self.charts.addWidget(self.paths)
        self.charts.addWidget(self.canvas)
        self.kind = combo("Chart of the cascade")
        refill(self.kind, CHARTS)
        self.kind.setMinimumWidth(LEAST_CHOICE)
        self.kind.setMaximumWidth(MOST_KIND)
        self.player = CascadePlayer()
        self.calls = TablePane("Margin calls")
        self.prices = TablePane("Price paths as a table")
        self.participants = TablePane("Participants round by round")
        self.measures = {name: TablePane(name) for name, _ in MEASURES}
        self.chain = _page("Causal chain")
        self.assumptions = _page("Assumptions and checks")
        self.tables = self._tabs()
        self._lay_out()
        self.controls.requested.connect(self._request)
        self.controls.assumptions.refused.connect(lambda why: self.say(why, "bad"))
        self.player.moved.connect(self._step_to)
        self.kind.activated.connect(lambda _: self._show_chart())

    def _tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        for page, name in ((self.calls, "Calls"), (self.chain, "Chain"),
                           *((pane, name) for name, pane in self.measures.items()),
                           (self.prices, "Prices"), (self.participants, "Participants"),
                           (self.assumptions, "Assumptions")):
            tabs.addTab(page, name)
        return tabs

    def _lay_out(self) -> None:
        self.panes = ChartAndTable(self.charts, self.tables)
        self.controls.stand_in(self.header)
        self.player.row.insertWidget(0, self.kind, 3)
        for button in (self.panes.toggle, self.export_button()):
            self.header.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.figures)
        self.body.addWidget(self.player)
        self.body.addWidget(self.controls.assumptions.row)
        self.body.addWidget(self.panes, 1)

    def offer_scenarios(self, names: Sequence[str]) -> None:
        """List the scenarios that can be asked for, keeping the choice where it can be kept."""
        self.controls.offer_scenarios(names)

    def show_session(self, session: Session | None) -> None:
        """Take another review, whose stress holds more than the controls show."""
        self.session = session
        self.controls.assumptions.forget()

    def _request(self, stress: Stress) -> None:
        """Ask for a cascade; own shocks of factors nobody knows are refused before the run."""
        self.say("")
        if self.session is not None and stress.shocks:
            try:
                refuse_unknown(stress.shocks, self.session.book, self.session.overlays)
            except UnusableInputError as refusal:
                self.say(str(refusal), "bad")
                return
        self.cascade_requested.emit(stress)

    def has_content(self, run: Run) -> bool:
        """Say whether a cascade was asked for."""
        return run.cascade is not None

    def fill(self, run: Run) -> None:
        """Show the cascade of a review."""
        cascade = run.cascade
        if cascade is None:
            return
        if self.scenario.count() == 0:
            self.offer_scenarios(preset_names())
        self.controls.offer_regimes(run)
        if self.session is None:
            self.controls.show_asked(cascade)
        else:
            self.controls.show_stress(self.session.stress, run)
        self.figures.show_figures(figures(cascade, run.currency))
        self.calls.show_table(calls_table(run))
        self.prices.show_table(cascade_path_table(run))
        self.participants.show_table(cascade_participants_table(run))
        self._fill_measures(run)
        self.chain.setHtml(_listed(cascade.triggers, "ol"))
        self.assumptions.setHtml(_assumptions(cascade))
        self._draw(cascade)
        if not cascade.steps:
            self.say("The cascade was refused: " + "; ".join(
                problem.sentence() for problem in cascade.problems), "bad")

    def _fill_measures(self, run: Run) -> None:
        for name, table in MEASURES:
            pane, found = self.measures[name], table(run)
            pane.show_table(found)
            self.tables.setTabVisible(self.tables.indexOf(pane), bool(found.rows))

    def _draw(self, cascade: CascadeResult) -> None:
        client = cascade.participants[0] if cascade.participants else ""
        self.paths.show_paths(indexed(cascade.factors, [step.prices for step in cascade.steps]),
                              marks(cascade), client, shades(cascade))
        self.player.show_cascade(cascade)
        self._offer_charts(cascade)
        self._show_chart()

    def _offer_charts(self, cascade: CascadeResult) -> None:
        """List the charts that have something to show; the one chosen stays where it can."""
        found = [(name, kind) for name, kind in CHARTS if kind == PRICES or chart_of(
            kind, cascade, "", ()) is not None]
        refill(self.kind, found, PRICES)

    def show_chart(self, kind: str) -> None:
        """Show one of the charts by its key."""
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        self._show_chart()

    def _show_chart(self, step: int | None = None) -> None:
        cascade = None if self.run is None else self.run.cascade
        kind = str(self.kind.currentData())
        found = None if cascade is None or self.run is None else chart_of(
            kind, cascade, self.run.currency, shades(cascade), step)
        self.charts.setCurrentWidget(self.paths if found is None else self.canvas)
        if found is not None:
            self.canvas.show_drawing(*found)

    def _step_to(self, step: int) -> None:
        self.paths.show_step(step)
        if self.kind.currentData() == "margin":
            self._show_chart(step)

    def apply_theme(self, palette: Tokens) -> None:
        """Draw again in another palette."""
        super().apply_theme(palette)
        self.paths.apply_theme(palette)
        self.canvas.apply_theme(palette)

    def shown_table(self) -> TableModel:
        """Return the table in front, the calls where a text is."""
        page = self.tables.currentWidget()
        return page.model if isinstance(page, TablePane) else self.calls.model

    def chart(self) -> QGraphicsView | None:
        """Return the chart in front."""
        return self.canvas if self.charts.currentWidget() is self.canvas else self.paths.view()


def ticks(calls: Sequence[CascadeCall]) -> tuple[Tick, ...]:
    """Return calls as the chart marks them."""
    return tuple(
        Tick(call.step, call.participant, accounting(call.call), NOT_MET not in call.met_by)
        for call in calls)


def marks(cascade: CascadeResult) -> tuple[Tick, ...]:
    """Return a tick for every step with a call where steps follow margin, else for each call."""
    if cascade.step_minutes is None:
        return ticks(cascade.calls)
    return tuple(
        Tick(step.step, name, accounting(call), fraction < 1.0)
        for step in cascade.steps
        for name, call, fraction in zip(cascade.participants, step.calls, step.sale_fractions,
                                        strict=True) if round(call) > 0)


def shades(cascade: CascadeResult) -> tuple[Shade, ...]:
    """Return the halts as the chart shades them; those that overlap or follow at once are one."""
    found: list[Shade] = []
    for halt in sorted(cascade.halts, key=lambda h: (h.step, h.steps)):
        last = halt.step + halt.steps
        if found and halt.step <= found[-1].last:
            before = found.pop()
            found.append(Shade(before.first, max(before.last, last),
                               f"{before.name}, {halt.market}"))
        else:
            found.append(Shade(halt.step, last, halt.market))
    return tuple(found)


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
