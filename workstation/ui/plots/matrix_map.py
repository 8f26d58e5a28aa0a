"""A matrix of figures as tinted cells: strength by shade, the figure always written.

What stands out is also hatched, so that it is told without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import Pattern, hint, shortened, tint, tone, wrapped

GAP = 8.0
NAME_SHARE = 0.26
HEAD = 34.0
CELL_WIDE, CELL_HIGH = (44.0, 130.0), (22.0, 44.0)
PALEST, DEEPEST = 0.06, 0.5


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: its text, how strong it is from 0 to 1, and what it says under the pointer."""

    text: str
    strength: float
    note: str = ""
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows and columns with their names, and a figure (or None) in every cell."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Figure | None, ...], ...]
    across: str
    down: str
    key: str
    colour: str = "denied"


def summary(matrix: Matrix) -> str:
    """Return the matrix in one sentence."""
    found = [(f.strength, f"{row} on {column}: {f.text}")
             for row, line in zip(matrix.rows, matrix.cells, strict=True)
             for column, f in zip(matrix.columns, line, strict=True) if f is not None]
    strongest = "; ".join(text for _, text in sorted(found, reverse=True)[:3])
    return f"{matrix.down} by {matrix.across}. {strongest or 'No figures'}."


def draw(sheet: Sheet, matrix: Matrix) -> None:
    """Draw names, cells and the key below."""
    metrics = sheet.metrics()
    names = min(max(map(metrics.horizontalAdvance, matrix.rows), default=0.0) + GAP,
                sheet.width * NAME_SHARE)
    wide = _within((sheet.width - names - 3 * GAP) / max(1, len(matrix.columns)), CELL_WIDE)
    high = _within((sheet.height - 2 * HEAD - GAP) / max(1, len(matrix.rows)), CELL_HIGH)
    sheet.words(matrix.across, QPointF(names + 2 * GAP, GAP), sheet.tokens.muted, sheet.small)
    for c, name in enumerate(matrix.columns):
        middle = names + 2 * GAP + (c + 0.5) * wide
        lines = wrapped(name, sheet.metrics(sheet.small), wide - 4, 1)
        sheet.words(lines[0], QPointF(middle, HEAD - 8), sheet.tokens.muted, sheet.small, "centre")
    for r, (name, line) in enumerate(zip(matrix.rows, matrix.cells, strict=True)):
        top = HEAD + r * high
        sheet.words(shortened(name, metrics, names), QPointF(GAP, top + high / 2))
        for c, figure in enumerate(line):
            if figure is not None:
                area = QRectF(names + 2 * GAP + c * wide, top, wide - 2, high - 2)
                _cell(sheet, area, figure, matrix, f"{name}, {matrix.columns[c]}")
    bottom = HEAD + len(matrix.rows) * high + GAP + 6
    sheet.words(matrix.key, QPointF(GAP, bottom), sheet.tokens.muted, sheet.small)


def _cell(sheet: Sheet, area: QRectF, figure: Figure, matrix: Matrix, title: str) -> None:
    colour = tone(sheet.tokens, matrix.colour)
    share = PALEST + (DEEPEST - PALEST) * min(max(figure.strength, 0.0), 1.0)
    sheet.block(area, tint(colour, sheet.tokens, share))
    if figure.marked:
        sheet.block(area, colour, Pattern.DIAGONAL)
    sheet.words(figure.text, area.center(), sheet.tokens.text, sheet.small, "centre",
                sheet.tokens.raised if figure.marked else "")
    sheet.sensitive(area, hint(title, (matrix.down, figure.text), note=figure.note))


def _within(value: float, limits: Sequence[float]) -> float:
    return min(max(value, limits[0]), limits[1])
