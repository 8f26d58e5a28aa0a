"""Text and charts on a canvas, in points from the lower left corner."""

from __future__ import annotations

from typing import Any

from workstation.reports import ink
from workstation.reports.charts.shapes import Box, Label, Path, Picture, Rule
from workstation.reports.pdf.fonts import fitted, printable, runs, width_of

HATCH_GAP = 3.2
HATCH_WIDTH = 0.5
DOT = 0.5


def draw_text(canvas: Any, x: float, y: float, text: str, size: float, colour: str = "text", *,
              bold: bool = False, anchor: str = "start") -> None:
    """Write a printable text from its left end, around its middle, or up to its right end."""
    if not text:
        return
    if anchor != "start":
        width = width_of(text, size, bold=bold)
        x -= width if anchor == "end" else width / 2
    canvas.setFillColor(_colour(colour))
    pieces = runs(text, bold=bold)
    for font, piece in pieces:
        canvas.setFont(font, size)
        canvas.drawString(x, y, piece)
        if len(pieces) > 1:
            x += canvas.stringWidth(piece, font, size)


def draw_picture(canvas: Any, picture: Picture, left: float, bottom: float, zoom: float) -> None:
    """Draw a chart with its lower left corner at a place, larger or smaller than it was made."""
    canvas.saveState()
    canvas.translate(left, bottom)
    canvas.scale(zoom, zoom)
    for shape in picture.shapes:
        match shape:
            case Box():
                _box(canvas, shape, picture.height)
            case Rule():
                _rule(canvas, shape, picture.height)
            case Path():
                _path(canvas, shape, picture.height)
            case Label():
                text = (fitted(shape.text, shape.room, shape.size, bold=shape.bold) if shape.room
                        else printable(shape.text))
                draw_text(canvas, shape.x, picture.height - shape.y, text, shape.size,
                          shape.colour, bold=shape.bold, anchor=shape.anchor)
    canvas.restoreState()


def _colour(name: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(ink.token(name))


def _box(canvas: Any, box: Box, height: float) -> None:
    bottom = height - box.y - box.height
    canvas.setFillColor(_colour(box.fill))
    canvas.rect(box.x, bottom, box.width, box.height, stroke=0, fill=1)
    if box.hatch:
        _hatch(canvas, box, bottom)


def _hatch(canvas: Any, box: Box, bottom: float) -> None:
    """Draw white lines or dots over a box, clipped to it."""
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(box.x, bottom, box.width, box.height)
    canvas.clipPath(clip, stroke=0, fill=0)
    canvas.setStrokeColor(_colour("surface"))
    canvas.setFillColor(_colour("surface"))
    canvas.setLineWidth(HATCH_WIDTH)
    steps = int((box.width + box.height) / HATCH_GAP) + 1
    for step in range(steps):
        x = box.x + step * HATCH_GAP
        if box.hatch == "dots":
            for y in range(int(box.height / HATCH_GAP) + 1):
                canvas.circle(x, bottom + y * HATCH_GAP + 1, DOT, stroke=0, fill=1)
            continue
        canvas.line(x - box.height, bottom, x, bottom + box.height)
        if box.hatch == "cross":
            canvas.line(x, bottom, x - box.height, bottom + box.height)
    canvas.restoreState()


def _rule(canvas: Any, rule: Rule, height: float) -> None:
    canvas.setStrokeColor(_colour(rule.colour))
    canvas.setLineWidth(rule.width)
    if rule.dashed:
        canvas.setDash(3, 2)
    canvas.line(rule.x1, height - rule.y1, rule.x2, height - rule.y2)
    if rule.dashed:
        canvas.setDash()


def _path(canvas: Any, path: Path, height: float) -> None:
    if not path.points:
        return
    drawn = canvas.beginPath()
    (x, y), *others = path.points
    drawn.moveTo(x, height - y)
    for x, y in others:
        drawn.lineTo(x, height - y)
    canvas.setStrokeColor(_colour(path.colour))
    canvas.setLineWidth(path.width)
    canvas.setLineJoin(1)
    canvas.drawPath(drawn, stroke=1, fill=0)
