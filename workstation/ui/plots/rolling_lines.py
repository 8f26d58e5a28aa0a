"""The correlation of two legs over time, with the threshold and stress windows it must meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen

from workstation.offsets.rolling import RollingPair
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import Pattern, shortened

TOP, FOOT, GAP = 26.0, 26.0, 8.0
LEVELS = (-1.0, -0.5, 0.0, 0.5, 1.0)
NARROWEST = 3.0
"""Pixels of a stress window that are always seen."""


@dataclass(frozen=True, slots=True)
class _Plan:
    area: QRectF
    first: int
    last: int

    def x(self, day: date) -> float:
        share = (day.toordinal() - self.first) / max(1, self.last - self.first)
        return self.area.left() + share * self.area.width()

    def y(self, rho: float) -> float:
        return self.area.bottom() - (rho + 1.0) / 2.0 * self.area.height()


def summary(pair: RollingPair) -> str:
    """Return the chart in one sentence."""
    lowest = min(range(len(pair.values)), key=pair.values.__getitem__)
    held = "never" if pair.values[lowest] >= pair.threshold else "at times"
    return (f"Correlation of {pair.factors[0]} and {pair.factors[1]} over {pair.window} returns: "
            f"lowest {pair.values[lowest]:.2f} on {pair.dates[lowest]}, {held} below "
            f"{pair.threshold:.2f}.")


def draw(sheet: Sheet, pair: RollingPair) -> None:
    """Draw stress windows, axes, threshold and the correlation itself."""
    metrics = sheet.metrics(sheet.small)
    left = GAP + metrics.horizontalAdvance("-0.5") + GAP
    area = QRectF(left, TOP, max(60.0, sheet.width - left - GAP),
                  max(40.0, sheet.height - TOP - FOOT))
    plan = _Plan(area, pair.dates[0].toordinal(), pair.dates[-1].toordinal())
    sheet.words(shortened(summary(pair), sheet.metrics(), sheet.width - 2 * GAP),
                QPointF(GAP, TOP / 2))
    _windows(sheet, plan, pair)
    for level in LEVELS:
        colour, width = (sheet.tokens.muted, 1.4) if level == 0 else (sheet.tokens.grid, 1.0)
        sheet.line(QPointF(area.left(), plan.y(level)), QPointF(area.right(), plan.y(level)),
                   colour, width)
        sheet.words(f"{level:g}", QPointF(area.left() - GAP, plan.y(level)), sheet.tokens.muted,
                    sheet.small, "right")
    _years(sheet, plan)
    y = plan.y(pair.threshold)
    sheet.line(QPointF(area.left(), y), QPointF(area.right(), y), sheet.tokens.denied, 1.4,
               Qt.PenStyle.DashLine)
    sheet.words(f"threshold {pair.threshold:.2f}", QPointF(area.right(), y - metrics.height() / 2),
                sheet.tokens.denied, sheet.small, "right", plate=sheet.tokens.raised)
    _line(sheet, plan, pair)


def _windows(sheet: Sheet, plan: _Plan, pair: RollingPair) -> None:
    """Hatch the stress windows that the line covers; their dates stand under the pointer."""
    for window in pair.stress:
        if window.last < pair.dates[0] or window.first > pair.dates[-1]:
            continue
        start = max(plan.area.left(), plan.x(window.first))
        end = min(plan.area.right(), max(plan.x(window.last), start + NARROWEST))
        sheet.block(QRectF(start, plan.area.top(), end - start, plan.area.height()),
                    sheet.tokens.excluded, Pattern.CROSS, f"stress window {window}")


def _years(sheet: Sheet, plan: _Plan) -> None:
    first, last = date.fromordinal(plan.first).year, date.fromordinal(plan.last).year
    room = sheet.metrics(sheet.small).horizontalAdvance("2020") + 2 * GAP
    step = max(1, round(room * (last - first + 1) / plan.area.width() + 0.5))
    for year in range(first + 1, last + 1, step):
        x = plan.x(date(year, 1, 1))
        if plan.area.left() <= x <= plan.area.right():
            sheet.words(str(year), QPointF(x, plan.area.bottom() + FOOT / 2), sheet.tokens.muted,
                        sheet.small, "centre")


def _line(sheet: Sheet, plan: _Plan, pair: RollingPair) -> None:
    path = QPainterPath(QPointF(plan.x(pair.dates[0]), plan.y(pair.values[0])))
    for day, rho in zip(pair.dates[1:], pair.values[1:], strict=True):
        path.lineTo(plan.x(day), plan.y(rho))
    sheet.scene.addPath(path, QPen(QColor(sheet.tokens.accent), 1.6))
    lowest = min(range(len(pair.values)), key=pair.values.__getitem__)
    at = QPointF(plan.x(pair.dates[lowest]), plan.y(pair.values[lowest]))
    sheet.sensitive(QRectF(at.x() - 6, at.y() - 6, 12, 12),
                    f"lowest: {pair.values[lowest]:.2f} on {pair.dates[lowest]}")
    sheet.used = max(sheet.used, plan.area.bottom() + FOOT)
