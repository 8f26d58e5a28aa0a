"""A price scan: each part, what is counted of them, and the point that binds.

Points that follow the price are joined by lines; scenarios in no such order stand as bars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from workstation.base.axes import round_step
from workstation.base.money import accounting
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import Pattern, compact, hint, shortened

TOP, FOOT, GAP = 30.0, 34.0, 8.0
LABELS_MOST, LABELS_SHARE = 190.0, 0.28
ROW = 40.0
DOT = 5.0
BAR_SHARE = 0.62
ROOM_TO_NAME = 130.0
COUNTED = "counted"
STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine,
          Qt.PenStyle.DashDotLine, Qt.PenStyle.DashDotDotLine)
MOST_LINES = len(STYLES)
NOTHING_LOST = "No point loses."


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name, its profit at each point, and what each point is to it."""

    name: str
    profits: tuple[float, ...]
    moves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """Lines over named points, the counted one apart; `binding` is a place or None.

    `others` counts the parts that move least and are not drawn.
    """

    points: tuple[str, ...]
    moves: tuple[str, ...]
    parts: tuple[Line, ...]
    counted: tuple[float, ...]
    binding: int | None
    currency: str
    others: int = 0
    verdict: str = ""
    is_ordered: bool = True


def summary(scan: Scan) -> str:
    """Return the scan in one sentence."""
    if scan.binding is None:
        return f"Profit at {len(scan.points)} points. {NOTHING_LOST}"
    return (f"Profit at {len(scan.points)} points; point {_named(scan, scan.binding)} binds with "
            f"a loss of {accounting(-scan.counted[scan.binding])} {scan.currency}.")


def draw(sheet: Sheet, scan: Scan) -> None:
    """Draw lines, axes and the binding point, with values under the pointer."""
    plan = _Plan.of(sheet, scan)
    _verdict(sheet, scan)
    _axes(sheet, plan, scan)
    ends = []
    has_total = len(scan.parts) > 1 or any(value > 0 for value in scan.parts[0].profits)
    if not scan.is_ordered:
        _bars(sheet, plan, scan.counted)
    for line, style, colour in zip(scan.parts, STYLES, _colours(sheet), strict=False):
        if scan.is_ordered:
            _line(sheet, plan, line.profits, colour, style, 1.6)
        else:
            _ticks(sheet, plan, line.profits, colour, style)
        ends.append((plan.y(line.profits[-1]), line.name, colour, sheet.small))
    if has_total:
        ends.append((plan.y(scan.counted[-1]), COUNTED, sheet.tokens.text, sheet.heavy))
        if scan.is_ordered:
            _line(sheet, plan, scan.counted, sheet.tokens.text, Qt.PenStyle.SolidLine, 2.6)
    _names(sheet, plan, ends, scan.others)
    _binding(sheet, plan, scan)
    _pointer(sheet, plan, scan)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where points and amounts stand."""

    area: QRectF
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, sheet: Sheet, scan: Scan) -> _Plan:
        values = [value for line in scan.parts for value in line.profits]
        values += [*scan.counted, 0.0]
        low, high = min(values), max(values)
        span = (high - low) or 1.0
        low, high = low - 0.06 * span, high + 0.06 * span
        metrics = sheet.metrics(sheet.small)
        left = GAP + max(metrics.horizontalAdvance(compact(v)) for v in (low, high)) + GAP
        right = sheet.width - min(LABELS_MOST, sheet.width * LABELS_SHARE)
        area = QRectF(left, TOP, max(60.0, right - left), max(60.0, sheet.height - TOP - FOOT))
        return cls(area, low, high, len(scan.points))

    def x(self, place: int) -> float:
        step = self.area.width() / max(1, self.count)
        return self.area.left() + step * (place + 0.5)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.area.bottom() - share * self.area.height()


def _colours(sheet: Sheet) -> Sequence[str]:
    return tuple(sheet.tokens.silos.values())


def _verdict(sheet: Sheet, scan: Scan) -> None:
    """Write above the chart what the scan says."""
    metrics = sheet.metrics()
    text = shortened(scan.verdict, metrics, sheet.width - 2 * GAP)
    sheet.words(text, QPointF(GAP, TOP / 2))


def _axes(sheet: Sheet, plan: _Plan, scan: Scan) -> None:
    metrics, area = sheet.metrics(sheet.small), plan.area
    step = round_step((plan.high - plan.low) / max(2.0, area.height() / ROW))
    number = int(plan.low // step)
    while number * step <= plan.high:
        y = plan.y(number * step)
        if number != 0 and area.top() <= y <= area.bottom():
            sheet.line(QPointF(area.left(), y), QPointF(area.right(), y), sheet.tokens.grid)
        if area.top() <= y <= area.bottom() + 1:
            sheet.words(compact(number * step), QPointF(area.left() - GAP, y),
                        sheet.tokens.muted, sheet.small, "right")
        number += 1
    sheet.line(QPointF(area.left(), plan.y(0.0)), QPointF(area.right(), plan.y(0.0)),
               sheet.tokens.muted, 1.4)
    for place, label in enumerate(_labels(scan, metrics, area.width() / plan.count)):
        sheet.words(label, QPointF(plan.x(place), area.bottom() + metrics.height()),
                    sheet.tokens.muted, sheet.small, "centre")


def _labels(scan: Scan, metrics: QFontMetricsF, room: float) -> Sequence[str]:
    """Return the fullest names of the points that stand side by side without touching."""
    named = tuple(_named(scan, place) for place in range(len(scan.points)))
    for labels in (named, scan.moves):
        if labels and max(map(metrics.horizontalAdvance, labels)) <= room - 4:
            return labels
    return scan.points


def _named(scan: Scan, place: int) -> str:
    return f"{scan.points[place]}: {scan.moves[place]}" if scan.moves else scan.points[place]


def _line(sheet: Sheet, plan: _Plan, values: Sequence[float], colour: str, style: Qt.PenStyle,
          width: float) -> None:
    at = [QPointF(plan.x(place), plan.y(value)) for place, value in enumerate(values)]
    for start, end in zip(at, at[1:], strict=False):
        sheet.line(start, end, colour, width, style)


def _bars(sheet: Sheet, plan: _Plan, values: Sequence[float]) -> None:
    """Draw what is counted in each scenario as a bar from zero."""
    wide, zero = plan.area.width() / plan.count * BAR_SHARE, plan.y(0.0)
    for place, value in enumerate(values):
        end = plan.y(value)
        sheet.block(QRectF(plan.x(place) - wide / 2, min(zero, end), wide,
                           max(1.0, abs(end - zero))), sheet.tokens.text, Pattern.OUTLINE)


def _ticks(sheet: Sheet, plan: _Plan, values: Sequence[float], colour: str,
           style: Qt.PenStyle) -> None:
    """Mark a part's profit in each scenario by a short line across its bar."""
    half = plan.area.width() / plan.count * BAR_SHARE / 2
    for place, value in enumerate(values):
        x, y = plan.x(place), plan.y(value)
        sheet.line(QPointF(x - half, y), QPointF(x + half, y), colour, 2.4, style)


