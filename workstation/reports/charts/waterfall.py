"""The waterfall from stand-alone requirements to a design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from workstation.base.money import accounting
from workstation.reports.charts.scale import Scale, spread, ticks
from workstation.reports.charts.shapes import Box, Label, Picture, Rule
from workstation.results.margin_tables import BridgeRow
from workstation.results.silos import Silo

ROW, BAR = 17.0, 10.0
LABEL_WIDTH, AMOUNT_WIDTH = 176.0, 82.0
AXIS_HEIGHT = 16.0
TEXT = 8.0
BASE = 2.8
LETTER = 0.56


def waterfall(rows: Sequence[BridgeRow], silos: Mapping[Silo, Decimal], width: float,
              about: str = "Waterfall of requirements") -> Picture:
    """Return one bar a row, today's silos in their colours, amounts beside."""
    low, high = spread(*(float(row.level) for row in rows))
    scale = Scale(low, high, LABEL_WIDTH, width - AMOUNT_WIDTH)
    picture = Picture(width, len(rows) * ROW + AXIS_HEIGHT, about)
    axis(picture, scale, len(rows) * ROW)
    before = 0.0
    for place, row in enumerate(rows):
        top = place * ROW + (ROW - BAR) / 2
        _texts(picture, row, top)
        if row.kind == "step":
            saves = row.amount <= 0
            _bar(picture, scale, before, float(row.level), top, "granted" if saves else "denied",
                 hatched=not saves)
        elif place and silos and row.label.startswith("Today"):
            _silos(picture, scale, silos, top)
        else:
            colour = "muted" if place in (0, 2) else "accent"
            _bar(picture, scale, 0.0, float(row.level), top, colour)
        if place + 1 < len(rows):
            x = scale.at(row.level)
            picture.add(Rule(x, top + BAR, x, top + ROW, "muted"))
        before = float(row.level)
    return picture


def axis(picture: Picture, scale: Scale, depth: float) -> None:
    """Draw vertical lines at round amounts, zero stronger, with the amounts below them."""
    for amount in ticks(scale.low, scale.high):
        x = scale.at(amount)
        zero = amount == 0
        picture.add(
            Rule(x, 0, x, depth, "text" if zero else "line", 0.8 if zero else 0.4),
            Label(x, depth + TEXT + 1, accounting(amount), TEXT - 1, "muted", "middle"))


def _texts(picture: Picture, row: BridgeRow, top: float) -> None:
    level = row.kind != "step"
    base = top + BAR / 2 + BASE
    picture.add(
        Label(0, base, row.label, TEXT, bold=level, room=LABEL_WIDTH - 8),
        Label(picture.width, base, accounting(row.amount), TEXT, anchor="end", bold=level))


def _bar(picture: Picture, scale: Scale, start: float, end: float, top: float, colour: str,
         *, hatched: bool = False) -> None:
    left, right = sorted((scale.at(start), scale.at(end)))
    picture.add(Box(left, top, max(right - left, 0.6), BAR, colour, "cross" if hatched else ""))


def _silos(picture: Picture, scale: Scale, silos: Mapping[Silo, Decimal], top: float) -> None:
    """Draw today's level in the colours of its silos, each named where its name fits."""
    reached = 0.0
    for silo, amount in silos.items():
        start, reached = reached, reached + float(amount)
        _bar(picture, scale, start, reached, top, f"silo:{silo}")
        room = scale.at(reached) - scale.at(start)
        if len(silo) * TEXT * LETTER + 6 <= room:
            picture.add(Label(scale.at(start) + 3, top + BAR / 2 + BASE, str(silo), TEXT - 0.5,
                              f"on:silo:{silo}"))
