"""Write a chart to a picture, at twice its size on screen, or to scalable graphics."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView

from workstation.ui.plots.canvas import Canvas

SCALE = 2


def save_png(view: QGraphicsView, path: Path) -> None:
    """Write the whole chart as a PNG picture."""
    area = _whole(view)
    image = QImage(_size(area, SCALE), QImage.Format.Format_RGB32)
    image.fill(view.scene().backgroundBrush().color())
    _paint(view, image, area)
    if not image.save(str(path)):
        raise OSError(f"{path} cannot be written")


def save_svg(view: QGraphicsView, path: Path, title: str) -> None:
    """Write the whole chart as SVG."""
    area = _whole(view)
    target = QSvgGenerator()
    target.setFileName(str(path))
    target.setSize(_size(area, 1))
    target.setViewBox(QRectF(0, 0, area.width(), area.height()))
    target.setTitle(title)
    _paint(view, target, area)
    if not path.exists():
        raise OSError(f"{path} cannot be written")


def save_pdf(view: QGraphicsView, path: Path, title: str) -> None:
    """Write the whole chart as a PDF page of its own size, as vectors."""
    area = _whole(view)
    target = QPdfWriter(str(path))
    target.setTitle(title)
    target.setPageSize(QPageSize(QSizeF(area.size()), QPageSize.Unit.Point))
    target.setPageMargins(QMarginsF(0, 0, 0, 0))
    _paint(view, target, area, QRectF(0, 0, target.width(), target.height()))


def _whole(view: QGraphicsView) -> QRectF:
    """Return the area of a chart, drawn for its present size."""
    if isinstance(view, Canvas):
        view.settle()
    return view.sceneRect()


def _size(area: QRectF, scale: int) -> QSize:
    return QSize(max(1, round(area.width() * scale)), max(1, round(area.height() * scale)))


def _paint(view: QGraphicsView, target: QPaintDevice, area: QRectF,
           onto: QRectF | None = None) -> None:
    painter = QPainter()
    if not painter.begin(target):
        raise OSError("the file cannot be written")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.scene().render(painter, onto or QRectF(), area)
    painter.end()
