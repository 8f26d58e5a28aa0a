"""Icons as one-colour drawings, tinted with the text colour of the palette in use."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from workstation.base.resources import resource_root
from workstation.ui.theme import tokens

SIZES = (16, 32)
INK = b"#000000"
FILES = {
    "file.open": "open", "file.save": "save", "file.export_pack": "export",
    "edit.undo": "undo", "edit.redo": "redo", "help.palette": "search",
}


def icon(action_id: str) -> QIcon | None:
    """Return the icon of an action in the colours in use, None where it has none."""
    name = FILES.get(action_id)
    return None if name is None else tinted(name, tokens().text, tokens().muted)


@cache
def tinted(name: str, ink: str, disabled: str) -> QIcon:
    """Return an icon drawn in one colour, and in another where it is disabled."""
    drawn = QIcon()
    for size in SIZES:
        drawn.addPixmap(_pixmap(name, ink, size), QIcon.Mode.Normal)
        drawn.addPixmap(_pixmap(name, disabled, size), QIcon.Mode.Disabled)
    return drawn


def application_icon() -> QIcon:
    """Return the application's own icon, in its own colours."""
    return QIcon(str(resource_root() / "icons" / "crossmargin.svg"))


def _pixmap(name: str, ink: str, size: int) -> QPixmap:
    source = (resource_root() / "icons" / f"{name}.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(source.replace(INK, ink.encode("ascii"))))
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
