"""Docks and perspectives of the window: what each shows, what is kept, what falls back."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QTabBar

from tests.ui.conftest import Answers
from workstation.ui.dock_host import DOCKS
from workstation.ui.main_window import MainWindow
from workstation.ui.perspectives import PERSPECTIVES


def test_every_dock_opens_and_shows_the_run(desk_window, qtbot):
    for spec in DOCKS:
        widget = desk_window.docks.bring(spec.id)
        assert widget.accessibleName() or spec.id == "problems"
        assert desk_window.docks.is_seen(spec.id)


def test_docks_not_looked_at_are_not_built(window, qtbot):
    qtbot.wait(20)
    assert "cascade" not in window.docks.existing()



@pytest.mark.parametrize("name", PERSPECTIVES)
def test_perspectives_put_their_docks_in_front(desk_window, name, qtbot):
    desk_window.commands[f"view.perspective.{name}"].trigger()
    qtbot.wait(10)
    for id_ in PERSPECTIVES[name].front:
        assert desk_window.docks.is_seen(id_), id_
    assert desk_window.commands[f"view.perspective.{name}"].isChecked()


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


def test_a_layout_of_another_version_falls_back(settings, qtbot):
    settings["view.layout"] = '{"perspective": "review", "states": {"review": "AAAA"}}'
    settings["view.geometry"] = "AAAA"
    window = MainWindow(settings)
    qtbot.addWidget(window)
    window.show()
    assert not window.docks.frames["bridge"].isHidden()
