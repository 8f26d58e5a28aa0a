"""The margin and account docks: tables, trees, and the reasons of single amounts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from workstation.base.explain import leaf, total
from workstation.ui.docks.accounts import AccountsDock
from workstation.ui.docks.explain_words import largest, made
from workstation.ui.docks.margin import MarginDock


@pytest.fixture
def margin(shown, run):
    dock = shown(MarginDock())
    dock.show_run(run)
    return dock


# Accounts -----------------------------------------------------------------------------------


def test_accounts_are_named_in_words_and_assumed_types_are_marked(shown, run):
    dock = shown(AccountsDock())
    dock.show_run(run)
    rows = dock.table.model.table.rows
    assert [row.kind for row in rows] == [
        "Regulation T margin", "Portfolio margin", "Futures", "Crypto venue (assumed)"]
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


# Explanation --------------------------------------------------------------------------------


def test_names_of_amounts_have_the_room_they_need(margin):
    tree = margin.explain.tree
    assert tree.columnWidth(0) >= tree.sizeHintForColumn(0)
    tree.header().resizeSection(0, 90)
    margin.explain.expand_to(2)
    assert tree.columnWidth(0) == 90, "a width set by hand stays"


def test_an_asterisk_opens_the_whole_tree(margin):
    tree = margin.explain.tree
    tree.collapseAll()
    tree.setCurrentIndex(tree.model().index(0, 0))
    QTest.keyClick(tree, Qt.Key.Key_Asterisk)
    index, closed = tree.currentIndex(), []
    while index.isValid():
        if tree.model().hasChildren(index) and not tree.isExpanded(index):
            closed.append(index.data())
        index = tree.indexBelow(index)
    assert not closed


def test_a_sum_shows_its_largest_parts_and_what_the_rest_come_to():
    cents = [Decimal(100 * n) for n in range(1, 13)]
    node = total("book", *(leaf(f"part {n}", amount) for n, amount in enumerate(cents, 1)))
    lines = largest(node)
    assert lines[0] == ("part 12", "1,200.00", "15.4 %")
    assert [name for name, _, _ in lines[:-1]] == [f"part {n}" for n in range(12, 4, -1)]
    assert lines[-1] == ("4 further", "1,000.00", "12.8 %")


def test_one_part_is_not_spoken_of_as_many():
    one = total("book", leaf("only", Decimal(0)))
    assert made(one) == "Sum of 1 part."
    assert largest(one) == [("only", "0.00", "")]


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


def test_a_node_that_names_one_position_announces_it_too(margin, qtbot):
    margin.explain_account("PB-1")
    with qtbot.waitSignal(margin.position_chosen) as told:
        margin.explain.tree.setCurrentIndex(margin.explain.model.at((1,)))
    assert margin.explain.selected().label == "TSLA, short stock, maintenance"
    assert told.args == ["Positions!A3"]


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
