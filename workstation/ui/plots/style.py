"""How charts say what state a figure is in: colour, pattern and word, never colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from html import escape

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainterPath

from workstation.base.numerals import written
from workstation.ui.tokens import Tokens, contrast, mixed

HATCH_STEP = 6.0
DOT_STEP = 5.0
DOT = 0.8
SCALES = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))


class Pattern(StrEnum):
    """What a filled area is covered with besides its colour."""

    SOLID = "solid"
    DIAGONAL = "diagonal"
    BACK_DIAGONAL = "back diagonal"
    CROSS = "cross"
    DOTS = "dots"
    OUTLINE = "outline"


PATTERN_OF = {
    "granted": Pattern.SOLID, "partial": Pattern.DIAGONAL,
    "denied": Pattern.CROSS, "excluded": Pattern.DOTS,
}
SYMBOL_OF = {"granted": "●", "partial": "◐", "denied": "✕", "excluded": "◌"}
WORD_OF = {
    "granted": "granted", "partial": "partly granted", "denied": "denied", "excluded": "excluded",
}


def tone(tokens: Tokens, name: str) -> str:
    """Return the colour of a state, a silo or any other token by its name."""
    return tokens.silos.get(name) or str(getattr(tokens, name, tokens.muted))


def readable_on(background: str, tokens: Tokens) -> str:
    """Return the palette's text or background colour, whichever reads better on a fill."""
    choices = (tokens.text, tokens.raised)
    return max(choices, key=lambda colour: contrast(colour, background))


def tint(colour: str, tokens: Tokens, share: float = 0.22) -> str:
    """Return a pale ground of a colour, on which text keeps its contrast."""
    return mixed(colour, tokens.raised, share)


def hatching(area: QRectF, pattern: Pattern) -> QPainterPath:
    """Return the lines (or dots) of a pattern inside an area, clipped to it exactly."""
    path = QPainterPath()
    if pattern in (Pattern.DIAGONAL, Pattern.CROSS):
        _rising(path, area)
    if pattern in (Pattern.BACK_DIAGONAL, Pattern.CROSS):
        _falling(path, area)
    if pattern is Pattern.DOTS:
        _dots(path, area)
    return path


def _rising(path: QPainterPath, area: QRectF) -> None:
    """Add 45 degree lines going up to the right, on a lattice all charts share."""
    low, high = area.left() + area.top(), area.right() + area.bottom()
    for total in _steps(low, high, HATCH_STEP):
        left = max(area.left(), total - area.bottom())
        right = min(area.right(), total - area.top())
        path.moveTo(left, total - left)
        path.lineTo(right, total - right)


def _falling(path: QPainterPath, area: QRectF) -> None:
    low, high = area.left() - area.bottom(), area.right() - area.top()
    for gap in _steps(low, high, HATCH_STEP):
        left = max(area.left(), gap + area.top())
        right = min(area.right(), gap + area.bottom())
        path.moveTo(left, left - gap)
        path.lineTo(right, right - gap)


def _dots(path: QPainterPath, area: QRectF) -> None:
    for x in _steps(area.left() + 1, area.right() - 1, DOT_STEP):
        for y in _steps(area.top() + 1, area.bottom() - 1, DOT_STEP):
            path.addEllipse(QRectF(x - DOT, y - DOT, 2 * DOT, 2 * DOT))


def _steps(low: float, high: float, step: float) -> Iterable[float]:
    first = int(low // step) + 1
    return (number * step for number in range(first, int(high // step) + 1))


def sized(font: QFont, ratio: float, *, heavy: bool = False) -> QFont:
    """Return a font in proportion to another, so that a larger interface scales its charts."""
    scaled = QFont(font)
    if font.pixelSize() > 0:
        scaled.setPixelSize(max(1, round(font.pixelSize() * ratio)))
    else:
        scaled.setPointSizeF(font.pointSizeF() * ratio)
    if heavy:
        scaled.setWeight(QFont.Weight.DemiBold)
    return scaled


def wrapped(text: str, metrics: QFontMetricsF, width: float, lines: int) -> list[str]:
    """Break a name into at most so many lines; the last one is shortened if need be."""
    rows: list[str] = []
    rest = text.split()
    while rest and len(rows) < lines - 1:
        row = rest.pop(0)
        while rest and metrics.horizontalAdvance(f"{row} {rest[0]}") <= width:
            row = f"{row} {rest.pop(0)}"
        rows.append(row)
    if rest:
        rows.append(" ".join(rest))
    return [shortened(row, metrics, width) for row in rows] or [""]


def shortened(text: str, metrics: QFontMetricsF, width: float) -> str:
    """Shorten a name (never a number) to a width, with an ellipsis."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    while text and metrics.horizontalAdvance(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…" if text else ""


def compact(amount: Decimal | float) -> str:
    """Write an amount in thousands or millions, negatives in parentheses."""
    size = abs(float(amount))
    for limit, mark in SCALES:
        if size >= limit * 0.9995:
            scaled = size / limit
            text = written(f"{scaled:,.{_digits(scaled)}f}".removesuffix(".0")) + mark
            break
    else:
        text = written(f"{size:,.0f}")
    return f"({text})" if amount < 0 and text.strip("0.") else text


def _digits(scaled: float) -> int:
    return 0 if scaled >= 100 else 1


def hint(title: str, *rows: tuple[str, str], note: str = "") -> str:
    """Return what a mark says under the pointer: a title and a small table of values."""
    cells = "".join(
        f"<tr><td>{escape(name)}&nbsp;&nbsp;</td><td align='right'>{escape(value)}</td></tr>"
        for name, value in rows)
    below = f"<div>{escape(note)}</div>" if note else ""
    return f"<b>{escape(title)}</b><table>{cells}</table>{below}"
