"""From any number to its reason, from there to its input cell, and back again."""

from decimal import Decimal
from types import SimpleNamespace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from workstation.base.explain import leaf, total
from workstation.ui.docks.breadcrumbs import Breadcrumbs
from workstation.ui.history import audit_table
from workstation.ui.tokens import LIGHT
from workstation.ui.trail import Trail


def test_why_on_a_row_leads_to_its_explanation_and_back(desk_window):
    positions = desk_window.positions
    positions.select("Positions!A9")
    positions.view.setFocus()
    desk_window.commands["review.why"].trigger()
    margin = desk_window.docks.widget("margin")
    assert margin.subject.currentData()[1] == "FCM-1"
    assert desk_window.navigation.trail.last.endswith("in FCM-1")
    margin.explain.tree.setFocus()
    positions.select("Positions!A2")
    desk_window.commands["view.back"].trigger()
    assert positions.selected_where() == "Positions!A9"


def test_why_on_a_row_of_another_table_explains_what_it_is_about(desk_window):
    navigation, model = desk_window.navigation, desk_window.docks.bring("margin").table.model
    subject = desk_window.docks.widget("margin").subject
    navigation._why_row(model, SimpleNamespace(account="PM-2"), 0)
    assert subject.currentData()[1] == "PM-2"
    navigation._why_row(model, SimpleNamespace(where="Positions!A9", account="PM-2"), 0)
    assert subject.currentData()[1] == "FCM-1"
    design = desk_window.desk.design_name
    navigation._why_row(model, SimpleNamespace(design=design), 0)
    assert subject.currentData()[1] == design
    navigation._why_row(model, SimpleNamespace(anything=1), 1)
    assert model.columns[1].heading in desk_window.banner.text()


def test_why_on_a_headline_figure_opens_its_panel(desk_window):
    desk_window.headline.buttons[3].setFocus()
    desk_window.navigation.why()
    assert desk_window.docks.is_seen("collateral")


def test_breadcrumbs_lead_up_the_tree_and_to_the_input_cell(desk_window, qtbot):
    margin = desk_window.docks.bring("margin")
    cell = "Positions!A2"
    node = leaf("AAPL", Decimal(100), cell=cell)
    margin.explain.show_tree(total("Account", total("class", node)), "USD")
    margin.explain.stand_at((0, 0))
    assert [step.label for step in margin.explain.way()] == ["Account", "class", "AAPL"]
    assert margin.way.isVisibleTo(margin)
    assert f"input {cell}" in margin.way.text()
    desk_window.positions.select("Positions!A9")
    margin.way.linkActivated.emit(f"cell:{cell}")
    assert desk_window.positions.selected_where() == cell
    margin.way.linkActivated.emit("1")
    assert margin.explain.path() == (0,)


def test_labels_of_the_way_cannot_bring_markup(qtbot):
    way = Breadcrumbs()
    qtbot.addWidget(way)
    way.show_way(["All <b>accounts</b>", "x" * 60], "", LIGHT)
    assert "<b>" not in way.text()
    assert "…" in way.text()
    way.show_way(["All accounts"], "", LIGHT)
    assert way.isHidden()


def test_the_trail_keeps_the_last_places_and_returning_adds_none():
    trail, been = Trail(), []

    def place(number):
        return lambda: (been.append(number), trail.leave("elsewhere", list))

    for number in range(60):
        trail.leave(f"place {number}", place(number))
    trail.leave("place 59", place(59))
    trail.back()
    trail.back()
    assert been == [59, 58]
    assert trail.last == "place 57"
    trail.clear()
    assert trail.last == ""
    trail.back()


def test_history_goes_back_and_forward_by_a_click(desk_window, qtbot):
    history = desk_window.docks.bring("history")
    desk_window.desk.remark("Positions!A2", flag="check")
    desk_window.desk.remark("Positions!A2", text="why so many?")
    model = history.steps.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == [
        "As opened", "Remark on AAPL: check", "Remark on AAPL: why so many?"]
    history.steps.setCurrentIndex(model.index(1, 0))
    assert desk_window.desk.book.remarks[0].text == ""
    history.steps.setCurrentIndex(model.index(0, 0))
    assert desk_window.desk.book.remarks == ()
    history.steps.setCurrentIndex(model.index(2, 0))
    assert desk_window.desk.book.remarks[0].text == "why so many?"


def test_the_audit_trail_is_listed_newest_first():
    from datetime import UTC, datetime

    from workstation.projects.audit import appended

    trail = ()
    for minute, action in enumerate(("imported", "saved")):
        trail = appended(trail, datetime(2026, 11, 13, 9, minute, tzinfo=UTC), "ana", action, "x")
    table = audit_table(trail)
    assert [row.action for row in table.rows] == ["saved", "imported"]
    assert table.rows[0].at == "2026-11-13 09:01"


def test_backspace_goes_back_but_not_from_a_field(desk_window, qtbot):
    desk_window.activateWindow()
    desk_window.positions.select("Positions!A9")
    desk_window.positions.view.setFocus()
    desk_window.navigation.go_to_position("Positions!A2")
    desk_window.positions.search.setFocus()
    QTest.keyClicks(desk_window.positions.search, "AA")
    QTest.keyClick(desk_window.positions.search, Qt.Key.Key_Backspace)
    assert desk_window.positions.search.text() == "A"
    assert desk_window.positions.selected_where() == "Positions!A2"
    shortcuts = [key.toString() for key in desk_window.commands["view.back"].shortcuts()]
    assert shortcuts == ["Alt+Left", "Backspace"]


def test_f6_walks_through_the_parts_of_the_window(desk_window, qtbot):
    desk_window.activateWindow()
    desk_window.headline.buttons[0].setFocus()
    seen = []
    for _ in range(8):
        desk_window.navigation.next_panel()
        seen.append(QApplication.focusWidget())
    assert seen[0] is desk_window.positions.view
    parts = [desk_window.headline, desk_window.positions, *desk_window.docks.frames.values()]
    entered = [next(n for n, part in enumerate(parts) if part.isAncestorOf(w)) for w in seen]
    assert len(set(entered)) >= 4, "headline, positions and the panels on the screen"
