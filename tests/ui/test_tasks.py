"""Work on the pool ends exactly once: finished, failed or cancelled."""

import threading

import pytest
from PySide6.QtCore import QThreadPool
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from workstation.base.problem import Problem, UnusableInputError
from workstation.ui.tasks import Task


def test_result_arrives_with_progress(qtbot):
    task = Task(lambda report: report(0.5, "half") or 42)
    with qtbot.waitSignals([task.progressed, task.finished], timeout=2000):
        task.start()
    assert (task.outcome, task.result) == ("finished", 42)


def test_cancelled_work_stops_at_its_next_report(qtbot):
    started = threading.Event()

    def endless(report):
        started.set()
        while True:
            report(0.0, "spinning")

    task = Task(endless)
    with qtbot.waitSignal(task.cancelled, timeout=2000), qtbot.assertNotEmitted(task.finished), \
            qtbot.assertNotEmitted(task.failed):
        task.start()
        assert started.wait(2)
        task.cancel()
    assert task.outcome == "cancelled"


def test_work_cancelled_before_it_starts_never_runs(qtbot):
    ran = []
    task = Task(lambda report: ran.append(1))
    task.cancel()
    with qtbot.waitSignal(task.cancelled, timeout=2000):
        task.start()
    assert not ran


def test_a_bug_is_logged_and_reported(qtbot, caplog):
    task = Task(lambda report: 1 / 0)
    with qtbot.waitSignal(task.failed, timeout=2000) as got:
        task.start()
    assert isinstance(got.args[0], ZeroDivisionError)
    assert "task failed" in caplog.text
    caplog.clear()


def test_bad_input_is_reported_without_a_traceback(qtbot, caplog):
    def refuse(report):
        raise UnusableInputError(Problem("a.xlsx", "it is empty", "export it again"))

    task = Task(refuse)
    with qtbot.waitSignal(task.failed, timeout=2000) as got:
        task.start()
    assert str(got.args[0]) == "a.xlsx: it is empty; export it again."
    assert caplog.text == ""


@pytest.mark.parametrize("work", [lambda r: 1, lambda r: 1 / 0])
def test_exactly_one_ending(qtbot, caplog, work):
    task = Task(work)
    heard = []
    task.finished.connect(lambda _: heard.append("finished"))
    task.failed.connect(lambda _: heard.append("failed"))
    task.cancelled.connect(lambda: heard.append("cancelled"))
    task.start()
    qtbot.waitUntil(lambda: bool(heard), timeout=2000)
    qtbot.wait(20)
    assert len(heard) == 1
    caplog.clear()


def test_finished_tasks_leave_no_stale_wrappers(qtbot):
    """An object Qt makes later is never taken for a runnable the pool has deleted."""
    pool, menu = QThreadPool(), QMenu()
    qtbot.addWidget(menu)
    for _ in range(200):
        Task(lambda report: None).start(pool)
    assert pool.waitForDone(5000)
    kinds = {type(menu.addAction(f"action {i}")) for i in range(400)}
    assert kinds == {QAction}
