"""Profit and margin against the move of a price, and against price and volatility together."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QStackedWidget, QWidget

from workstation.base.money import accounting
from workstation.results.curve_table import curve_table
from workstation.results.run import Run
from workstation.ui.docks.asking import PERCENT, AskingDock, wait_for
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.panes import ChartAndTable, TablePane, labelled
from workstation.ui.plots import curve_lines, grid_map
from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.curve_lines import Chart, Curve
from workstation.ui.plots.grid_map import GridMap
from workstation.ui.table_model import TableModel
from workstation.ui.theme import tokens
from workstation.ui.tokens import Tokens
from workstation.workspace.curves import EVERYTHING, Curves

EMPTY = ("Profit and margin against the move of a price appear here.\n"
         "Open a client file to compute them (Ctrl+O).")
TO_DO = "The book is margined again after each move; Compute starts it, Cancel stops it."
EVERY_PRICE = "Every price together"
SHOWN = (("Profit and margin", "lines"), ("Profit by price and volatility", "profit"),
         ("Margin by price and volatility", "silos"))


class CurvesDock(AskingDock):
    """Asks for curves of one factor; shows them as lines, as a map, and as a table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Curves", EMPTY, parent)
        self.found: Curves | None = None
        self._design = ""
        self.factor, self.view = combo("Price that moves"), combo("Shown as")
        self.canvas = Canvas("Profit and margin after moves")
        self.points = TablePane("Curves")
        self.panes = ChartAndTable(self.canvas, self.points)
        self.pages = QStackedWidget()
        self._lay_out()
        refill(self.view, SHOWN)
        self.view.activated.connect(lambda _: self._draw())
        self.factor.activated.connect(lambda _: self.ask())

    def _lay_out(self) -> None:
        self.header.addWidget(labelled("Price", self.factor))
        self.header.addWidget(self.factor, 8)
        self.header.addWidget(self.view, 10)
        self.header.addWidget(self.button)
        self.header.addWidget(self.bar)
        self.header.addStretch(1)
        self.header.addWidget(self.panes.toggle)
        self.header.addWidget(self.export_button())
        self.body.addWidget(self.panes)

    # Asking -------------------------------------------------------------------------------

    def has_content(self, run: Run) -> bool:
        """Say whether there is anything to move."""
        return bool(run.book.positions)

    def fill(self, run: Run) -> None:
        """Offer the factors; curves of an earlier state of the book are taken away."""
        names = [exposure.root for exposure in run.exposures]
        refill(self.factor, [(EVERY_PRICE, EVERYTHING), *((n, n) for n in dict.fromkeys(names))])
        self.found = None
        self._draw()
        self.ask_soon()

    def show_design(self, name: str) -> None:
        """Ask again for another design: what is shown was of the one before."""
        if self._design and name != self._design and self.found is not None:
            self.ask_soon()
        self._design = name

    def question(self) -> str:
        """Return the factor chosen."""
        return str(self.factor.currentData() or EVERYTHING)

    # Showing ------------------------------------------------------------------------------

    def show_answer(self, found: Curves) -> None:
        """Show the answer."""
        self.rest()
        self.found = found
        worst = found.worst
        self.points.show_table(
            curve_table(found.points, found.equity, found.currency, found.design), refit=True)
        self._draw()
        self.say(f"Largest loss {accounting(-worst.profit)} {found.currency} at "
                 f"{worst.move:+.0%}; {found.note}")

    def _draw(self) -> None:
        found, shown = self.found, str(self.view.currentData())
        if found is None:
            wait_for(self.canvas, TO_DO)
        elif shown == "lines":
            chart = chart_of(found, tokens())
            self.canvas.show_drawing(partial(curve_lines.draw, chart=chart),
                                     curve_lines.summary(chart))
        else:
            grid = grid_of(found, shown)
            self.canvas.show_drawing(partial(grid_map.draw, shown=grid), grid_map.summary(grid))

    def apply_theme(self, palette: Tokens) -> None:
        """Draw again in another palette."""
        super().apply_theme(palette)
        self._draw()

    def shown_table(self) -> TableModel:
        """Return the points as a table."""
        return self.points.model

    def chart(self) -> Canvas:
        """Return the chart."""
        return self.canvas


def chart_of(found: Curves, palette: Tokens) -> Chart:
    """Return profit, requirements and the moves at which the client no longer covers them."""
    points = found.points
    curves = [Curve("profit", tuple(p.profit for p in points), palette.text, is_heavy=True),
              Curve("today, silos", tuple(p.silos for p in points), palette.accent)]
    if found.design:
        own = tuple(p.design or 0.0 for p in points)
        curves.append(Curve(found.design, own, palette.what_if))
    marks = tuple((move, "below today's requirement") for move in found.shortfalls)
    return Chart(tuple(p.move for p in points), tuple(curves), found.currency, marks)


def grid_of(found: Curves, field: str) -> GridMap:
    """Return one amount by price and volatility."""
    rows = [f"vol {cell.volatility * PERCENT:+.0f} pts" if cell.volatility else "vol as now"
            for cell in found.cells]
    columns = [f"{cell.move:+.0%}" if cell.move else "0 %" for cell in found.cells]
    amounts = {(row, column): float(getattr(cell, field))
               for row, column, cell in zip(rows, columns, found.cells, strict=True)}
    title = "Profit" if field == "profit" else "Today's requirement"
    return GridMap(tuple(dict.fromkeys(rows)), tuple(dict.fromkeys(columns)), amounts, accounting,
                   f"{title} after a move of price and of 30-day volatility", found.currency)
