"""What past moves would have brought a cleared swaps account, and the tail that sets its margin."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from workstation.measures.past_tail import PastTail
from workstation.results.past_tails import (
    accounts_with_tails,
    distribution,
    verdict,
    windows_table,
)
from workstation.results.run import Run
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.panes import ChartAndTable, TablePane, labelled
from workstation.ui.plots import histogram
from workstation.ui.plots.canvas import Canvas
from workstation.ui.table_model import TableModel

EMPTY = ("The distribution of past profits of cleared swaps accounts appears here, with the tail "
         "that sets the margin.\nOpen a client file that holds cleared swaps and a history of "
         "rates (Ctrl+O).")


class PastTailsDock(Dock):
    """Account and set of moves chosen above, the histogram, and the worst windows beneath."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Past moves", EMPTY, parent)
        self.account, self.moves = combo("Cleared swaps account"), combo("Past moves")
        self.canvas = Canvas("Distribution of past profits")
        self.table = TablePane("Worst windows")
        self.panes = ChartAndTable(self.canvas, self.table)
        self.header.addWidget(labelled("Account", self.account))
        self.header.addWidget(self.account, 8)
        self.header.addWidget(labelled("Moves", self.moves))
        self.header.addWidget(self.moves, 12)
        self.header.addStretch(1)
        self.header.addWidget(self.panes.toggle)
        self.header.addWidget(self.export_button())
        self.body.addWidget(self.panes)
        self.account.activated.connect(lambda _: self._choose_account())
        self.moves.activated.connect(lambda _: self._show())

    def has_content(self, run: Run) -> bool:
        """Say whether any account is margined by past moves."""
        return bool(run.tails)

    def fill(self, run: Run) -> None:
        """Offer the accounts, keeping the one looked at."""
        refill(self.account, [(name, name) for name in accounts_with_tails(run.tails)])
        self._offer_moves()

    def _offered(self) -> tuple[PastTail, ...]:
        account, tails = self.account.currentData(), () if self.run is None else self.run.tails
        return tuple(tail for tail in tails if tail.account_id == account)

    def _offer_moves(self) -> None:
        refill(self.moves, [(tail.moves, tail.moves) for tail in self._offered()])
        self._show()

    def _choose_account(self) -> None:
        self._offer_moves()
        self.account_chosen.emit(str(self.account.currentData()))

    def _show(self) -> None:
        offered, number = self._offered(), self.moves.currentIndex()
        if not 0 <= number < len(offered):
            return
        tail = offered[number]
        self.table.show_table(windows_table(tail), refit=True)
        bars = distribution(tail)
        shown = histogram.Histogram(bars.edges, bars.counts, bars.tail, tail.currency,
                                    verdict(tail))
        self.canvas.show_drawing(partial(histogram.draw, shown=shown), histogram.summary(shown))

    # Exports ------------------------------------------------------------------------------

    def shown_table(self) -> TableModel:
        """Return the worst windows."""
        return self.table.model

    def chart(self) -> Canvas:
        """Return the histogram."""
        return self.canvas
