"""The list of designs that several panels share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from workstation.results.run import DesignOutcome, Run
from workstation.ui.docks.panes import labelled

NARROWEST = 6
"""Letters of a design's title that stay readable in a narrow panel."""


class DesignChoice(QObject):
    """A list of designs by title; announces the name of the one the user picks."""

    picked = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted = ""
        self.combo = combo("Design")
        self.label = labelled("Design", self.combo)
        self.combo.activated.connect(self._pick)

    def stand_in(self, header: QHBoxLayout, *after: QWidget) -> None:
        """Take place at the left of a header, other controls at its right."""
        header.addWidget(self.label)
        header.addWidget(self.combo, 12)
        header.addStretch(1)
        for widget in after:
            header.addWidget(widget)

    def offer(self, run: Run) -> str:
        """List the designs of a review and return the one wanted, or the first worth comparing."""
        with QSignalBlocker(self.combo):
            self.combo.clear()
            for outcome in run.designs:
                self.combo.addItem(outcome.margin.title or outcome.margin.name,
                                   outcome.margin.name)
            wanted = self.combo.findData(self._wanted)
            self.combo.setCurrentIndex(wanted if wanted >= 0 else _first(run.designs))
        return self.name()

    def name(self) -> str:
        """Return the name of the chosen design, empty without any."""
        return str(self.combo.currentData() or "")

    def want(self, name: str) -> None:
        """Choose a design without announcing it; one not listed yet is chosen when it is."""
        self._wanted = name
        number = self.combo.findData(name)
        if number >= 0:
            self.combo.setCurrentIndex(number)

    def _pick(self, number: int) -> None:
        self._wanted = str(self.combo.itemData(number))
        self.picked.emit(self._wanted)


def combo(name: str) -> QComboBox:
    """Return a list that yields room to its neighbours before they are clipped."""
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(NARROWEST)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setMaximumWidth(320)
    box.currentTextChanged.connect(box.setToolTip)
    return box


def refill(box: QComboBox, entries: Sequence[tuple[str, str]], default: str = "") -> None:
    """Offer entries (text, value), keeping what was chosen, else the default, else the first."""
    before = box.currentData()
    with QSignalBlocker(box):
        box.clear()
        for text, value in entries:
            box.addItem(text, value)
        places = (box.findData(value) for value in (before, default))
        box.setCurrentIndex(next((place for place in places if place >= 0), 0))


def _first(designs: tuple[DesignOutcome, ...]) -> int:
    """Return the first design that differs from today's silos, as the one worth comparing."""
    saving = (number for number, outcome in enumerate(designs) if outcome.saving)
    return next(saving, 0)
