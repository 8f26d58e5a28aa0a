"""Amounts over the steps of a run: a line each, halts hatched, shortfalls marked below."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt

from workstation.base.axes import round_step
from workstation.ui.plots.paths import Shade
from workstation.ui.plots.scale import Scale
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import Pattern, compact, hint, tone

GAP, AXIS, LEFT = 10.0, 24.0, 64.0
STRIP = 8.0
STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
MOST_TICKS = 12
PER_MARK = 50.0


@dataclass(frozen=True, slots=True)
class Line:
    """One amount over the steps, with the token of its colour."""

    name: str
    values: tuple[float, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class StepLines:
    """Lines over the same steps; `short` are steps at which the first lies below the second."""

    lines: tuple[Line, ...]
    shades: tuple[Shade, ...]
    short: tuple[int, ...]
    step: int | None = None
    unit: str = ""


def summary(shown: StepLines) -> str:
    """Return the lines in one sentence."""
    ends = "; ".join(f"{line.name} from {line.values[0]:,.0f} to {line.values[-1]:,.0f}"
                     for line in shown.lines if line.values)
    return f"{ends}. {len(shown.short)} steps with the first below the second."


def draw(sheet: Sheet, shown: StepLines) -> None:
    """Draw axes, halts, the strip of shortfalls and the lines with their names at the end."""
    values = [v for line in shown.lines for v in line.values]
    if not values:
        return
    last = max(1, max(len(line.values) for line in shown.lines) - 1)
    names = max(sheet.metrics(sheet.small).horizontalAdvance(line.name) for line in shown.lines)
    right, bottom = sheet.width - names - 3 * GAP, sheet.height - AXIS - STRIP - GAP
    across = Scale(0.0, float(last), LEFT, max(right, LEFT + 60.0))
    low, high = min(0.0, *values), max(0.0, *values)
    up = Scale(low, high if high > low else low + 1.0, bottom, GAP)
    _axes(sheet, across, up, last)
    for shade in shown.shades:
        area = QRectF(across.at(shade.first), GAP, across.at(min(shade.last, last))
                      - across.at(shade.first), bottom - GAP)
        sheet.block(area, sheet.tokens.partial, Pattern.BACK_DIAGONAL,
                    hint(shade.name, ("", "halt")))
    wide = max(2.0, across.at(1.0) - across.at(0.0))
    for step in shown.short:
        sheet.block(QRectF(across.at(step) - wide / 2, bottom + 2, wide, STRIP),
                    sheet.tokens.denied, Pattern.CROSS)
    _lines(sheet, shown, across, up)
    for step in range(last + 1):
        rows = [(line.name, f"{line.values[step]:,.0f}") for line in shown.lines
                if step < len(line.values)]
        area = QRectF(across.at(step) - wide / 2, GAP, wide, bottom - GAP + STRIP)
        sheet.sensitive(area, hint(f"Step {step}", *rows))
    if shown.step is not None and shown.step < last:
        x = across.at(shown.step)
        sheet.line(QPointF(x, GAP), QPointF(x, bottom + STRIP), sheet.tokens.accent)


def _axes(sheet: Sheet, across: Scale, up: Scale, last: int) -> None:
    step = round_step((up.high - up.low) / max(2.0, (up.left - up.right) / PER_MARK))
    for n in range(math.ceil(up.low / step), math.floor(up.high / step) + 1):
        level = up.at(n * step)
        sheet.line(QPointF(LEFT, level), QPointF(across.at(last), level),
                   sheet.tokens.text if n == 0 else sheet.tokens.grid)
        sheet.words(compact(n * step), QPointF(LEFT - 6, level), sheet.tokens.muted, sheet.small,
                    "right")
    every = max(1, round(last / MOST_TICKS))
    for number in range(0, last + 1, every):
        sheet.words(str(number), QPointF(across.at(number), up.left + STRIP + AXIS / 2 + 4),
                    sheet.tokens.muted, sheet.small, "centre")


def _lines(sheet: Sheet, shown: StepLines, across: Scale, up: Scale) -> None:
    taken: list[float] = []
    high = sheet.metrics(sheet.small).height()
    for number, line in enumerate(shown.lines):
        colour = tone(sheet.tokens, line.colour)
        points = [QPointF(across.at(n), up.at(v)) for n, v in enumerate(line.values)]
        for start, end in zip(points, points[1:], strict=False):
            sheet.line(start, end, colour, 2.0, STYLES[number % len(STYLES)])
        place = points[-1].y()
        while any(abs(place - other) < high for other in taken):
            place += high
        taken.append(place)
        sheet.words(line.name, QPointF(points[-1].x() + GAP, place), colour, sheet.small)
