"""The plot of price paths; pyqtgraph is imported when the first cascade is shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QCursor, QFont, QFontMetricsF, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsView, QToolTip, QVBoxLayout, QWidget

from workstation.base.axes import round_step
from workstation.base.numerals import written
from workstation.ui.plots.paths import (
    START,
    Lane,
    Path,
    Shade,
    Tick,
    at_step,
    lanes,
    spread,
    summary,
    worst,
)
from workstation.ui.plots.sheet import SMALL
from workstation.ui.plots.style import hint, shortened, sized
from workstation.ui.theme import tokens as tokens_in_use
from workstation.ui.tokens import Tokens

DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine,
          Qt.PenStyle.DashDotLine, Qt.PenStyle.DashDotDotLine)
NAME_MOST = 150.0
LANE = 18.0
TOP = 6.0
BESIDE = 8.0
MOST_STEPS = 12
FAINT = 110
"""Opacity of a hatched halt, behind everything that is read."""
PER_MARK = 50.0


class PathsView(QWidget):
    """Paths with their names at the right end, calls in lanes below, values by step on hover."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._tokens = tokens_in_use()
        self._paths: tuple[Path, ...] = ()
        self._ticks: tuple[Tick, ...] = ()
        self._lanes: tuple[Lane, ...] = ()
        self._shades: tuple[Shade, ...] = ()
        self._step: int | None = None
        self._cursor: Any = None
        self._plot: Any = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.redraw)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setMinimumSize(160, 96)

    def view(self) -> QGraphicsView | None:
        """Return the view to save as a picture; None before the first cascade."""
        view: QGraphicsView | None = self._plot
        return view

    def show_paths(self, paths: Sequence[Path], ticks: Sequence[Tick], client: str,
                   shades: Sequence[Shade] = ()) -> None:
        """Show a cascade."""
        self._shades, self._step = tuple(shades), None
        self._paths, self._ticks = worst(paths), tuple(ticks)
        self._lanes = lanes(ticks, client)
        if self._plot is None:
            self._plot = _new_plot(self._name)
            self._column.addWidget(self._plot)
            self._plot.scene().sigMouseMoved.connect(self._tell)
        self._plot.setAccessibleDescription(summary(self._paths))
        self.redraw()

    def apply_theme(self, tokens: Tokens) -> None:
        """Draw again in another palette."""
        self._tokens = tokens
        self.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place names anew."""
        super().resizeEvent(event)
        self._soon.start()

    def show_step(self, step: int) -> None:
        """Mark the step the player stands at; the last one needs no mark."""
        self._step = step
        if self._cursor is not None:
            self._cursor.setPos(step)
            self._cursor.setVisible(step < self._last)

    # Drawing ------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Draw everything for the present size and palette."""
        if self._plot is None:
            return
        item = self._plot.getPlotItem()
        item.clear()
        self._cursor = None
        if not self._paths:
            return
        self._plot.setBackground(self._tokens.raised)
        self._dress_axes(item)
        self._frame(item)
        for shade in self._shades:
            self._draw_shade(item, shade)
        self._draw_level(item, START, self._tokens.text)
        for number, path in enumerate(self._paths):
            item.plot(list(range(len(path.values))), list(path.values), pen=self._pen(number))
        self._write_names(item)
        for number, lane in enumerate(self._lanes):
            self._draw_lane(item, number, lane)
        self._draw_cursor(item)

    def _draw_shade(self, item: Any, shade: Shade) -> None:
        """Hatch the steps of a halt behind the paths, and name it where there is room."""
        import pyqtgraph as pg

        colour = QColor(self._tokens.partial)
        colour.setAlpha(FAINT)
        brush = QBrush(colour, Qt.BrushStyle.BDiagPattern)
        region = pg.LinearRegionItem((shade.first - 0.5, shade.last - 0.5), movable=False,
                                     brush=brush, pen=pg.mkPen(None))
        region.setZValue(-10)
        item.addItem(region, ignoreBounds=True)
        text = self._text("halt", self._tokens.partial, (0, 0))
        text.setPos(shade.last - 0.5, self._top)
        item.addItem(text, ignoreBounds=True)

    def _draw_cursor(self, item: Any) -> None:
        import pyqtgraph as pg

        self._cursor = pg.InfiniteLine(angle=90, pen=pg.mkPen(self._tokens.accent, width=1))
        item.addItem(self._cursor, ignoreBounds=True)
        self.show_step(self._last if self._step is None else self._step)

    def _pen(self, number: int) -> QPen:
        if number == 0:
            colour, width = self._tokens.accent, 2.0
        else:
            colour, width = (self._tokens.text if number % 2 else self._tokens.muted), 1.5
        pen = QPen(QColor(colour), width, DASHES[number % len(DASHES)])
        pen.setCosmetic(True)
        return pen

    def _dress_axes(self, item: Any) -> None:
        small = sized(self.font(), SMALL)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setTickFont(small)
            axis.setPen(QColor(self._tokens.line))
            axis.setTextPen(QColor(self._tokens.muted))
        item.getAxis("left").setLabel("Price, start = 100", color=self._tokens.muted,
                                      **{"font-size": f"{_pixels(small)}px"})
        every = max(1, round(self._last / MOST_STEPS))
        steps = [(n, str(n)) for n in range(0, self._last, every) if self._last - n >= every]
        steps.append((self._last, f"step {self._last}"))
        item.getAxis("bottom").setTicks([steps])

    def _mark_prices(self, item: Any) -> None:
        """Mark round prices beside the paths, none beside the lanes of calls."""
        step = round_step((self._top - self._low) / max(2.0, self.height() / PER_MARK))
        first, last = math.ceil(self._low / step), math.floor(self._top / step)
        item.getAxis("left").setTicks([[(n * step, f"{n * step:g}")
                                        for n in range(first, last + 1)]])

    def _frame(self, item: Any) -> None:
        """Leave room in pixels: names at the right, lanes of calls below."""
        box = item.getViewBox()
        wide, high = max(80.0, self.width() - 70.0), max(60.0, self.height() - 50.0)
        last, names = self._last, self._widest_name() + 2 * BESIDE
        per_step = max(1.0, wide - names - 10) / last
        low = min(min(path.values) for path in self._paths)
        top = max(START, *(max(path.values) for path in self._paths))
        lanes_high = LANE * len(self._lanes) + TOP
        per_point = max(0.1, (high - lanes_high - 2 * TOP) / max(top - low, 1.0))
        box.setRange(xRange=(-8 / per_step, last + names / per_step),
                     yRange=(low - lanes_high / per_point, top + TOP / per_point), padding=0)
        self._per_point, self._per_step = per_point, per_step
        self._low, self._top = low, top
        self._mark_prices(item)

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(sized(self.font(), SMALL))

    def _name_of(self, path: Path) -> str:
        end = written(f" {path.values[-1]:,.1f}")
        room = NAME_MOST - self._metrics().horizontalAdvance(end)
        return shortened(path.name, self._metrics(), room) + end

    def _widest_name(self) -> float:
        names = [*map(self._name_of, self._paths), *map(self._name_of_lane, self._lanes)]
        return max(map(self._metrics().horizontalAdvance, names))

    def _name_of_lane(self, lane: Lane) -> str:
        return shortened(f"calls: {lane.name}", self._metrics(), NAME_MOST)

    @property
    def _last(self) -> int:
        return max(1, max((len(path.values) for path in self._paths), default=0) - 1)

    def _draw_level(self, item: Any, y: float, colour: str) -> None:
        """Draw a level line as far as the paths go, so that it runs through no name."""
        pen = QPen(QColor(colour), 1.0)
        pen.setCosmetic(True)
        item.plot([0, self._last], [y, y], pen=pen)

    def _write_names(self, item: Any) -> None:
        """Name as many paths as there is room for, the deepest falls first."""
        distance = self._metrics().height() / self._per_point
        named = self._paths[:1 + int((self._top - self._low) / distance)]
        places = spread([path.values[-1] for path in named], distance, self._low, self._top)
        for number, (path, y) in enumerate(zip(named, places, strict=True)):
            colour = self._tokens.accent if number == 0 else self._tokens.text
            text = self._text(self._name_of(path), colour, (0, 0.5))
            end, beside = len(path.values) - 1, len(path.values) - 1 + BESIDE / self._per_step
            text.setPos(beside, y)
            item.addItem(text, ignoreBounds=True)
            leader = QPen(QColor(self._tokens.muted), 1.0)
            leader.setCosmetic(True)
            item.plot([end, beside], [path.values[-1], y], pen=leader)

    def _text(self, words: str, colour: str, anchor: tuple[float, float]) -> Any:
        import pyqtgraph as pg

        text = pg.TextItem(words, color=colour, anchor=anchor)
        text.setFont(sized(self.font(), SMALL))
        return text

    def _draw_lane(self, item: Any, number: int, lane: Lane) -> None:
        import pyqtgraph as pg

        y = self._low - (TOP + LANE * (number + 0.5)) / self._per_point
        self._draw_level(item, y, self._tokens.grid)
        for met, symbol in ((True, "|"), (False, "x")):
            steps = [tick.step for tick in lane.ticks if tick.met == met]
            pen = pg.mkPen(self._tokens.denied, width=2)
            item.addItem(pg.ScatterPlotItem(steps, [y] * len(steps), symbol=symbol, size=11,
                                            pen=pen, brush=QColor(self._tokens.denied)))
        text = self._text(self._name_of_lane(lane), self._tokens.denied, (0, 0.5))
        text.setPos(self._last + BESIDE / self._per_step, y)
        item.addItem(text, ignoreBounds=True)

    # Pointer ------------------------------------------------------------------------------

    def _tell(self, at: QPointF) -> None:
        """Show what stands at the step under the pointer."""
        box = self._plot.getPlotItem().getViewBox()
        step = round(box.mapSceneToView(at).x())
        rows = at_step(self._paths, self._ticks, step, self._shades) if step >= 0 else []
        if rows and box.sceneBoundingRect().contains(at):
            QToolTip.showText(QCursor.pos(), hint(f"Step {step}", *rows), self)
        else:
            QToolTip.hideText()


def _new_plot(name: str) -> Any:
    import pyqtgraph as pg

    plot = pg.PlotWidget()
    plot.setAccessibleName(name)
    plot.setAntialiasing(True)
    item = plot.getPlotItem()
    item.setMenuEnabled(False)
    item.hideButtons()
    item.setMouseEnabled(x=False, y=False)
    item.setContentsMargins(4, 4, 4, 4)
    return plot


def _pixels(font: QFont) -> int:
    return font.pixelSize() if font.pixelSize() > 0 else round(font.pointSizeF() * 4 / 3)
