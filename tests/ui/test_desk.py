"""The desk: edits and undo move the book, the newest result wins, and stale figures are told."""

from decimal import Decimal

import pytest

from tests.ui.conftest import InstantSession, SlowSession
from workstation.base.problem import Problem, UnusableInputError
from workstation.ui.desk import Desk
from workstation.ui.undo import EditCommand


@pytest.fixture
def desk(qtbot, session):
    made = Desk()
    with qtbot.waitSignal(made.run_changed, timeout=5000):
        made.adopt(session)
    yield made
    made.stop()


def quantity(desk, where="Positions!A2"):
    return desk.session.position(where).quantity


def settled(desk, qtbot, act):
    with qtbot.waitSignal(desk.run_changed, timeout=5000):
        act()


def test_opening_computes_and_chooses_a_design(desk):
    assert desk.run.silos.maintenance.amount > 0
    assert desk.design_name != "today"
    assert desk.outcome.margin.name == desk.design_name
    assert desk.seconds is not None
    assert desk.is_current


def test_a_stored_run_is_shown_without_computing(qtbot, session):
    session.run = session.review()
    desk = Desk()
    desk.adopt(session)
    assert desk.run is session.run
    assert desk.seconds is None
    assert not desk.is_working


@pytest.mark.parametrize(("field", "value", "read"), [
    ("quantity", Decimal(250), lambda p: p.quantity), ("price", Decimal("1.5"), lambda p: p.price),
    ("account", "PM-2", lambda p: p.account_id),
])
def test_an_edit_recomputes_and_undoes(desk, qtbot, field, value, read):
    before, old_run = read(desk.session.position("Positions!A2")), desk.run
    settled(desk, qtbot, lambda: desk.edit_position("Positions!A2", field, value))
    assert read(desk.run.book.positions[0]) == value
    assert desk.run.silos.maintenance.amount != old_run.silos.maintenance.amount \
        or field == "account"
    assert not desk.stack.isClean()
    settled(desk, qtbot, desk.stack.undo)
    assert read(desk.session.position("Positions!A2")) == before
    assert desk.run == old_run
    settled(desk, qtbot, desk.stack.redo)
    assert read(desk.session.position("Positions!A2")) == value


def test_typing_in_one_cell_undoes_as_one_step(desk, qtbot):
    for typed in (1, 12, 125):
        desk.edit_position("Positions!A2", "quantity", Decimal(typed), 7)
    assert desk.stack.count() == 1
    assert "125" in desk.stack.undoText()
    settled(desk, qtbot, lambda: desk.edit_position("Positions!A2", "quantity", Decimal(9), 8))
    assert desk.stack.count() == 2
    desk.stack.undo()
    assert quantity(desk) == 125
    settled(desk, qtbot, desk.stack.undo)
    assert quantity(desk) == 12500


def test_escape_takes_back_its_own_cell_only(desk, qtbot):
    desk.edit_position("Positions!A2", "quantity", Decimal(5), 1)
    desk.abandon_typing(2)
    assert quantity(desk) == 5
    settled(desk, qtbot, lambda: desk.abandon_typing(1))
    assert quantity(desk) == 12500
    desk.abandon_typing(1)
    assert quantity(desk) == 12500


def test_a_knob_is_an_edit_too(desk, qtbot):
    name, before = desk.design_name, desk.outcome.margin.requirement.amount
    settled(desk, qtbot, lambda: desk.edit_knob("buffer.rate", Decimal("0.25")))
    assert desk.outcome.margin.requirement.amount != before
    assert desk.session.design(name).version.endswith("+edited")
    settled(desk, qtbot, desk.stack.undo)
    assert desk.outcome.margin.requirement.amount == before
    with pytest.raises(ValueError, match=r"buffer\.rate"):
        desk.edit_knob("buffer.rate", Decimal(-1))
    assert not desk.stack.canUndo()


def test_choosing_a_design_is_heard_once(desk, qtbot):
    with qtbot.waitSignal(desk.design_changed) as got:
        desk.choose_design("full-netting")
    assert got.args == ["full-netting"]
    with qtbot.assertNotEmitted(desk.design_changed):
        desk.choose_design("full-netting")


def test_the_newest_result_wins(qtbot):
    slow, desk, heard = SlowSession(), Desk(), []
    desk.run_changed.connect(lambda: heard.append(desk.run.book.positions[0].quantity))
    desk.adopt(slow)
    assert slow.started.wait(2)
    slow.started.clear()
    desk.edit_position("Positions!A2", "quantity", Decimal(1))
    qtbot.waitUntil(slow.started.is_set, timeout=3000)
    slow.go.set()
    qtbot.waitUntil(lambda: bool(heard), timeout=3000)
    qtbot.wait(50)
    assert heard == [1]
    desk.stop()


def test_figures_grow_stale_and_true_again(qtbot):
    slow, desk = SlowSession(), Desk()
    slow.run = InstantSession.review(slow)
    desk.adopt(slow)
    with qtbot.waitSignal(desk.stale, timeout=2000) as got:
        desk.edit_position("Positions!A2", "quantity", Decimal(1))
    assert got.args == [True]
    assert not desk.is_current
    with qtbot.waitSignal(desk.stale, timeout=2000) as got:
        slow.go.set()
    assert got.args == [False]
    assert desk.is_current
    desk.stop()


def test_quick_results_never_dim(desk, qtbot):
    with qtbot.assertNotEmitted(desk.stale, wait=0) as _:
        pass
    heard = []
    desk.stale.connect(heard.append)
    settled(desk, qtbot, lambda: desk.edit_position("Positions!A2", "price", Decimal(2)))
    assert True not in heard


def test_cancelling_keeps_figures_dimmed(qtbot):
    slow, desk = SlowSession(), Desk()
    slow.run = InstantSession.review(slow)
    desk.adopt(slow)
    desk.recompute()
    assert slow.started.wait(2)
    with qtbot.waitSignals([desk.stale, desk.stopped], timeout=2000):
        desk.cancel()
    assert desk.run is slow.run
    assert not desk.is_working
    assert not desk.is_current
    desk.stop()


def test_failures_are_told_and_the_old_run_stays(qtbot, caplog):
    class Broken(InstantSession):
        def review(self, progress=None):
            raise UnusableInputError(Problem("Parameters", "no edition is in force", ""))

    broken, desk = Broken(), Desk()
    with qtbot.waitSignal(desk.failed, timeout=2000) as got:
        desk.adopt(broken)
    assert "no edition is in force" in str(got.args[0])
    assert desk.run is None
    desk.stop()


def test_another_review_forgets_the_history(desk, qtbot):
    settled(desk, qtbot, lambda: desk.edit_position("Positions!A2", "price", Decimal(2)))
    settled(desk, qtbot, lambda: desk.adopt(InstantSession()))
    assert not desk.stack.canUndo()
    assert desk.stack.isClean()


def test_commands_merge_only_when_typed_together():
    class Nothing:
        label = "Nothing"

        def apply(self):
            pass

        revert = apply

    assert EditCommand(Nothing()).id() == -1
    assert not EditCommand(Nothing(), "a").mergeWith(EditCommand(Nothing(), "b"))
    assert EditCommand(Nothing(), "a").mergeWith(EditCommand(Nothing(), "a"))
