"""Today's requirement account by account, and the tree that explains any of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workstation.base.explain import Explained
from workstation.results.beside import silos_beside
from workstation.results.margin_tables import SiloRow
from workstation.results.run import Run
from workstation.ui.docks.breadcrumbs import Breadcrumbs
from workstation.ui.docks.choice import combo
from workstation.ui.docks.dock import GAP, PADDING, Dock
from workstation.ui.docks.explain_panel import ExplainPanel
from workstation.ui.docks.panes import TablePane
from workstation.ui.explain_model import is_from, mentions
from workstation.ui.table_model import TableModel
from workstation.ui.theme import tokens
from workstation.ui.tokens import Tokens

EMPTY = ("What each account must post, and why, appears here.\n"
         "Open a client file to compute it (Ctrl+O).")
TABLE_SHARE = 0.45
SILOS, ACCOUNT, DESIGN = "silos", "account", "design"
LEVELS = (("level 1", 1), ("level 2", 2), ("level 3", 3), ("its leaves", 0))
FIRST = ("account", "regime", "initial", "maintenance", "status", "gross", "net")
FIRST_ON_BRANCH = ("account", "current", "change", "maintenance", *FIRST[1:3], *FIRST[4:])
SELDOM = ("name", "account_type", "silo")
Subject = tuple[str, str]


class MarginDock(Dock):
    """Silo table above, explain tree below; choosing an account explains it."""

    cell_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Margin", EMPTY, parent)
        self.table = TablePane("Requirement of each account", totals=True)
        self.table.view.wrap_headings()
        self.explain = ExplainPanel()
        self.way = Breadcrumbs()
        self.subject = combo("Requirement to explain")
        self.basis = {name: _switch(name) for name in ("Maintenance", "Initial")}
        self._join_switches()
        self._lay_out()
        self.subject.activated.connect(lambda _: self._explain_subject())
        self.table.chosen.connect(self._choose_row)
        self.explain.node_chosen.connect(self._announce_position)
        self.explain.way_changed.connect(self._show_way)
        self.way.step_chosen.connect(
            lambda step: self.explain.stand_at(self.explain.path()[:step]))
        self.way.cell_chosen.connect(self.cell_wanted)

    def _join_switches(self) -> None:
        group = QButtonGroup(self)
        for button in self.basis.values():
            group.addButton(button)
        self.basis["Maintenance"].setChecked(True)
        group.buttonClicked.connect(lambda _: self._explain_subject())

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(PADDING, GAP, PADDING, GAP)
        bar.addWidget(self.subject, 12)
        bar.addSpacing(PADDING)
        for button in self.basis.values():
            bar.addWidget(button)
        bar.addStretch(1)
        bar.addWidget(self.export_button(*self._tree_actions()))
        lower = QWidget()
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.way)
        column.addWidget(self.explain, 1)
        self.header.setContentsMargins(0, 0, 0, 0)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(lower)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.body.addWidget(self.splitter)

    def _tree_actions(self) -> tuple[QAction, ...]:
        offered = [("Copy explanation as text", self.explain.copy_as_text),
                   ("Copy explanation as a table", self.explain.copy_as_tsv)]
        offered += [(f"Open explanation to {text}", partial(self.explain.expand_to, level))
                    for text, level in LEVELS]
        return tuple(self._action(text, run) for text, run in offered)

    def _action(self, text: str, run: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(lambda _=False: run())
        return action

    # Filling ------------------------------------------------------------------------------

    def fill(self, run: Run) -> None:
        """Show the silo table and explain what was explained before, if it is still there."""
        is_first = self.table.model.table is None
        base = self.base_run()
        self.table.show_table(silos_beside(run, base), seldom=SELDOM,
                              first=FIRST if base is None else FIRST_ON_BRANCH)
        if is_first:
            self._share_room()
        self._say_whether_complete(run)
        self._offer_subjects(run)
        self._explain_subject()

    def _offer_subjects(self, run: Run) -> None:
        before = self.subject.currentData()
        self.subject.clear()
        self.subject.addItem("All silos", (SILOS, ""))
        for account in run.silos.accounts:
            self.subject.addItem(f"Account {account.account_id}", (ACCOUNT, account.account_id))
        for outcome in run.designs:
            title = outcome.margin.title or outcome.margin.name
            self.subject.addItem(f"Design {title}", (DESIGN, outcome.margin.name))
        self._set_subject(before or (SILOS, ""))

    def _set_subject(self, subject: Subject) -> bool:
        for number in range(self.subject.count()):
            if tuple(self.subject.itemData(number)) == tuple(subject):
                self.subject.setCurrentIndex(number)
                return True
        return False

    def explain_account(self, account_id: str) -> None:
        """Explain one account's requirement."""
        if self._set_subject((ACCOUNT, account_id)):
            self._explain_subject()

    def explain_design(self, name: str) -> None:
        """Explain one design's requirement."""
        if self._set_subject((DESIGN, name)):
            self._explain_subject()

    def _explain_subject(self) -> None:
        kind, name = self.subject.currentData() or (SILOS, "")
        for button in self.basis.values():
            button.setEnabled(kind != DESIGN)
        currency, tree = self._tree(kind, name)
        self.explain.show_tree(tree, currency)
        self.table.select("account", name if kind == ACCOUNT else "")

    def _tree(self, kind: str, name: str) -> tuple[str, Explained | None]:
        run = self.run
        if run is None:
            return "", None
        if kind == DESIGN:
            outcome = run.design(name)
            return run.currency, outcome.margin.requirement if outcome else None
        margin = run.silos if kind == SILOS else run.silos.of_account(name)
        if margin is None:
            return run.currency, None
        is_initial = self.basis["Initial"].isChecked()
        return margin.currency, margin.initial if is_initial else margin.maintenance

    def _choose_row(self, row: SiloRow) -> None:
        if self.subject.currentData() != (ACCOUNT, row.account):
            self.explain_account(row.account)
            self.account_chosen.emit(row.account)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the silo table its rows, up to a share of the panel; the tree takes the rest."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        table = min(self.table.natural_height(), round(self.height() * TABLE_SHARE))
        self.splitter.setSizes([table, self.height() - table])

    # Positions ----------------------------------------------------------------------------

    def explain_position(self, where: str) -> bool:
        """Select what the position read from a cell adds; say so when nothing mentions it."""
        if self.run is None:
            return False
        position = next((p for p in self.run.book.positions if p.where == where), None)
        if position is None:
            return False
        self._say_whether_complete(self.run)
        self.explain_account(position.account_id)
        found = (self.explain.select(is_from(where))
                 or self.explain.select(mentions(position.instrument.symbol)))
        if not found:
            self._say_why_not(self.run, where, position.instrument.symbol)
        return bool(found)

    def _announce_position(self, node: Explained) -> None:
        """Announce the cell of the position an amount is about, where it is about just one."""
        where = dict(node.inputs).get("cell") or self._only_position(node.label)
        if where:
            self.position_chosen.emit(where)

    def _show_way(self) -> None:
        """Show the way to the amount in focus, and the cell it comes from."""
        way = self.explain.way()
        cell = ""
        if way:
            cell = dict(way[-1].inputs).get("cell") or self._only_position(way[-1].label)
        self.way.show_way([step.label for step in way], cell, tokens())

    def _only_position(self, label: str) -> str:
        """Return the cell of the one position of the account explained that a label names."""
        kind, name = self.subject.currentData() or (SILOS, "")
        positions = self.run.book.positions if self.run else ()
        words = " ".join(label.split())
        named = [p for p in positions if " ".join(p.instrument.symbol.split()) in words
                 and (kind != ACCOUNT or p.account_id == name)]
        longest = max((len(p.instrument.symbol) for p in named), default=0)
        found = [p.where for p in named if len(p.instrument.symbol) == longest]
        return found[0] if len(found) == 1 else ""

    def _say_whether_complete(self, run: Run) -> None:
        count = len(run.excluded)
        left_out = "1 position or row is" if count == 1 else f"{count} positions or rows are"
        self.say(f"Totals are incomplete: {left_out} excluded." if count else "", "warning")

    def _say_why_not(self, run: Run, where: str, symbol: str) -> None:
        left_out = next((item for item in run.excluded if item.where == where), None)
        if left_out is None:
            self.say(f"No amount of this requirement names {symbol} ({where}).")
        else:
            self.say(f"{symbol} is excluded. {left_out.what}; {left_out.remedy}.", "warning")

    def apply_theme(self, palette: Tokens) -> None:
        """Write muted branches and the detail in another palette."""
        super().apply_theme(palette)
        self.explain.apply_theme(palette)
        self._show_way()

    def shown_table(self) -> TableModel:
        """Return the silo table."""
        return self.table.model


def _switch(name: str) -> QToolButton:
    button = QToolButton()
    button.setText(name)
    button.setCheckable(True)
    button.setAccessibleName(f"{name} requirement")
    return button
