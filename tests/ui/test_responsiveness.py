"""No usual action keeps the window's thread from its event loop for long."""

from decimal import Decimal

import pytest
from PySide6.QtCore import QEventLoop, QTimer

from tests.ui.responsiveness import calibration, watching
from workstation.ui.main_window import MainWindow
from workstation.workspace.session import sample_books

LIMIT_SECONDS = 0.050
FIRST_LOOK_SECONDS = 0.500
"""Building a panel the first time imports its modules; changing a perspective lays out every
dock. Both are held to this."""


def spin(milliseconds):
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


@pytest.fixture
def open_window(settings, qtbot):
    window = MainWindow(settings)
    qtbot.addWidget(window)
    window.resize(1600, 1000)
    window.show()
    with qtbot.waitSignal(window.desk.run_changed, timeout=60_000):
        window.opening.open_path(next(p for p in sample_books() if "macro" in p.stem))
    spin(300)
    yield window
    window.desk.stack.clear()
    window.close()


def test_usual_actions_let_the_event_loop_breathe(open_window):
    window, slower = open_window, calibration()
    where = window.desk.book.positions[0].where
    names = ("import", "review", "stress", "collateral", "cascade", "review")
    actions = {
        "edit": lambda: window.desk.edit_position(where, "quantity", Decimal(25_000)),
        "undo": window.desk.stack.undo,
        "design": lambda: window.desk.choose_design("full-netting"),
        "group": lambda: window.positions.grouping.setCurrentText("By account"),
        "sort": lambda: window.positions.view.sort_next(8),
        "filter": lambda: window.positions.search.setText("SPX"),
        "why": lambda: window.navigation.explain_position(where),
        "search": window.dialogs.search,
    }

    def play(watch, wait=250):
        for name in names:
            watch.doing = f"perspective {name}"
            window.use_perspective(name)
            spin(wait)
        for name, action in actions.items():
            watch.doing = name
            action()
            spin(wait)

    with watching() as first:
        play(first)
    repeats = []
    for _ in range(3):
        window.positions.search.clear()
        window.positions.grouping.setCurrentText("No groups")
        spin(200)
        with watching() as again:
            play(again)
        repeats.append(again.longest())
    usual = {doing: min(repeat.get(doing, 0.0) for repeat in repeats) for doing in repeats[0]}
    assert {*actions, *(f"perspective {name}" for name in names)} <= set(usual)
    assert first.above(FIRST_LOOK_SECONDS * slower) == []
    slow = {doing: seconds for doing, seconds in usual.items()
            if seconds > (FIRST_LOOK_SECONDS if doing.startswith("perspective")
                          else LIMIT_SECONDS) * slower}
    assert not slow, slow


def test_the_watch_sees_a_block(qapp):
    def block():
        end = 0
        for number in range(8_000_000):
            end += number & 7

    with watching() as watch:
        QTimer.singleShot(10, block)
        spin(400)
    assert watch.above(LIMIT_SECONDS)
