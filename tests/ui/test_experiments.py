"""The lab in the window: run beside the review, shown in its dock, stopped on request."""

import pytest

from workstation.workspace.session import Session, sample_books


@pytest.fixture
def macro(window, qtbot):
    session = Session.from_file(next(p for p in sample_books() if "macro" in p.stem))
    with qtbot.waitSignal(window.desk.run_changed, timeout=20000):
        window.desk.adopt(session)
    return window


def test_a_run_fills_the_dock_and_leaves_the_review_alone(macro, qtbot):
    dock, run = macro.docks.bring("lab"), macro.desk.run
    dock.controls.choose_designs(("today", "crypto-separate"))
    with qtbot.waitSignal(macro.feed.experiments.found, timeout=20000):
        dock.controls.button.click()
        assert macro.commands["review.cancel"].isEnabled()
    assert [d.design for d in dock.findings.books[0].designs] == ["today", "crypto-separate"]
    assert not macro.commands["review.cancel"].isEnabled()
    assert macro.desk.run is run
    assert dock.controls.bar.isHidden()


def test_it_can_be_stopped(macro, qtbot):
    dock = macro.docks.bring("lab")
    with qtbot.waitSignal(macro.feed.experiments.stopped, timeout=20000) as told:
        dock.controls.button.click()
        dock.controls.stop.click()
    assert told.args == [""]
    assert dock.findings is None
    assert "Stopped" in dock.notice.text()


def test_a_question_the_lab_cannot_answer_is_said(macro, qtbot, monkeypatch):
    from workstation.base.problem import Problem, UnusableInputError
    from workstation.workspace import laboratory

    def refuse(*_):
        raise UnusableInputError(Problem("Scenario", "is not known", "name another"))

    monkeypatch.setattr(laboratory, "laboratory", refuse)
    dock = macro.docks.bring("lab")
    with qtbot.waitSignal(macro.feed.experiments.stopped, timeout=20000):
        dock.controls.button.click()
    assert "is not known" in dock.notice.text()


def test_another_client_stops_the_lab(macro, qtbot):
    dock = macro.docks.bring("lab")
    dock.controls.button.click()
    with qtbot.waitSignal(macro.feed.experiments.stopped, timeout=20000):
        macro.desk.adopt(Session.from_file(next(p for p in sample_books() if "macro" in p.stem)))
    assert dock.findings is None
