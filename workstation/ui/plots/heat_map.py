"""Offsets pair by pair, one block a kind of offset: the figure, and its state three ways.

State is told by colour, by hatch and by symbol; the key below says it in words.
"""

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
CELL_WIDE = (40.0, 104.0)
CELL_HIGH = (28.0, 56.0)
NAME_MOST, NAME_SHARE = 220.0, 0.34
HEAD_LINES = 3
UPRIGHT_MOST = 112.0
KEY = 26.0
SWATCH = 12.0
NO_PAIRS = "This design considered no pairs; the ledger lists what it did consider."
KEY_NOTE = {"granted": ": effect", "partial": ": effect", "denied": ": would save"}


@dataclass(frozen=True, slots=True)
class Cell:
    """The offset between a row and a column; negative amounts save margin.

    `mark` is the id it announces when it is clicked.
    """

    row: int
    column: int
    amount: Decimal
    status: str
    reason: str = ""
    would_save: Decimal = Decimal(0)
    mark: str = ""

    @property
    def figure(self) -> Decimal:
        """Return the number shown: the effect, or for a denied offset what it would save."""
        return self.would_save if self.status == "denied" else self.amount


@dataclass(frozen=True, slots=True)
class Block:
    """The pairs of one kind of offset: first legs as rows, second legs as columns."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]


def summary(blocks: Sequence[Block]) -> str:
    """Return the heat-map in one sentence."""
    states = [cell.status for block in blocks for cell in block.cells]
    counts = [f"{states.count(status)} {word}" for status, word in WORD_OF.items()
              if status in states]
    return f"Offsets between pairs: {', '.join(counts) or 'none'}."


def draw(sheet: Sheet, blocks: Sequence[Block], chosen: str = "") -> None:
    """Draw the blocks side by side where they fit, else below each other, and the key."""
    if not blocks:
        sheet.words(NO_PAIRS, QPointF(sheet.width / 2, sheet.height / 2), sheet.tokens.muted,
                    sheet.small, "centre")
        return
    x, y, lowest = GAP, GAP / 2, 0.0
    for block in blocks:
        plan = _Plan.of(sheet, block, is_only=len(blocks) == 1)
        if x > GAP and x + plan.size.width() > sheet.width - GAP:
            x, y = GAP, lowest + GAP
        _block(sheet, plan, QPointF(x, y), chosen)
        x += plan.size.width() + 3 * GAP
        lowest = max(lowest, y + plan.size.height())
    _key(sheet, lowest, {cell.status for block in blocks for cell in block.cells})


@dataclass(frozen=True, slots=True)
class _Plan:
    """How large the parts of a block are."""

    block: Block
    title: float
    head: float
    names: float
    wide: float
    high: float
    upright: bool

    @classmethod
    def of(cls, sheet: Sheet, block: Block, *, is_only: bool) -> _Plan:
        metrics = sheet.metrics(sheet.small)
        names = min(max(map(metrics.horizontalAdvance, block.rows)), NAME_MOST,
                    sheet.width * NAME_SHARE)
        room = sheet.width - names - 3 * GAP
        wide = min(CELL_WIDE[1], max(CELL_WIDE[0], room / len(block.columns)))
        longest = max(metrics.horizontalAdvance(word)
                      for label in block.columns for word in label.split() or [""])
        upright = longest > wide - 4
        head = (min(max(map(metrics.horizontalAdvance, block.columns)), UPRIGHT_MOST) if upright
                else metrics.height() * max(
                    len(wrapped(label, metrics, wide - 4, HEAD_LINES)) for label in block.columns))
        title = metrics.height() + GAP / 2
        high = CELL_HIGH[0]
        if is_only:
            rest = (sheet.height - title - head - KEY - 2 * GAP) / len(block.rows)
            high = min(CELL_HIGH[1], max(high, rest))
        return cls(block, title, head + GAP / 2, names + GAP, wide, high, upright)

    @property
    def size(self) -> QRectF:
        """Return width and height of the whole block."""
        return QRectF(0, 0, self.names + self.wide * len(self.block.columns),
                      self.title + self.head + self.high * len(self.block.rows))

    def area(self, at: QPointF, row: int, column: int) -> QRectF:
        return QRectF(at.x() + self.names + column * self.wide,
                      at.y() + self.title + self.head + row * self.high,
                      self.wide - 1, self.high - 1)


def _block(sheet: Sheet, plan: _Plan, at: QPointF, chosen: str) -> None:
    block = plan.block
    metrics = sheet.metrics(sheet.small)
    title = shortened(block.title, metrics, max(plan.size.width(), NAME_MOST))
    sheet.words(title, QPointF(at.x(), at.y() + metrics.height() / 2), sheet.tokens.muted,
                sheet.small)
    _grid(sheet, plan, at)
    for number, label in enumerate(block.rows):
        _row_name(sheet, plan, plan.area(at, number, 0), label)
    for number, label in enumerate(block.columns):
        _column_name(sheet, plan, plan.area(at, 0, number), label)
    for cell in block.cells:
        area = plan.area(at, cell.row, cell.column)
        _cell(sheet, plan, area, cell)
        if cell.mark and cell.mark == chosen:
            _frame(sheet, area)


def _grid(sheet: Sheet, plan: _Plan, at: QPointF) -> None:
    rows, columns = len(plan.block.rows), len(plan.block.columns)
    first, last = plan.area(at, 0, 0), plan.area(at, rows - 1, columns - 1)
    sheet.block(QRectF(first.topLeft(), last.bottomRight()), sheet.tokens.surface)
    for number in range(columns + 1):
        x = first.left() + number * plan.wide - 0.5
        sheet.line(QPointF(x, first.top()), QPointF(x, last.bottom()), sheet.tokens.grid)
    for number in range(rows + 1):
        y = first.top() + number * plan.high - 0.5
        sheet.line(QPointF(first.left(), y), QPointF(last.right(), y), sheet.tokens.grid)


def _row_name(sheet: Sheet, plan: _Plan, beside: QRectF, label: str) -> None:
    metrics = sheet.metrics(sheet.small)
    most = 2 if plan.high >= 2 * metrics.height() - 2 else 1
    lines = wrapped(label, metrics, plan.names - GAP, most)
    middle = beside.center().y() - metrics.height() * (len(lines) - 1) / 2
    for step, line in enumerate(lines):
        sheet.words(line, QPointF(beside.left() - GAP, middle + step * metrics.height()),
                    font=sheet.small, align="right")


def _column_name(sheet: Sheet, plan: _Plan, below: QRectF, label: str) -> None:
    metrics = sheet.metrics(sheet.small)
    foot = below.top() - GAP / 2
    if plan.upright:
        text = shortened(label, metrics, UPRIGHT_MOST)
        sheet.upright(text, QPointF(below.center().x(), foot), sheet.small)
        return
    lines = wrapped(label, metrics, plan.wide - 4, HEAD_LINES)
    first = foot - metrics.height() * (len(lines) - 0.5)
    for step, line in enumerate(lines):
        sheet.words(line, QPointF(below.center().x(), first + step * metrics.height()),
                    font=sheet.small, align="centre")


def _cell(sheet: Sheet, plan: _Plan, area: QRectF, cell: Cell) -> None:
    colour = tone(sheet.tokens, cell.status)
    pattern = PATTERN_OF.get(cell.status, Pattern.OUTLINE)
    title = f"{plan.block.rows[cell.row]} / {plan.block.columns[cell.column]}"
    sheet.block(area, colour, pattern)
    solid = pattern is Pattern.SOLID
    sheet.words(_figure(sheet, area, cell), area.center(),
                readable_on(colour, sheet.tokens) if solid else "",
                sheet.small, "centre", "" if solid else sheet.tokens.raised)
    sheet.sensitive(area, hint(title, ("decision", WORD_OF.get(cell.status, cell.status)),
                               ("effect", accounting(cell.amount)),
                               ("denied part would save", accounting(cell.would_save)),
                               note=cell.reason), cell.mark)


def _figure(sheet: Sheet, area: QRectF, cell: Cell) -> str:
    """Return symbol and number where both fit, else the symbol alone; numbers are never cut."""
    symbol = SYMBOL_OF.get(cell.status, "")
    metrics = sheet.metrics(sheet.small)
    texts = (f"{symbol} {accounting(cell.figure)}", f"{symbol} {compact(cell.figure)}")
    fitting = (text for text in texts if metrics.horizontalAdvance(text) <= area.width() - 8)
    return next(fitting, symbol)


def _frame(sheet: Sheet, area: QRectF) -> None:
    corners = (area.topLeft(), area.topRight(), area.bottomRight(), area.bottomLeft())
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        sheet.line(start, end, sheet.tokens.text, 2.0)


def _key(sheet: Sheet, top: float, states: set[str]) -> None:
    metrics = sheet.metrics(sheet.small)
    x, y = GAP, top + GAP + SWATCH / 2
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
    sheet.used = max(sheet.used, y + SWATCH / 2 + GAP / 2)
