"""The way from a total down to the amount in focus, each step a link; the last one its cell."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from workstation.ui.tokens import Tokens

CELL = "cell:"
STEP = " › "
LONGEST = 34


class Breadcrumbs(QLabel):
    """Announces the step pressed, counted from the total, or the input cell."""

    step_chosen = Signal(int)
    cell_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Way to this amount")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse
                                     | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)
        self.setContentsMargins(8, 4, 8, 4)
        self.setWordWrap(True)
        self.linkActivated.connect(self._follow)
        self.hide()

    def show_way(self, labels: Sequence[str], cell: str, palette: Tokens) -> None:
        """Show the labels from the total to the amount in focus, and the cell it was read from."""
        steps = [self._link(str(place), label, palette) for place, label in enumerate(labels[:-1])]
        steps += [escape(_short(label)) for label in labels[-1:]]
        if cell:
            steps.append(self._link(CELL + cell, f"input {cell}", palette))
        self.setText(STEP.join(steps))
        self.setAccessibleDescription(STEP.join([*labels, *([cell] if cell else [])]))
        self.setVisible(len(steps) > 1)

    @staticmethod
    def _link(target: str, label: str, palette: Tokens) -> str:
        return (f"<a href='{escape(target)}' style='color:{palette.accent};"
                f"text-decoration:none'>{escape(_short(label))}</a>")

    def _follow(self, target: str) -> None:
        if target.startswith(CELL):
            self.cell_chosen.emit(target.removeprefix(CELL))
        else:
            self.step_chosen.emit(int(target))


def _short(label: str) -> str:
    """Return a label of a length that leaves room for the others."""
    text = " ".join(label.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1].rstrip()}…"
