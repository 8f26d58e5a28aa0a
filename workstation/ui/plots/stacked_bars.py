"""Horizontal bars divided by state, each part named where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF

from workstation.base.money import accounting
from workstation.ui.plots.scale import Scale
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.state_key import Look, draw_key
from workstation.ui.plots.style import (
    Pattern,
    compact,
    hint,
    readable_on,
    shortened,
    tone,
)

GAP = 8.0
ROW_LOW, ROW_HIGH = 22.0, 48.0
LABEL_SHARE = 0.30
AXIS, KEY = 22.0, 20.0


@dataclass(frozen=True, slots=True)
class Part:
    """One state's share of a bar."""

    state: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """One lot or custodian, divided by state; `name` is what it announces when clicked."""

    name: str
    parts: tuple[Part, ...]
    note: str = ""

    @property
    def total(self) -> Decimal:
        """Return the sum of the parts."""
        return sum((part.amount for part in self.parts), Decimal(0))


def summary(bars: Sequence[Bar], currency: str) -> str:
    """Return the bars, each with its parts, in one sentence."""
    return f"In {currency}: " + "; ".join(
        f"{bar.name} {accounting(bar.total)} ("
        + ", ".join(f"{part.state} {accounting(part.amount)}" for part in bar.parts) + ")"
        for bar in bars) + "."


def draw(sheet: Sheet, bars: Sequence[Bar], looks: dict[str, Look], currency: str) -> None:
    """Draw the key of states, the bars with their totals, and the axis below."""
    used = {part.state for bar in bars for part in bar.parts}
    key = draw_key(sheet, looks, used, GAP, KEY) + GAP / 2
    plan = _Plan.of(sheet, bars, key)
    for x, text in plan.scale.ticks(sheet.metrics(sheet.small)):
        sheet.line(QPointF(x, plan.top), QPointF(x, plan.bottom), sheet.tokens.grid)
        sheet.words(text, QPointF(x, plan.bottom + AXIS / 2), sheet.tokens.muted, sheet.small,
                    "centre")
    sheet.words(currency, QPointF(GAP, plan.bottom + AXIS / 2), sheet.tokens.muted, sheet.small)
    for number, bar in enumerate(bars):
        _bar(sheet, plan, number, bar, looks)
    zero = plan.scale.at(0)
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
    def of(cls, sheet: Sheet, bars: Sequence[Bar], top: float) -> _Plan:
        metrics = sheet.metrics()
        label = min(max(metrics.horizontalAdvance(bar.name) for bar in bars),
                    sheet.width * LABEL_SHARE)
        totals = max(metrics.horizontalAdvance(accounting(bar.total)) for bar in bars)
        longest = max(bar.total for bar in bars)
        scale = Scale.over(0, longest, GAP + label + GAP, sheet.width - totals - 2 * GAP)
        row = max(sheet.row(ROW_LOW), min(ROW_HIGH, (sheet.height - top - AXIS) / len(bars)))
        return cls(scale, label, top, row, len(bars))

    @property
    def bottom(self) -> float:
        return self.top + self.row * self.count

    def area(self, number: int, start: Decimal, end: Decimal) -> QRectF:
        middle = self.top + self.row * (number + 0.5)
        low, high = self.scale.at(start), self.scale.at(end)
        return QRectF(low, middle - self.row * 0.32, max(high - low, 1.5), self.row * 0.64)


def _bar(sheet: Sheet, plan: _Plan, number: int, bar: Bar, looks: dict[str, Look]) -> None:
    whole = plan.area(number, Decimal(0), bar.total)
    name = shortened(bar.name, sheet.metrics(), plan.label_width)
    sheet.words(name, QPointF(GAP, whole.center().y()))
    start = Decimal(0)
    for part in bar.parts:
        area = plan.area(number, start, start + part.amount).adjusted(0, 0, -1, 0)
        start += part.amount
        _part(sheet, area, part, looks[part.state])
    sheet.words(accounting(bar.total), QPointF(whole.right() + GAP, whole.center().y()))
    shares = [(part.state, accounting(part.amount)) for part in bar.parts]
    strip = QRectF(0, whole.top(), sheet.width, whole.height())
    sheet.sensitive(strip, hint(bar.name, *shares, ("total", accounting(bar.total)),
                                note=bar.note), bar.name)


def _part(sheet: Sheet, area: QRectF, part: Part, look: Look) -> None:
    colour = tone(sheet.tokens, look.colour)
    sheet.block(area, colour, look.pattern)
    solid = look.pattern is Pattern.SOLID
    ink = readable_on(colour, sheet.tokens) if solid else sheet.tokens.text
    metrics = sheet.metrics(sheet.small)
    for text in (f"{part.state} {compact(part.amount)}", compact(part.amount)):
        if metrics.horizontalAdvance(text) <= area.width() - 2 * GAP:
            sheet.words(text, area.center(), ink, sheet.small, "centre",
                        "" if solid else sheet.tokens.raised)
            return
