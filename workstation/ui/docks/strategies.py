"""The pairs found inside each account, what each one saves, and those denied with the reason."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QTextBrowser,
    QToolButton,
    QWidget,
)

from workstation.results.run import Run
from workstation.results.strategy_table import (
    FOUND,
    STRATEGY,
    PairingRow,
    StrategyRow,
    amount_of,
    pairings_table,
    strategies_table,
)
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.explain_panel import ExplainPanel
from workstation.ui.docks.panes import TablePane
from workstation.ui.table_model import TableModel
from workstation.ui.theme import tokens
from workstation.ui.tokens import Tokens

EMPTY = ("Strategies found by pairing options and stock, and spreads of futures, appear here.\n"
         "Open a client file that holds some (Ctrl+O).")
FIRST = ("account", "underlying", "name", "saving", "requirement", "alone", "decision")
SELDOM = ("kind", "tests")
TABLE_SHARE = 0.6
ALL = "all"


class StrategiesDock(Dock):
    """Filterable table above; the chosen pair's explanation, or why it was denied, below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Strategies", EMPTY, parent)
        self.kind, self.decision = combo("Kind of offset"), combo("Decision")
        self.search = QLineEdit()
        self.table = TablePane("Strategies", totals=True)
        self.pairings = TablePane("Pairings by underlying", totals=True)
        self.tables = QTabWidget()
        self.explain = ExplainPanel()
        self.refusal = QTextBrowser()
        self.detail = QStackedWidget()
        self._chosen: StrategyRow | None = None
        self._paired: PairingRow | None = None
        self._lay_out()
        for box in (self.kind, self.decision):
            box.activated.connect(lambda _: self._filter())
        self.search.textChanged.connect(lambda _: self._filter())
        self.table.chosen.connect(self._choose)
        self.pairings.chosen.connect(self._show_pairs_of)

    def _lay_out(self) -> None:
        self.search.setPlaceholderText("Find a leg or a reason")
        self.search.setAccessibleName("Find in strategies")
        self.search.setClearButtonEnabled(True)
        for button in self.search.findChildren(QToolButton):
            button.setAccessibleName("Clear")
        self.refusal.setAccessibleName("Why the chosen pair was denied")
        for box in (self.kind, self.decision):
            self.header.addWidget(box, 4)
        self.header.addWidget(self.search, 6)
        self.header.addStretch(1)
        self.header.addWidget(self.export_button())
        self.detail.addWidget(self.refusal)
        self.detail.addWidget(self.explain)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.tables.setDocumentMode(True)
        self.tables.addTab(self.table, "Pairs")
        self.tables.addTab(self.pairings, "By underlying")
        self.splitter.addWidget(self.tables)
        self.splitter.addWidget(self.detail)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([round(1000 * TABLE_SHARE), round(1000 * (1 - TABLE_SHARE))])
        self.body.addWidget(self.splitter)

    # Filling ------------------------------------------------------------------------------

    def has_content(self, run: Run) -> bool:
        """Say whether any pair was considered."""
        return bool(run.book.accounts and run.silos.offsets)

    def fill(self, run: Run) -> None:
        """List the pairs of a review, keeping filters and the pair looked at."""
        table = strategies_table(run)
        self.table.show_table(table, first=FIRST, seldom=SELDOM)
        pairings = pairings_table(run)
        self.pairings.show_table(pairings)
        self.tables.setTabVisible(1, bool(pairings.rows))
        self._offer(tuple(table.rows))
        self._filter()
        kept, paired = self._chosen, self._paired
        self._chosen = kept and next((r for r in table.rows if (r.account, r.legs, r.name) == (
            kept.account, kept.legs, kept.name)), None)
        self._paired = paired and next((r for r in pairings.rows if (
            r.account, r.underlying) == (paired.account, paired.underlying)), None)
        self._explain_again()

    def _offer(self, rows: tuple[StrategyRow, ...]) -> None:
        kinds = dict.fromkeys(row.kind for row in rows)
        refill(self.kind, [(f"All kinds ({len(rows)})", ALL), *(
            (f"{kind} ({sum(r.kind == kind for r in rows)})", kind) for kind in kinds)],
            STRATEGY)
        refill(self.decision, [(f"All ({len(rows)})", ALL), *(
            (f"{word} ({sum(r.decision == word for r in rows)})", word)
            for word in FOUND.values() if any(r.decision == word for r in rows))], ALL)

    def _filter(self) -> None:
        fields = [column.field for column in self.table.model.columns]
        wanted = {"kind": self.kind.currentData(), "decision": self.decision.currentData()}
        self.table.model.filter_by(
            {fields.index(name): str(value) for name, value in wanted.items()
             if value not in (ALL, None)}, self.search.text())

    # The pair looked at -------------------------------------------------------------------

    def _choose(self, row: StrategyRow) -> None:
        self._explain(row)
        symbols = set(row.legs.split(" / "))
        where = next((p.where for p in (self.run.book.positions if self.run else ())
                      if p.account_id == row.account
                      and " ".join(p.instrument.symbol.split()) in symbols), "")
        if where:
            self.position_chosen.emit(where)

    def _show_pairs_of(self, row: PairingRow) -> None:
        """Explain the whole underlying: its pairs, and the legs left alone."""
        self._paired, self._chosen = row, None
        margin = None if self.run is None else self.run.silos.of_account(row.account)
        if margin is not None and self.run is not None:
            node = next(n for _, n in margin.maintenance.walk()
                        if n.label == row.underlying and n.amount == row.requirement)
            self.explain.show_tree(node, self.run.currency)
            self.detail.setCurrentWidget(self.explain)

    def _explain(self, row: StrategyRow | None) -> None:
        self._chosen, self._paired = row, None
        node = None if row is None or self.run is None else amount_of(self.run, row)
        if node is not None and self.run is not None:
            self.explain.show_tree(node, self.run.currency)
            self.explain.expand_to(0)
        else:
            self.refusal.setHtml(_words(row))
        self.detail.setCurrentWidget(self.refusal if node is None else self.explain)

    def apply_theme(self, palette: Tokens) -> None:
        """Write in another palette."""
        super().apply_theme(palette)
        self.explain.apply_theme(palette)
        self._explain_again()

    def _explain_again(self) -> None:
        """Show what is being looked at, from the figures as they are now."""
        if self._paired is not None:
            self._show_pairs_of(self._paired)
        else:
            self._explain(self._chosen)

    def shown_table(self) -> TableModel:
        """Return the table in front."""
        pane = self.tables.currentWidget()
        return pane.model if isinstance(pane, TablePane) else self.table.model


def _words(row: StrategyRow | None) -> str:
    """Return why a pair was denied or what it rests on, as HTML."""
    muted = tokens().muted
    if row is None:
        return f"<p style='color:{muted}'>Select a pair to see how its requirement is made up.</p>"
    figures = "".join(f"<br/>{escape(text)}" for text in row.tests.split("; ") if text)
    change = f"<p>What would change it: {escape(row.barrier)}.</p>" if row.barrier else ""
    return (f"<p><b>{escape(row.name)}</b>, {escape(row.decision)}</p>"
            f"<p>{escape(row.legs)}</p><p>{escape(row.reason)}{figures}</p>"
            f"{change}")
