"""How many times the shock until something happens: one scale, one mark an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt

from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import Pattern, hint, shortened

GAP, ROW, TOP = 10.0, 30.0, 34.0
NAME_SHARE = 0.34
BAR = 10.0
ONE = 1.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One event and the multiple of the shock from which it happens, None beyond the search."""

    event: str
    multiple: float | None


def summary(marks: Sequence[Mark], most: float) -> str:
    """Return the gauge in one sentence."""
    return "; ".join(f"{m.event} {_said(m, most)}" for m in marks) + "."


def _said(mark: Mark, most: float) -> str:
    if mark.multiple is None:
        return f"not up to {most:g} x"
    return "already before the shock" if mark.multiple == 0 else f"from {mark.multiple:.2f} x"


def draw(sheet: Sheet, marks: Sequence[Mark], most: float) -> None:
    """Draw a row an event: safe up to its mark, hatched beyond, with the shock itself at one."""
    left = min(max(map(sheet.metrics().horizontalAdvance, (m.event for m in marks)), default=0.0)
               + 2 * GAP, sheet.width * NAME_SHARE)
    said = max((sheet.metrics(sheet.small).horizontalAdvance(_said(m, most)) for m in marks),
               default=0.0)
    wide = max(80.0, sheet.width - left - said - 3 * GAP)
    bottom = TOP + ROW * len(marks)
    for n in range(int(most) + 1):
        x = left + wide * n / most
        sheet.line(QPointF(x, TOP - 6), QPointF(x, bottom), sheet.tokens.grid)
        sheet.words(f"{n} x", QPointF(x, TOP - 16), sheet.tokens.muted, sheet.small, "centre")
    for n, mark in enumerate(marks):
        _row(sheet, mark, QRectF(left, TOP + ROW * n, wide, ROW), most)
    x = left + wide * ONE / most
    sheet.line(QPointF(x, TOP - 6), QPointF(x, bottom), sheet.tokens.accent, 2.0,
               Qt.PenStyle.DashLine)
    sheet.words("this shock", QPointF(x, bottom + 12), sheet.tokens.accent, sheet.small, "centre")


def _row(sheet: Sheet, mark: Mark, area: QRectF, most: float) -> None:
    middle = area.center().y()
    at = most if mark.multiple is None else min(mark.multiple, most)
    edge = area.left() + area.width() * at / most
    safe = QRectF(area.left(), middle - BAR / 2, edge - area.left(), BAR)
    beyond = QRectF(edge, middle - BAR / 2, area.right() - edge, BAR)
    under = mark.multiple is not None and mark.multiple <= ONE
    if safe.width() > 0:
        sheet.block(safe, sheet.tokens.granted)
    if beyond.width() > 0:
        sheet.block(beyond, sheet.tokens.denied if under else sheet.tokens.partial,
                    Pattern.CROSS if under else Pattern.DIAGONAL)
    name = shortened(mark.event, sheet.metrics(), area.left() - 2 * GAP)
    sheet.words(name, QPointF(GAP, middle))
    sheet.words(_said(mark, most), QPointF(area.right() + GAP, middle),
                sheet.tokens.denied if under else sheet.tokens.muted, sheet.small)
    sheet.sensitive(QRectF(0, area.top(), sheet.width, area.height()),
                    hint(mark.event, ("happens", _said(mark, most))))
