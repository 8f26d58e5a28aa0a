"""Dress the application in one of our own palettes, and change it while it runs."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from workstation.base.resources import resource_root
from workstation.ui.stylesheet import BODY_SIZE, stylesheet
from workstation.ui.tokens import LIGHT, PALETTES, Tokens

Role = QPalette.ColorRole
_INACTIVE = (Role.WindowText, Role.Text, Role.ButtonText)
FAMILY = "Noto Sans"
WHOLE = 100


class Theme(QObject):
    """The palette in use; views that draw with its tokens listen to `changed`."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = LIGHT
        self.percent = WHOLE

    def use(self, tokens: Tokens, percent: int = WHOLE) -> None:
        """Remember palette and size of text, and tell whoever draws with them."""
        self.tokens, self.percent = tokens, percent
        self.changed.emit(tokens)


THEME = Theme()


def tokens() -> Tokens:
    """Return the colours in use now."""
    return THEME.tokens


def scaled(pixels: int) -> int:
    """Return a length that grows with the size of text."""
    return round(pixels * THEME.percent / WHOLE)


def apply(app: QApplication, name: str, percent: int = WHOLE) -> None:
    """Put the named palette (`light` or `dark`), its style sheet and our font on the application.

    `percent` is the size of text, of 100. The style sheet is set before listeners hear of it, so
    what they draw matches.
    """
    chosen = PALETTES[name]
    sheet = stylesheet(chosen, percent)
    THEME.percent = percent
    if app.styleSheet() != sheet:  # setting it again would restyle every widget for nothing
        if not app.styleSheet():
            app.setStyle(QStyleFactory.create("Fusion"))
        # Without a sheet in between Qt matches every widget against both: four times as long.
        app.setStyleSheet("")
        app.setFont(body_font())
        app.setPalette(qt_palette(chosen))
        app.setStyleSheet(sheet)
    THEME.use(chosen, percent)


def body_font() -> QFont:
    """Return our font at the body size, with figures of equal width.

    Letters it has not got come from the platform's own interface font.
    """
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if _has_family():
        font.setFamilies([FAMILY, font.family()])
    font.setPixelSize(scaled(BODY_SIZE))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


@cache
def _has_family() -> bool:
    """Load the faces shipped, once an application."""
    faces = sorted((resource_root() / "fonts").glob("*.ttf"))
    loaded = [QFontDatabase.addApplicationFont(str(face)) for face in faces]
    return bool(loaded) and min(loaded) >= 0


def qt_palette(chosen: Tokens) -> QPalette:
    """Return Qt's palette for the tokens, with disabled text muted."""
    palette = QPalette()
    for role, colour in (
        (Role.Window, chosen.surface), (Role.WindowText, chosen.text),
        (Role.Base, chosen.raised), (Role.AlternateBase, chosen.surface),
        (Role.Text, chosen.text), (Role.Button, chosen.raised), (Role.ButtonText, chosen.text),
        (Role.ToolTipBase, chosen.raised), (Role.ToolTipText, chosen.text),
        (Role.PlaceholderText, chosen.muted), (Role.BrightText, chosen.denied),
        (Role.Highlight, chosen.selection), (Role.HighlightedText, chosen.text),
        (Role.Link, chosen.accent), (Role.LinkVisited, chosen.accent),
        (Role.Light, chosen.raised), (Role.Midlight, chosen.line), (Role.Mid, chosen.line),
        (Role.Dark, chosen.muted), (Role.Shadow, chosen.line), (Role.Accent, chosen.accent),
    ):
        palette.setColor(role, QColor(colour))
    for role in _INACTIVE:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(chosen.muted))
    return palette
