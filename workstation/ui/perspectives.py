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

LAYOUT_VERSION = 3
AREAS = {"right": Qt.DockWidgetArea.RightDockWidgetArea,
         "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
         "corner": Qt.DockWidgetArea.BottomDockWidgetArea}
ELSEWHERE = {"corner": "bottom", "bottom": "right", "right": "bottom"}
"""Where a dock goes that is called for while its own side of the window is not in use."""
FIRST = "review"


@dataclass(frozen=True, slots=True)
class Perspective:
    """Which docks stand where, the first of each side in front, and how much room they take.

    Docks that are named nowhere are hidden; the View menu and the search bring them back.
    """

    right: tuple[str, ...] = ()
    bottom: tuple[str, ...] = ()
    corner: tuple[str, ...] = ()
    wide: float = 0.44
    high: float = 0.36
    beside: float = 0.40

    @property
    def front(self) -> tuple[str, ...]:
        """Return the docks that are seen at first."""
        return tuple(side[0] for side in (self.right, self.bottom, self.corner) if side)

    def area(self, id_: str) -> str:
        """Return the side of the window a dock stands at, empty for one that is hidden."""
        return next((area for area in AREAS if id_ in getattr(self, area)), "")


PERSPECTIVES: Mapping[str, Perspective] = {
    "import": Perspective(("accounts", "market"), ("problems",), wide=0.42, high=0.30),
    "review": Perspective(
        ("margin", "offsets", "one_risk", "strategies", "venues"),
        ("bridge", "what_if", "attribution", "scan", "accounts", "span_log", "sensitivities",
         "past_tails"), ("problems", "design", "history"), high=0.39),
    "stress": Perspective(("accounts", "market"), ("curves", "stresses", "scan", "sensitivities"),
                          ("problems",), high=0.46, beside=0.28),
    "collateral": Perspective(("collateral",), ("accounts",), ("problems",), wide=0.56,
                              high=0.28),
    "cascade": Perspective(("margin", "accounts"), ("cascade",), ("problems",), wide=0.36,
                           high=0.60, beside=0.25),
    "lab": Perspective(("one_risk", "margin"), ("lab",), ("design", "problems"), wide=0.36,
                       high=0.60, beside=0.30),
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
        state = QByteArray(b64decode(self._states.get(self.current, "")))
        with self._docks.rearranging():
            self._arrange()  # restoring alone leaves the tabs of the perspective before standing
            self._window.restoreState(state, LAYOUT_VERSION)

    def use(self, name: str) -> None:
        """Keep the present arrangement and change to another."""
        self._keep()
        self.current = name
        self.restore()

    def reset(self) -> None:
        """Forget what was changed in this perspective and put its docks back in their places."""
        self._states.pop(self.current, None)
        with self._docks.rearranging():
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
        wanted = PERSPECTIVES[self.current]
        for frame in frames.values():
            if frame.isFloating():
                frame.setFloating(False)
            window.removeDockWidget(frame)
        leaders = {area: getattr(wanted, area)[0] for area in AREAS if getattr(wanted, area)}
        for area, leader in leaders.items():
            window.addDockWidget(AREAS[area], frames[leader])
        if "corner" in leaders:
            window.splitDockWidget(frames[leaders["bottom"]], frames[leaders["corner"]],
                                   Qt.Orientation.Horizontal)
        for id_, area in self._places(wanted, leaders):
            window.tabifyDockWidget(frames[leaders[area]], frames[id_])
        for id_, frame in frames.items():
            frame.setVisible(bool(wanted.area(id_)))
        for id_ in wanted.front:
            frames[id_].raise_()
        self._size(wanted, leaders)

    def _places(self, wanted: Perspective, leaders: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return where every dock that leads no side stands, in the order of the tabs."""
        named = [(id_, area) for area in leaders for id_ in getattr(wanted, area)[1:]]
        hidden = [(spec.id, spec.area) for spec in DOCKS if not wanted.area(spec.id)]
        return named + [(id_, _in_use(area, leaders)) for id_, area in hidden]

    def _size(self, wanted: Perspective, leaders: Mapping[str, str]) -> None:
        frames = self._docks.frames
        wide, high = self._window.width(), self._window.height()
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        if "right" in leaders:
            self._window.resizeDocks([frames[leaders["right"]]], [round(wide * wanted.wide)],
                                     across)
        if "corner" in leaders:
            self._window.resizeDocks(
                [frames[leaders["bottom"]], frames[leaders["corner"]]],
                [round(wide * (1 - wanted.beside)), round(wide * wanted.beside)], across)
        self._window.resizeDocks([frames[leaders["bottom"]]], [round(high * wanted.high)], down)


def _in_use(area: str, leaders: Mapping[str, str]) -> str:
    """Return the side itself, or the one that stands in for it."""
    while area not in leaders:
        area = ELSEWHERE[area]
    return area
