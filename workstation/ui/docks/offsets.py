"""Every offset one design considered: granted or denied, why, and what it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTextBrowser, QWidget

from workstation.measures.requirement import Offset
from workstation.results.beside import ledger_beside
from workstation.results.margin_tables import OffsetRow
from workstation.results.run import DesignOutcome, Run
from workstation.ui.docks import offset_words
from workstation.ui.docks.choice import DesignChoice, combo
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.offset_blocks import blocks
from workstation.ui.docks.panes import ChartAndTable, TablePane
from workstation.ui.plots import heat_map, rolling_lines
from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.heat_map import Block
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import SYMBOL_OF, WORD_OF
from workstation.ui.table_model import TableModel
from workstation.ui.theme import tokens
from workstation.ui.tokens import Tokens

if TYPE_CHECKING:
    from workstation.workspace.rolling import Rolling
    from workstation.workspace.session import Session

EMPTY = ("Offsets granted and denied across silos, with the reason for each, appear here.\n"
         "Open a client file to compute them (Ctrl+O).")
STATES = ("granted", "partial", "denied")
SIDE_BY_SIDE = 480
LEAST_ROLLING = 150
LEDGER_SHARE = 0.68
FIRST = ("between", "status", "current", "change", "amount", "would_save")
SELDOM = ("kind", "level", "accounts", "tests")


class OffsetsDock(Dock):
    """Heat-map and ledger of the chosen design; a cell or a row shows its figures and reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Offsets", EMPTY, parent)
        self.outcome: DesignOutcome | None = None
        self.blocks: tuple[Block, ...] = ()
        self._marked = ""
        self._shown: Offset | None = None
        self.canvas = Canvas("Offsets between groups")
        self.table = TablePane("Offsets ledger", totals=True)
        self.detail = QTextBrowser()
        self.detail.setAccessibleName("Decision, tests and reason of the selected offset")
        self.detail.setStyleSheet("QTextBrowser:!focus { border: 1px solid transparent; }")
        self.rolling = Canvas("Rolling correlation of the selected offset")
        self.rolling.setMinimumHeight(LEAST_ROLLING)
        self.rolling.hide()
        self._session: Session | None = None
        self._source: Rolling | None = None
        self.choice = DesignChoice()
        self.status = combo("Show offsets that are")
        self._lay_out()
        self.choice.picked.connect(self._show_design)
        self.choice.picked.connect(self.design_chosen)
        self.status.activated.connect(lambda _: self._filter())
        self.table.chosen.connect(self._show_row)
        self.canvas.chosen.connect(self._show_cell)

    def _lay_out(self) -> None:
        self.ledger = QSplitter(Qt.Orientation.Horizontal)
        self.ledger.addWidget(self.table)
        self.told = QSplitter(Qt.Orientation.Vertical)
        self.told.setHandleWidth(1)
        self.told.addWidget(self.detail)
        self.told.addWidget(self.rolling)
        self.ledger.addWidget(self.told)
        self.ledger.setHandleWidth(1)
        self.ledger.setChildrenCollapsible(False)
        self.panes = ChartAndTable(self.canvas, self.ledger)
        self.choice.stand_in(self.header, self.status, self.panes.toggle, self.export_button())
        self.status.setMaximumWidth(160)
        self.panes.arranged.connect(self.status.setVisible)
        self.choice.label.hide()
        self.body.addWidget(self.panes)

    def show_session(self, session: Session | None) -> None:
        """Follow another review, or the same one after an edit."""
        self._session = session

    def has_content(self, run: Run) -> bool:
        """Say whether any design was computed."""
        return bool(run.designs)

    def fill(self, run: Run) -> None:
        """Offer the designs and show the offsets of the one chosen."""
        self._show_design(self.choice.offer(run))

    def show_design(self, name: str) -> None:
        """Choose a design by its name."""
        self.choice.want(name)
        self._show_design(self.choice.name())

    def _show_design(self, name: str) -> None:
        self.outcome = self.run.design(name) if self.run else None
        if self.run is None or self.outcome is None:
            return
        base = self.base_run()
        then = None if base is None else base.design(name)
        self.table.show_table(ledger_beside(self.outcome, then, self.run.currency), refit=True,
                              seldom=SELDOM, first=FIRST)
        self._offer_states(self.outcome.ledger)
        self._filter()
        self.blocks = blocks(self.outcome.ledger)
        kept = self._shown.between if self._shown else ()
        again = next((o for o in self.outcome.ledger if o.between == kept), None)
        self._mark(again)
        self._show(again)

    def _draw(self) -> None:
        shown, marked = self.blocks, self._marked

        def drawing(sheet: Sheet) -> None:
            heat_map.draw(sheet, shown, marked)

        self.canvas.show_drawing(drawing, heat_map.summary(shown))

    def _offer_states(self, ledger: tuple[Offset, ...]) -> None:
        before = self.status.currentData()
        self.status.clear()
        self.status.addItem(f"All ({len(ledger)})", "")
        for state in STATES:
            count = sum(offset.status == state for offset in ledger)
            self.status.addItem(f"{SYMBOL_OF[state]} {WORD_OF[state]} ({count})", state)
        self.status.setCurrentIndex(max(0, self.status.findData(before)))

    def filter_by_status(self, status: str) -> None:
        """Show only offsets of one status in the ledger; empty for all."""
        self.status.setCurrentIndex(max(0, self.status.findData(status)))
        self._filter()

    def _filter(self) -> None:
        fields = [column.field for column in self.table.model.columns]
        status = str(self.status.currentData() or "")
        self.table.model.filter_by({fields.index("status"): status} if status else {})

    # Selecting ----------------------------------------------------------------------------

    def _show_row(self, row: OffsetRow) -> None:
        table = self.table.model.table
        if table is None or self.outcome is None:
            return
        offset = self.outcome.ledger[list(table.rows).index(row)]
        self._mark(offset)
        self._show(offset)

    def choose(self, offset: Offset) -> None:
        """Show an offset of the ledger, lifting a filter that hides it."""
        self.filter_by_status("")
        self.table.select("between", offset_words.title(offset))
        self._mark(offset)
        self._show(offset)

    def _show_cell(self, mark: str) -> None:
        """Show the offset behind a cell and select its row in the ledger."""
        if self.outcome is not None:
            offset = self.outcome.ledger[int(mark)]
            self.table.select("between", offset_words.title(offset))
            self._mark(offset)
            self._show(offset)

    def _mark(self, offset: Offset | None) -> None:
        """Frame the cell of an offset, or none."""
        ledger = self.outcome.ledger if self.outcome else ()
        between = offset.between if offset else ()
        marks = (cell.mark for block in self.blocks for cell in block.cells)
        self._marked = next((mark for mark in marks if ledger[int(mark)].between == between), "")
        self._draw()

    def _show_rolling(self, offset: Offset | None) -> None:
        """Draw how the legs' correlation went, where both have a history."""
        from workstation.workspace.rolling import Rolling

        pair = None
        if offset is not None and self._session is not None and self.run is not None:
            self._source = self._source or Rolling()
            pair = self._source.pair(self._session, self.run, self.choice.name(), offset)
        self.rolling.setVisible(pair is not None)
        if pair is not None:
            shown = pair
            self.rolling.show_drawing(lambda sheet: rolling_lines.draw(sheet, shown),
                                      rolling_lines.summary(shown))

    def _show(self, offset: Offset | None) -> None:
        self._shown = offset
        self._show_rolling(offset)
        if offset is None:
            self.detail.setHtml(f"<p style='color:{tokens().muted}'>Select a cell or a row to see "
                                "its tests, its reason and what would change it.</p>")
        elif self.run is not None:
            self.detail.setHtml(offset_words.detail(offset, self.run.currency, tokens()))

    # Room and palette ---------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the detail beside the ledger where there is room, below it where there is not."""
        super().resizeEvent(event)
        wide = self.width() >= SIDE_BY_SIDE
        self.ledger.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        length = self.width() if wide else self.height()
        self.ledger.setSizes([round(length * LEDGER_SHARE), round(length * (1 - LEDGER_SHARE))])

    def apply_theme(self, palette: Tokens) -> None:
        """Draw again in another palette."""
        super().apply_theme(palette)
        self._show(self._shown)

    def shown_table(self) -> TableModel:
        """Return the ledger."""
        return self.table.model

    def chart(self) -> Canvas:
        """Return the heat-map."""
        return self.canvas
