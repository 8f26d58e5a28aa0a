"""Named arrangements of the docks, each remembered as the analyst left it."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtWidgets import QMainWindow

from workstation.ui.dock_host import DOCKS, DockHost

if TYPE_CHECKING:
    from workstation.workspace.settings import Settings

LAYOUT_VERSION = 2
AREAS = {"right": Qt.DockWidgetArea.RightDockWidgetArea,
         "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
         "corner": Qt.DockWidgetArea.BottomDockWidgetArea}
FIRST = "margin"


@dataclass(frozen=True, slots=True)
class Perspective:
    """Which docks stand in front, and how much of the window each side takes."""

    front: tuple[str, ...]
    right: float
    bottom: float
    corner: float = 0.40


PERSPECTIVES: Mapping[str, Perspective] = {
    "intake": Perspective(("margin", "accounts", "problems"), 0.30, 0.34, 0.55),
    "margin": Perspective(("margin", "bridge", "problems"), 0.42, 0.34),
    "offsets": Perspective(("offsets", "bridge", "problems"), 0.56, 0.34),
    "collateral": Perspective(("collateral", "accounts", "problems"), 0.56, 0.28),
    "cascade": Perspective(("margin", "cascade", "problems"), 0.34, 0.52, 0.25),
    "lab": Perspective(("margin", "lab", "problems"), 0.34, 0.62, 0.25),
}


class Perspectives(QObject):
    """Arranges the docks of a window, and keeps each arrangement in the settings."""

    def __init__(self, window: QMainWindow, docks: DockHost, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._docks, self._settings = window, docks, settings
        self.current = FIRST
        self._states: dict[str, str] = {}
        self._read()

    def _read(self) -> None:
        try:
            stored = json.loads(str(self._settings["view.layout"]) or "{}")
        except ValueError:
            return
        if isinstance(stored, dict) and stored.get("perspective") in PERSPECTIVES:
            self.current = stored["perspective"]
            self._states = {name: state for name, state in stored.get("states", {}).items()
                            if name in PERSPECTIVES and isinstance(state, str)}

    def restore(self) -> None:
        """Arrange the docks as they were left."""
        self._arrange()
        state = self._states.get(self.current)
        if state:
            self._window.restoreState(QByteArray(b64decode(state)), LAYOUT_VERSION)

    def use(self, name: str) -> None:
        """Keep the present arrangement and change to another."""
        self._keep()
        self.current = name
        self.restore()

    def reset(self) -> None:
        """Forget what was changed and put every dock back in its place."""
        self._states.clear()
        self._arrange()

    def save(self) -> None:
        """Write the arrangements to the settings."""
        self._keep()
        self._settings["view.layout"] = json.dumps(
            {"perspective": self.current, "states": self._states})

    def _keep(self) -> None:
        state = self._window.saveState(LAYOUT_VERSION)
        self._states[self.current] = b64encode(state.data()).decode("ascii")

    def _arrange(self) -> None:
        window, frames = self._window, self._docks.frames
        for frame in frames.values():
            frame.setFloating(False)
            window.removeDockWidget(frame)
        leaders = {area: next(s.id for s in DOCKS if s.area == area) for area in AREAS}
        for area, leader in leaders.items():
            window.addDockWidget(AREAS[area], frames[leader])
        window.splitDockWidget(frames[leaders["bottom"]], frames[leaders["corner"]],
                               Qt.Orientation.Horizontal)
        for spec in DOCKS:
            if spec.id not in leaders.values():
                window.tabifyDockWidget(frames[leaders[spec.area]], frames[spec.id])
        for frame in frames.values():
            frame.show()
        wanted = PERSPECTIVES[self.current]
        for id_ in wanted.front:
            frames[id_].raise_()
        self._size(wanted, leaders)

    def _size(self, wanted: Perspective, leaders: Mapping[str, str]) -> None:
        frames = self._docks.frames
        wide, high = self._window.width(), self._window.height()
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self._window.resizeDocks([frames[leaders["right"]]], [round(wide * wanted.right)], across)
        self._window.resizeDocks(
            [frames[leaders["bottom"]], frames[leaders["corner"]]],
            [round(wide * (1 - wanted.corner)), round(wide * wanted.corner)], across)
        self._window.resizeDocks([frames[leaders["bottom"]]], [round(high * wanted.bottom)], down)
