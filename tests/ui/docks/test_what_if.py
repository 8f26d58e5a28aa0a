"""The What-if dock on the real engine: branches, refusals, undo, and the window that says so."""

import pytest

from workstation.base.vocabulary import BASE
from workstation.workspace.session import Session, sample_books

HARROW = next(p for p in sample_books() if p.stem == "harrow_long_short")


@pytest.fixture
def at_work(window, qtbot):
    session = Session.from_file(HARROW)
    session.designs = session.designs[:2]
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        window.desk.adopt(session)
    return window, session, window.docks.bring("what_if")


def settled(qtbot, window, do):
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        do()


def test_a_branch_is_made_compared_and_undone_with_the_base_untouched(at_work, qtbot):
    window, session, dock = at_work
    base = session.base
    assert not dock.change.isEnabled()
    assert (dock.invitation.isHidden(), dock.panes.isHidden()) == (False, True)
    settled(qtbot, window, dock.new.click)
    assert session.active == "What-if 1"
    assert (dock.invitation.isHidden(), dock.panes.isHidden()) == (True, False)
    assert window.commands.client.toolTip() == f"What-if 1: {base.name}"
    assert "what-if: What-if 1" in window.windowTitle()
    assert window.property("branch") == "what-if"
    assert "branch: What-if 1" in window.status.design.text()
    dock.change.setText("scale AAPL by 50%")
    settled(qtbot, window, dock.make.click)
    assert dock.change.text() == ""
    assert [dock.shown.itemText(i) for i in range(dock.shown.count())] == [
        "Headline", "Margin", "Regimes", "Offsets", "Bridge", "Rules", "Positions"]
    rows = dock.table.model.table.rows
    assert rows[0].after != rows[0].current
    assert session.base is base
    settled(qtbot, window, window.desk.stack.undo)
    settled(qtbot, window, window.desk.stack.undo)
    assert session.active == BASE
    assert window.property("branch") == ""
    assert "branch: base" in window.status.design.text()
    assert session.run.book is base


def test_a_cell_typed_over_on_a_branch_is_a_change_of_the_branch(at_work, qtbot):
    window, session, dock = at_work
    settled(qtbot, window, dock.new.click)
    where = session.base.positions[0].where
    quantity = session.base.positions[0].quantity
    settled(qtbot, window, lambda: window.desk.edit_position(where, "quantity", quantity * 2))
    [row] = dock.changes.model.table.rows
    assert row.operation.startswith(f"set {where}: ")
    assert session.base.positions[0].quantity == quantity


def test_changes_are_left_out_counted_and_removed_by_row(at_work, qtbot):
    window, session, dock = at_work
    settled(qtbot, window, dock.new.click)
    dock.change.setText("close KO")
    settled(qtbot, window, dock.make.click)
    dock.changes.view.selectRow(0)
    settled(qtbot, window, dock.switch.click)
    assert not session.branch.steps[0].counts
    dock.changes.view.selectRow(0)
    assert dock.switch.text() == "Count again"
    settled(qtbot, window, dock.drop.click)
    assert session.branch.steps == ()
    dock.status.setCurrentIndex(dock.status.findData("agreed"))
    settled(qtbot, window, lambda: dock.status.activated.emit(dock.status.currentIndex()))
    assert session.branch.status == "agreed"
    settled(qtbot, window, dock.remove.trigger)
    assert session.branches == ()


def test_what_cannot_be_done_is_said_and_changes_nothing(at_work, qtbot):
    window, session, dock = at_work
    settled(qtbot, window, dock.new.click)
    before = session.branches
    dock.change.setText("close NOPE")
    dock.make.click()
    assert "no position of the book is NOPE" in dock.notice.text()
    assert dock.change.text() == "close NOPE"
    assert session.branches is before


def test_files_are_added_and_taken_away(at_work, qtbot):
    window, session, dock = at_work
    settled(qtbot, window, dock.new.click)
    window.opening.asking.load_given = [HARROW]
    settled(qtbot, window, dock.subtract_file.trigger)
    assert session.book.positions == ()
    dock.branches.setCurrentIndex(0)
    settled(qtbot, window, lambda: dock.branches.activated.emit(0))
    assert session.active == BASE
    assert len(session.book.positions) > 0


def test_margin_offsets_and_bridge_show_current_change_and_after(at_work, qtbot):
    window, session, dock = at_work
    names = ("margin", "offsets", "bridge")

    def columns_shown():
        return [[c.field for c in window.docks.bring(name).shown_table().columns]
                for name in names]

    fields = columns_shown()
    assert not any("current" in found for found in fields)
    settled(qtbot, window, dock.new.click)
    dock.change.setText("scale AAPL by 50%")
    settled(qtbot, window, dock.make.click)
    docks = [window.docks.bring(name) for name in names]
    for shown, figure in zip(docks, ("maintenance", "amount", "amount"), strict=True):
        columns = [c.field for c in shown.shown_table().columns]
        place = columns.index(figure)
        assert columns[place - 2:place] == ["current", "change"]
        rows = shown.shown_table().table.rows
        known = [r for r in rows if r.change is not None]
        assert known
        assert all(r.current + r.change == getattr(r, figure) for r in known)
    margins = docks[0].shown_table().table.rows
    assert {r.account: r.current for r in margins} == {
        a.account_id: a.maintenance.amount for a in session.base_run.silos.accounts}
    assert any(r.change for r in margins)
    bridge = {r.label: r for r in docks[2].shown_table().table.rows}
    silos = bridge["Today, silos"]
    assert silos.current == session.base_run.silos.maintenance.amount
    assert silos.change == sum(r.change for r in margins)
    settled(qtbot, window, window.desk.stack.undo)
    settled(qtbot, window, window.desk.stack.undo)
    assert columns_shown() == fields
