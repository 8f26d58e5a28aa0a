"""Published margin of one contract over time: a stair of levels, every jump marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainterPath, QPen

from workstation.base.axes import round_step
from workstation.base.money import accounting
from workstation.rulebooks.span.margin_history import MarginJump, MarginReplay
from workstation.ui.plots.scale import Scale
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import compact, hint, shortened

TOP, FOOT, GAP, LEFT = 26.0, 26.0, 8.0, 64.0
PER_MARK, MARK, LARGEST = 50.0, 5.0, 11.0


@dataclass(frozen=True, slots=True)
class _Plan:
    area: QRectF
    days: Scale
    up: Scale

    def at(self, day: date, margin: float) -> QPointF:
        return QPointF(self.days.at(day.toordinal()), self.up.at(margin))


def summary(found: MarginReplay) -> str:
    """Return the chart in one sentence."""
    largest = found.largest_jump
    rise = "it never rose" if largest is None else (
        f"largest rise {largest.ratio - 1:.0%} on {largest.on}")
    return (f"{found.symbol}: {len(found.jumps)} changes, {accounting(found.trough)} at the lowest "
            f"and {accounting(found.peak)} at the highest ({found.peak_to_trough:.2f} times); "
            f"{rise}.")


def draw(sheet: Sheet, found: MarginReplay) -> None:
    """Draw axes, the stair of margins, and a mark on every change with its words."""
    area = QRectF(LEFT, TOP, max(60.0, sheet.width - LEFT - 2 * GAP),
                  max(40.0, sheet.height - TOP - FOOT))
    plan = _Plan(area, Scale.over(found.first.toordinal(), found.last.toordinal(), area.left(),
                                  area.right()),
                 Scale(0.0, float(found.peak) * 1.05, area.bottom(), area.top()))
    sheet.words(shortened(summary(found), sheet.metrics(), sheet.width - 2 * GAP),
                QPointF(GAP, TOP / 2))
    _levels(sheet, plan)
    _years(sheet, plan, found)
    _stair(sheet, plan, found)
    for jump in found.jumps:
        _mark(sheet, plan, jump, jump == found.largest_jump)
    sheet.used = max(sheet.used, area.bottom() + FOOT)


def _levels(sheet: Sheet, plan: _Plan) -> None:
    step = round_step(plan.up.high / max(2.0, plan.area.height() / PER_MARK))
    for number in range(int(plan.up.high / step) + 1):
        y = plan.up.at(number * step)
        sheet.line(QPointF(plan.area.left(), y), QPointF(plan.area.right(), y),
                   sheet.tokens.text if number == 0 else sheet.tokens.grid)
        sheet.words(compact(number * step), QPointF(LEFT - GAP, y), sheet.tokens.muted,
                    sheet.small, "right")


def _years(sheet: Sheet, plan: _Plan, found: MarginReplay) -> None:
    room = sheet.metrics(sheet.small).horizontalAdvance("2020") + 2 * GAP
    years = found.last.year - found.first.year + 1
    step = max(1, round(room * years / plan.area.width() + 0.5))
    for year in range(found.first.year + 1, found.last.year + 1, step):
        x = plan.days.at(date(year, 1, 1).toordinal())
        sheet.words(str(year), QPointF(x, plan.area.bottom() + FOOT / 2), sheet.tokens.muted,
                    sheet.small, "centre")


def _stair(sheet: Sheet, plan: _Plan, found: MarginReplay) -> None:
    path = QPainterPath(plan.at(found.first, float(found.start)))
    for jump in found.jumps:
        path.lineTo(plan.at(jump.on, float(jump.before)))
        path.lineTo(plan.at(jump.on, float(jump.after)))
    path.lineTo(plan.at(found.last, float(found.end)))
    sheet.scene.addPath(path, QPen(QColor(sheet.tokens.accent), 1.6))


def _mark(sheet: Sheet, plan: _Plan, jump: MarginJump, is_largest: bool) -> None:
    """Mark a change; rises and falls differ, and the largest rise is drawn larger."""
    at, side = plan.at(jump.on, float(jump.after)), LARGEST if is_largest else MARK
    square = QRectF(at.x() - side / 2, at.y() - side / 2, side, side)
    rose = jump.after > jump.before
    sheet.block(square, sheet.tokens.denied if rose else sheet.tokens.muted)
    sheet.sensitive(square.adjusted(-4, -4, 4, 4), hint(
        str(jump.on), ("before", accounting(jump.before)), ("after", accounting(jump.after)),
        ("change", f"{jump.ratio - 1:+.1%}")))
