"""One field of the design editor: a knob, its unit, what it accepts, and whether it was changed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from workstation.ui.restyle import restyle

if TYPE_CHECKING:
    from workstation.harmonised.knobs import Knob, KnobValue

FIELD_WIDTH = 96


class KnobField(QWidget):
    """Edits one knob; `wanted` carries each value the knob accepts, as it is typed."""

    wanted = Signal(str, object, int)

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.knob = knob
        self._value: KnobValue = knob.default
        self._shipped: KnobValue = knob.default
        self._opening = 1
        self.editor = self._editor()
        self.editor.setAccessibleName(knob.title)
        self.editor.setAccessibleDescription(knob.help)
        self.editor.setToolTip(f"{knob.help}\n{accepts(knob)}")
        self.reset = QPushButton("reset")
        self.reset.setProperty("role", "link")
        self.reset.clicked.connect(lambda: self.wanted.emit(knob.name, self._shipped, 0))
        self.refusal = QLabel()
        self.refusal.setProperty("role", "note")
        self.refusal.setProperty("tone", "bad")
        unit = QLabel(knob.unit)
        unit.setProperty("role", "note")
        unit.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.editor)
        row.addWidget(unit, 1)
        row.addWidget(self.refusal)
        row.addStretch(0)
        row.addWidget(self.reset)
        self.show_value(knob.default, knob.default)

    def _editor(self) -> QWidget:
        match self.knob.kind:
            case "flag":
                box = QCheckBox()
                box.toggled.connect(self._want)
                return box
            case "choice":
                choice = QComboBox()
                choice.addItems(list(self.knob.choices))
                choice.activated.connect(lambda _: self._want(choice.currentText()))
                return choice
            case _:
                field = QLineEdit()
                field.setMaximumWidth(FIELD_WIDTH)
                field.textEdited.connect(self._typed)
                field.editingFinished.connect(self._finish)
                return field

    def _typed(self, text: str) -> None:
        if self.knob.kind == "texts":
            self._want(tuple(part.strip() for part in text.split(",") if part.strip()))
        else:
            self._want(text.strip())

    def _want(self, value: object) -> None:
        """Announce an accepted value; say why another is refused."""
        try:
            checked = self.knob.checked(value)
        except ValueError:
            self._refuse(accepts(self.knob))
            return
        self._refuse("")
        if checked != self._value:
            self._value = checked
            self.wanted.emit(self.knob.name, checked, self._opening)

    def _refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        restyle(self.editor, "invalid", bool(sentence))

    def _finish(self) -> None:
        """Leave the field: what was refused is put back, later typing undoes on its own."""
        self._opening += 1
        if self.refusal.text():
            self._refuse("")
            self._write(self._value)

    def show_value(self, value: KnobValue, shipped: KnobValue) -> None:
        """Show the design's value, and whether it differs from the shipped one."""
        is_new = value != self._value or not self.editor.hasFocus()
        self._value, self._shipped = value, shipped
        if is_new:
            self._write(value)
        self.reset.setVisible(value != shipped)
        self.reset.setToolTip(f"Back to the shipped value, {as_text(shipped)}")
        self.reset.setAccessibleName(f"Reset {self.knob.title}")

    def _write(self, value: KnobValue) -> None:
        with QSignalBlocker(self.editor):
            if isinstance(self.editor, QCheckBox):
                self.editor.setChecked(bool(value))
            elif isinstance(self.editor, QComboBox):
                self.editor.setCurrentText(str(value))
            elif isinstance(self.editor, QLineEdit):
                self.editor.setText(as_text(value))


def as_text(value: KnobValue) -> str:
    """Return a knob's value as it is typed."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def accepts(knob: Knob) -> str:
    """Return in words what a knob takes."""
    match knob.kind:
        case "flag":
            return "on or off"
        case "choice":
            return f"one of {', '.join(knob.choices)}"
        case "texts":
            return "a list, separated by commas"
        case _:
            whole = "a whole number" if knob.kind == "integer" else "a number"
            if knob.low is None or knob.high is None:
                return whole
            return f"{whole} from {knob.low} to {knob.high}"
