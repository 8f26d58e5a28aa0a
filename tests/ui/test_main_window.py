"""The whole window on the invented client: docks, commands, undo, closing."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

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

from tests.ui.conftest import Answers, InstantSession, SlowSession
from workstation.base.problem import Problem
from workstation.ui.bindings import bindings
from workstation.ui.dock_host import DOCKS
from workstation.ui.main_window import MainWindow
from workstation.ui.perspectives import PERSPECTIVES
from workstation.ui.problems import findings
from workstation.workspace.actions import ACTIONS


def headline(window):
    return [button.figure.amount for button in window.headline.buttons]


def edit(window, qtbot, value, where="Positions!A2", field="quantity"):
    with qtbot.waitSignal(window.desk.run_changed, timeout=5000):
        window.desk.edit_position(where, field, value)


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


def test_every_dock_opens_and_shows_the_run(desk_window, qtbot):
    for spec in DOCKS:
        widget = desk_window.docks.bring(spec.id)
        assert widget.accessibleName() or spec.id == "problems"
        assert desk_window.docks.is_seen(spec.id)


def test_docks_not_looked_at_are_not_built(window, qtbot):
    qtbot.wait(20)
    assert "cascade" not in window.docks.existing()


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


def test_an_edit_moves_the_headline_and_undo_puts_it_back(desk_window, qtbot):
    before = headline(desk_window)
    edit(desk_window, qtbot, Decimal(100))
    assert headline(desk_window) != before
    assert desk_window.isWindowModified()
    assert desk_window.commands.client.text().endswith("*")
    with qtbot.waitSignal(desk_window.desk.run_changed, timeout=5000):
        desk_window.commands["edit.undo"].trigger()
    assert headline(desk_window) == before
    assert not desk_window.isWindowModified()
    with qtbot.waitSignal(desk_window.desk.run_changed, timeout=5000):
        desk_window.commands["edit.redo"].trigger()
    assert headline(desk_window) != before


def test_typing_in_a_cell_recomputes_before_enter(desk_window, qtbot):
    positions, before = desk_window.positions, headline(desk_window)
    index = positions.model.index(positions.model.row_of("Positions!A2"),
                                  positions.model.column_of("quantity"))
    positions.view.setCurrentIndex(index)
    positions.view.edit(index)
    editor = next(w for w in positions.view.viewport().findChildren(QLineEdit) if w.isVisible())
    with qtbot.waitSignal(desk_window.desk.run_changed, timeout=5000):
        QTest.keyClicks(editor, "77")
    qtbot.waitUntil(lambda: desk_window.desk.is_current, timeout=3000)
    assert desk_window.desk.run.book.positions[0].quantity == 77
    assert headline(desk_window) != before
    assert editor.isVisible()
    with qtbot.waitSignal(desk_window.desk.run_changed, timeout=5000):
        QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert headline(desk_window) == before


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


def test_knobs_recompute_and_undo(desk_window, qtbot):
    before = headline(desk_window)[1]
    design = desk_window.docks.bring("design")
    field = design.fields["buffer.rate"]
    with qtbot.waitSignal(desk_window.desk.run_changed, timeout=5000):
        field.editor.clear()
        QTest.keyClicks(field.editor, "0.25")
    qtbot.waitUntil(lambda: desk_window.desk.is_current, timeout=3000)
    assert headline(desk_window)[1] != before
    assert desk_window.desk.stack.count() == 1
    assert field.reset.isVisibleTo(design)
    assert "(edited)" in design.designs.currentText()
    field.editor.setFocus()
    field.editor.selectAll()
    QTest.keyClicks(field.editor, "99")
    assert field.editor.property("invalid") is True
    assert "from 0 to 1" in field.refusal.text()
    with qtbot.waitSignal(desk_window.desk.run_changed, timeout=5000):
        desk_window.desk.stack.undo()
    assert headline(desk_window)[1] == before
    assert field.editor.text() == "0"


def test_another_scenario_is_an_edit(desk_window, qtbot):
    cascade = desk_window.docks.bring("cascade")
    cascade.multiplier.setValue(1.5)
    with qtbot.waitSignal(desk_window.desk.run_changed, timeout=5000):
        cascade.button.click()
    assert desk_window.desk.run.cascade.scenario.endswith("x 1.5")
    assert "x 1.5" in desk_window.headline.buttons[4].figure.note
    with qtbot.waitSignal(desk_window.desk.run_changed, timeout=5000):
        desk_window.desk.stack.undo()
    assert desk_window.desk.run.cascade.scenario.endswith("x 1")


def test_what_excludes_a_position_is_said_once(desk_window, session):
    run = session.review()
    excluded = run.excluded[0]
    again = Problem(excluded.where, excluded.what, excluded.remedy, "error")
    found = findings(session, replace(run, problems=(*run.problems, again)))
    assert [f.severity for f in found if f.where == excluded.where] == ["excluded"]


def test_design_editor_resets_finds_and_refuses_current_law(desk_window, qtbot):
    design = desk_window.docks.bring("design")
    with qtbot.waitSignal(desk_window.desk.run_changed, timeout=5000):
        design.fields["tests.required"].editor.setChecked(False)
    with qtbot.waitSignal(desk_window.desk.run_changed, timeout=5000):
        design.fields["tests.required"].reset.click()
    assert design.fields["tests.required"].editor.isChecked()
    design.search.setText("adv share")
    visible = [n for n, f in design.fields.items() if f.isVisibleTo(design)]
    assert visible == ["concentration.adv_share"]
    desk_window.desk.choose_design("today")
    assert not design.knobs.isEnabled()
    assert "repeats today" in design.about.text()


@pytest.mark.parametrize("name", PERSPECTIVES)
def test_perspectives_put_their_docks_in_front(desk_window, name, qtbot):
    desk_window.commands[f"view.perspective.{name}"].trigger()
    qtbot.wait(10)
    for id_ in PERSPECTIVES[name].front:
        assert desk_window.docks.is_seen(id_), id_
    assert desk_window.commands[f"view.perspective.{name}"].isChecked()


def test_arrangements_are_kept_and_reset(window, settings, qtbot):
    window.docks.frames["bridge"].hide()
    window.use_perspective("cascade")
    window.use_perspective("review")
    assert window.docks.frames["bridge"].isHidden()
    window.use_perspective("cascade")
    window.close()
    again = MainWindow(settings)
    again.opening.asking = Answers(Path())
    qtbot.addWidget(again)
    again.show()
    assert again.perspectives.current == "cascade"
    again.use_perspective("review")
    assert again.docks.frames["bridge"].isHidden()
    again.commands["view.reset_layout"].trigger()
    assert not again.docks.frames["bridge"].isHidden()


def test_a_layout_of_another_version_falls_back(settings, qtbot):
    settings["view.layout"] = '{"perspective": "review", "states": {"review": "AAAA"}}'
    settings["view.geometry"] = "AAAA"
    window = MainWindow(settings)
    qtbot.addWidget(window)
    window.show()
    assert not window.docks.frames["bridge"].isHidden()


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


def test_closing_with_changes_asks(desk_window, qtbot):
    edit(desk_window, qtbot, Decimal(5))
    answers = desk_window.opening.asking
    answers.leaving = "cancel"
    assert not desk_window.close()
    answers.leaving = "save"
    assert desk_window.close()
    assert desk_window.desk.session.saved
    assert answers.asked == ["unsaved", "unsaved", "Save the review"]


def test_closing_without_changes_does_not_ask(desk_window):
    assert desk_window.close()
    assert desk_window.opening.asking.asked == []


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


def test_long_work_dims_shows_progress_and_is_cancelled(window, qtbot):
    slow = SlowSession()
    slow.run = InstantSession.review(slow)
    window.desk.adopt(slow)
    assert not window.commands["review.cancel"].isEnabled()
    window.desk.edit_position("Positions!A2", "quantity", Decimal(5))
    qtbot.waitUntil(window.status.bar.isVisible, timeout=3000)
    qtbot.waitUntil(lambda: window.status.doing.text() == "waiting", timeout=3000)
    qtbot.waitUntil(window.headline.veil.isVisible, timeout=3000)
    assert window.commands["review.cancel"].isEnabled()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.desk.is_working, timeout=3000)
    assert "earlier state" in window.banner.text()
    assert window.headline.veil.isVisible()
    slow.go.set()
    with qtbot.waitSignal(window.desk.run_changed, timeout=3000):
        window.banner.remedy.click()
    assert not window.headline.veil.isVisible()
    assert not window.status.bar.isVisible()


def test_a_failed_review_is_said_and_stays_dimmed(window, qtbot, caplog):
    class Broken(InstantSession):
        def review(self, progress=None):
            raise ZeroDivisionError("by nothing")

    with qtbot.waitSignal(window.desk.failed, timeout=3000):
        window.desk.adopt(Broken())
    assert "internal error (ZeroDivisionError: by nothing)" in window.banner.text()
    assert window.headline.veil.isVisible()
    assert len(window.positions.model.source_rows()) == 12
    caplog.clear()


def test_every_dock_stands_in_some_perspective():
    placed = {id_ for wanted in PERSPECTIVES.values() for spec in DOCKS
              for id_ in (spec.id,) if wanted.area(spec.id)}
    assert placed == {spec.id for spec in DOCKS}


def test_a_perspective_hides_what_it_has_no_use_for_and_bring_shows_it(desk_window, qtbot):
    desk_window.use_perspective("collateral")
    qtbot.wait(10)
    assert desk_window.docks.frames["lab"].isHidden()
    desk_window.docks.bring("lab")
    qtbot.wait(10)
    assert desk_window.docks.is_seen("lab")


def test_changing_perspectives_leaves_no_tabs_of_the_one_before(desk_window, qtbot):
    for name in PERSPECTIVES:
        desk_window.use_perspective(name)
        qtbot.wait(20)
    for spec in DOCKS:
        desk_window.docks.bring(spec.id)
        qtbot.wait(5)
    for name in PERSPECTIVES:
        desk_window.use_perspective(name)
        qtbot.wait(20)
        bars = [bar for bar in desk_window.findChildren(QTabBar)
                if bar.parent() is desk_window and bar.isVisible()]
        shown = {frame.windowTitle() for frame in desk_window.docks.frames.values()
                 if not frame.isHidden()}
        tabs = [bar.tabText(number) for bar in bars for number in range(bar.count())]
        assert set(tabs) <= shown, name
        assert len(tabs) == len(set(tabs)), name
