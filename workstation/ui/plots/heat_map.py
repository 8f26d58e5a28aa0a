"""Offsets between every two groups: the figure, and its state by colour, hatch and symbol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF

from workstation.base.money import accounting
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import (
    PATTERN_OF,
    SYMBOL_OF,
    WORD_OF,
    Pattern,
    compact,
    hint,
    readable_on,
    shortened,
    tone,
    wrapped,
)

GAP = 8.0
CELL_WIDE, CELL_HIGH = (28.0, 132.0), (26.0, 56.0)
LABEL_SHARE = 0.30
UPRIGHT_MOST = 112.0
KEY = 26.0
NUMBER_FROM = 36.0
NO_PAIRS = "This design considered no pairs; the ledger lists what it did consider."
KEY_NOTE = {"granted": ": effect", "partial": ": effect", "denied": ": would save"}
SWATCH = 12.0


@dataclass(frozen=True, slots=True)
class Cell:
    """The offset between two groups; negative amounts save margin."""

    row: int
    column: int
    amount: Decimal
    status: str
    reason: str = ""
    would_save: Decimal = Decimal(0)

    @property
    def mark(self) -> str:
        """Return the id the cell announces when it is clicked."""
        return f"{self.row}|{self.column}"

    @property
    def figure(self) -> Decimal:
        """Return the number shown: the effect, or for a denied offset what it would save."""
        return self.would_save if self.status == "denied" else self.amount


def summary(labels: Sequence[str], cells: Sequence[Cell]) -> str:
    """Return the heat-map in one sentence."""
    counts = [f"{sum(cell.status == status for cell in cells)} {word}"
              for status, word in WORD_OF.items()]
    return f"Offsets between {len(labels)} groups: {', '.join(counts)}."


def draw(sheet: Sheet, labels: Sequence[str], cells: Sequence[Cell], chosen: str = "") -> None:
    """Draw one cell a pair, groups named left and above, and the key of states below."""
    if not labels:
        sheet.words(NO_PAIRS, QPointF(sheet.width / 2, sheet.height / 2), sheet.tokens.muted,
                    align="centre")
        return
    plan = _Plan.of(sheet, labels)
    _grid(sheet, plan)
    for number, label in enumerate(labels):
        _row_name(sheet, plan, number, label)
        _column_name(sheet, plan, number, label)
    for cell in cells:
        _cell(sheet, plan, cell, labels, cell.mark == chosen)
    _key(sheet, plan, {cell.status for cell in cells})


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where rows and columns stand."""

    left: float
    top: float
    wide: float
    high: float
    count: int
    upright: bool

    @classmethod
    def of(cls, sheet: Sheet, labels: Sequence[str]) -> _Plan:
        metrics = sheet.metrics(sheet.small)
        widest = max(metrics.horizontalAdvance(label) for label in labels)
        left = GAP + min(widest, sheet.width * LABEL_SHARE) + GAP
        wide = _between((sheet.width - left - GAP) / len(labels), CELL_WIDE)
        longest = max(metrics.horizontalAdvance(word) for label in labels
                      for word in label.split() or [""])
        upright = longest > wide - 4
        top = GAP + (min(widest, UPRIGHT_MOST) if upright else 2 * metrics.height()) + GAP / 2
        high = _between((sheet.height - top - KEY) / len(labels), CELL_HIGH)
        return cls(left, top, wide, high, len(labels), upright)

    def area(self, row: int, column: int) -> QRectF:
        return QRectF(self.left + column * self.wide, self.top + row * self.high,
                      self.wide - 1, self.high - 1)


def _grid(sheet: Sheet, plan: _Plan) -> None:
    first, last = plan.area(0, 0), plan.area(plan.count - 1, plan.count - 1)
    sheet.block(QRectF(first.topLeft(), last.bottomRight()), sheet.tokens.surface)
    for number in range(plan.count + 1):
        x, y = first.left() + number * plan.wide - 0.5, first.top() + number * plan.high - 0.5
        sheet.line(QPointF(x, first.top()), QPointF(x, last.bottom()), sheet.tokens.grid)
        sheet.line(QPointF(first.left(), y), QPointF(last.right(), y), sheet.tokens.grid)


