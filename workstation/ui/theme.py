"""Dress the application in one of our own palettes, and change it while it runs."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from workstation.ui.stylesheet import BODY_SIZE, stylesheet
from workstation.ui.tokens import LIGHT, PALETTES, Tokens

Role = QPalette.ColorRole
_INACTIVE = (Role.WindowText, Role.Text, Role.ButtonText)


class Theme(QObject):
    """The palette in use; views that draw with its tokens listen to `changed`."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = LIGHT

    def use(self, tokens: Tokens) -> None:
        """Remember the palette and tell whoever draws with it."""
        self.tokens = tokens
        self.changed.emit(tokens)


THEME = Theme()


def tokens() -> Tokens:
    """Return the colours in use now."""
    return THEME.tokens


def apply(app: QApplication, name: str) -> None:
    """Put the named palette (`light` or `dark`), its style sheet and our font on the application.

    The style sheet is set before listeners hear of it, so what they draw matches.
    """
    chosen = PALETTES[name]
    sheet = stylesheet(chosen)
    if app.styleSheet() != sheet:  # setting it again would restyle every widget for nothing
        if not app.styleSheet():
            app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(body_font())
        app.setPalette(qt_palette(chosen))
        app.setStyleSheet(sheet)
    THEME.use(chosen)


def body_font() -> QFont:
    """Return the platform's interface font at the body size, with figures of equal width."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(BODY_SIZE)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


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
