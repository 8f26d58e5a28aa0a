"""Every stress with margin computed again, and how far one may go before something gives."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QStackedWidget, QWidget

from workstation.cascade.scenarios import scenario_names
from workstation.results.run import Run
from workstation.results.stress_tables import reverse_sentence, reverse_table, stresses_table
from workstation.ui.docks.asking import AskingDock, wait_for
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.panes import ChartAndTable, TablePane, labelled
from workstation.ui.plots import tipping_gauge
from workstation.ui.plots.canvas import Canvas
from workstation.ui.table_model import TableModel
from workstation.workspace.stresses import Stresses

EMPTY = ("What the client is worth and must post after every stress, and how far one may go, "
         "appears here.\nOpen a client file to compute it (Ctrl+O).")
TO_DO = "Margined again after each stress; Compute starts it, Cancel stops it."
NOTHING = "This shock moves nothing the book holds."
OWN = "The review's own"
SHOWN = (("How far it may go", "reverse"), ("After each stress", "after"))


class StressesDock(AskingDock):
    """Asks for the stresses of the book; a gauge of the way along one, and the tables beneath."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Stresses", EMPTY, parent)
        self.found: Stresses | None = None
        self.along, self.view = combo("Shock to go along"), combo("Table shown")
        self.canvas = Canvas("How far the shock may go")
        self.after, self.reverse = TablePane("Stresses"), TablePane("Reverse stress")
        self.tables = QStackedWidget()
        self.tables.addWidget(self.reverse)
        self.tables.addWidget(self.after)
        self.panes = ChartAndTable(self.canvas, self.tables)
        refill(self.along, [(OWN, ""), *((name, name) for name in reversed(scenario_names()))])
        refill(self.view, SHOWN)
        self._lay_out()
        self.along.activated.connect(lambda _: self.ask())
        self.view.activated.connect(self.tables.setCurrentIndex)
        self.view.activated.connect(lambda _: self.panes.toggle.setChecked(True))

    def _lay_out(self) -> None:
        self.header.addWidget(labelled("Along", self.along))
        self.header.addWidget(self.along, 10)
        self.header.addWidget(labelled("Table", self.view))
        self.header.addWidget(self.view, 8)
        self.header.addWidget(self.button)
        self.header.addWidget(self.bar)
        self.header.addStretch(1)
        self.header.addWidget(self.panes.toggle)
        self.header.addWidget(self.export_button())
        self.body.addWidget(self.panes)

    # Asking -------------------------------------------------------------------------------

    def has_content(self, run: Run) -> bool:
        """Say whether there is anything to stress."""
        return bool(run.book.positions)

    def fill(self, run: Run) -> None:
        """Take the stresses of an earlier state of the book away and ask for new ones."""
        _ = run
        self.found = None
        self._show()
        self.ask_soon()

    def question(self) -> str:
        """Return the scenario gone along, empty for the review's own stress."""
        return str(self.along.currentData() or "")

    # Showing ------------------------------------------------------------------------------

    def show_answer(self, found: Stresses) -> None:
        """Show the answer."""
        self.rest()
        self.found = found
        self._show()
        self.say(reverse_sentence(found.reverse))

    def _show(self) -> None:
        found = self.found
        currency = "" if self.run is None else self.run.currency
        self.after.show_table(stresses_table(found.after if found else (), currency),
                              refit=found is not None)
        self.reverse.show_table(reverse_table(found.reverse if found else ()),
                                refit=found is not None, seldom=("direction",))
        marks = () if found is None else tuple(
            tipping_gauge.Mark(f"{r.event}{f', {r.account or r.regime}' if r.regime else ''}",
                               r.multiple) for r in found.reverse)
        if found is None or not marks:
            wait_for(self.canvas, TO_DO if found is None else NOTHING)
            return
        most = found.reverse[0].searched
        self.canvas.show_drawing(partial(tipping_gauge.draw, marks=marks, most=most),
                                 tipping_gauge.summary(marks, most))

    # Exports ------------------------------------------------------------------------------

    def shown_table(self) -> TableModel:
        """Return the table chosen."""
        return (self.reverse if self.tables.currentIndex() == 0 else self.after).model

    def chart(self) -> Canvas:
        """Return the gauge."""
        return self.canvas
