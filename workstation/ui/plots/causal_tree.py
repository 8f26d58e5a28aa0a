"""Who called whom: the shock at the left, each first call hanging from what caused it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import Pattern, hint, shortened

GAP, HIGH, WIDE, BETWEEN = 10.0, 46.0, 190.0, 74.0
PAD = 6.0


@dataclass(frozen=True, slots=True)
class Node:
    """One box: title, a line below, the words on its branch; `parent` -1 hangs from the root."""

    title: str
    line: str
    branch: str
    parent: int
    tone: str = "partial"
    note: str = ""


def summary(root: str, nodes: Sequence[Node]) -> str:
    """Return the tree in one sentence."""
    parts = [f"{root if n.parent < 0 else nodes[n.parent].title} through {n.branch} called "
             f"{n.title}" for n in nodes]
    return ("; ".join(parts) or f"{root} called nobody") + "."


def draw(sheet: Sheet, root: str, line: str, nodes: Sequence[Node]) -> None:
    """Draw the tree from left to right, one row a leaf."""
    children: dict[int, list[int]] = {}
    for n, node in enumerate(nodes):
        children.setdefault(node.parent, []).append(n)
    depths = _depths(nodes)
    deepest = max(depths, default=-1) + 2
    wide = min(WIDE, max(120.0, (sheet.width - 2 * GAP - BETWEEN * (deepest - 1)) / deepest))
    places: dict[int, float] = {}
    row = [0]

    def place(n: int) -> float:
        below = [place(child) for child in children.get(n, ())]
        if not below:
            below = [GAP + HIGH / 2 + row[0] * (HIGH + GAP)]
            row[0] += 1
        places[n] = (below[0] + below[-1]) / 2
        return places[n]

    place(-1)
    for n, node in enumerate(nodes):
        _branch(sheet, _box(wide, depths[node.parent] + 1 if node.parent >= 0 else 0,
                            places[node.parent]), _box(wide, depths[n] + 1, places[n]), node)
    _draw_box(sheet, _box(wide, 0, places[-1]), Node(root, line, "", -1, "accent"))
    for n, node in enumerate(nodes):
        _draw_box(sheet, _box(wide, depths[n] + 1, places[n]), node)


def _depths(nodes: Sequence[Node]) -> list[int]:
    found: list[int] = []
    for node in nodes:
        found.append(0 if node.parent < 0 else found[node.parent] + 1)
    return found


def _box(wide: float, depth: int, middle: float) -> QRectF:
    return QRectF(GAP + depth * (wide + BETWEEN), middle - HIGH / 2, wide, HIGH)


def _branch(sheet: Sheet, start: QRectF, end: QRectF, node: Node) -> None:
    """Draw the branch in right angles, its words over its last part."""
    bend = start.right() + BETWEEN * 0.2
    ink = sheet.tokens.muted
    sheet.line(QPointF(start.right(), start.center().y()), QPointF(bend, start.center().y()), ink)
    sheet.line(QPointF(bend, start.center().y()), QPointF(bend, end.center().y()), ink)
    sheet.line(QPointF(bend, end.center().y()), QPointF(end.left(), end.center().y()), ink)
    text = shortened(node.branch, sheet.metrics(sheet.small), BETWEEN * 0.9)
    sheet.words(text, QPointF((bend + end.left()) / 2, end.center().y()), sheet.tokens.text,
                sheet.small, "centre", sheet.tokens.raised)


def _draw_box(sheet: Sheet, area: QRectF, node: Node) -> None:
    colour = str(getattr(sheet.tokens, node.tone))
    sheet.block(area, colour, Pattern.OUTLINE)
    sheet.block(QRectF(area.left(), area.top(), 4, area.height()), colour)
    room = area.width() - 2 * PAD - 4
    left = area.left() + 4 + PAD
    sheet.words(shortened(node.title, sheet.metrics(), room),
                QPointF(left, area.top() + HIGH * 0.3))
    sheet.words(shortened(node.line, sheet.metrics(sheet.small), room),
                QPointF(left, area.top() + HIGH * 0.7), sheet.tokens.muted, sheet.small)
    sheet.sensitive(area, hint(node.title, ("", node.line), note=node.note or node.branch))
    sheet.used_width = max(sheet.used_width, area.right() + GAP)