def _names(sheet: Sheet, plan: _Plan, ends: list[tuple[float, str, str, QFont]], others: int
           ) -> None:
    """Write each line's name at its end, pushed apart where ends meet, inside the chart."""
    metrics = sheet.metrics(sheet.small)
    high = metrics.height()
    left = plan.area.right() + GAP
    ends = sorted(ends, key=lambda end: end[0])
    most = plan.area.bottom() - high * (len(ends) + bool(others) - 1)
    y = plan.area.top()
    for wanted, name, colour, font in ends:
        y = max(y, min(wanted, most))
        if abs(wanted - y) > 1:
            sheet.line(QPointF(plan.x(plan.count - 1), wanted), QPointF(left - 2, y), colour, 0.6)
        room = sheet.width - left - GAP
        sheet.words(shortened(name, sheet.metrics(font), room), QPointF(left, y), colour, font)
        y, most = y + high, most + high
    if others:
        text = f"and {others} smaller"
        sheet.words(text, QPointF(left, max(y, plan.area.top())), sheet.tokens.muted, sheet.small)


def _binding(sheet: Sheet, plan: _Plan, scan: Scan) -> None:
    """Mark and name the point that binds."""
    if scan.binding is None:
        return
    x, y = plan.x(scan.binding), plan.y(scan.counted[scan.binding])
    colour = sheet.tokens.denied
    sheet.line(QPointF(x, plan.area.top()), QPointF(x, plan.area.bottom()), colour, 1.2,
               Qt.PenStyle.DashLine)
    sheet.block(QRectF(x - DOT, y - DOT, 2 * DOT, 2 * DOT), colour)
    if plan.area.height() < ROOM_TO_NAME:
        return  # the sentence above the chart names it
    text = f"binds: {accounting(scan.counted[scan.binding])}"
    metrics = sheet.metrics(sheet.heavy)
    is_right = x + GAP + metrics.horizontalAdvance(text) > plan.area.right()
    is_low = y > plan.area.center().y()
    beside = plan.area.top() + metrics.height() / 2 if is_low else (
        plan.area.bottom() - metrics.height() / 2)
    sheet.words(text, QPointF(x - GAP if is_right else x + GAP, beside), colour, sheet.heavy,
                "right" if is_right else "left", plate=sheet.tokens.raised)


def _pointer(sheet: Sheet, plan: _Plan, scan: Scan) -> None:
    """Lay the values of each point under the pointer."""
    step = plan.area.width() / max(1, plan.count)
    for place in range(plan.count):
        rows = [(COUNTED, accounting(scan.counted[place]))]
        rows += [(f"{line.name}  {line.moves[place] if line.moves else ''}".strip(),
                  accounting(line.profits[place])) for line in scan.parts]
        title = f"Point {_named(scan, place)}"
        note = "binds" if place == scan.binding else ""
        area = QRectF(plan.area.left() + step * place, plan.area.top(), step, plan.area.height())
        sheet.sensitive(area, hint(title, *rows, note=note))
