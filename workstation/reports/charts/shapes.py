"""Shapes of a chart; the origin is top left, y runs down, lengths are points.

Colours are names of tokens (`accent`, `silo:futures`) so that a picture follows the palette, or
`#RRGGBB` where a figure is itself shown by a colour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Anchor = Literal["start", "middle", "end"]
Hatch = Literal["", "diagonal", "cross", "dots"]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; a hatch is drawn over the fill for those who do not see its colour."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    hatch: Hatch = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    width: float = 0.4
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 1.2


@dataclass(frozen=True, slots=True)
class Label:
    """A text on its base line; longer than `room` it is cut."""

    x: float
    y: float
    text: str
    size: float = 8
    colour: str = "text"
    anchor: Anchor = "start"
    bold: bool = False
    room: float = 0.0


Shape = Box | Rule | Path | Label


@dataclass(slots=True)
class Picture:
    """A chart: its size, its shapes from back to front, and what it shows in a sentence."""

    width: float
    height: float
    about: str
    shapes: list[Shape] = field(default_factory=list)

    def add(self, *shapes: Shape) -> None:
        """Put shapes in front of those there."""
        self.shapes.extend(shapes)
