"""The collateral panel: the allocation under each regime, obligations, runway, estates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workstation.base.money import accounting
from workstation.ui.docks.collateral import CollateralDock
from workstation.ui.docks.collateral_bars import LEFT, MET, SHORT, obligation_bars, runway_bars
from workstation.ui.docks.collateral_flow import shown_flows
from workstation.workspace.session import Session

BOOK = Path(__file__).parents[3] / "resources" / "books" / "northlight_crypto.xlsx"


@pytest.fixture(scope="module")
def reviewed():
    return Session.from_file(BOOK).review()


@pytest.fixture
def dock(shown, reviewed):
    dock = shown(CollateralDock())
    dock.show_run(reviewed)
    return dock


def test_every_view_has_its_tab_and_table(dock):
    names = [dock.tables.tabText(n) for n in range(dock.tables.count())]
    assert names == ["Lots", "States", "Free by", "Allocation", "Obligations", "Runway",
                     "Substitutions", "Stressed", "Proposals", "Measures", "Flow", "If it fails"]
    tables = []
    for number in range(dock.tables.count()):
        dock.tables.setCurrentIndex(number)
        tables.append(dock.shown_table().table.name)
    assert tables[3:] == ["Allocation matrix", "Margin obligations", "Collateral runway",
                          "Collateral substitutions", "Collateral under stress", "Substitutions",
                          "Encumbrance measures", "Encumbrance flow", "Collateral in insolvency"]


def test_the_matrix_follows_the_regime_chosen(dock):
    today = [column.heading for column in dock.matrix.model.columns]
    assert "NL-FUT (USD)" in today
    dock.allocate_under("single-account-scan")
    assert "one pool (USD)" in [column.heading for column in dock.matrix.model.columns]
    dock.show_run(dock.run)
    assert dock.regime.currentData() == "single-account-scan"
    assert "one pool (USD)" in [column.heading for column in dock.matrix.model.columns]


def test_the_shortfall_is_told_among_the_figures(dock, reviewed):
    plan, told = reviewed.collateral.mobility.plan("silos"), dock.figures.accessibleDescription()
    assert plan.shortfall > 0
    assert f"Cheapest delivery of today's margin {accounting(plan.cost)} a year" in told
    assert f"Lots fall short by {accounting(plan.shortfall)}" in told


def test_bars_by_obligation_and_by_deadline(dock, reviewed):
    dock.group_by("obligation")
    assert "NL-PM, Northgate Securities" in dock.canvas.accessibleDescription()
    dock.group_by("deadline")
    assert "free by T+0" in dock.canvas.accessibleDescription()
    bars = {bar.name: bar for bar in obligation_bars(reviewed.collateral, "silos")}
    short = bars["NL-PM, Northgate Securities"]
    assert [part.state for part in short.parts] == [SHORT]
    assert short.note.startswith("eligibility")
    assert [part.state for part in bars["NL-HL, Hyperliquid"].parts] == [MET]
    assert [part.state for part in runway_bars(reviewed)[0].parts] == [LEFT]


def test_without_a_plan_the_panel_still_shows_the_lots(shown, reviewed):
    bare = replace(reviewed, collateral=replace(
        reviewed.collateral, mobility=None, estates=()))
    dock = shown(CollateralDock())
    dock.show_run(bare)
    dock.group_by("obligation")
    assert not dock.regime.isEnabled()
    assert dock.matrix.model.rowCount() == 0
    assert "N1  BTC" in dock.canvas.accessibleDescription()


def test_the_flow_opens_chains_of_re_use(shown):
    book = Path(__file__).parents[3] / "resources" / "books" / "meridian_macro.xlsx"
    dock = shown(CollateralDock())
    dock.show_run(Session.from_file(book).review())
    dock.group_by("flow")
    assert "Bank of Carrow" not in dock.canvas.accessibleDescription()
    closed = shown_flows(dock.run, ())
    assert closed.more == {"Northgate Securities": "[re-uses: open]"}
    assert closed.columns == ("Lots", "Claims and states", "Secured parties")
    dock.canvas.chosen.emit("Northgate Securities")
    opened = shown_flows(dock.run, dock.opened)
    assert opened.columns[-1] == "Re-use, hop 1"
    assert [link.target for link in opened.links if link.column == 2] == ["Bank of Carrow"]
    dock.canvas.chosen.emit("Northgate Securities")
    assert not dock.opened


def test_bars_by_regime_add_up(dock, reviewed):
    dock.group_by("regime")
    assert "own account" in dock.canvas.accessibleDescription()
