"""Named ways of looking at the positions: columns, order, filters and groups."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton

from workstation.ui.restyle import literal

if TYPE_CHECKING:
    from workstation.ui.positions import PositionsPanel

View = Mapping[str, Any]


class SavedViews(QObject):
    """A button whose menu applies, saves and removes views; `changed` carries them as JSON."""

    changed = Signal(str)

    def __init__(self, panel: PositionsPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._views: dict[str, View] = {}
        self.button = QToolButton(panel)
        self.button.setText("Views")
        self.button.setAccessibleName("Saved views of the positions")
        self.button.setToolTip("Columns, order, filters and groups, kept under a name")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.button)
        self.button.setMenu(self.menu)
        self.menu.aboutToShow.connect(self.list)

    def read(self, text: str) -> None:
        """Take the views as kept; what cannot be read is none."""
        try:
            kept = json.loads(text or "{}")
        except ValueError:
            kept = {}
        self._views = kept if isinstance(kept, dict) else {}

    def list(self) -> None:
        """Fill the menu."""
        self.menu.clear()
        for name in sorted(self._views):
            self.menu.addAction(literal(name)).triggered.connect(partial(self.use, name))
        if self._views:
            self.menu.addSeparator()
        self.menu.addAction("Save this view…").triggered.connect(self.ask_and_save)
        self.menu.addAction("Back to the first view").triggered.connect(self._panel.first_view)
        if self._views:
            removing = self.menu.addMenu("Remove")
            for name in sorted(self._views):
                removing.addAction(literal(name)).triggered.connect(partial(self.remove, name))

    def ask_and_save(self) -> None:
        """Ask for a name and keep what is shown under it."""
        name, is_given = QInputDialog.getText(
            self._panel, "Save this view", "Name of the view",
            flags=Qt.WindowType.Dialog)
        if is_given and name.strip():
            self.save(name.strip())

    def save(self, name: str) -> None:
        """Keep what is shown; a view of the same name is replaced."""
        self._views[name] = self._panel.view_state()
        self._say()

    def use(self, name: str) -> None:
        """Show the positions as kept under a name."""
        self._panel.show_view(self._views[name])

    def remove(self, name: str) -> None:
        """Forget a view."""
        self._views.pop(name, None)
        self._say()

    def names(self) -> tuple[str, ...]:
        """Return the names of the views."""
        return tuple(sorted(self._views))

    def _say(self) -> None:
        self.changed.emit(json.dumps(self._views))
