"""Change a property the style sheet looks at, and let the widget take the new look."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set the property; the style is applied anew only when the value differs."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def literal(text: str) -> str:
    """Return a name as an entry of a menu: its ampersands mark no key."""
    return text.replace("&", "&&")
