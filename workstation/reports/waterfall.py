"""The waterfall from stand-alone requirements to a design, as vectors for paper."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workstation.base.money import accounting
from workstation.reports import ink
from workstation.reports.paper import SMALL, fitted
from workstation.results.margin_tables import BridgeRow
from workstation.results.silos import Silo

ROW, BAR = 17.0, 10.0
LABEL_WIDTH, AMOUNT_WIDTH = 168.0, 74.0
AXIS_HEIGHT = 16.0
TICKS = 4
MOST_TICKS_STEP = (1, 2, 2.5, 5, 10)
TEXT_DROP = 2.8


@dataclass(frozen=True, slots=True)
class Scale:
    """Places an amount between the left and right edge of the bars."""

    low: float
    high: float
    left: float
    right: float

    def at(self, amount: Decimal | float) -> float:
        """Return where an amount lies, in points."""
        share = (float(amount) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)


def ticks(low: float, high: float) -> list[float]:
    """Return round amounts from low to high, about four of them."""
    span = max(high - low, 1.0)
    rough = span / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in MOST_TICKS_STEP if power * m >= rough)
    first = math.ceil(low / step)
    return [step * n for n in range(first, math.floor(high / step) + 1)]


def waterfall(rows: Sequence[BridgeRow], silos: Mapping[Silo, Decimal], width: float) -> Any:
    """Return the drawing: one bar a row, today's silos in their colours, amounts beside."""
    from reportlab.graphics.shapes import Drawing

    levels = [float(row.level) for row in rows]
    low, high = min(0.0, *levels), max(1.0, *levels)
    scale = Scale(low, high, LABEL_WIDTH, width - AMOUNT_WIDTH)
    drawing = Drawing(width, len(rows) * ROW + AXIS_HEIGHT)
    _draw_axis(drawing, scale, len(rows))
    before = 0.0
    for place, row in enumerate(rows):
        bottom = drawing.height - (place + 1) * ROW + (ROW - BAR) / 2
        _draw_texts(drawing, row, bottom)
        if row.kind == "step":
            _draw_bar(drawing, scale, before, float(row.level), bottom, _step_ink(row))
        elif place and row.label.startswith("Today"):
            _draw_silos(drawing, scale, silos, float(row.level), bottom)
        else:
            colour = ink.MUTED if place == 0 else ink.ACCENT
            _draw_bar(drawing, scale, 0.0, float(row.level), bottom, colour)
        if place + 1 < len(rows):
            _draw_connector(drawing, scale.at(row.level), bottom)
        before = float(row.level)
    return drawing


def _step_ink(row: BridgeRow) -> str:
    return ink.GRANTED if row.amount <= 0 else ink.DENIED


def _draw_texts(drawing: Any, row: BridgeRow, bottom: float) -> None:
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import HexColor

    font = "Helvetica" if row.kind == "step" else "Helvetica-Bold"
    common = {"fontName": font, "fontSize": SMALL, "fillColor": HexColor(ink.TEXT)}
    base = bottom + BAR / 2 - TEXT_DROP
    label = fitted(row.label, LABEL_WIDTH - 8, SMALL, font)
    drawing.add(String(0, base, label, **common))
    drawing.add(String(drawing.width, base, accounting(row.amount), textAnchor="end", **common))


def _draw_bar(drawing: Any, scale: Scale, start: float, end: float, bottom: float,
              colour: str) -> None:
    from reportlab.graphics.shapes import Rect
    from reportlab.lib.colors import HexColor

    left, right = sorted((scale.at(start), scale.at(end)))
    drawing.add(Rect(left, bottom, max(right - left, 0.6), BAR, fillColor=HexColor(colour),
                     strokeColor=None))


def _draw_silos(drawing: Any, scale: Scale, silos: Mapping[Silo, Decimal], level: float,
                bottom: float) -> None:
    """Draw today's level in the colours of its silos, each named where its name fits."""
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import HexColor
    from reportlab.pdfbase.pdfmetrics import stringWidth

    reached = 0.0
    for silo, amount in silos.items():
        start, reached = reached, reached + float(amount)
        _draw_bar(drawing, scale, start, reached, bottom, ink.SILOS[silo])
        room = scale.at(reached) - scale.at(start)
        if stringWidth(silo, "Helvetica", SMALL) + 6 <= room:
            drawing.add(String(scale.at(start) + 3, bottom + BAR / 2 - TEXT_DROP, str(silo),
                               fontName="Helvetica", fontSize=SMALL,
                               fillColor=HexColor(ink.on(ink.SILOS[silo]))))
    if not silos:
        _draw_bar(drawing, scale, 0.0, level, bottom, ink.MUTED)


def _draw_connector(drawing: Any, x: float, bottom: float) -> None:
    from reportlab.graphics.shapes import Line
    from reportlab.lib.colors import HexColor

    drawing.add(Line(x, bottom, x, bottom - (ROW - BAR), strokeColor=HexColor(ink.MUTED),
                     strokeWidth=0.4))


def _draw_axis(drawing: Any, scale: Scale, rows: int) -> None:
    from reportlab.graphics.shapes import Line, String
    from reportlab.lib.colors import HexColor

    top = drawing.height
    for amount in ticks(scale.low, scale.high):
        x = scale.at(amount)
        zero = amount == 0
        drawing.add(Line(x, top, x, top - rows * ROW,
                         strokeColor=HexColor(ink.TEXT if zero else ink.LINE),
                         strokeWidth=0.8 if zero else 0.4))
        drawing.add(String(x, top - rows * ROW - SMALL - 2, accounting(amount),
                           textAnchor="middle", fontName="Helvetica", fontSize=SMALL - 1,
                           fillColor=HexColor(ink.MUTED)))
