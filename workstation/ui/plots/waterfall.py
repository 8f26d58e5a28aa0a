"""The waterfall from stand-alone requirements through today's silos to a design.

Rows run downwards, amounts to the right, so that names are read without tilting the head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt

from workstation.base.money import accounting
from workstation.offsets.bridge import Bridge
from workstation.ui.plots.scale import Scale
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import Pattern, compact, hint, readable_on, tone, wrapped

Kind = Literal["level", "silos", "saving", "charge", "nothing", "design"]
ZERO = Decimal(0)
ROW_LOW, ROW_HIGH = 20.0, 48.0
AXIS = 24.0
GAP = 8.0
LABEL_SHARE = 0.40
LABEL_MOST = 340.0
FILL = {
    "level": ("muted", Pattern.OUTLINE),
    "saving": ("granted", Pattern.SOLID),
    "charge": ("denied", Pattern.CROSS),
    "nothing": ("muted", Pattern.SOLID),
    "design": ("accent", Pattern.SOLID),
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One silo's share of today's total."""

    silo: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """One bar from `start` to `end`; `amount` is what it says, signed as a step is."""

    label: str
    start: Decimal
    end: Decimal
    amount: Decimal
    kind: Kind
    note: str = ""
    segments: tuple[Segment, ...] = ()

    @property
    def text(self) -> str:
        """Return the amount as written beside the bar; charges carry a plus."""
        plus = "+" if self.kind == "charge" else ""
        return f"{plus}{accounting(self.amount)}"


def rows(bridge: Bridge, silos: Sequence[tuple[str, Decimal]], title: str = "") -> tuple[Row, ...]:
    """Return the bars of a bridge; `silos` divides today's total by silo, in order."""
    found = [Row("Stand-alone requirements", ZERO, bridge.stand_alone, bridge.stand_alone, "level"),
             _step("Offsets within silos", bridge.stand_alone, bridge.within_silos)]
    segments = tuple(Segment(silo, amount) for silo, amount in silos if amount)
    found.append(Row("Today, silos", ZERO, bridge.silos, bridge.silos, "silos", "", segments))
    reached = bridge.silos
    for step in bridge.steps:
        found.append(_step(step.label, reached, step.amount, step.note))
        reached += step.amount
    found.append(Row(title or bridge.design, ZERO, bridge.end, bridge.end, "design"))
    return tuple(found)


def _step(label: str, start: Decimal, amount: Decimal, note: str = "") -> Row:
    shown = round(amount)
    kind: Kind = "saving" if shown < 0 else "charge" if shown > 0 else "nothing"
    return Row(label, start, start + amount, amount, kind, note)


def summary(bars: Sequence[Row], currency: str) -> str:
    """Return the waterfall in one sentence."""
    steps = "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    return f"Waterfall in {currency}: {steps}."


