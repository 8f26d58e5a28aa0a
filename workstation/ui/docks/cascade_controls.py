"""What the cascade is asked with: scenario, multiplier, mode, and the regime it is played under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QPushButton

from workstation.cascade.client import MODE as EQUILIBRIUM
from workstation.cascade.dynamic_client import MODE as DYNAMIC
from workstation.cascade.regimes import SILOS
from workstation.cascade.result import CascadeResult
from workstation.results.run import Run
from workstation.ui.docks.cascade_assumptions import CascadeAssumptions
from workstation.ui.docks.choice import combo, refill
from workstation.ui.flow import FlowRow
from workstation.workspace.stress import Stress

TIMES = " x "
"""Stands between scenario and multiplier in the name of a scaled scenario."""
OWN, OWN_SHOCKS = "custom shocks", "Own shocks"
MOST_MODE = 144
LEAST_SCENARIO, LEAST_CHOICE = 150, 96
"""Widths at which the name of an episode and of a regime can still be told from others."""
NO_SHOCKS = "Type your own shocks under Assumptions first, such as SPX=-10%; BTC=-30%."
REPLAYED = "A replay stands in for the scenario; it is switched off under Assumptions"
MODES = (("Where it ends", EQUILIBRIUM), ("Step by step", DYNAMIC))


class CascadeControls(QObject):
    """The controls in the header of the cascade; announces what is asked for."""

    requested = Signal(object)
    """The stress to run; what the controls do not show is as it was."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.assumptions = CascadeAssumptions(self)
        self.scenario = combo("Scenario")
        self.multiplier = _multiplier()
        self.mode = combo("Mode of the cascade")
        self.under = combo("Regime the cascade is played under")
        for box, least in ((self.scenario, LEAST_SCENARIO), (self.mode, MOST_MODE),
                           (self.under, LEAST_CHOICE)):
            box.setMinimumWidth(least)
        self.mode.setMaximumWidth(MOST_MODE)
        self.button = QPushButton("Run")
        self.button.setAccessibleName("Run the cascade")
        refill(self.mode, MODES)
        refill(self.under, [("Silos", SILOS)])
        self._enable()
        self.button.clicked.connect(self._request)
        self.mode.currentIndexChanged.connect(lambda _: self._enable())
        self.assumptions.changed.connect(self._request_edited)
        for box in (self.scenario, self.mode, self.under):
            box.activated.connect(lambda _: self._request())

    def stand_in(self, header: QHBoxLayout) -> None:
        """Take place in a header, in more rows where it is narrow."""
        header.addWidget(FlowRow(self.scenario, self.multiplier, self.mode, self.under,
                                 self.button), 1)

    def offer_scenarios(self, names: Sequence[str]) -> None:
        """List the scenarios that can be asked for, keeping the choice where it can be kept."""
        refill(self.scenario, [*((name, name) for name in names), (OWN_SHOCKS, OWN)])

    def offer_regimes(self, run: Run) -> None:
        """List today's silos and the designs of a review."""
        refill(self.under, [("Silos", SILOS), *(
            (o.margin.title or o.margin.name, o.margin.name) for o in run.designs
            if o.margin.status != "current law")], SILOS)

    def show_asked(self, cascade: CascadeResult) -> None:
        """Put what a cascade was run with into the controls."""
        name, _, times = cascade.scenario.partition(TIMES)
        self._choose(name, float(times or 1))
        self.mode.setCurrentIndex(max(0, self.mode.findData(cascade.mode)))
        self.under.setCurrentIndex(max(0, self.under.findData(cascade.regime)))

    def show_stress(self, stress: Stress, run: Run) -> None:
        """Put the stress of a review into the controls, own shocks and assumptions too."""
        self.assumptions.show_stress(stress, run.book, run.currency)
        self._choose(OWN if stress.shocks else stress.scenario, stress.multiplier)
        self.mode.setCurrentIndex(max(0, self.mode.findData(stress.mode)))
        self.under.setCurrentIndex(max(0, self.under.findData(stress.under)))
        self._enable()

    def _choose(self, scenario: str, multiplier: float) -> None:
        number = self.scenario.findData(scenario)
        if number >= 0:
            self.scenario.setCurrentIndex(number)
            self.multiplier.setValue(multiplier)

    def _enable(self) -> None:
        is_dynamic = self.mode.currentData() == DYNAMIC
        self.under.setEnabled(is_dynamic)
        self.under.setToolTip(
            "Whose rules the client is called under" if is_dynamic
            else "Where it ends is always found under today's silos")
        self.assumptions.show_mode(str(self.mode.currentData()))
        is_replayed = is_dynamic and self.assumptions.stress.replay is not None
        self.scenario.setEnabled(not is_replayed)
        self.scenario.setToolTip(REPLAYED if is_replayed else self.scenario.currentText())

    def _request_edited(self) -> None:
        """Run with edited assumptions; own shocks just typed become the scenario."""
        self._choose(OWN if self.assumptions.stress.shocks else str(self.scenario.currentData()),
                     self.multiplier.value())
        self._request()

    def _request(self) -> None:
        named, edited = str(self.scenario.currentData() or ""), self.assumptions.stress
        if not named:
            return
        if named == OWN and not self.assumptions.own:
            self.assumptions.refused.emit(NO_SHOCKS)
            return
        self.requested.emit(replace(
            edited, scenario=edited.scenario if named == OWN else named,
            multiplier=self.multiplier.value(), shocks=self.assumptions.own if named == OWN else (),
            mode=str(self.mode.currentData()), under=str(self.under.currentData())))


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
