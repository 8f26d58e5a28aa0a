"""How states of a lot are drawn, and the key that names those in use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import Pattern, tone

SWATCH, BESIDE = 12.0, 4.0


@dataclass(frozen=True, slots=True)
class Look:
    """How one state is drawn: token of its colour, and its pattern."""

    colour: str
    pattern: Pattern


def draw_key(sheet: Sheet, looks: Mapping[str, Look], used: Collection[str], gap: float,
             row: float) -> float:
    """Name the states in use at the top, in as many rows as they need; return where they end.

    `gap` is the margin of the chart and `row` the height of a row, in pixels.
    """
    metrics = sheet.metrics(sheet.small)
    x, y = gap, gap + row / 2
    for state, look in looks.items():
        if state not in used:
            continue
        wide = SWATCH + BESIDE + metrics.horizontalAdvance(state)
        if x > gap and x + wide > sheet.width - gap:
            x, y = gap, y + row
        swatch = QRectF(x, y - SWATCH / 2, SWATCH, SWATCH)
        sheet.block(swatch, tone(sheet.tokens, look.colour), look.pattern)
        sheet.words(state, QPointF(swatch.right() + BESIDE, y), sheet.tokens.muted, sheet.small)
        x += wide + 2 * gap
    return y + row / 2
