"""The whole window on the invented client: commands, the way through it, names and sizes."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTabBar,
)

from tests.ui.conftest import headline
from workstation.base.problem import Problem
from workstation.ui.bindings import bindings
from workstation.ui.dock_host import DOCKS
from workstation.ui.problems import findings
from workstation.workspace.actions import ACTIONS


def test_every_declared_action_is_bound(window):
    assert set(bindings(window)) == {a.id for a in ACTIONS} == set(window.commands.actions)


def test_no_two_actions_share_keys():
    keys = [a.shortcut for a in ACTIONS if a.shortcut]
    assert len(keys) == len(set(keys))


def test_an_empty_window_offers_only_what_can_be_done(window):
    assert window.windowTitle() == "Crossmargin"
    assert not window.commands["file.save"].isEnabled()
    assert not window.commands["review.cancel"].isEnabled()
    assert window.commands["file.open"].isEnabled()
    assert headline(window) == ["–"] * 5


def test_choosing_another_design_changes_headline_docks_and_strip(desk_window):
    before = headline(desk_window)[1]
    bridge = desk_window.docks.bring("bridge")
    desk_window.desk.choose_design("today")
    assert headline(desk_window)[1] != before
    assert "design: today" in desk_window.status.design.text()
    assert bridge.choice.name() == "today"
    bridge.choice.combo.setCurrentIndex(1)
    bridge.choice.combo.activated.emit(1)
    assert desk_window.desk.design_name == bridge.choice.name() != "today"


def test_why_leads_to_the_margin_dock(desk_window):
    desk_window.positions.select("Positions!A9")
    desk_window.commands["review.why"].trigger()
    assert desk_window.docks.is_seen("margin")
    margin = desk_window.docks.widget("margin")
    assert margin.subject.currentData()[1] == "FCM-1"


def test_choosing_an_account_explains_it(desk_window):
    margin = desk_window.docks.bring("margin")
    accounts = desk_window.docks.bring("accounts")
    accounts.account_chosen.emit("PM-2")
    assert margin.subject.currentData()[1] == "PM-2"


def test_a_finding_selects_its_position(desk_window):
    problems = desk_window.docks.widget("problems")
    assert desk_window.docks.frames["problems"].windowTitle() == "Problems (4)"
    severities = [problems.model.index(r, 0).data() for r in range(problems.model.rowCount())]
    assert severities == ["excluded", "error", "info", "info"]
    problems.view.clicked.emit(problems.model.index(0, 0))
    assert desk_window.positions.selected_where() == "Positions!A5"
    problems.view.clicked.emit(problems.model.index(3, 0))
    assert "no row of the positions table" in desk_window.banner.text()


def test_a_finding_is_spelled_out_where_its_columns_cut_it_short(desk_window):
    problems = desk_window.docks.bring("problems")
    finding = problems.model.row_at(0)
    problems.view.setCurrentIndex(problems.model.index(0, 0))
    assert finding.remedy.rstrip(".")[1:] in problems.whole.text()
    for wide, is_cut in ((900, False), (340, True)):
        problems.resize(wide, 300)
        assert problems.view.isColumnHidden(3) == is_cut
        assert not problems.view.horizontalScrollBar().isVisible()


def test_what_excludes_a_position_is_said_once(desk_window, session):
    run = session.review()
    excluded = run.excluded[0]
    again = Problem(excluded.where, excluded.what, excluded.remedy, "error")
    found = findings(session, replace(run, problems=(*run.problems, again)))
    assert [f.severity for f in found if f.where == excluded.where] == ["excluded"]


def test_palette_and_density_switch_and_are_kept(desk_window, settings):
    desk_window.commands["view.palette"].trigger()
    assert settings["view.palette"] == "dark"
    desk_window.commands["view.density"].trigger()
    assert settings["view.density"] == "comfortable"
    assert desk_window.positions.view.rowHeight(0) == 28
    assert not desk_window.grab().isNull()
    desk_window.commands["view.palette"].trigger()


def test_command_palette_finds_and_runs(desk_window, qtbot):
    from workstation.ui.finder import ENTRY, Finder
    from workstation.ui.finding import ranked

    desk_window.commands["help.palette"].trigger()
    palette = desk_window.findChild(Finder)
    QTest.keyClicks(palette.field, "reset lay")
    assert palette.list.currentItem().data(ENTRY).name == "Reset layout"
    desk_window.docks.frames["bridge"].hide()
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert not desk_window.docks.frames["bridge"].isHidden()
    names = {a.id: a.title for a in ACTIONS}
    assert ranked(names, "undo")[0] == "edit.undo"
    assert "view.perspective.collateral" in ranked(names, "colateral")
    assert len(ranked(names, "")) == len(ACTIONS)
    assert ranked(names, "zzzzqqq") == []


def test_about_names_versions_licences_and_marks(window):
    from workstation.ui.about import AboutDialog, part_rows

    window.commands["help.about"].trigger()
    dialog = window.findChild(AboutDialog)
    said = " ".join(label.text() for label in dialog.findChildren(type(window.commands.client)))
    assert "SPAN is a mark of" in said
    assert "licence from ISDA" in said
    parts = {name: licence for name, _, licence in part_rows()}
    assert {"numpy", "PySide6-Essentials", "Qt", "rapidfuzz"} <= set(parts)
    assert all(parts.values())
    dialog.close()


def test_editions_are_listed(desk_window):
    from workstation.ui.editions import EditionsDialog

    assert "1 to confirm" in desk_window.status.editions.text()
    desk_window.status.editions.click()
    dialog = desk_window.findChild(EditionsDialog)
    assert dialog.model.index(0, 0).data() == "Invented rule"
    dialog.close()


def test_copy_takes_the_focused_table(desk_window):
    desk_window.positions.select("Positions!A3")
    desk_window.commands["edit.copy"].trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 2
    assert "-4000" in lines[1]


def test_every_view_and_control_has_a_name(desk_window, qtbot):
    for spec in DOCKS:
        desk_window.docks.bring(spec.id)
    kinds = (QAbstractItemView, QLineEdit, QComboBox)
    nameless = [w for kind in kinds for w in desk_window.findChildren(kind)
                if not w.accessibleName() and not isinstance(w, QHeaderView)
                and not _is_part_of_another(w)]
    assert nameless == []
    buttons = [b for b in desk_window.findChildren(QPushButton)
               if not (b.accessibleName() or b.text())]
    assert all(not b.isVisible() for b in buttons)


def _is_part_of_another(widget):
    parent = widget.parent()
    while parent is not None:
        if isinstance(parent, QComboBox | QAbstractSpinBox):
            return True
        parent = parent.parent()
    return False


def test_tab_leads_through_the_window(desk_window, qtbot):
    seen, widget = set(), desk_window.headline.buttons[0]
    for _ in range(400):
        seen.add(widget)
        widget = widget.nextInFocusChain()
    assert desk_window.positions.view in seen
    assert desk_window.positions.search in seen
    assert all(b.focusPolicy() & Qt.FocusPolicy.TabFocus for b in desk_window.headline.buttons)


def test_usable_at_1280_by_720(desk_window, qtbot):
    desk_window.resize(1280, 720)
    desk_window.commands["view.reset_layout"].trigger()
    qtbot.wait(20)
    assert desk_window.width() == 1280
    assert desk_window.height() == 720
    assert desk_window.positions.view.viewport().height() >= 120
    for button in desk_window.headline.buttons:
        metrics = button.amount.fontMetrics()
        assert metrics.horizontalAdvance(button.amount.text()) <= button.amount.width()
    assert desk_window.findChild(QTabBar) is not None


@pytest.mark.parametrize("name", ["cascade", "lab", "collateral"])
def test_no_panel_stands_over_the_foot_of_a_small_window(desk_window, qtbot, name):
    desk_window.resize(1280, 720)
    desk_window.commands[f"view.perspective.{name}"].trigger()
    foot = desk_window.statusBar()
    frames = desk_window.docks.frames.values()
    qtbot.waitUntil(lambda: desk_window.minimumSizeHint().height() <= 720)
    qtbot.waitUntil(lambda: all(frame.geometry().bottom() < foot.geometry().top()
                                for frame in frames if not frame.visibleRegion().isEmpty()))
    assert desk_window.height() == 720
