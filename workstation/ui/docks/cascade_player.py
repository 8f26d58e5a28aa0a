"""Plays a cascade step by step: a button, a scrubber, and what stands at the step shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from workstation.base.money import accounting
from workstation.cascade.result import CascadeResult

BEAT = 120
"""Milliseconds a step is shown while playing."""
LONGEST = 8_000
"""Milliseconds a whole cascade may take; longer ones skip steps."""


class CascadePlayer(QWidget):
    """A scrubber over the steps of a cascade; announces the step shown."""

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cascade: CascadeResult | None = None
        self.play = QToolButton()
        self.play.setCheckable(True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Step of the cascade")
        self.told = QLabel()
        self.told.setProperty("role", "label")
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self._advance)
        self.told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.slider.setMinimumWidth(60)
        row = self.row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self.play)
        row.addWidget(self.slider, 4)
        row.addWidget(self.told, 8)
        self.play.toggled.connect(self._toggle)
        self.slider.valueChanged.connect(self._show)
        self._name_button(on=False)

    def show_cascade(self, cascade: CascadeResult) -> None:
        """Take another cascade, stopped at its last step."""
        self.play.setChecked(False)
        self._cascade = cascade
        last = max(0, len(cascade.steps) - 1)
        self.slider.setRange(0, last)
        self.slider.setValue(last)
        for part in (self.play, self.slider, self.told):
            part.setVisible(last > 0)
        self._show(self.slider.value())

    def _toggle(self, on: bool) -> None:
        self._name_button(on=on)
        if not on:
            self._beat.stop()
            return
        if self.slider.value() == self.slider.maximum():
            self.slider.setValue(0)
        self._beat.start()

    def _name_button(self, *, on: bool) -> None:
        self.play.setText("Pause" if on else "Play")
        self.play.setAccessibleName("Pause the cascade" if on else "Play the cascade")

    def _advance(self) -> None:
        stride = max(1, round(self.slider.maximum() * BEAT / LONGEST))
        self.slider.setValue(min(self.slider.value() + stride, self.slider.maximum()))
        if self.slider.value() == self.slider.maximum():
            self.play.setChecked(False)

    def _show(self, number: int) -> None:
        if self._cascade is not None and number < len(self._cascade.steps):
            self.told.setText(told(self._cascade, number))
            self.told.setToolTip(self.told.text())
            self.moved.emit(number)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop playing when nobody looks."""
        self.play.setChecked(False)
        super().hideEvent(event)


def told(cascade: CascadeResult, number: int) -> str:
    """Return a step in one line: when, the client's equity against its margin, call, halts."""
    step = cascade.steps[number]
    words = [f"Step {step.step}{_clock(cascade, number)}",
             f"equity {accounting(step.equity[0])}"]
    if step.margins:
        words.append(f"margin {accounting(step.margins[0])}")
    words.append(f"call {accounting(step.calls[0])}")
    stopped = [name for name, halted in zip(cascade.factors, step.halted, strict=False) if halted]
    if stopped:
        count = len(stopped)
        words.append(f"{count} factor{'' if count == 1 else 's'} halted")
    return ", ".join(words)


def _clock(cascade: CascadeResult, number: int) -> str:
    if cascade.step_minutes is None or number == 0:
        return ""
    return " (the shock)" if number == 1 else f" ({(number - 1) * cascade.step_minutes:,.0f} min)"
