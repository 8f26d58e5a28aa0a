"""Bars: one a row with its amount, or one bar split into named parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.base.money import accounting
from workstation.reports.charts.scale import Scale, spread
from workstation.reports.charts.shapes import Box, Hatch, Label, Picture, Rule
from workstation.reports.charts.waterfall import (
    AMOUNT_WIDTH,
    AXIS_HEIGHT,
    BAR,
    BASE,
    LABEL_WIDTH,
    ROW,
    TEXT,
    axis,
)

LEGEND = 13.0
KEY = 7.0
LETTER = 0.55


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: what it is, its amount, and how it is filled."""

    name: str
    amount: Decimal
    fill: str
    hatch: Hatch = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A limit drawn across every bar."""

    name: str
    amount: Decimal


def bars(rows: Sequence[Part], width: float, about: str, mark: Mark | None = None) -> Picture:
    """Return one bar a row around zero, amounts beside, and a named limit across them."""
    amounts = [float(row.amount) for row in rows] + ([float(mark.amount)] if mark else [])
    low, high = spread(*amounts)
    scale = Scale(low, high, LABEL_WIDTH, width - AMOUNT_WIDTH)
    depth = len(rows) * ROW
    top_room = LEGEND if mark else 0.0
    picture = Picture(width, depth + AXIS_HEIGHT, about)
    axis(picture, scale, depth)
    for place, row in enumerate(rows):
        top = place * ROW + (ROW - BAR) / 2
        left, right = sorted((scale.at(0), scale.at(row.amount)))
        picture.add(
            Label(0, top + BAR / 2 + BASE, row.name, TEXT, room=LABEL_WIDTH - 8),
            Box(left, top, max(right - left, 0.6), BAR, row.fill, row.hatch),
            Label(width, top + BAR / 2 + BASE, accounting(row.amount), TEXT, anchor="end"))
    if mark:
        _limit(picture, scale.at(mark.amount), depth, mark)
        picture.height += top_room
    return picture


def _limit(picture: Picture, x: float, depth: float, mark: Mark) -> None:
    near_end = x > picture.width / 2
    picture.add(
        Rule(x, 0, x, depth + AXIS_HEIGHT, "denied", 1.0, dashed=True),
        Label(x + (-3 if near_end else 3), depth + AXIS_HEIGHT + TEXT,
              f"{mark.name} {accounting(mark.amount)}", TEXT - 1, "denied",
              "end" if near_end else "start", bold=True))


def stacked(parts: Sequence[Part], width: float, about: str) -> Picture:
    """Return one bar of the parts in their order, with a key of names and amounts below it."""
    whole = sum((float(part.amount) for part in parts), 0.0)
    height = BAR * 1.8
    picture = Picture(width, height + 6, about)
    reached = 0.0
    for part in parts:
        share = float(part.amount) / whole if whole else 0.0
        picture.add(Box(reached * width, 0, max(share * width, 0.6), height, part.fill, part.hatch))
        reached += share
    x, y = 0.0, height + LEGEND
    for part in parts:
        text = f"{part.name} {accounting(part.amount)}"
        needed = KEY + 4 + len(text) * TEXT * LETTER + 14
        if x and x + needed > width:
            x, y = 0.0, y + LEGEND
        picture.add(Box(x, y - KEY, KEY, KEY, part.fill, part.hatch),
                    Label(x + KEY + 4, y, text, TEXT))
        x += needed
    picture.height = y + 4
    return picture
