"""Past profits as a histogram: losses of the tail in the colour of refusal, its edge marked."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt

from workstation.base.axes import round_step
from workstation.base.money import accounting
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import Pattern, compact, hint, shortened

TOP, FOOT, GAP = 30.0, 30.0, 8.0
ROW, COLUMN = 40.0, 90.0
LEAST, LEAST_BAR = 60.0, 4.0


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts between edges; what ends at or below `-tail` belongs to the tail."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    tail: float
    unit: str
    verdict: str


def summary(shown: Histogram) -> str:
    """Return the histogram in one sentence."""
    return shown.verdict


def draw(sheet: Sheet, shown: Histogram) -> None:
    """Draw bars, axes, and the line where the tail begins."""
    metrics = sheet.metrics()
    sheet.words(shortened(shown.verdict, metrics, sheet.width - 2 * GAP), QPointF(GAP, TOP / 2))
    plan = _Plan.of(sheet, shown)
    _counts_axis(sheet, plan)
    for place, count in enumerate(shown.counts):
        _bar(sheet, plan, shown, place, count)
    _profits_axis(sheet, plan, shown)
    if shown.tail:
        _edge(sheet, plan, shown)


@dataclass(frozen=True, slots=True)
class _Plan:
    area: QRectF
    low: float
    high: float
    most: int

    @classmethod
    def of(cls, sheet: Sheet, shown: Histogram) -> _Plan:
        most = max(shown.counts, default=1) or 1
        left = 2 * GAP + sheet.metrics(sheet.small).horizontalAdvance(str(most))
        area = QRectF(left, TOP, max(LEAST, sheet.width - left - 2 * GAP),
                      max(LEAST, sheet.height - TOP - FOOT))
        return cls(area, shown.edges[0], shown.edges[-1], most)

    def x(self, profit: float) -> float:
        span = (self.high - self.low) or 1.0
        return self.area.left() + (profit - self.low) / span * self.area.width()

    def y(self, count: float) -> float:
        return self.area.bottom() - count / self.most * self.area.height()


def _bar(sheet: Sheet, plan: _Plan, shown: Histogram, place: int, count: int) -> None:
    """Draw one bar; one that the tail's edge cuts is parted there."""
    low, high = shown.edges[place], shown.edges[place + 1]
    cut = min(max(-shown.tail, low), high) if shown.tail else low
    words = hint(f"{accounting(low)} to {accounting(high)} {shown.unit}",
                 ("windows", f"{count}"))
    top = min(plan.y(count), plan.area.bottom() - LEAST_BAR)  # one window is seen too
    for start, end, colour, pattern in (
            (low, cut, sheet.tokens.denied, Pattern.SOLID),
            (cut, high, sheet.tokens.muted, Pattern.OUTLINE)):
        if count and end > start:
            left, right = plan.x(start), plan.x(end)
            sheet.block(QRectF(left, top, max(1.0, right - left - 1), plan.area.bottom() - top),
                        colour, pattern, words)


def _counts_axis(sheet: Sheet, plan: _Plan) -> None:
    step = max(1.0, round_step(plan.most / max(2.0, plan.area.height() / ROW)))
    number = 0
    while number * step <= plan.most:
        y = plan.y(number * step)
        sheet.line(QPointF(plan.area.left(), y), QPointF(plan.area.right(), y),
                   sheet.tokens.grid)
        sheet.words(f"{number * step:.0f}", QPointF(plan.area.left() - GAP, y),
                    sheet.tokens.muted, sheet.small, "right")
        number += 1


def _profits_axis(sheet: Sheet, plan: _Plan, shown: Histogram) -> None:
    y = plan.area.bottom()
    sheet.line(QPointF(plan.area.left(), y), QPointF(plan.area.right(), y), sheet.tokens.muted,
               1.4)
    step = round_step((plan.high - plan.low) / max(2.0, plan.area.width() / COLUMN))
    number = int(plan.low // step) + 1
    high = sheet.metrics(sheet.small).height()
    while number * step < plan.high:
        x = plan.x(number * step)
        sheet.line(QPointF(x, y), QPointF(x, y + 3), sheet.tokens.muted)
        sheet.words(compact(number * step), QPointF(x, y + high), sheet.tokens.muted,
                    sheet.small, "centre")
        number += 1


def _edge(sheet: Sheet, plan: _Plan, shown: Histogram) -> None:
    """Mark where the tail begins and say what it is worth."""
    x, colour = plan.x(-shown.tail), sheet.tokens.denied
    sheet.line(QPointF(x, plan.area.top()), QPointF(x, plan.area.bottom()), colour, 1.2,
               Qt.PenStyle.DashLine)
    text = f"tail: {accounting(-shown.tail)}"
    is_left = x < plan.area.left() + sheet.metrics(sheet.heavy).horizontalAdvance(text) + GAP
    sheet.words(text, QPointF(x + GAP if is_left else x - GAP, plan.area.top() + 2 * GAP), colour,
                sheet.heavy, "left" if is_left else "right", plate=sheet.tokens.raised)
