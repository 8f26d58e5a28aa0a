"""The search finds everything that has a name, and leads to it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from workstation.ui.finder import ENTRY, Finder
from workstation.ui.finding import Entry, found
from workstation.ui.sources import everything


@pytest.fixture
def finder(desk_window):
    desk_window.commands["edit.search"].trigger()
    return desk_window.findChild(Finder)


def listed(finder):
    return [finder.list.item(row).data(ENTRY) for row in range(finder.list.count())]


def of_kind(finder, kind):
    return [entry for entry in listed(finder) if entry.kind == kind]


def test_every_kind_of_thing_is_found(desk_window):
    run, sources = desk_window.desk.run, everything(desk_window)
    position = desk_window.desk.book.positions[0]
    offset = desk_window.desk.outcome.ledger[0]
    for kind, typed in (("Command", "reset layout"), ("Panel", "problems"),
                        ("Account", run.silos.accounts[0].account_id),
                        ("Position", position.instrument.symbol), ("Offset", offset.between[0]),
                        ("Rule", "4210 (g)"), ("Problem", run.excluded[0].what),
                        ("Edition", run.editions[0].rule)):
        assert kind in {entry.kind for entry in found(sources, typed)}, kind


def test_a_position_is_selected_and_back_returns(desk_window, finder):
    desk_window.positions.select("Positions!A9")
    desk_window.positions.view.setFocus()
    QTest.keyClicks(finder.field, "AAPL")
    entry = of_kind(finder, "Position")[0]
    finder.accept()
    entry.run()
    assert desk_window.positions.selected_where() == "Positions!A2"
    assert desk_window.commands["view.back"].isEnabled()
    desk_window.commands["view.back"].trigger()
    assert desk_window.positions.selected_where() == "Positions!A9"
    assert not desk_window.commands["view.back"].isEnabled()


def test_enter_runs_what_is_chosen_and_arrows_walk(desk_window, finder):
    QTest.keyClicks(finder.field, "PM-2")
    for _ in range(30):
        if finder.list.currentItem().data(ENTRY).kind == "Account":
            break
        QTest.keyClick(finder.field, Qt.Key.Key_Down)
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert desk_window.docks.widget("margin").subject.currentData()[1] == "PM-2"


def test_an_offset_is_shown_with_its_reason(desk_window):
    offset = desk_window.desk.outcome.ledger[0]
    desk_window.navigation.show_offset(offset)
    offsets = desk_window.docks.widget("offsets")
    assert desk_window.docks.is_seen("offsets")
    assert offset.reason.split()[0] in offsets.detail.toPlainText()


def test_nothing_found_says_what_to_try(finder):
    QTest.keyClicks(finder.field, "qqqqqzzzzz")
    assert finder.list.isHidden()
    assert "Try a symbol" in finder.empty.text()


def test_go_to_lists_positions_only(desk_window):
    desk_window.commands["edit.goto"].trigger()
    kinds = {entry.kind for entry in listed(desk_window.findChild(Finder))}
    assert kinds == {"Position"}


def test_misspelt_commands_are_found_where_nothing_holds_the_words():
    commands = [Entry("Command", name, "", list) for name in ("Undo", "Reset layout", "Collateral")]
    assert found([lambda _: commands], "colateral")[0].name == "Collateral"
    assert [e.name for e in found([lambda _: commands], "")] == [e.name for e in commands]


def test_a_source_is_cut_before_it_floods_the_list():
    many = [Entry("Position", f"SPX {n}", "", list) for n in range(1000)]
    assert len(found([lambda _: [], lambda _: many], "spx")) == 12
