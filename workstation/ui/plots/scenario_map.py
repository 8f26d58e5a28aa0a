"""A venue's scenarios: price moves across, states of volatility down, the worst cell framed.

Losses and gains are told by colour and by parentheses; the binding cell by a frame and a symbol.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from workstation.base.money import accounting
from workstation.measures.venue_detail import ScenarioCell, ScenarioMatrix
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import compact, hint, readable_on, shortened
from workstation.ui.tokens import mixed

GAP = 8.0
CELL_WIDE = (46.0, 92.0)
CELL_HIGH = (26.0, 44.0)
NAME_SHARE = 0.24
DEEPEST = 0.75
FRAME = 2.0
BINDING = "▸"
KEY = "▸ fixes the margin   (…) loss   click a cell for its legs"
NOTHING = "No venue of this client margins by scenarios."
SMALL, LARGE = 10.0, 1000.0


def figure(amount: float) -> str:
    """Write a result with three decimals below 10, one below 1,000, none above; nothing as 0."""
    size = abs(amount)
    if size == 0:
        return "0"
    if size >= LARGE:
        return accounting(amount)
    return accounting(amount, 1) if size >= SMALL else accounting(amount, 3)


def summary(matrix: ScenarioMatrix | None) -> str:
    """Return the matrix in one sentence."""
    if matrix is None or matrix.binding is None:
        return NOTHING if matrix is None else "No scenario binds; another charge is larger."
    worst = matrix.cells[matrix.binding]
    return (f"Worst of {len(matrix.cells)} scenarios {matrix.portfolio}: {_name(worst)}, "
            f"{figure(worst.profit)} {matrix.currency}.")


@dataclass(frozen=True, slots=True)
class _Plan:
    names: float
    head: float
    wide: float
    high: float

    def area(self, row: int, column: int) -> QRectF:
        return QRectF(GAP + self.names + column * self.wide, self.head + row * self.high,
                      self.wide - 1, self.high - 1)


def draw(sheet: Sheet, matrix: ScenarioMatrix | None, chosen: str = "") -> None:
    """Draw the matrix; every cell announces its place when clicked."""
    if matrix is None:
        sheet.words(NOTHING, QPointF(sheet.width / 2, sheet.height / 2), sheet.tokens.muted,
                    sheet.small, "centre")
        return
    plan, moves, states = _plan(sheet, matrix), matrix.moves, matrix.states
    _names(sheet, plan, matrix)
    deepest = max((abs(cell.profit) for cell in matrix.cells), default=0.0)
    for row, state in enumerate(states):
        for column, move in enumerate(moves):
            place = matrix.at(move, state)
            if place is not None:
                _cell(sheet, plan.area(row, column), matrix, place, deepest)
    for place in (matrix.binding, int(chosen) if chosen.isdigit() else None):
        if place is not None and place < len(matrix.cells):
            cell = matrix.cells[place]
            _frame(sheet, plan.area(states.index(cell.state), moves.index(cell.move)),
                   sheet.tokens.text if place == matrix.binding else sheet.tokens.accent)
    foot = plan.head + plan.high * len(states) + 1.5 * GAP
    sheet.words(f"{KEY}   in {matrix.currency}", QPointF(GAP, foot), sheet.tokens.muted,
                sheet.small)


def _plan(sheet: Sheet, matrix: ScenarioMatrix) -> _Plan:
    metrics = sheet.metrics(sheet.small)
    names = min(max(map(metrics.horizontalAdvance, matrix.states)), sheet.width * NAME_SHARE) + GAP
    room = (sheet.width - names - 2 * GAP) / len(matrix.moves)
    head = 2 * metrics.height() + GAP
    rest = (sheet.height - head - 4 * GAP) / len(matrix.states)
    return _Plan(names, head, min(CELL_WIDE[1], max(CELL_WIDE[0], room)),
                 min(CELL_HIGH[1], max(CELL_HIGH[0], rest)))


def _names(sheet: Sheet, plan: _Plan, matrix: ScenarioMatrix) -> None:
    metrics = sheet.metrics(sheet.small)
    sheet.words("price move", QPointF(GAP, metrics.height() / 2 + 2), sheet.tokens.muted,
                sheet.small)
    for column, move in enumerate(matrix.moves):
        area = plan.area(0, column)
        sheet.words(f"{move * 100:+.4g} %", QPointF(area.center().x(), area.top() - GAP),
                    sheet.tokens.muted, sheet.small, "centre")
    for row, state in enumerate(matrix.states):
        area = plan.area(row, 0)
        sheet.words(shortened(state, metrics, plan.names - GAP),
                    QPointF(area.left() - GAP, area.center().y()), font=sheet.small,
                    align="right")


def _cell(sheet: Sheet, area: QRectF, matrix: ScenarioMatrix, place: int, deepest: float) -> None:
    cell = matrix.cells[place]
    share = DEEPEST * abs(cell.profit) / deepest if deepest else 0.0
    ink = sheet.tokens.denied if cell.profit < 0 else sheet.tokens.granted
    ground = mixed(ink, sheet.tokens.raised, share)
    sheet.block(area, ground)
    text = _fitting(sheet, cell.profit, BINDING if place == matrix.binding else "", area.width())
    sheet.words(text, area.center(), readable_on(ground, sheet.tokens), sheet.small, "centre")
    rows = [(name, figure(profit)) for name, profit in cell.legs[:8]]
    sheet.sensitive(area, hint(_name(cell), ("result", f"{figure(cell.profit)} "
                                             f"{matrix.currency}"), *rows, note=cell.counted),
                    str(place))


def _fitting(sheet: Sheet, profit: float, mark: str, room: float) -> str:
    """Return a result with its mark as full as the cell allows; the frame marks it as well."""
    short = compact(profit) if abs(profit) >= LARGE else figure(profit)
    metrics = sheet.metrics(sheet.small)
    fits = (text for text in (f"{mark} {figure(profit)}".strip(), f"{mark} {short}".strip())
            if metrics.horizontalAdvance(text) <= room - 4)
    return next(fits, short)


def _frame(sheet: Sheet, area: QRectF, colour: str) -> None:
    corners = (area.topLeft(), area.topRight(), area.bottomRight(), area.bottomLeft())
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        sheet.line(start, end, colour, FRAME)


def _name(cell: ScenarioCell) -> str:
    return f"price {cell.move * 100:+.4g} %, {cell.state}"
