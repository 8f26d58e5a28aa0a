"""Edits in the window: recomputed, undone, stopped, and asked about on closing."""

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.ui.conftest import InstantSession, SlowSession, headline


def edit(window, qtbot, value, where="Positions!A2", field="quantity"):
    with qtbot.waitSignal(window.desk.run_changed, timeout=5000):
        window.desk.edit_position(where, field, value)


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
