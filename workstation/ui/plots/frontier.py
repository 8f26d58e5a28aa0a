"""Efficiency against stability: a design's saving over how far a stress grows under it.

A mark grows with the loss left uncovered, and then has the colour of a breach. Law and programmes
are grey, proposals and experiments in the accent; programmes and experiments are drawn open.
Refused designs have no place on the axes and stand hatched below them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QPen

from workstation.base.axes import round_step
from workstation.base.money import accounting
from workstation.results.formats import percent_text
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import Pattern, hint, shortened

GAP = 8.0
HEAD, AXIS = 24.0, 40.0
LABEL_SHARE, LABEL_MOST = 0.44, 360.0
LEAST_RADIUS, MOST_RADIUS = 4.5, 18.0
LEADER = 28.0
NARROWEST, LEAST_SAVING = 0.10, 0.10
"""Least spans of the axes: designs that hardly differ are drawn near each other."""
TICK_WIDE, TICK_HIGH = 64.0, 32.0
SWATCH = 12.0
LOWEST = 90.0
UNMOVED = 1.0
SLACK = 1e-9
SEE_THROUGH = 150
OPEN = ("programme", "experiment")
STANDING = ("current law", "programme")


@dataclass(frozen=True, slots=True)
class Point:
    """One design: what it saves (a share), amplification, uncovered loss; or why neither."""

    name: str
    status: str
    saving: float | None
    amplification: float | None
    uncovered: Decimal = Decimal(0)
    refusal: str = ""
    mark: str = ""

    @property
    def is_placed(self) -> bool:
        """Say whether the design has a place on the axes."""
        return not self.refusal and self.saving is not None and self.amplification is not None

    @property
    def lost(self) -> str:
        """Return what is left uncovered, in words that follow the name."""
        return f", {accounting(self.uncovered)} uncovered" if self.uncovered else ""

    @property
    def told(self) -> str:
        """Return the name with what is left uncovered."""
        return self.name + self.lost


@dataclass(frozen=True, slots=True)
class Frontier:
    """Every design under one stress."""

    points: tuple[Point, ...]
    stress: str
    currency: str

    @property
    def placed(self) -> tuple[Point, ...]:
        """Return the designs with a place on the axes, the largest saving first."""
        found = (p for p in self.points if p.is_placed)
        return tuple(sorted(found, key=lambda p: (-(p.saving or 0.0), p.amplification, p.name)))

    @property
    def apart(self) -> tuple[Point, ...]:
        """Return the designs without a place: refused, or with nothing to amplify."""
        return tuple(p for p in self.points if not p.is_placed)


def summary(frontier: Frontier) -> str:
    """Return the frontier in one sentence."""
    lines = [f"{p.told}: saves {p.saving:.1%}, amplification {p.amplification:.3f}"
             for p in frontier.placed]
    lines += [f"{p.name}: {_why(p)}" for p in frontier.apart]
    return f"Saving against amplification under {frontier.stress}: {'; '.join(lines)}."


def _why(point: Point) -> str:
    return f"refused, {point.refusal}" if point.refusal else "nothing lost, nothing amplified"


def draw(sheet: Sheet, frontier: Frontier) -> None:
    """Draw the designs, each named at the right of its mark."""
    plan, placed = _Plan.of(sheet, frontier), frontier.placed
    spots = [QPointF(plan.across.at(p.amplification or UNMOVED), plan.up.at(p.saving or 0.0))
             for p in placed]
    heights = _spread([spot.y() for spot in spots], plan.line, plan.top, plan.bottom)
    for point, spot, y in zip(placed, spots, heights, strict=True):
        _label(sheet, plan, point, spot, y)
    _axes(sheet, plan, frontier)
    largest = max((p.uncovered for p in placed), default=Decimal(0))
    for point, spot in sorted(zip(placed, spots, strict=True), key=lambda item: -item[0].uncovered):
        _mark(sheet, point, spot, largest, frontier.currency)
    for number, point in enumerate(frontier.apart):
        _apart(sheet, plan, number, point)
    sheet.used = max(sheet.used, plan.foot)


@dataclass(frozen=True, slots=True)
class _Axis:
    """A linear axis from `low` at `start` to `high` at `end`, in either direction of the screen."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return where a value stands, in pixels."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, room: float, least: float) -> list[float]:
        """Return round values no nearer to each other than `room` pixels."""
        most = max(1, int(abs(self.end - self.start) / room))
        step = max(least, round_step((self.high - self.low) / most))
        first, last = math.ceil(self.low / step - SLACK), math.floor(self.high / step + SLACK)
        return [number * step for number in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where axes, labels and the designs below the axes stand."""

    across: _Axis
    up: _Axis
    top: float
    bottom: float
    labels: float
    right: float
    line: float
    apart: int

    @classmethod
    def of(cls, sheet: Sheet, frontier: Frontier) -> _Plan:
        placed, metrics = frontier.placed, sheet.metrics(sheet.small)
        line = metrics.height() + 2
        lane = len(frontier.apart) * (line + 2)
        top = HEAD
        bottom = top + max(LOWEST, len(placed) * line, sheet.height - HEAD - AXIS - lane)
        names = max((metrics.horizontalAdvance(p.told) for p in placed), default=0.0)
        labels = min(names, LABEL_MOST, sheet.width * LABEL_SHARE)
        right = sheet.width - GAP
        left = GAP + metrics.horizontalAdvance("(100 %)") + GAP
        edge = max(left + 2 * MOST_RADIUS + 1, right - labels - LEADER - MOST_RADIUS)
        grown = [UNMOVED, *(p.amplification or UNMOVED for p in placed)]
        saved = [0.0, *(p.saving or 0.0 for p in placed)]
        return cls(
            _Axis(min(grown), max(max(grown), min(grown) + NARROWEST), left + MOST_RADIUS, edge),
            _Axis(min(saved), max(*saved, LEAST_SAVING), bottom - MOST_RADIUS, top + MOST_RADIUS),
            top, bottom, right - labels, right, line, len(frontier.apart))

    @property
    def left(self) -> float:
        """Return the left edge of the axes."""
        return self.across.start - MOST_RADIUS

    @property
    def foot(self) -> float:
        """Return where the drawing ends."""
        return self.bottom + AXIS + self.apart * (self.line + 2)


def _axes(sheet: Sheet, plan: _Plan, frontier: Frontier) -> None:
    quiet, end = sheet.tokens.muted, plan.across.end + MOST_RADIUS
    for value in plan.across.ticks(TICK_WIDE, 0.01):
        x = plan.across.at(value)
        sheet.line(QPointF(x, plan.top), QPointF(x, plan.bottom), sheet.tokens.grid)
        sheet.words(f"{value:.2f} x", QPointF(x, plan.bottom + plan.line / 2 + 2), quiet,
                    sheet.small, "centre")
    for value in plan.up.ticks(TICK_HIGH, 0.01):
        y = plan.up.at(value)
        colour = sheet.tokens.text if abs(value) < SLACK else sheet.tokens.grid
        sheet.line(QPointF(plan.left, y), QPointF(end, y), colour)
        sheet.words(percent_text(value).replace(".0 %", " %"), QPointF(plan.left - GAP / 2, y),
                    quiet, sheet.small, "right")
    sheet.words("Saving against today's silos", QPointF(GAP, HEAD / 2), quiet, sheet.small)
    title = f"Amplification, total over direct loss, {frontier.stress}"
    sheet.words(shortened(title, sheet.metrics(sheet.small), plan.right - plan.left),
                QPointF(plan.left, plan.bottom + plan.line * 1.5 + 2), quiet, sheet.small)


def _spread(wanted: Sequence[float], line: float, top: float, bottom: float) -> list[float]:
    """Return heights near those wanted (ascending), a line apart and inside the axes."""
    heights: list[float] = []
    for y in wanted:
        heights.append(max(y, heights[-1] + line) if heights else max(y, top + line / 2))
    floor = bottom - line / 2
    for place in range(len(heights) - 1, -1, -1):
        heights[place] = min(heights[place], floor)
        floor = heights[place] - line
    return heights


def _label(sheet: Sheet, plan: _Plan, point: Point, spot: QPointF, y: float) -> None:
    """Name a design at the right, led to from its mark."""
    bend = QPointF(plan.labels - GAP / 2, y)
    sheet.line(spot, bend, sheet.tokens.line)
    metrics = sheet.metrics(sheet.small)
    room = plan.right - plan.labels - metrics.horizontalAdvance(point.lost)
    sheet.words(shortened(point.name, metrics, room) + point.lost, QPointF(plan.labels, y),
                font=sheet.small)


def _mark(sheet: Sheet, point: Point, spot: QPointF, largest: Decimal, currency: str) -> None:
    """Draw a disc whose area is the loss left uncovered, filled or open by standing."""
    share = math.sqrt(point.uncovered / largest) if largest else 0.0
    radius = LEAST_RADIUS + share * (MOST_RADIUS - LEAST_RADIUS)
    colour = QColor(_colour(sheet, point))
    fill = QColor(sheet.tokens.raised) if point.status in OPEN else QColor(colour)
    fill.setAlpha(SEE_THROUGH if radius > LEAST_RADIUS else 255)
    sheet.scene.addEllipse(spot.x() - radius, spot.y() - radius, 2 * radius, 2 * radius,
                           QPen(colour, 1.6), QBrush(fill))
    area = QRectF(spot.x() - radius, spot.y() - radius, 2 * radius, 2 * radius)
    sheet.sensitive(area, _told(point, currency), point.mark)


def _colour(sheet: Sheet, point: Point) -> str:
    if point.uncovered:
        return sheet.tokens.denied
    return sheet.tokens.muted if point.status in STANDING else sheet.tokens.accent


def _told(point: Point, currency: str) -> str:
    return hint(point.name, ("standing", point.status), ("saving", percent_text(point.saving or 0)),
                ("amplification", f"{point.amplification or UNMOVED:.4f} x"),
                ("uncovered", f"{accounting(point.uncovered)} {currency}"))


def _apart(sheet: Sheet, plan: _Plan, number: int, point: Point) -> None:
    """Name a design that has no place on the axes, with the reason."""
    y = plan.bottom + AXIS + (number + 0.5) * (plan.line + 2)
    swatch = QRectF(GAP, y - SWATCH / 2, SWATCH, SWATCH)
    colour, pattern = (sheet.tokens.denied, Pattern.CROSS) if point.refusal else (
        sheet.tokens.muted, Pattern.DOTS)
    sheet.block(swatch, colour, pattern, f"{point.name}: {_why(point)}", point.mark)
    x = swatch.right() + GAP
    sheet.words(shortened(f"{point.name}: {_why(point)}", sheet.metrics(sheet.small),
                          plan.right - x), QPointF(x, y), font=sheet.small)
