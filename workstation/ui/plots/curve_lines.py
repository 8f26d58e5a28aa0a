"""Amounts against the move of a price: lines with their names at their ends, zero drawn strong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt

from workstation.base.axes import round_step
from workstation.base.money import accounting
from workstation.ui.plots.scale import Scale
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import compact, hint, shortened

TOP, FOOT, GAP = 18.0, 34.0, 8.0
NAMES = 150.0
ROW = 40.0
STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine,
          Qt.PenStyle.DashDotLine)


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: its name, its amount at each move, and the token of its colour."""

    name: str
    amounts: tuple[float, ...]
    colour: str
    is_heavy: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Curves over common moves (0.10 is 10 %); `marks` are moves worth a name."""

    moves: tuple[float, ...]
    curves: tuple[Curve, ...]
    unit: str
    marks: tuple[tuple[float, str], ...] = ()


def summary(chart: Chart) -> str:
    """Return the chart in one sentence."""
    parts = [f"{c.name} from {accounting(min(c.amounts))} to {accounting(max(c.amounts))}"
             for c in chart.curves]
    marked = [f"{text} at {move:+.1%}" for move, text in chart.marks]
    return f"{chart.unit} over moves of {chart.moves[0]:+.0%} to {chart.moves[-1]:+.0%}: " + \
        "; ".join([*parts, *marked]) + "."


def draw(sheet: Sheet, chart: Chart) -> None:
    """Draw axes, marks, lines and names; every move says its amounts under the pointer."""
    metrics = sheet.metrics(sheet.small)
    values = [amount for curve in chart.curves for amount in curve.amounts] + [0.0]
    span = (max(values) - min(values)) or 1.0
    low, high = min(values) - 0.05 * span, max(values) + 0.05 * span
    left = GAP + max(metrics.horizontalAdvance(compact(v)) for v in (low, high)) + GAP
    across = Scale.over(chart.moves[0], chart.moves[-1], left,
                        sheet.width - min(NAMES, sheet.width * 0.3))
    area = QRectF(left, TOP, across.right - left, max(60.0, sheet.height - TOP - FOOT))
    down = Scale(low, high, area.bottom(), area.top())
    _amounts(sheet, area, down)
    _moves(sheet, area, across, chart)
    _marks(sheet, area, across, chart)
    ends = []
    for curve, style in zip(chart.curves, STYLES, strict=False):
        at = [QPointF(across.at(m), down.at(a))
              for m, a in zip(chart.moves, curve.amounts, strict=True)]
        for start, end in zip(at, at[1:], strict=False):
            sheet.line(start, end, curve.colour, 2.4 if curve.is_heavy else 1.6, style)
        ends.append((at[-1].y(), curve))
    _names(sheet, area, ends)
    _pointer(sheet, area, across, chart)


def _amounts(sheet: Sheet, area: QRectF, down: Scale) -> None:
    step = round_step((down.high - down.low) / max(2.0, area.height() / ROW))
    number = int(down.low // step)
    while number * step <= down.high:
        y = down.at(number * step)
        if area.top() <= y <= area.bottom():
            colour, width = (sheet.tokens.muted, 1.4) if number == 0 else (sheet.tokens.grid, 1.0)
            sheet.line(QPointF(area.left(), y), QPointF(area.right(), y), colour, width)
            sheet.words(compact(number * step), QPointF(area.left() - GAP, y),
                        sheet.tokens.muted, sheet.small, "right")
        number += 1


def _moves(sheet: Sheet, area: QRectF, across: Scale, chart: Chart) -> None:
    metrics = sheet.metrics(sheet.small)
    y = area.bottom() + metrics.height()
    taken = -1e9
    for move in chart.moves:
        x = across.at(move)
        text = f"{move:+.0%}".replace("-", "\N{MINUS SIGN}") if move else "0"
        half = metrics.horizontalAdvance(text) / 2
        sheet.line(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 3), sheet.tokens.line)
        if x - half > taken:
            sheet.words(text, QPointF(x, y), sheet.tokens.muted, sheet.small, "centre")
            taken = x + half + GAP
    sheet.line(QPointF(across.at(0.0), area.top()), QPointF(across.at(0.0), area.bottom()),
               sheet.tokens.line)
    sheet.words(chart.unit, QPointF(GAP, area.top() - 2), sheet.tokens.muted, sheet.small)


def _marks(sheet: Sheet, area: QRectF, across: Scale, chart: Chart) -> None:
    metrics = sheet.metrics(sheet.heavy)
    for move, text in chart.marks:
        x = across.at(move)
        sheet.line(QPointF(x, area.top()), QPointF(x, area.bottom()), sheet.tokens.denied, 1.2,
                   Qt.PenStyle.DashLine)
        is_right = x + GAP + metrics.horizontalAdvance(text) > area.right()
        sheet.words(text, QPointF(x - GAP if is_right else x + GAP,
                                  area.top() + metrics.height() / 2),
                    sheet.tokens.denied, sheet.heavy, "right" if is_right else "left",
                    plate=sheet.tokens.raised)


def _names(sheet: Sheet, area: QRectF, ends: Sequence[tuple[float, Curve]]) -> None:
    """Write each line's name at its end, pushed apart where ends meet."""
    high = sheet.metrics(sheet.small).height()
    left, y = area.right() + GAP, area.top()
    for wanted, curve in sorted(ends, key=lambda end: end[0]):
        y = max(y, wanted)
        font = sheet.heavy if curve.is_heavy else sheet.small
        text = shortened(curve.name, sheet.metrics(font), sheet.width - left - GAP)
        if abs(wanted - y) > 1:
            sheet.line(QPointF(area.right(), wanted), QPointF(left - 2, y), curve.colour, 0.6)
        sheet.words(text, QPointF(left, y), curve.colour, font)
        y += high


def _pointer(sheet: Sheet, area: QRectF, across: Scale, chart: Chart) -> None:
    """Lay the amounts of each move under the pointer."""
    places = [across.at(move) for move in chart.moves]
    edges = [area.left(), *((a + b) / 2 for a, b in zip(places, places[1:], strict=False)),
             area.right()]
    for number, move in enumerate(chart.moves):
        rows = [(curve.name, accounting(curve.amounts[number])) for curve in chart.curves]
        sheet.sensitive(QRectF(edges[number], area.top(), edges[number + 1] - edges[number],
                               area.height()), hint(f"Move {move:+.0%}, {chart.unit}", *rows))
