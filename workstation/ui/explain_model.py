"""A lazy, read-only Qt tree over an explained amount.

Nodes are made when their parent is opened, and their texts once, so a tree of any size opens as
fast as the part of it that is on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont

from workstation.base.explain import Explained
from workstation.base.money import accounting

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
LABEL, AMOUNT, HOW, RULE = range(4)
CENTS = 2
HOW_WORDS = {"sum": "sum of", "max": "max of", "min": "min of"}
BINDS, LOSES = "binds", "not binding"
BRANCH_MARKS = {BINDS: "◆ ", LOSES: "◇ "}
TSV_HEAD = ("Level", "Requirement", "Amount", "Made as", "Rule", "Inputs")


@dataclass(slots=True)
class Node:
    """One row of the tree; `muted` says that this branch, or one above it, does not bind."""

    explained: Explained
    parent: int
    row: int
    muted: bool = False
    branch: str = ""
    children: list[int] | None = None
    texts: tuple[str, ...] | None = None

    def text(self, column: int) -> str:
        """Return one cell as written, composing the row's texts on first use."""
        if self.texts is None:
            node = self.explained
            label = " ".join(node.label.split())
            self.texts = (self.branch_mark + label, accounting(node.amount, CENTS),
                          self._how(), short_rule(node))
        return self.texts[column]

    @property
    def branch_mark(self) -> str:
        """Return the sign before the name of a branch: filled where it binds."""
        return BRANCH_MARKS.get(self.branch, "")

    def _how(self) -> str:
        node = self.explained
        made = f"{HOW_WORDS[node.combine]} {len(node.parts)}" if node.parts else ""
        return ", ".join(word for word in (self.branch, made) if word)


class ExplainModel(QAbstractItemModel):
    """Presents one explained amount: label, amount, how it was made, and the rule in short."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes: list[Node] = []
        self._headings = ("Requirement", "Amount", "How", "Rule")
        self._muted: QBrush | None = None
        self._heavy = QFont()
        self._heavy.setWeight(QFont.Weight.DemiBold)

    def show(self, root: Explained | None, currency: str = "") -> None:
        """Replace the tree being shown; the amount itself is its single top row."""
        self.beginResetModel()
        unit = f"Amount, {currency}" if currency else "Amount"
        self._headings = ("Requirement", unit, "How", "Rule")
        self._nodes = [] if root is None else [Node(root, -1, 0)]
        self.endResetModel()

    def mute_with(self, colour: str) -> None:
        """Write branches that do not bind in this colour."""
        self._muted = QBrush(QColor(colour))
        if self._nodes:
            top = self.index(0, 0)
            self.dataChanged.emit(top, top.siblingAtColumn(RULE), [Role.ForegroundRole])

    def explained(self, index: Index) -> Explained | None:
        """Return the amount behind an index."""
        return self._nodes[index.internalId()].explained if index.isValid() else None

    def holder(self, index: Index) -> Explained | None:
        """Return the amount this one is a part of; None for the top."""
        return self.explained(self.parent_of(index)) if index.isValid() else None

    def find(self, wanted: Callable[[Explained], bool]) -> list[QModelIndex]:
        """Return the indexes of every node that answers the description, parents first."""
        if not self._nodes:
            return []
        paths = [path for path, node in _paths(self._nodes[0].explained) if wanted(node)]
        return [self.at(path) for path in paths]

    def path(self, index: Index) -> tuple[int, ...]:
        """Return the rows that lead from the top to a node."""
        rows: list[int] = []
        number = index.internalId() if index.isValid() else 0
        while self._nodes and self._nodes[number].parent >= 0:
            rows.append(self._nodes[number].row)
            number = self._nodes[number].parent
        return tuple(reversed(rows))

    def at(self, path: tuple[int, ...]) -> QModelIndex:
        """Return the node these rows lead to; an invalid index where there is none any more."""
        index = self.index(0, 0)
        for row in path:
            index = self.index(row, 0, index) if index.isValid() else index
        return index

    def _children(self, number: int) -> list[int]:
        holder = self._nodes[number]
        if holder.children is None:
            first = len(self._nodes)
            binding = holder.explained.binding
            for row, part in enumerate(holder.explained.parts):
                branch = "" if binding is None else BINDS if part is binding else LOSES
                muted = holder.muted or branch == LOSES
                self._nodes.append(Node(part, number, row, muted, branch))
            holder.children = list(range(first, len(self._nodes)))
        return holder.children

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """Return the index of a part, making the parts of its holder if need be."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        number = self._children(parent.internalId())[row] if parent.isValid() else 0
        return self.createIndex(row, column, number)

    def parent_of(self, index: Index) -> QModelIndex:
        """Return the index of the amount this one is a part of."""
        if not index.isValid():
            return QModelIndex()
        number = self._nodes[index.internalId()].parent
        return QModelIndex() if number < 0 else self.createIndex(self._nodes[number].row, 0, number)

    def parent(self, index: Index | None = None) -> Any:
        """Return the index above (or, without an index, the owning object)."""
        return super().parent() if index is None else self.parent_of(index)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Count the parts of an amount without making them."""
        if not parent.isValid():
            return min(len(self._nodes), 1)
        if parent.column() > 0:
            return 0
        return len(self._nodes[parent.internalId()].explained.parts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Count the columns, the same at every level."""
        return len(self._headings)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return text, alignment, colour, weight, hint, or the amount for export."""
        if not index.isValid():
            return None
        node = self._nodes[index.internalId()]
        if role == Role.DisplayRole:
            return node.text(index.column())
        if role == Role.TextAlignmentRole:
            return RIGHT if index.column() == AMOUNT else None
        if role == Role.ForegroundRole:
            return self._muted if node.muted else None
        return self._seldom(node, index.column(), role)

    def _seldom(self, node: Node, column: int, role: int) -> Any:
        if role == Role.FontRole and node.parent < 0:
            return self._heavy
        if role == Role.ToolTipRole:
            return hint(node, column)
        if role == Role.UserRole:
            return _raw(node, column)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation,
                   role: int = Role.DisplayRole) -> Any:
        """Return the column heading, aligned as its cells are."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return self._headings[section]
        if role == Role.TextAlignmentRole:
            return RIGHT if section == AMOUNT else LEFT
        return None


