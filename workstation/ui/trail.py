"""Where the analyst came from: every jump remembers its start, and going back returns there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

LONGEST = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in the window: its name, and how to stand there again."""

    name: str
    go: Callable[[], object]


class Trail(QObject):
    """The places left behind, the last one first to return to."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places: list[Place] = []
        self._is_returning = False

    def leave(self, name: str, go: Callable[[], object]) -> None:
        """Remember the place a jump starts from; the same place is remembered once."""
        if self._is_returning or (self._places and self._places[-1].name == name):
            return
        self._places = [*self._places[1 - LONGEST:], Place(name, go)]
        self.changed.emit()

    @property
    def last(self) -> str:
        """Return the name of the place that going back returns to, empty where there is none."""
        return self._places[-1].name if self._places else ""

    def back(self) -> None:
        """Return to the place left last."""
        if not self._places:
            return
        place = self._places.pop()
        self._is_returning = True
        try:
            place.go()
        finally:
            self._is_returning = False
        self.changed.emit()

    def clear(self) -> None:
        """Forget every place, as when another review is opened."""
        self._places.clear()
        self.changed.emit()
