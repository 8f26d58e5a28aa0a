"""Flows between columns of places, as wide as their amounts; pattern as well as colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from workstation.base.money import accounting
from workstation.ui.plots.sheet import MARK, Sheet
from workstation.ui.plots.state_key import Look, draw_key
from workstation.ui.plots.style import Pattern, compact, hint, shortened, tone

GAP, NODE, BETWEEN = 10.0, 12.0, 6.0
KEY = 22.0
LEAST = 1.5
NAME_SHARE = 0.62
LEAST_ROW = 15.0
OPACITY = 120
BRUSHES = {
    Pattern.SOLID: Qt.BrushStyle.SolidPattern, Pattern.DIAGONAL: Qt.BrushStyle.BDiagPattern,
    Pattern.BACK_DIAGONAL: Qt.BrushStyle.FDiagPattern, Pattern.DOTS: Qt.BrushStyle.Dense6Pattern,
    Pattern.CROSS: Qt.BrushStyle.DiagCrossPattern, Pattern.OUTLINE: Qt.BrushStyle.NoBrush,
}


@dataclass(frozen=True, slots=True)
class Link:
    """An amount from a place in one column to a place in the next, and how it is drawn."""

    column: int
    source: str
    target: str
    amount: float
    state: str


@dataclass(frozen=True, slots=True)
class Flows:
    """Links, the names of the columns, and places that announce themselves when clicked.

    `notes` are said under the pointer of a place, `more` is written behind its name.
    """

    links: tuple[Link, ...]
    columns: tuple[str, ...]
    more: Mapping[str, str] = field(default_factory=dict)


def summary(flows: Flows) -> str:
    """Return the flows in one sentence."""
    largest = sorted(flows.links, key=lambda link: -link.amount)[:5]
    return "; ".join(f"{link.source} to {link.target} {accounting(link.amount)}"
                     for link in largest) + "."


@dataclass(slots=True)
class _Place:
    column: int
    name: str
    into: float = 0.0
    out: float = 0.0
    top: float = 0.0
    used_in: float = 0.0
    used_out: float = 0.0

    @property
    def amount(self) -> float:
        return max(self.into, self.out)


def draw(sheet: Sheet, flows: Flows, looks: Mapping[str, Look]) -> None:
    """Draw the key, the columns with their places, and the links between them."""
    places = _places(flows.links)
    if not places:
        return
    used = {link.state for link in flows.links}
    top = draw_key(sheet, looks, used, GAP, KEY) + KEY
    per = _lay_out(sheet, places, top)
    wide = (sheet.width - 2 * GAP - NODE) / max(1, len(flows.columns))
    for number, name in enumerate(flows.columns):
        sheet.words(name, QPointF(GAP + number * wide, top - KEY / 2), sheet.tokens.muted,
                    sheet.small)
    for link in flows.links:
        _link(sheet, link, places, per, wide, looks[link.state])
    for place in places.values():
        _place(sheet, place, per, wide, flows)


def _places(links: Sequence[Link]) -> dict[tuple[int, str], _Place]:
    found: dict[tuple[int, str], _Place] = {}
    for link in links:
        start = found.setdefault((link.column, link.source), _Place(link.column, link.source))
        end = found.setdefault((link.column + 1, link.target),
                               _Place(link.column + 1, link.target))
        start.out += link.amount
        end.into += link.amount
    return found


def _lay_out(sheet: Sheet, places: Mapping[tuple[int, str], _Place], top: float) -> float:
    """Put the places of every column below each other; return pixels per unit."""
    columns: dict[int, list[_Place]] = {}
    for place in places.values():
        columns.setdefault(place.column, []).append(place)
    most = max(len(column) for column in columns.values())
    least = sheet.row(LEAST_ROW, sheet.small)
    high = max(sheet.height - top - GAP, most * least)
    per = min((high - len(column) * BETWEEN) / sum(p.amount for p in column)
              for column in columns.values())
    for column in columns.values():
        y = top
        for place in column:
            place.top = y
            y += max(place.amount * per, least - BETWEEN) + BETWEEN
        sheet.used = max(sheet.used, y)
    return per


def _link(sheet: Sheet, link: Link, places: Mapping[tuple[int, str], _Place], per: float,
          wide: float, look: Look) -> None:
    start, end = places[link.column, link.source], places[link.column + 1, link.target]
    high = max(link.amount * per, LEAST)
    left, right = GAP + link.column * wide + NODE, GAP + (link.column + 1) * wide
    y1, y2 = start.top + start.used_out, end.top + end.used_in
    start.used_out += link.amount * per
    end.used_in += link.amount * per
    bend = (right - left) / 2
    path = QPainterPath(QPointF(left, y1))
    path.cubicTo(left + bend, y1, right - bend, y2, right, y2)
    path.lineTo(right, y2 + high)
    path.cubicTo(right - bend, y2 + high, left + bend, y1 + high, left, y1 + high)
    path.closeSubpath()
    colour = QColor(tone(sheet.tokens, look.colour))
    faint = QColor(colour)
    faint.setAlpha(OPACITY)
    item = QGraphicsPathItem(path)
    item.setBrush(QBrush(faint, BRUSHES[look.pattern]))
    item.setPen(QPen(colour, 0.5))
    item.setToolTip(hint(f"{link.source} to {link.target}", (link.state, accounting(link.amount))))
    item.setData(MARK, "")
    sheet.scene.addItem(item)


def _place(sheet: Sheet, place: _Place, per: float, wide: float, flows: Flows) -> None:
    left = GAP + place.column * wide
    area = QRectF(left, place.top, NODE, max(place.amount * per, LEAST))
    more = flows.more.get(place.name, "")
    said = hint(place.name, ("amount", accounting(place.amount)), note=more)
    sheet.block(area, sheet.tokens.text, hint=said, mark=place.name if more else "")
    text = f"{place.name} {compact(place.amount)}{f'  {more}' if more else ''}"
    room = wide * NAME_SHARE if place.out else wide - NODE - GAP  # no link leaves to the right
    label = sheet.words(shortened(text, sheet.metrics(sheet.small), room),
                        QPointF(left + NODE + 4, area.center().y()), sheet.tokens.text,
                        sheet.small, plate=sheet.tokens.raised)
    sheet.sensitive(label, said, place.name if more else "")
    sheet.used_width = max(sheet.used_width, label.right())
