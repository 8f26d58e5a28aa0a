"""A runner hears of its newest work alone."""

import threading

import pytest

from workstation.ui.runner import Runner


@pytest.fixture
def runner(qapp):
    found = Runner()
    yield found
    found.stop()


def test_an_answer_comes_when_the_runner_is_free_again(runner, qtbot):
    order = []
    runner.working.connect(order.append)
    runner.finished.connect(lambda task: order.append((task.result, runner.is_working)))
    with qtbot.waitSignal(runner.finished, timeout=2000):
        runner.start(lambda report: 42)
    assert order == [True, False, (42, False)]


def test_work_overtaken_is_never_heard_of(runner, qtbot):
    go, answers, heard = threading.Event(), [], []
    runner.finished.connect(lambda task: answers.append(task.result))
    runner.cancelled.connect(lambda: heard.append("cancelled"))
    runner.progressed.connect(lambda done, doing: heard.append(doing))

    def slow(report):
        go.wait(2)
        report(0.5, "the first")
        return "first"

    def stubborn(report):
        go.wait(2)
        return "second"

    runner.start(slow)
    runner.start(stubborn)
    with qtbot.waitSignal(runner.finished, timeout=4000):
        runner.start(lambda report: report(0.9, "the third") or "third")
        go.set()
    assert runner.pool.waitForDone(2000)
    qtbot.waitUntil(lambda: not runner.is_working, timeout=2000)
    assert answers == ["third"]
    assert "the first" not in heard
    assert "cancelled" not in heard


def test_a_failure_brings_its_error(runner, qtbot, caplog):
    with qtbot.waitSignal(runner.failed, timeout=2000) as told:
        runner.start(lambda report: 1 / 0)
    assert isinstance(told.args[0].error, ZeroDivisionError)
    caplog.clear()


def test_stopped_by_the_analyst_it_says_so_and_by_closing_it_is_silent(runner, qtbot):
    def endless(report):
        while True:
            report(0.0, "spinning")

    with qtbot.waitSignal(runner.cancelled, timeout=2000):
        runner.start(endless)
        runner.cancel()
    runner.start(endless)
    with qtbot.assertNotEmitted(runner.cancelled, wait=20):
        runner.stop()
    assert not runner.is_working