def _raw(node: Node, column: int) -> Any:
    if column == AMOUNT:
        return node.explained.amount
    return node.explained.label if column == LABEL else node.text(column)


def short_rule(node: Explained) -> str:
    """Return rule and paragraph without the edition, marked where still to confirm."""
    cite = node.cite
    if cite is None:
        return ""
    mark = " (to confirm)" if cite.standing == "unverified" else ""
    return f"{cite.rule}{cite.paragraph}{mark}"


def hint(node: Node, column: int) -> str | None:
    """Return what a cell says when pointed at: the full citation, or its text."""
    cite = node.explained.cite
    return str(cite) if column == RULE and cite is not None else node.text(column) or None


def mentions(symbol: str) -> Callable[[Explained], bool]:
    """Return a test whether a node's label or inputs name the symbol as a word of its own."""
    spaced = r"\s+".join(map(re.escape, symbol.split()))
    word = re.compile(rf"(?<![\w.]){spaced}(?!\w)")

    def names_it(node: Explained) -> bool:
        return bool(spaced) and (bool(word.search(node.label)) or any(
            word.search(value) for _, value in node.inputs))

    return names_it


def is_from(where: str) -> Callable[[Explained], bool]:
    """Return a test whether a node was computed from the cell."""
    cell = ("cell", where)
    return lambda node: cell in node.inputs


def as_text(node: Explained) -> str:
    """Write a subtree as indented lines: label, amount, rule."""
    return "\n".join(
        f"{'  ' * depth}{each.label}: {each.amount:,.2f}{f'  {each.cite}' if each.cite else ''}"
        for depth, each in node.walk())


def as_tsv(node: Explained) -> str:
    """Write a subtree as tab-separated lines with its level, plain amounts and inputs."""
    lines = [TSV_HEAD]
    for depth, each in node.walk():
        inputs = "; ".join(f"{name}: {value}" for name, value in each.inputs)
        made = HOW_WORDS.get(each.combine, "").removesuffix(" of")
        lines.append((str(depth), each.label, f"{each.amount:f}", made,
                      str(each.cite or ""), inputs))
    return "\n".join("\t".join(line) for line in lines)


def _paths(root: Explained) -> Iterator[tuple[tuple[int, ...], Explained]]:
    waiting: list[tuple[tuple[int, ...], Explained]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        waiting.extend(
            ((*path, row), part) for row, part in reversed(list(enumerate(node.parts))))
