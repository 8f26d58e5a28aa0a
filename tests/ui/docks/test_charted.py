"""The docks with charts: designs, offsets, collateral, cascade."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QToolTip

from tests.ui.docks import sample
from workstation.ui.docks.bridge import BridgeDock
from workstation.ui.docks.cascade import CascadeDock
from workstation.ui.docks.collateral import CollateralDock
from workstation.ui.docks.offsets import OffsetsDock
from workstation.workspace.stress import Stress


@pytest.fixture
def offsets(shown, run):
    dock = shown(OffsetsDock())
    dock.show_run(run)
    return dock


# Bridge -------------------------------------------------------------------------------------


def test_choosing_a_design_changes_the_waterfall(shown, run, qtbot):
    dock = shown(BridgeDock())
    dock.show_run(run)
    assert dock.choice.combo.currentText() == "Single account, one scan"
    assert "10,644,715" in dock.canvas.accessibleDescription()
    number = dock.choice.combo.findData("full-netting")
    dock.choice.combo.setCurrentIndex(number)
    with qtbot.waitSignal(dock.design_chosen) as told:
        dock.choice.combo.activated.emit(number)
    assert told.args == ["full-netting"]
    assert "All risk netted (7,900,310)" in dock.canvas.accessibleDescription()
    assert dock.table.model.rowCount() == 5


def test_a_design_wanted_before_the_review_is_shown_with_it(shown, run, qtbot):
    dock = shown(BridgeDock())
    with qtbot.assertNotEmitted(dock.design_chosen):
        dock.show_design("full-netting")
        dock.show_run(run)
    assert dock.choice.combo.currentText() == "Full netting (experiment)"
    assert "(7,900,310)" in dock.canvas.accessibleDescription()


# Offsets ------------------------------------------------------------------------------------


def test_heat_map_cells_carry_the_decisions_of_the_ledger(offsets):
    block = offsets.blocks[0]
    at = {(block.rows[c.row], block.columns[c.column]): c for c in block.cells}
    assert at["SPX listed options", "ES futures"].status == "granted"
    assert at["SPY", "ES futures"].status == "partial"
    denied = at["BTC", "ES futures"]
    assert (denied.status, denied.figure) == ("denied", Decimal("120000"))
    assert "stressed correlation 0.18" in denied.reason
    assert len(at) == 4


def test_ledger_is_filtered_by_decision(offsets):
    offsets.filter_by_status("denied")
    shown = [offsets.table.model.row_at(n).status for n in range(offsets.table.model.rowCount())]
    assert shown == ["denied", "denied"]
    offsets.filter_by_status("")
    assert offsets.table.model.rowCount() == 4


def test_filter_stays_true_when_another_design_of_the_same_size_is_shown(offsets, run):
    offsets.filter_by_status("denied")
    turned = tuple(reversed(run.designs[1].ledger))
    changed = replace(run.designs[1], ledger=turned)
    offsets.show_run(replace(run, designs=(run.designs[0], changed)))
    shown = [offsets.table.model.row_at(n).status for n in range(offsets.table.model.rowCount())]
    assert shown == ["denied", "denied"]


def test_a_row_shows_its_tests_reason_and_barrier(offsets):
    offsets.table.view.selectRow(2)
    told = offsets.detail.toPlainText()
    for expected in ("BTC / ES futures", "✕ denied", "120,000", "stressed correlation", "0.18",
                     "threshold", "no cross-margin agreement with the venue"):
        assert expected in told


def test_a_cell_selects_its_row(offsets, qtbot):
    cell = next(c for c in offsets.blocks[0].cells if c.status == "partial")
    plan = offsets.canvas.scene().items()
    area = next(item for item in plan if item.data(0) == cell.mark).sceneBoundingRect()
    at = offsets.canvas.mapFromScene(area.center())
    qtbot.mouseClick(offsets.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert offsets.table.view.selectionModel().selectedRows()[0].row() == 1
    assert "SPY / ES futures" in offsets.detail.toPlainText()


def test_a_design_without_offsets_says_so(offsets):
    offsets.show_design("today")
    assert offsets.table.model.rowCount() == 0
    assert offsets.blocks == ()


# Collateral ---------------------------------------------------------------------------------


def test_bars_are_by_lot_or_by_custodian(shown, run):
    dock = shown(CollateralDock())
    dock.show_run(run)
    assert "LOT-1  UST 4.25 2034 9,840,000" in dock.canvas.accessibleDescription()
    dock.group_by("custodian")
    assert "Alder Prime 13,195,000" in dock.canvas.accessibleDescription()


def test_figures_say_what_is_free(shown, run):
    dock = shown(CollateralDock())
    dock.show_run(run)
    told = dock.figures.accessibleDescription()
    assert "Free after haircut, USD 6,792,420" in told
    assert "Encumbered 54.3 %" in told


def test_exports_take_the_table_in_front(shown, run):
    dock = shown(CollateralDock())
    dock.show_run(run)
    dock.tables.setCurrentIndex(1)
    assert dock.shown_table().table.name == "Collateral by state"


# Cascade ------------------------------------------------------------------------------------


def test_losses_chain_and_assumptions_are_told(shown, run):
    dock = shown(CascadeDock())
    dock.show_run(run)
    told = dock.figures.accessibleDescription()
    assert "Direct loss, USD 5,210,400; Total loss, USD 8,113,250" in told
    assert "Amplification 1.56 x; Defaults Meridian Macro LP." in told
    assert "closed out" in dock.chain.toPlainText()
    assert "No halts are modelled" in dock.assumptions.toPlainText()
    assert "residual 1.2e-09" in dock.assumptions.toPlainText()


def test_prices_are_named_with_where_they_end(shown, run):
    dock = shown(CascadeDock())
    dock.show_run(run)
    assert dock.chart().accessibleDescription() == (
        "Price paths indexed to 100: BTC ends at 68.8; SPX ends at 88.8; UST10Y ends at 99.7.")


def test_asks_for_another_cascade_by_name_and_multiplier(shown, run, qtbot):
    dock = shown(CascadeDock())
    dock.offer_scenarios(("2020-03-12 Covid A", "2008-10-15 Lehman"))
    dock.show_run(run)
    dock.scenario.setCurrentIndex(1)
    dock.multiplier.setValue(1.5)
    with qtbot.waitSignal(dock.cascade_requested) as told:
        dock.button.click()
    assert told.args == [Stress("2008-10-15 Lehman", 1.5)]


def test_controls_show_the_stress_the_cascade_was_run_with(shown, run):
    dock = shown(CascadeDock())
    dock.offer_scenarios(("2020-03-12 Covid A", "2008-10-15 Lehman"))
    asked = replace(run.cascade, scenario="2008-10-15 Lehman x 1.5")
    dock.show_run(replace(run, cascade=asked))
    assert dock.scenario.currentText() == "2008-10-15 Lehman"
    assert dock.multiplier.value() == 1.5


def test_values_at_a_step_are_told_under_the_pointer(shown, run):
    dock = shown(CascadeDock())
    dock.show_run(run)
    box = dock.chart().getPlotItem().getViewBox()
    dock.chart().scene().sigMouseMoved.emit(box.mapViewToScene(QPointF(1.2, 90.0)))
    assert QToolTip.isVisible()
    assert "Step 1" in QToolTip.text()
    assert "92.0" in QToolTip.text()
    QToolTip.hideText()


def test_unmet_calls_are_told_from_met_ones():
    from workstation.ui.docks.cascade import ticks

    assert [tick.met for tick in ticks(sample.cascade().calls)] == [True, True, False]