def _between(value: float, ends: tuple[float, float]) -> float:
    return min(ends[1], max(ends[0], value))


def _row_name(sheet: Sheet, plan: _Plan, number: int, label: str) -> None:
    metrics = sheet.metrics(sheet.small)
    lines = wrapped(label, metrics, plan.left - 2 * GAP, 2)
    middle = plan.area(number, 0).center().y() - metrics.height() * (len(lines) - 1) / 2
    for step, line in enumerate(lines):
        sheet.words(line, QPointF(plan.left - GAP, middle + step * metrics.height()),
                    font=sheet.small, align="right")


def _column_name(sheet: Sheet, plan: _Plan, number: int, label: str) -> None:
    metrics = sheet.metrics(sheet.small)
    x = plan.area(0, number).center().x()
    if plan.upright:
        text = shortened(label, metrics, UPRIGHT_MOST)
        sheet.upright(text, QPointF(x, plan.top - GAP / 2), sheet.small)
        return
    lines = wrapped(label, metrics, plan.wide - 4, 2)
    first = plan.top - GAP / 2 - metrics.height() * (len(lines) - 0.5)
    for step, line in enumerate(lines):
        sheet.words(line, QPointF(x, first + step * metrics.height()), font=sheet.small,
                    align="centre")


def _cell(sheet: Sheet, plan: _Plan, cell: Cell, labels: Sequence[str], is_chosen: bool) -> None:
    area = plan.area(cell.row, cell.column)
    colour = tone(sheet.tokens, cell.status)
    pattern = PATTERN_OF.get(cell.status, Pattern.OUTLINE)
    title = f"{labels[cell.row]} / {labels[cell.column]}"
    sheet.block(area, colour, pattern)
    solid = pattern is Pattern.SOLID
    text = _figure(sheet, plan, cell)
    sheet.words(text, area.center(), readable_on(colour, sheet.tokens) if solid else "",
                sheet.small, "centre", "" if solid else sheet.tokens.raised)
    if is_chosen:
        _frame(sheet, area)
    sheet.sensitive(area, hint(title, ("decision", WORD_OF.get(cell.status, cell.status)),
                               ("effect", accounting(cell.amount)),
                               ("denied part would save", accounting(cell.would_save)),
                               note=cell.reason), cell.mark)


def _figure(sheet: Sheet, plan: _Plan, cell: Cell) -> str:
    """Return symbol and number where both fit, else the number, else the symbol alone."""
    symbol = SYMBOL_OF.get(cell.status, "")
    if min(plan.wide, plan.high * 1.5) < NUMBER_FROM:
        return symbol
    metrics = sheet.metrics(sheet.small)
    texts = (f"{symbol} {accounting(cell.figure)}", f"{symbol} {compact(cell.figure)}")
    fitting = (text for text in texts if metrics.horizontalAdvance(text) <= plan.wide - 8)
    return next(fitting, symbol)


def _frame(sheet: Sheet, area: QRectF) -> None:
    corners = (area.topLeft(), area.topRight(), area.bottomRight(), area.bottomLeft())
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        sheet.line(start, end, sheet.tokens.text, 2.0)


def _key(sheet: Sheet, plan: _Plan, states: set[str]) -> None:
    x, y = GAP, plan.top + plan.count * plan.high + KEY / 2
    metrics = sheet.metrics(sheet.small)
    for status, word in WORD_OF.items():
        if status not in states:
            continue
        text = f"{SYMBOL_OF[status]} {word}{KEY_NOTE.get(status, '')}"
        wide = SWATCH + 4 + metrics.horizontalAdvance(text)
        if x > GAP and x + wide > sheet.width - GAP:
            x, y = GAP, y + KEY * 0.8
        swatch = QRectF(x, y - SWATCH / 2, SWATCH, SWATCH)
        sheet.block(swatch, tone(sheet.tokens, status), PATTERN_OF[status])
        sheet.words(text, QPointF(swatch.right() + 4, y), sheet.tokens.muted, sheet.small)
        x += wide + 2 * GAP
    sheet.used = max(sheet.used, y + KEY / 2)
