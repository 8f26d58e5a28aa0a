"""A heat map with its numbers: white at zero, orange for cost, purple for what is saved."""

from __future__ import annotations

from collections.abc import Sequence

from workstation.base.money import accounting
from workstation.reports import ink
from workstation.reports.charts.shapes import Box, Label, Picture

ROW, HEAD = 17.0, 13.0
NAMES = 135.0
TEXT = 7.0
COST, SAVING, ZERO = "#B35806", "#542788", "#F7F7F7"
STRONGEST = 0.85
SMALLEST = 4.5
DIGIT = 0.5
"""Widest share of its size a figure takes on average, brackets and commas included."""


def diverging(value: float, largest: float) -> str:
    """Return the colour of a value between the ends of PuOr, white in the middle."""
    share = 0.0 if not largest else min(1.0, abs(value) / largest) * STRONGEST
    return ink.mixed(COST if value > 0 else SAVING, ZERO, share)


def heat_map(rows: Sequence[str], columns: Sequence[str],
             cells: Sequence[Sequence[float | None]], width: float, about: str) -> Picture:
    """Return the map; a cell without a figure is left blank."""
    picture = Picture(width, HEAD + len(rows) * ROW, about)
    room = (width - NAMES) / max(1, len(columns))
    shown = [v for row in cells for v in row if v is not None]
    largest = max(map(abs, shown), default=0.0)
    widest = max((len(accounting(v)) for v in shown), default=1)
    size = max(SMALLEST, min(TEXT, (room - 4) / (widest * DIGIT)))
    for place, name in enumerate(columns):
        picture.add(Label(NAMES + (place + 0.5) * room, HEAD - 4, name, TEXT, "muted", "middle",
                          room=room - 2))
    for down, (name, values) in enumerate(zip(rows, cells, strict=True)):
        top = HEAD + down * ROW
        picture.add(Label(0, top + ROW - 5.5, name, TEXT + 0.5, room=NAMES - 6))
        for across, value in enumerate(values):
            if value is None:
                continue
            fill = diverging(value, largest)
            picture.add(
                Box(NAMES + across * room + 0.5, top + 0.5, room - 1, ROW - 1, fill),
                Label(NAMES + (across + 0.5) * room, top + ROW - 5.5, accounting(value), size,
                      ink.on(fill), "middle"))
    return picture
