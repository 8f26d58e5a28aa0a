"""Holdings as bars from zero: above it to the right, below it to the left, figures beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF

from workstation.base.money import accounting
from workstation.ui.plots.scale import Scale
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import Pattern, compact, hint, shortened, tone

GAP = 8.0
ROW_LOW, ROW_HIGH = 24.0, 40.0
NAME_SHARE, NAME_MOST = 0.26, 240.0
PLACE_SHARE, PLACE_MOST = 0.28, 300.0
HEAD, AXIS = 22.0, 22.0


@dataclass(frozen=True, slots=True)
class Heads:
    """What the bars, the figures and the places beside them are, and what their sum is."""

    amount: str = "Exposure"
    margin: str = "Margin alone"
    place: str = "Legal location"
    net: str = "Net"


EXPOSURE = Heads()


@dataclass(frozen=True, slots=True)
class Bar:
    """One holding: what it is, its silo, its exposure, and the margin it asks for by itself."""

    name: str
    silo: str
    amount: Decimal
    margin: str
    place: str
    mark: str
    note: str = ""


def summary(root: str, bars: Sequence[Bar], currency: str) -> str:
    """Return the bars in one sentence."""
    lines = "; ".join(f"{bar.name} {accounting(bar.amount)}" for bar in bars)
    return f"Exposure to {root} in {currency}: {lines}."


def draw(sheet: Sheet, bars: Sequence[Bar], currency: str, heads: Heads = EXPOSURE) -> None:
    """Draw a bar for each holding and one for the sum."""
    plan = _Plan.of(sheet, bars, heads)
    _heads(sheet, plan, currency, heads)
    for x, text in plan.scale.ticks(sheet.metrics(sheet.small)):
        sheet.line(QPointF(x, plan.top), QPointF(x, plan.bottom), sheet.tokens.grid)
        sheet.words(text, QPointF(x, plan.bottom + AXIS / 2), sheet.tokens.muted, sheet.small,
                    "centre")
    for number, bar in enumerate(bars):
        _bar(sheet, plan, number, bar, heads)
    _net(sheet, plan, sum((bar.amount for bar in bars), Decimal(0)), heads.net)
    zero = plan.scale.at(0)
    sheet.line(QPointF(zero, plan.top), QPointF(zero, plan.bottom), sheet.tokens.text, 1.4)
    sheet.used = max(sheet.used, plan.bottom + AXIS)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where rows, names, bars, margins and places stand."""

    top: float
    high: float
    rows: int
    names: float
    margin: float
    place: float
    right: float
    scale: Scale

    @classmethod
    def of(cls, sheet: Sheet, bars: Sequence[Bar], heads: Heads) -> _Plan:
        rows = len(bars) + 1
        high = max(sheet.row(ROW_LOW), min(ROW_HIGH, (sheet.height - HEAD - AXIS - GAP) / rows))
        metrics = sheet.metrics(sheet.small)
        names = min(max(map(sheet.metrics().horizontalAdvance, (b.name for b in bars))),
                    NAME_MOST, sheet.width * NAME_SHARE) + GAP
        margins = max(metrics.horizontalAdvance(bar.margin) for bar in bars)
        margins = max(margins, metrics.horizontalAdvance(heads.margin)) + GAP
        place = min(PLACE_MOST, sheet.width * PLACE_SHARE)
        right = sheet.width - GAP - place
        amounts = [bar.amount for bar in bars] + [Decimal(0), sum((b.amount for b in bars),
                                                                  Decimal(0))]
        label = max(metrics.horizontalAdvance(compact(a)) for a in amounts) + GAP
        left = GAP + names
        scale = Scale.over(min(amounts), max(amounts), left + label, right - margins - label)
        return cls(HEAD, high, rows, names, right, right + GAP, sheet.width - GAP, scale)

    @property
    def bottom(self) -> float:
        """Return where the rows end."""
        return self.top + self.high * self.rows

    def middle(self, number: int) -> float:
        """Return the height of a row's middle."""
        return self.top + self.high * (number + 0.5)


def _heads(sheet: Sheet, plan: _Plan, currency: str, heads: Heads) -> None:
    for text, x, align in ((f"{heads.amount}, {currency}", plan.scale.at(0), "centre"),
                           (heads.margin, plan.margin, "right"),
                           (heads.place, plan.place, "left")):
        sheet.words(text, QPointF(x, HEAD / 2), sheet.tokens.muted, sheet.small, align)


def _bar(sheet: Sheet, plan: _Plan, number: int, bar: Bar, heads: Heads) -> None:
    y = plan.middle(number)
    name = shortened(bar.name, sheet.metrics(), plan.names - GAP)
    sheet.words(name, QPointF(GAP, y))
    _block(sheet, plan, y, bar.amount, tone(sheet.tokens, bar.silo), Pattern.SOLID)
    sheet.words(bar.margin, QPointF(plan.margin, y), font=sheet.small, align="right")
    place = shortened(bar.place, sheet.metrics(sheet.small), plan.right - plan.place)
    sheet.words(place, QPointF(plan.place, y), sheet.tokens.muted, sheet.small)
    area = QRectF(0, y - plan.high / 2, plan.right, plan.high)
    sheet.sensitive(area, hint(bar.name, (heads.amount.lower(), accounting(bar.amount)),
                               (heads.margin.lower(), bar.margin), ("silo", bar.silo),
                               (heads.place.lower(), bar.place), note=bar.note), bar.mark)


def _net(sheet: Sheet, plan: _Plan, amount: Decimal, name: str) -> None:
    """Draw what would be left if everything offset."""
    y = plan.middle(plan.rows - 1)
    start = QPointF(GAP, y - plan.high / 2)
    sheet.line(start, QPointF(plan.right, start.y()), sheet.tokens.line)
    sheet.words(name, QPointF(GAP, y), font=sheet.heavy)
    _block(sheet, plan, y, amount, sheet.tokens.text, Pattern.OUTLINE)


def _block(sheet: Sheet, plan: _Plan, y: float, amount: Decimal, colour: str, pattern: Pattern
           ) -> None:
    zero, end = plan.scale.at(0), plan.scale.at(amount)
    thick = plan.high * 0.5
    area = QRectF(min(zero, end), y - thick / 2, max(1.0, abs(end - zero)), thick)
    sheet.block(area, colour, pattern)
    is_short = amount < 0
    sheet.words(compact(amount), QPointF(end - GAP / 2 if is_short else end + GAP / 2, y),
                font=sheet.small, align="right" if is_short else "left")
