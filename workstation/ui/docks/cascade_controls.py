"""What the cascade is asked with: scenario, multiplier, mode, and the regime it is played under."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QPushButton

from workstation.cascade.client import MODE as EQUILIBRIUM
from workstation.cascade.dynamic_client import MODE as DYNAMIC
from workstation.cascade.regimes import SILOS
from workstation.cascade.result import CascadeResult
from workstation.results.run import Run
from workstation.ui.docks.choice import combo, refill

TIMES = " x "
"""Stands between scenario and multiplier in the name of a scaled scenario."""
MODES = (("Where it ends", EQUILIBRIUM), ("Step by step", DYNAMIC))


class CascadeControls(QObject):
    """The controls in the header of the cascade; announces what is asked for."""

    requested = Signal(str, float, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scenario = combo("Scenario")
        self.multiplier = _multiplier()
        self.mode = combo("Mode of the cascade")
        self.under = combo("Regime the cascade is played under")
        self.button = QPushButton("Run")
        self.button.setAccessibleName("Run the cascade")
        refill(self.mode, MODES)
        refill(self.under, [("Silos", SILOS)])
        self._enable()
        self.button.clicked.connect(self._request)
        self.mode.currentIndexChanged.connect(lambda _: self._enable())
        for box in (self.scenario, self.mode, self.under):
            box.activated.connect(lambda _: self._request())

    def stand_in(self, header: QHBoxLayout) -> None:
        """Take place in a header."""
        header.addWidget(self.scenario, 12)
        header.addWidget(self.multiplier)
        header.addWidget(self.button)

    def stand_below(self, row: QHBoxLayout) -> None:
        """Take place at the left of the row under the header."""
        row.insertWidget(0, self.mode, 3)
        row.insertWidget(1, self.under, 3)

    def offer_scenarios(self, names: Sequence[str]) -> None:
        """List the scenarios that can be asked for, keeping the choice where it can be kept."""
        refill(self.scenario, [(name, name) for name in names])

    def offer_regimes(self, run: Run) -> None:
        """List today's silos and the designs of a review."""
        refill(self.under, [("Silos", SILOS), *(
            (o.margin.title or o.margin.name, o.margin.name) for o in run.designs
            if o.margin.status != "current law")], SILOS)

    def show_asked(self, cascade: CascadeResult) -> None:
        """Put what a cascade was run with into the controls."""
        name, _, times = cascade.scenario.partition(TIMES)
        number = self.scenario.findText(name)
        if number >= 0:
            self.scenario.setCurrentIndex(number)
            self.multiplier.setValue(float(times or 1))
        self.mode.setCurrentIndex(max(0, self.mode.findData(cascade.mode)))
        self.under.setCurrentIndex(max(0, self.under.findData(cascade.regime)))

    def _enable(self) -> None:
        is_dynamic = self.mode.currentData() == DYNAMIC
        self.under.setEnabled(is_dynamic)
        self.under.setToolTip(
            "Whose rules the client is called under" if is_dynamic
            else "Where it ends is always found under today's silos")

    def _request(self) -> None:
        if self.scenario.currentText():
            self.requested.emit(self.scenario.currentText(), self.multiplier.value(),
                                str(self.mode.currentData()), str(self.under.currentData()))


def _multiplier() -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(0.1, 5.0)
    box.setSingleStep(0.1)
    box.setDecimals(1)
    box.setValue(1.0)
    box.setPrefix("× ")
    box.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
    box.setMaximumWidth(64)
    box.setAccessibleName("Shock multiplier")
    box.setToolTip("Multiplies every shock of the scenario")
    return box