def draw(sheet: Sheet, bars: Sequence[Row], currency: str) -> None:
    """Draw the bars with names left, amounts beside them, and the axis below."""
    plan = _Plan.of(sheet, bars)
    _axis(sheet, plan, currency)
    for number, bar in enumerate(bars):
        _name(sheet, plan, number, bar)
        _bar(sheet, plan, number, bar)
        if number + 1 < len(bars):
            _connector(sheet, plan, number, bar)
    zero = plan.scale.at(ZERO)
    sheet.line(QPointF(zero, plan.top), QPointF(zero, plan.bottom), sheet.tokens.text, 1.5)
    sheet.used = max(sheet.used, plan.bottom + AXIS)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where things stand on the sheet."""

    scale: Scale
    label_width: float
    top: float
    row: float
    count: int

    @classmethod
    def of(cls, sheet: Sheet, bars: Sequence[Row]) -> _Plan:
        metrics = sheet.metrics(sheet.heavy)
        widest = max(metrics.horizontalAdvance(bar.label) for bar in bars)
        label = min(widest, sheet.width * LABEL_SHARE, LABEL_MOST)
        amounts = max(metrics.horizontalAdvance(bar.text) for bar in bars)
        ends = [end for bar in bars for end in (bar.start, bar.end)]
        scale = Scale.over(min(ZERO, *ends), max(*ends, Decimal(1)),
                           GAP + label + GAP, sheet.width - amounts - 2 * GAP)
        row = max(sheet.row(ROW_LOW), min(ROW_HIGH, (sheet.height - GAP - AXIS) / len(bars)))
        return cls(scale, label, GAP / 2, row, len(bars))

    @property
    def bottom(self) -> float:
        return self.top + self.row * self.count

    def middle(self, number: int) -> float:
        return self.top + self.row * (number + 0.5)

    def area(self, number: int, start: Decimal, end: Decimal) -> QRectF:
        low, high = sorted((self.scale.at(start), self.scale.at(end)))
        return QRectF(low, self.middle(number) - self.row * 0.32,
                      max(high - low, 1.5), self.row * 0.64)


def _axis(sheet: Sheet, plan: _Plan, currency: str) -> None:
    for x, text in plan.scale.ticks(sheet.metrics(sheet.small)):
        sheet.line(QPointF(x, plan.top), QPointF(x, plan.bottom), sheet.tokens.grid)
        sheet.words(text, QPointF(x, plan.bottom + AXIS / 2), sheet.tokens.muted,
                    sheet.small, "centre")
    sheet.words(currency, QPointF(GAP, plan.bottom + AXIS / 2), sheet.tokens.muted, sheet.small)


def _name(sheet: Sheet, plan: _Plan, number: int, bar: Row) -> None:
    is_total = bar.kind in ("level", "silos", "design")
    font = sheet.heavy if is_total else sheet.font
    metrics = sheet.metrics(font)
    lines = wrapped(bar.label, metrics, plan.label_width,
                    2 if plan.row >= 2 * metrics.height() else 1)
    first = plan.middle(number) - metrics.height() * (len(lines) - 1) / 2
    for step, line in enumerate(lines):
        sheet.words(line, QPointF(GAP, first + step * metrics.height()), font=font)


def _bar(sheet: Sheet, plan: _Plan, number: int, bar: Row) -> None:
    area = plan.area(number, bar.start, bar.end)
    if bar.segments:
        _silos(sheet, plan, number, bar)
    else:
        colour, pattern = FILL[bar.kind if bar.kind != "silos" else "level"]
        sheet.block(area, tone(sheet.tokens, colour), pattern)
    colour = {"saving": sheet.tokens.granted, "charge": sheet.tokens.denied}.get(bar.kind, "")
    is_total = bar.kind in ("level", "silos", "design")
    sheet.words(bar.text, QPointF(area.right() + GAP, area.center().y()), colour,
                sheet.heavy if is_total else sheet.font)
    level = ("level after it", accounting(bar.end))
    strip = QRectF(0, area.top(), sheet.width, area.height())
    shares = [(part.silo, accounting(part.amount)) for part in bar.segments]
    sheet.sensitive(strip, hint(bar.label, ("amount", bar.text), level, *shares, note=bar.note),
                    bar.label)


def _silos(sheet: Sheet, plan: _Plan, number: int, bar: Row) -> None:
    start = bar.start
    for part in bar.segments:
        area = plan.area(number, start, start + part.amount)
        start += part.amount
        colour = tone(sheet.tokens, part.silo)
        sheet.block(area.adjusted(0, 0, -1, 0), colour)
        room = area.width() - GAP
        for text in (f"{part.silo} {compact(part.amount)}", part.silo):
            if sheet.metrics(sheet.small).horizontalAdvance(text) <= room:
                sheet.words(text, area.center(), readable_on(colour, sheet.tokens),
                            sheet.small, "centre")
                break


def _connector(sheet: Sheet, plan: _Plan, number: int, bar: Row) -> None:
    x = plan.scale.at(bar.end)
    below = plan.middle(number + 1) - plan.row * 0.32
    sheet.line(QPointF(x, plan.middle(number) + plan.row * 0.32), QPointF(x, below),
               sheet.tokens.muted, 1.0, Qt.PenStyle.DotLine)
