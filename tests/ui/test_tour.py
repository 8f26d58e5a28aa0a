"""The tour frames the part it speaks of, stays inside the window, and goes by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from workstation.ui.help.tour import STEPS, Tour


@pytest.fixture
def tour(desk_window, qtbot):
    desk_window.commands["help.tour"].trigger()
    return desk_window.findChild(Tour)


def test_every_stop_frames_what_is_seen_and_fits(desk_window, tour, qtbot):
    for number in range(len(STEPS)):
        tour.go(number)
        qtbot.wait(5)
        assert tour.title.text() == STEPS[number].title
        assert STEPS[number].target(desk_window).isVisible()
        assert desk_window.rect().contains(tour.geometry()), STEPS[number].title
        assert tour.outline.geometry().intersects(desk_window.rect())
        assert tour.count.text() == f"{number + 1} of {len(STEPS)}"


def test_it_goes_by_keys_and_ends(desk_window, tour, qtbot):
    QTest.keyClick(tour, Qt.Key.Key_Right)
    QTest.keyClick(tour, Qt.Key.Key_Right)
    QTest.keyClick(tour, Qt.Key.Key_Left)
    assert tour.place == 1
    tour.go(len(STEPS) - 1)
    assert tour.next.text() == "Done"
    with qtbot.waitSignal(tour.destroyed, timeout=2000):
        QTest.keyClick(tour, Qt.Key.Key_Escape)


def test_it_ends_where_the_user_goes_elsewhere(desk_window, tour, qtbot):
    with qtbot.waitSignal(tour.destroyed, timeout=2000):
        desk_window.commands["view.perspective.stress"].trigger()


def test_a_second_tour_takes_the_place_of_the_first(desk_window, tour, qtbot):
    with qtbot.waitSignal(tour.destroyed, timeout=2000):
        desk_window.commands["help.tour"].trigger()
    assert len([t for t in desk_window.findChildren(Tour) if t.isVisible()]) == 1


def test_with_nothing_open_it_opens_a_sample(window, qtbot):
    with qtbot.waitSignal(window.opening.opened, timeout=30_000):
        window.commands["help.tour"].trigger()
    window.desk.stop()
