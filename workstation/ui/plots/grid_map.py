"""Amounts by row and column as a heat-map: losses and gains by shade and by parentheses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import compact, hint, readable_on, shortened
from workstation.ui.tokens import Tokens, mixed

GAP, TOP, KEY = 8.0, 28.0, 22.0
WIDE, HIGH = (34.0, 92.0), (22.0, 44.0)
PRINTED_FROM = 36.0
NAMES_SHARE = 0.26
SHADES = {"light": ("#B35806", "#542788"), "dark": ("#E08214", "#8073AC")}
"""The ends of PuOr: negative orange, positive purple, zero the panel's own ground."""
PALEST, DEEPEST = 0.10, 0.85


@dataclass(frozen=True, slots=True)
class GridMap:
    """Amounts by place in `rows` and `columns`; a place without one is left blank."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    amounts: Mapping[tuple[str, str], float]
    write: Callable[[float], str]
    title: str = ""
    unit: str = ""

    @property
    def largest(self) -> float:
        """Return the largest amount, whatever its sign."""
        return max(map(abs, self.amounts.values()), default=0.0)


def summary(shown: GridMap) -> str:
    """Return the heat-map in one sentence."""
    if not shown.amounts:
        return "No amounts."
    place = max(shown.amounts, key=lambda p: abs(shown.amounts[p]))
    return (f"{shown.title}: {len(shown.amounts)} cells, the largest {place[0]} {place[1]} with "
            f"{shown.write(shown.amounts[place])} {shown.unit}.")


def shade(amount: float, largest: float, tokens: Tokens) -> str:
    """Return the ground of a cell: deeper as the amount nears the largest."""
    if not largest or not amount:
        return tokens.raised
    low, high = SHADES[tokens.name]
    share = PALEST + (DEEPEST - PALEST) * min(1.0, abs(amount) / largest)
    return mixed(high if amount > 0 else low, tokens.raised, share)


def draw(sheet: Sheet, shown: GridMap) -> None:
    """Draw heads, cells and the key; every cell says its amount under the pointer."""
    sheet.words(shortened(shown.title, sheet.metrics(), sheet.width - 2 * GAP),
                QPointF(GAP, TOP / 2))
    plan = _Plan.of(sheet, shown)
    _heads(sheet, plan, shown)
    for number, row in enumerate(shown.rows):
        for place, column in enumerate(shown.columns):
            amount = shown.amounts.get((row, column))
            if amount is not None:
                _cell(sheet, plan.area(number, place), shown, (row, column), amount)
    _key(sheet, plan, shown)


@dataclass(frozen=True, slots=True)
class _Plan:
    left: float
    top: float
    wide: float
    high: float

    @classmethod
    def of(cls, sheet: Sheet, shown: GridMap) -> _Plan:
        metrics = sheet.metrics(sheet.small)
        names = min(max((metrics.horizontalAdvance(r) for r in shown.rows), default=0.0),
                    sheet.width * NAMES_SHARE) + GAP
        top = TOP + metrics.height() + 4
        room = sheet.width - names - 3 * GAP
        high = (sheet.height - top - KEY - GAP) / max(1, len(shown.rows))
        return cls(GAP + names, top, min(WIDE[1], max(WIDE[0], room / max(1, len(shown.columns)))),
                   min(HIGH[1], max(HIGH[0], high)))

    def area(self, row: int, column: int) -> QRectF:
        return QRectF(self.left + column * self.wide, self.top + row * self.high,
                      self.wide - 1, self.high - 1)


def _heads(sheet: Sheet, plan: _Plan, shown: GridMap) -> None:
    metrics = sheet.metrics(sheet.small)
    for number, text in enumerate(shown.columns):
        x = plan.left + (number + 0.5) * plan.wide
        sheet.words(shortened(text, metrics, plan.wide - 2),
                    QPointF(x, plan.top - metrics.height() / 2 - 2), sheet.tokens.muted,
                    sheet.small, "centre")
    for number, text in enumerate(shown.rows):
        y = plan.top + (number + 0.5) * plan.high
        sheet.words(shortened(text, metrics, plan.left - 2 * GAP), QPointF(plan.left - GAP, y),
                    font=sheet.small, align="right")


def _cell(sheet: Sheet, area: QRectF, shown: GridMap, place: tuple[str, str], amount: float
          ) -> None:
    metrics = sheet.metrics(sheet.small)
    ground = shade(amount, shown.largest, sheet.tokens)
    sheet.block(area, ground)
    fits = (text for text in (shown.write(amount), compact(amount))
            if metrics.horizontalAdvance(text) <= area.width() - 4)
    text = next(fits, "") if area.width() >= PRINTED_FROM else ""
    if text:
        sheet.words(text, area.center(), readable_on(ground, sheet.tokens), sheet.small, "centre")
    sheet.sensitive(area, hint(" ".join(place), (shown.unit, shown.write(amount))))


def _key(sheet: Sheet, plan: _Plan, shown: GridMap) -> None:
    """Say what the shades mean, in words."""
    y, x = plan.top + plan.high * len(shown.rows) + GAP / 2 + KEY / 2, plan.left
    for word, amount in (("negative", -shown.largest), ("positive", shown.largest)):
        sheet.block(QRectF(x, y - 6, 12, 12), shade(amount, shown.largest, sheet.tokens))
        area = sheet.words(f"{word}, up to {shown.write(shown.largest)} {shown.unit}",
                           QPointF(x + 16, y), sheet.tokens.muted, sheet.small)
        x = area.right() + 2 * GAP
    sheet.used = max(sheet.used, y + KEY / 2)
