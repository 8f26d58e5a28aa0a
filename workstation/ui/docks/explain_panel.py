"""The tree of one requirement, and the detail of the amount selected in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QSplitter,
    QTextBrowser,
    QTreeView,
    QWidget,
)

from workstation.base.explain import Explained
from workstation.ui.docks.explain_words import detail
from workstation.ui.explain_model import (
    AMOUNT,
    HOW,
    LABEL,
    RULE,
    ExplainModel,
    as_text,
    as_tsv,
)
from workstation.ui.theme import tokens
from workstation.ui.tokens import Tokens

SIDE_BY_SIDE = 480
TREE_SHARE = 0.70
AMOUNT_LEAST, HOW_LEAST, HOW_WIDE, RULE_WIDE = 96, 72, 156, 110
LABEL_LEAST = 160
LEAST_DETAIL = 40
GAP, SCROLL_BAR = 8, 14
ROW_FLAGS = (QItemSelectionModel.SelectionFlag.ClearAndSelect
             | QItemSelectionModel.SelectionFlag.Rows)


@dataclass(frozen=True, slots=True)
class _View:
    """How a tree was being looked at, by the rows that lead to its nodes."""

    opened: list[tuple[int, ...]]
    focus: tuple[int, ...]
    scrolled: int


class ExplainPanel(QSplitter):
    """An explained amount as a tree with its detail; announces the amount the user selects."""

    node_chosen = Signal(object)
    way_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.model = ExplainModel(self)
        self.tree = QTreeView()
        self.detail = QTextBrowser()
        self._currency = ""
        self._subject = ""
        self._is_shared = False
        self._is_quiet = False
        self._is_fitting = self._is_by_hand = False
        self._fit_soon = QTimer(self, singleShot=True, interval=0)
        self._fit_soon.timeout.connect(self._fit)
        self._prepare_tree()
        self.detail.setAccessibleName("Rule, inputs and reason of the selected amount")
        self.detail.setOpenLinks(False)
        self.detail.setMinimumHeight(LEAST_DETAIL)
        self.detail.setStyleSheet("QTextBrowser:!focus { border: 1px solid transparent; }")
        self.addWidget(self.tree)
        self.addWidget(self.detail)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.model.mute_with(tokens().muted)

    def _prepare_tree(self) -> None:
        tree = self.tree
        tree.setModel(self.model)
        tree.setAccessibleName("Explanation of the requirement")
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setIndentation(12)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(56)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.sectionResized.connect(self._note_hand)
        # later: measuring rows while Qt opens a whole branch would end that half-way
        tree.expanded.connect(lambda _: self._fit_soon.start())
        tree.selectionModel().currentRowChanged.connect(self._show_detail)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._offer)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), tree)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy_as_text)

    # Showing ------------------------------------------------------------------------------

    def show_tree(self, root: Explained | None, currency: str) -> None:
        """Show one requirement: open as before where the subject is the same, else one level."""
        before = self._view() if root is not None and root.label == self._subject else None
        self._subject = "" if root is None else root.label
        self._currency = currency
        with self._quietly():
            self.model.show(root, currency)
            if before is None:
                self.expand_to(1)
                self.tree.setCurrentIndex(self.model.index(0, 0))
            else:
                self._restore(before)
        self._fit()

    def _view(self) -> _View:
        """Return which nodes are open, which one is in focus, and how far the tree is scrolled."""
        current = self.tree.currentIndex()
        return _View(self._open_below(self.model.index(0, 0)),
                     self.model.path(current), self.tree.verticalScrollBar().value())

    def _open_below(self, index: QModelIndex) -> list[tuple[int, ...]]:
        if not self.tree.isExpanded(index):
            return []
        found = [self.model.path(index)]
        for row in range(self.model.rowCount(index)):
            found += self._open_below(self.model.index(row, 0, index))
        return found

    def _restore(self, before: _View) -> None:
        for path in before.opened:
            self.tree.expand(self.model.at(path))
        self.tree.setCurrentIndex(self.model.at(before.focus))
        self.tree.verticalScrollBar().setValue(before.scrolled)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Announce nothing meanwhile: only what the user selects is announced."""
        self._is_quiet = True
        yield
        self._is_quiet = False

    def apply_theme(self, palette: Tokens) -> None:
        """Write muted branches and the detail in another palette."""
        self.model.mute_with(palette.muted)
        self._show_detail(self.tree.currentIndex())

    def expand_to(self, level: int) -> None:
        """Open the tree to a level; 0 opens all of it."""
        if level:
            self.tree.collapseAll()
            self.tree.expandToDepth(level - 1)
        else:
            self.tree.expandAll()

    def select(self, wanted: Callable[[Explained], bool]) -> int:
        """Select every node that answers the description, open the way to them, count them."""
        found = self.model.find(wanted)
        if not found:
            return 0
        chosen = QItemSelection()
        with self._quietly():
            for index in found:
                self._open(index.parent())
                chosen.select(index, index)
            self.tree.setCurrentIndex(found[0])
            self.tree.selectionModel().select(chosen, ROW_FLAGS)
        self.tree.scrollTo(found[0], QAbstractItemView.ScrollHint.PositionAtCenter)
        return len(found)

    def _open(self, index: QModelIndex) -> None:
        while index.isValid() and not self.tree.isExpanded(index):
            self.tree.expand(index)
            index = index.parent()

    def selected(self) -> Explained | None:
        """Return the amount in focus."""
        return self.model.explained(self.tree.currentIndex())

    def path(self) -> tuple[int, ...]:
        """Return the rows that lead from the total to the amount in focus."""
        return self.model.path(self.tree.currentIndex())

    def way(self) -> list[Explained]:
        """Return the amounts from the total to the one in focus."""
        path = self.path()
        steps = (self.model.explained(self.model.at(path[:cut])) for cut in range(len(path) + 1))
        return [step for step in steps if step is not None]

    def stand_at(self, path: tuple[int, ...]) -> None:
        """Put an amount in focus, by the rows that lead to it, and give the tree the keyboard."""
        index = self.model.at(path)
        if index.isValid():
            self._open(index.parent())
            self.tree.setCurrentIndex(index)
            self.tree.scrollTo(index)
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_detail(self, index: QModelIndex) -> None:
        self.way_changed.emit()
        node = self.model.explained(index)
        if node is None:
            self.detail.clear()
            return
        self.detail.setHtml(detail(node, self.model.holder(index), self._currency, tokens()))
        if not self._is_quiet:
            self.node_chosen.emit(node)

    # Copying ------------------------------------------------------------------------------

    def copy_as_text(self) -> None:
        """Copy the amount in focus and its parts as indented lines."""
        self._copy(as_text)

    def copy_as_tsv(self) -> None:
        """Copy the amount in focus and its parts as tab-separated lines."""
        self._copy(as_tsv)

    def _copy(self, write: Callable[[Explained], str]) -> None:
        node = self.selected()
        if node is not None:
            QGuiApplication.clipboard().setText(write(node))

    def _offer(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy with its parts as text").triggered.connect(self.copy_as_text)
        menu.addAction("Copy with its parts as a table").triggered.connect(self.copy_as_tsv)
        menu.addSeparator()
        menu.addAction("Open all below").triggered.connect(
            lambda: self.tree.expandRecursively(self.tree.currentIndex()))
        menu.popup(self.tree.viewport().mapToGlobal(at))

    # Room ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the detail beside the tree where there is room, below it where there is not."""
        super().resizeEvent(event)
        wanted = (Qt.Orientation.Horizontal if self.width() >= SIDE_BY_SIDE
                  else Qt.Orientation.Vertical)
        if self.orientation() != wanted or not self._is_shared:
            self.setOrientation(wanted)
            length = self.width() if wanted == Qt.Orientation.Horizontal else self.height()
            self.setSizes([round(length * TREE_SHARE), round(length * (1 - TREE_SHARE))])
            self._is_shared = True
        self._fit()

    def _fit(self) -> None:
        """Give amounts the room they need, then names theirs; a width set by hand stays.

        What has no room left is hidden where the detail beside the tree says it as well.
        """
        if self._is_by_hand:
            return
        tree, header = self.tree, self.tree.header()
        amount = max(AMOUNT_LEAST, tree.sizeHintForColumn(AMOUNT) + GAP)
        how = min(max(HOW_LEAST, tree.sizeHintForColumn(HOW) + GAP), HOW_WIDE)
        rest = tree.width() - SCROLL_BAR - amount
        wanted = min(tree.sizeHintForColumn(LABEL) + GAP, max(LABEL_LEAST, rest))
        how = min(how, max(HOW_LEAST, rest - wanted))
        room = rest - how - wanted
        rule = max(RULE_WIDE, min(tree.sizeHintForColumn(RULE) + GAP, room))
        self._is_fitting = True
        tree.setColumnHidden(HOW, room < 0 and self._is_beside)
        tree.setColumnHidden(RULE, room < RULE_WIDE and self._is_beside)
        for column, width in ((AMOUNT, amount), (HOW, how), (RULE, rule), (LABEL, wanted)):
            header.resizeSection(column, width)
        self._is_fitting = False

    @property
    def _is_beside(self) -> bool:
        """Say whether the detail stands beside the tree."""
        return self.orientation() == Qt.Orientation.Horizontal

    def _note_hand(self) -> None:
        """Remember that the user set a width."""
        self._is_by_hand = self._is_by_hand or not self._is_fitting
