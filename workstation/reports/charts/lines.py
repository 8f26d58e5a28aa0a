"""Lines: the timeline of a cascade, a portfolio over price moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workstation.reports.charts.scale import Scale, spread, ticks
from workstation.reports.charts.shapes import Box, Label, Path, Picture, Rule

LEFT, RIGHT, BOTTOM, TOP = 62.0, 96.0, 22.0, 6.0
TEXT = 7.0
COLOURS = ("accent", "silo:futures", "silo:swaps", "silo:crypto", "denied", "muted")
MOST_LINES = len(COLOURS)
LINE_GAP = 8.5


@dataclass(frozen=True, slots=True)
class Line:
    """One line over the points of the axis."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Points of the axis shaded from one to another, with its word."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis: a call, the worst point."""

    name: str
    at: int


def line_chart(points: Sequence[str], lines: Sequence[Line], width: float, height: float,
               about: str, text: Callable[[float], str], *, bands: Sequence[Band] = (),
               marks: Sequence[Tick] = ()) -> Picture:
    """Return at most six lines, each named at its end; zero is the stronger line."""
    shown = list(lines)[:MOST_LINES]
    low, high = spread(*(value for line in shown for value in line.values))
    across = Scale(0.0, max(1.0, len(points) - 1.0), LEFT, width - RIGHT)
    up = Scale(low, high, height - BOTTOM, TOP)
    picture = Picture(width, height, about)
    for band in bands:
        x1, x2 = across.at(band.first - 0.5), across.at(band.last + 0.5)
        x1, x2 = max(x1, LEFT), min(x2, width - RIGHT)
        picture.add(Box(x1, TOP, x2 - x1, height - BOTTOM - TOP, "header"),
                    Label(x1 + 2, TOP + TEXT, band.name, TEXT - 0.5, "muted", room=x2 - x1))
    _axes(picture, points, across, up, text)
    for mark in marks:
        x = across.at(mark.at)
        inside = x > width - RIGHT - LINE_GAP  # names of the lines stand right of the last point
        picture.add(Rule(x, TOP, x, height - BOTTOM, "denied", 0.8, dashed=True),
                    Label(x - 2 if inside else x + 2, TOP + TEXT - 1, mark.name, TEXT - 0.5,
                          "denied", "end" if inside else "start"))
    _draw(picture, shown, across, up)
    return picture


def _axes(picture: Picture, points: Sequence[str], across: Scale, up: Scale,
          text: Callable[[float], str]) -> None:
    for amount in ticks(up.low, up.high):
        y, zero = up.at(amount), amount == 0
        picture.add(Rule(LEFT, y, picture.width - RIGHT, y, "text" if zero else "line",
                         0.8 if zero else 0.4),
                    Label(LEFT - 4, y + 2.5, text(amount), TEXT, "muted", "end"))
    room = across.end - across.start
    every = max(1, -(-len(points) * 34 // max(1, int(room))))
    for place in range(0, len(points), every):
        picture.add(Label(across.at(place), picture.height - BOTTOM + TEXT + 5, points[place],
                          TEXT, "muted", "middle"))


def _draw(picture: Picture, lines: Sequence[Line], across: Scale, up: Scale) -> None:
    ends: list[tuple[float, str, str]] = []
    for line, colour in zip(lines, COLOURS, strict=False):
        points = tuple((across.at(n), up.at(value)) for n, value in enumerate(line.values))
        picture.add(Path(points, colour))
        ends.append((points[-1][1], line.name, colour))
    for y, (_, name, colour) in zip(_apart([y for y, _, _ in sorted(ends)], up.start),
                                    sorted(ends), strict=True):
        picture.add(Label(across.end + 4, y + 2.5, name, TEXT, colour, room=RIGHT - 6))


def _apart(places: Sequence[float], lowest: float) -> list[float]:
    """Move names apart that would overprint each other, none of them below the axis."""
    found: list[float] = []
    for y in places:
        found.append(max(y, found[-1] + LINE_GAP) if found else y)
    for n in reversed(range(len(found))):
        found[n] = min(found[n], found[n + 1] - LINE_GAP if n + 1 < len(found) else lowest)
    return found
