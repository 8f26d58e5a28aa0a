"""Charts as SVG whose colours follow the palette of the page."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from workstation.reports.charts.shapes import Box, Label, Path, Picture, Rule, Shape

LETTER = 0.56
HATCHES = ("diagonal", "cross", "dots")


def slug(token: str) -> str:
    """Return the name of a token as part of a CSS variable."""
    return re.sub(r"[^a-z0-9]+", "-", token.lower()).strip("-")


def svg(picture: Picture, number: int) -> str:
    """Return a chart as an SVG element; `number` tells its patterns from those of other charts."""
    body = "".join(_shape(shape, number) for shape in picture.shapes)
    patterns = "".join(_pattern(kind, number) for kind in HATCHES)
    return (f'<svg viewBox="0 0 {picture.width:g} {picture.height:g}" role="img" '
            f"aria-label={quoteattr(picture.about)}><title>{escape(picture.about)}</title>"
            f"<defs>{patterns}</defs>{body}</svg>")


def _pattern(kind: str, number: int) -> str:
    inner = {"diagonal": '<path d="M0 4L4 0"/>', "cross": '<path d="M0 4L4 0M0 0L4 4"/>',
             "dots": '<path d="M1 1h.6"/>'}[kind]
    return (f'<pattern id="{kind}-{number}" width="4" height="4" '
            f'patternUnits="userSpaceOnUse"><g style="stroke:var(--surface);stroke-width:.7">'
            f"{inner}</g></pattern>")


def _colour(token: str) -> str:
    return token if token.startswith("#") else f"var(--{slug(token)})"


def _shape(shape: Shape, number: int) -> str:
    match shape:
        case Box():
            place = (f'x="{shape.x:.2f}" y="{shape.y:.2f}" width="{max(0.0, shape.width):.2f}" '
                     f'height="{max(0.0, shape.height):.2f}"')
            filled = f'<rect {place} style="fill:{_colour(shape.fill)}"/>'
            over = f'<rect {place} fill="url(#{shape.hatch}-{number})"/>' if shape.hatch else ""
            return filled + over
        case Rule():
            dashed = ";stroke-dasharray:3 2" if shape.dashed else ""
            return (f'<line x1="{shape.x1:.2f}" y1="{shape.y1:.2f}" x2="{shape.x2:.2f}" '
                    f'y2="{shape.y2:.2f}" style="stroke:{_colour(shape.colour)};'
                    f'stroke-width:{shape.width:g}{dashed}"/>')
        case Path():
            points = " ".join(f"{x:.2f},{y:.2f}" for x, y in shape.points)
            return (f'<polyline points="{points}" style="fill:none;'
                    f'stroke:{_colour(shape.colour)};stroke-width:{shape.width:g}"/>')
        case Label():
            return _label(shape)


def _label(label: Label) -> str:
    most = int(label.room / (label.size * LETTER)) if label.room else len(label.text)
    cut = label.text if len(label.text) <= most else label.text[:max(1, most - 1)].rstrip() + "…"
    weight = ";font-weight:600" if label.bold else ""
    whole = f"<title>{escape(label.text)}</title>" if cut != label.text else ""
    return (f'<text x="{label.x:.2f}" y="{label.y:.2f}" text-anchor="{label.anchor}" '
            f'style="fill:{_colour(label.colour)};font-size:{label.size:g}px{weight}">'
            f"{escape(cut)}{whole}</text>")
