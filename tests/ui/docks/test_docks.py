"""Every dock: with a review and without one, in both palettes, with its exports."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QLabel, QToolButton

from tests.ui.docks import sample
from workstation.ui import theme, tokens
from workstation.ui.docks.accounts import AccountsDock
from workstation.ui.docks.bridge import BridgeDock
from workstation.ui.docks.cascade import CascadeDock
from workstation.ui.docks.collateral import CollateralDock
from workstation.ui.docks.margin import MarginDock
from workstation.ui.docks.offsets import OffsetsDock

ALL = [AccountsDock, MarginDock, BridgeDock, OffsetsDock, CollateralDock, CascadeDock]
CHARTED = [BridgeDock, OffsetsDock, CollateralDock, CascadeDock]


@pytest.fixture(params=ALL, ids=lambda kind: kind.__name__)
def kind(request):
    return request.param


@pytest.fixture
def margin(shown, run):
    dock = shown(MarginDock())
    dock.show_run(run)
    return dock


@pytest.fixture
def offsets(shown, run):
    dock = shown(OffsetsDock())
    dock.show_run(run)
    return dock


# Every dock ---------------------------------------------------------------------------------


def test_without_a_review_a_dock_says_what_would_be_here(kind, shown):
    dock = shown(kind(), 500, 350)
    dock.show_run(None)
    assert dock.is_empty
    label = dock.findChild(QLabel)
    assert "appear" in label.text()
    assert "Open" in label.text() or "open" in label.text()


def test_with_a_review_a_dock_shows_it_and_can_be_emptied_again(kind, shown, run):
    dock = shown(kind())
    dock.show_run(run)
    assert not dock.is_empty
    assert dock.shown_table().rowCount() > 0
    dock.show_run(None)
    assert dock.is_empty


def test_a_review_of_an_empty_book_leaves_docks_empty(kind, shown, run):
    nothing = replace(
        run, book=replace(run.book, accounts=(), positions=()), designs=(), cascade=None,
        collateral=replace(run.collateral, lots=()))
    dock = shown(kind())
    dock.show_run(nothing)
    assert dock.is_empty


@pytest.mark.parametrize("size", [(500, 350), (900, 600)], ids=["small", "large"])
def test_docks_show_in_both_palettes_at_both_sizes(kind, shown, run, palette, size):
    dock = shown(kind(), *size)
    dock.show_run(run)
    picture = dock.grab().toImage()
    assert picture.width() == size[0]
    colours = {picture.pixelColor(QPoint(x, y)).name()
               for x in range(0, size[0], 7) for y in range(0, size[1], 7)}
    assert palette.raised.lower() in colours
    assert len(colours) > 5


def test_docks_fit_the_small_size(kind, shown, run):
    dock = shown(kind(), 500, 350)
    dock.show_run(run)
    least = dock.minimumSizeHint()
    assert least.width() <= 500
    assert least.height() <= 350


def test_controls_are_named_for_screen_readers(kind, shown, run):
    dock = shown(kind())
    dock.show_run(run)
    assert dock.accessibleName() == dock.title
    for button in dock.findChildren(QToolButton):
        assert button.accessibleName() or button.text()
    chart = dock.chart()
    if chart is not None:
        assert chart.accessibleName()
        assert len(chart.accessibleDescription()) > 20


def test_copies_its_table_with_headings(kind, shown, run):
    dock = shown(kind())
    dock.show_run(run)
    dock.copy_table()
    lines = QGuiApplication.clipboard().text().splitlines()
    model = dock.shown_table()
    assert lines[0].split("\t") == [column.heading for column in model.columns]
    assert len(lines) == 1 + model.rowCount()


def test_writes_its_table_as_csv_with_plain_numbers(kind, shown, run, tmp_path):
    dock = shown(kind())
    dock.show_run(run)
    dock.export_csv(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + dock.shown_table().rowCount()
    assert not any("(" in cell and cell.strip("()").replace(",", "").isdigit()
                   for row in rows for cell in row)


@pytest.mark.parametrize("charted", CHARTED, ids=lambda kind: kind.__name__)
def test_saves_its_chart_as_picture_and_as_scalable_graphics(charted, shown, run, tmp_path):
    dock = shown(charted())
    dock.show_run(run)
    dock.save_png(tmp_path / "chart.png")
    dock.save_svg(tmp_path / "chart.svg")
    picture = QImage(str(tmp_path / "chart.png"))
    assert picture.width() > 500
    drawn = ElementTree.parse(tmp_path / "chart.svg").getroot()
    written = "".join(drawn.itertext())
    assert drawn.find("{http://www.w3.org/2000/svg}title").text == dock.title
    expected = {BridgeDock: "10,644,715", OffsetsDock: "ES futures", CollateralDock: "9,840,000",
                CascadeDock: "SPX"}[charted]
    assert expected in written


@pytest.mark.parametrize("charted", CHARTED, ids=lambda kind: kind.__name__)
def test_charts_are_drawn_again_when_the_palette_changes(charted, shown, run, qapp):
    theme.apply(qapp, "light")
    dock = shown(charted())
    dock.show_run(run)
    theme.apply(qapp, "dark")
    background = dock.chart().backgroundBrush().color().name()
    scene = dock.chart().scene().backgroundBrush().color().name()
    theme.apply(qapp, "light")
    assert tokens.DARK.raised.lower() in (background, scene)


@pytest.mark.parametrize("charted", CHARTED, ids=lambda kind: kind.__name__)
def test_a_low_panel_shows_the_chart_until_asked_for_the_table(charted, shown, run):
    dock = shown(charted(), 500, 350)
    dock.show_run(run)
    assert dock.chart().isVisible()
    dock.panes.toggle.setChecked(True)
    assert not dock.chart().isVisible()
    assert dock.shown_table() is not None


def test_a_high_panel_shows_chart_and_table(shown, run):
    dock = shown(BridgeDock(), 900, 600)
    dock.show_run(run)
    assert dock.canvas.isVisible()
    assert dock.table.isVisible()


def test_asks_where_to_save_and_says_what_went_wrong(shown, run, tmp_path, monkeypatch):
    dock = shown(BridgeDock())
    dock.show_run(run)
    answers = iter([tmp_path / "steps", tmp_path / "missing" / "steps.csv"])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(next(answers)), ""))
    actions = {a.text(): a for a in dock.findChildren(QToolButton)[-1].menu().actions()}
    actions["Export table as CSV…"].trigger()
    assert (tmp_path / "steps.csv").exists()
    assert dock.notice.text() == "Saved steps.csv."
    actions["Export table as CSV…"].trigger()
    assert dock.notice.text() == "steps.csv was not written: No such file or directory"


def test_a_cancelled_dialog_writes_nothing(shown, run, tmp_path, monkeypatch):
    dock = shown(BridgeDock())
    dock.show_run(run)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    actions = {a.text(): a for a in dock.findChildren(QToolButton)[-1].menu().actions()}
    actions["Save chart as SVG…"].trigger()
    assert list(tmp_path.iterdir()) == []


# Accounts -----------------------------------------------------------------------------------


def test_accounts_are_named_in_words_and_assumed_types_are_marked(shown, run):
    dock = shown(AccountsDock())
    dock.show_run(run)
    rows = dock.table.model.table.rows
    assert [row.kind for row in rows] == [
        "Reg T", "Portfolio margin", "Futures", "Crypto venue (assumed)"]
    assert [row.status for row in rows] == [
        "complete", "complete", "complete", "incomplete: 1 excluded"]
    assert rows[3].other_cash == "900,000 USDC"
    assert dock.count.text() == "4 accounts, 1 of an assumed type"


def test_an_account_nothing_margins_says_so(shown, run):
    dock = shown(AccountsDock())
    dock.show_run(replace(run, silos=replace(run.silos, accounts=run.silos.accounts[1:])))
    row = dock.table.model.table.rows[0]
    assert (row.maintenance, row.status) == (None, "not margined")


def test_choosing_an_account_announces_its_id(shown, run, qtbot):
    dock = shown(AccountsDock())
    dock.show_run(run)
    with qtbot.waitSignal(dock.account_chosen) as told:
        dock.table.view.selectRow(2)
    assert told.args == ["FCM-1"]


# Margin -------------------------------------------------------------------------------------


def test_silo_table_adds_up_and_says_what_is_incomplete(margin):
    assert margin.table.totals.text(6) == "14,313,265"
    assert margin.notice.text() == "Totals are incomplete: 1 position or row is excluded."
    assert margin.notice.isVisible()


def test_choosing_an_account_explains_it(margin, qtbot):
    with qtbot.waitSignal(margin.account_chosen) as told:
        margin.table.view.selectRow(0)
    assert told.args == ["PB-1"]
    assert margin.explain.selected().label == "Maintenance, PB-1"


def test_initial_and_maintenance_are_two_trees(margin, qtbot):
    margin.explain_account("PB-1")
    assert margin.explain.selected().amount == Decimal("1321270")
    margin.basis["Initial"].click()
    assert margin.explain.selected().label == "Initial, PB-1"
    assert margin.explain.selected().amount == Decimal("2481700")


def test_a_design_has_a_tree_of_its_own(margin):
    margin.explain_design("single-account-scan")
    assert margin.explain.selected().label == "Requirement, Single account, one scan"
    assert not margin.basis["Initial"].isEnabled()
    margin.explain_account("PB-1")
    assert margin.basis["Initial"].isEnabled()


def test_explaining_a_position_selects_its_nodes_and_shows_rule_and_inputs(margin):
    assert margin.explain_position("Positions!A4")
    assert margin.subject.currentText() == "Account PM-2"
    node = margin.explain.selected()
    assert node.label == "SPX   261218P06500000"
    told = margin.explain.detail.toPlainText()
    for expected in ("FINRA 4210(g)(7)(B)", "2026-06-04", "to confirm", "contracts", "40",
                     "per contract", "3,750.00", "100.0 % of minimum per contract."):
        assert expected in told


def test_every_node_of_the_position_is_selected(margin):
    margin.explain_position("Positions!A3")
    chosen = {index.siblingAtColumn(0) for index in
              margin.explain.tree.selectionModel().selectedRows()}
    labels = {margin.explain.model.explained(index).label for index in chosen}
    assert labels == {"per-share minimum", "30 % of market value"}


def test_a_losing_branch_is_told_why(margin):
    margin.explain_position("Positions!A3")
    told = margin.explain.detail.toPlainText()
    assert "This branch does not bind: 30 % of market value, 482,520.00, is" in told
    assert "462,520.00 greater." in told


def test_a_maximum_lists_its_branches(margin):
    margin.explain_account("PM-2")
    margin.explain.tree.setCurrentIndex(margin.explain.model.at((0,)))
    told = margin.explain.detail.toPlainText()
    assert "Greatest of 2 branches." in told
    assert "Not minimum per contract: 150,000.00 is 8,850,000.00 smaller." in told


def test_an_excluded_position_says_why_it_has_no_node(margin):
    assert not margin.explain_position("Positions!A8")
    assert margin.notice.text() == (
        "DOGE-PERP is excluded. DOGE-PERP: no scenario grid covers DOGE; "
        "add DOGE to the crypto pack.")
    assert not margin.explain_position("Positions!Z99")


def test_selecting_a_node_announces_its_cell_but_explaining_does_not(margin, qtbot):
    with qtbot.assertNotEmitted(margin.position_chosen):
        margin.explain_position("Positions!A4")
        margin.show_run(margin.run)
    other = margin.explain.model.find(lambda node: ("cell", "Positions!A5") in node.inputs)[0]
    with qtbot.waitSignal(margin.position_chosen) as told:
        margin.explain.tree.setCurrentIndex(other)
    assert told.args == ["Positions!A5"]


def test_a_new_review_keeps_the_tree_as_it_was_looked_at(margin, run):
    margin.explain_position("Positions!A4")
    opened = margin.explain.model.at((0, 1))
    assert margin.explain.tree.isExpanded(opened)
    margin.show_run(replace(run, kernel="other"))
    assert margin.subject.currentText() == "Account PM-2"
    assert margin.explain.selected().label == "SPX   261218P06500000"
    assert margin.explain.tree.isExpanded(margin.explain.model.at((0, 1)))


def test_levels_open_the_tree_that_far(margin):
    margin.explain_account("PM-2")
    tree, model = margin.explain.tree, margin.explain.model
    margin.explain.expand_to(2)
    assert tree.isExpanded(model.at((0,)))
    assert not tree.isExpanded(model.at((0, 0)))
    margin.explain.expand_to(0)
    assert tree.isExpanded(model.at((0, 0)))


def test_copies_a_subtree(margin):
    margin.explain_position("Positions!A4")
    margin.explain.copy_as_text()
    assert QGuiApplication.clipboard().text().startswith("SPX   261218P06500000: 150,000.00")
    margin.explain.copy_as_tsv()
    assert QGuiApplication.clipboard().text().splitlines()[0].startswith("Level\t")


def test_a_tabbed_focus_does_not_change_what_is_explained(margin):
    margin.explain_account("FCM-1")
    margin.table.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert margin.subject.currentText() == "Account FCM-1"


# Bridge -------------------------------------------------------------------------------------


def test_choosing_a_design_changes_the_waterfall(shown, run, qtbot):
    dock = shown(BridgeDock())
    dock.show_run(run)
    assert dock.selector.currentText() == "Single account, one scan"
    assert "10,644,715" in dock.canvas.accessibleDescription()
    number = dock.selector.findData("full-netting")
    dock.selector.setCurrentIndex(number)
    with qtbot.waitSignal(dock.design_chosen) as told:
        dock.selector.activated.emit(number)
    assert told.args == ["full-netting"]
    assert "All risk netted (7,900,310)" in dock.canvas.accessibleDescription()
    assert dock.table.model.rowCount() == 5


def test_a_design_wanted_before_the_review_is_shown_with_it(shown, run, qtbot):
    dock = shown(BridgeDock())
    with qtbot.assertNotEmitted(dock.design_chosen):
        dock.show_design("full-netting")
        dock.show_run(run)
    assert dock.selector.currentText() == "Full netting (experiment)"
    assert "(7,900,310)" in dock.canvas.accessibleDescription()


# Offsets ------------------------------------------------------------------------------------


def test_heat_map_cells_carry_the_decisions_of_the_ledger(offsets):
    at = {(offsets.labels[c.row], offsets.labels[c.column]): c for c in offsets.cells}
    assert at["SPX listed options", "ES futures"].status == "granted"
    assert at["ES futures", "SPY"].status == "partial"
    denied = at["BTC", "ES futures"]
    assert (denied.status, denied.figure) == ("denied", Decimal("120000"))
    assert "stressed correlation 0.18" in denied.reason
    assert ("SPY", "BTC") not in at


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
    cell = next(c for c in offsets.cells if c.status == "partial")
    plan = offsets.canvas.scene().items()
    area = next(item for item in plan if item.data(0) == cell.mark).sceneBoundingRect()
    at = offsets.canvas.mapFromScene(area.center())
    qtbot.mouseClick(offsets.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert offsets.table.view.selectionModel().selectedRows()[0].row() == 1
    assert "SPY / ES futures" in offsets.detail.toPlainText()


def test_a_design_without_offsets_says_so(offsets):
    offsets.show_design("today")
    assert offsets.table.model.rowCount() == 0
    assert offsets.cells == ()


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
    assert told.args == ["2008-10-15 Lehman", 1.5]


def test_controls_show_the_stress_the_cascade_was_run_with(shown, run):
    dock = shown(CascadeDock())
    dock.offer_scenarios(("2020-03-12 Covid A", "2008-10-15 Lehman"))
    asked = replace(run.cascade, scenario="2008-10-15 Lehman x 1.5")
    dock.show_run(replace(run, cascade=asked))
    assert dock.scenario.currentText() == "2008-10-15 Lehman"
    assert dock.multiplier.value() == 1.5


def test_unmet_calls_are_told_from_met_ones():
    from workstation.ui.docks.cascade import ticks

    assert [tick.met for tick in ticks(sample.cascade().calls)] == [True, True, False]
