"""Rows pasted from a spreadsheet: what they change, and what is refused as a whole."""

from decimal import Decimal

import pytest
from PySide6.QtGui import QGuiApplication

from workstation.ui.editable_model import Refusal
from workstation.ui.pasting import pasted, read_rows
from workstation.ui.positions import PositionsPanel
from workstation.workspace.edits import SetCells


@pytest.fixture
def panel(qtbot, session, run):
    made = PositionsPanel()
    qtbot.addWidget(made)
    made.resize(1400, 600)
    made.show()
    made.show_book(session.book, run)
    return made


def stand(panel, where, field):
    panel.view.setCurrentIndex(panel.model.index(
        panel.model.row_of(where), panel.model.column_of(field)))


def paste(panel, text):
    return pasted(panel.view, panel.model, text)


def test_reads_what_spreadsheets_copy():
    assert read_rows('1,200\t"9.5"\r\n(40)\t\r\n') == [["1,200", "9.5"], ["(40)", ""]]
    assert read_rows("'-AAPL\t-5") == [["-AAPL", "-5"]]


def test_values_go_right_and_down_from_the_current_cell(panel):
    stand(panel, "Positions!A2", "quantity")
    found = paste(panel, "13000\t270.10\n(4,100)\t\n")
    assert found.changes == (
        ("Positions!A2", "quantity", Decimal(13000)), ("Positions!A2", "price", Decimal("270.1")),
        ("Positions!A3", "quantity", Decimal(-4100)))
    assert found.passed_over == 0


def test_rows_go_in_the_order_shown_and_hidden_columns_are_skipped(panel):
    panel.view.sort_next(panel.model.column_of("symbol"))
    first, second = panel.model.row_at(0), panel.model.row_at(1)
    stand(panel, first.where, "quantity")
    found = paste(panel, "7\n8")
    assert [change[0] for change in found.changes] == [first.where, second.where]


def test_the_tables_own_headings_and_cells_say_where_values_go(panel):
    stand(panel, "Positions!A9", "symbol")
    found = paste(panel, "Cell\tPrice\tSymbol\nPositions!A3\t500\tMSFT\nPositions!A2\t1\tAAPL")
    assert found.changes == (("Positions!A3", "price", Decimal(500)),
                             ("Positions!A2", "price", Decimal(1)))
    assert found.passed_over == 2
    assert "A999" in paste(panel, "Cell\tPrice\nPositions!A999\t5")


def test_one_unreadable_value_refuses_the_whole(panel):
    stand(panel, "Positions!A2", "quantity")
    refused = paste(panel, "100\nmany")
    assert isinstance(refused, Refusal)
    assert "Positions!A3" in refused
    assert "not a number" in refused


def test_more_rows_than_there_are_is_refused(panel):
    stand(panel, "Positions!A12", "quantity")
    assert "only 2 stand" in paste(panel, "1\n2\n3")
    assert isinstance(paste(panel, "  \n"), Refusal)


def test_values_on_other_columns_are_counted_and_equal_ones_change_nothing(panel):
    stand(panel, "Positions!A2", "symbol")
    found = paste(panel, "AAPL\tAAPL\t12500")
    assert (found.changes, found.passed_over) == ((), 2)


def test_a_paste_is_one_step_to_undo(desk_window, qtbot):
    window = desk_window
    window.positions.grouping.setCurrentText("No groups")
    stand(window.positions, "Positions!A2", "quantity")
    QGuiApplication.clipboard().setText("13000\t270\n-4100\t500")
    window.positions.view.setFocus()
    with qtbot.waitSignal(window.desk.run_changed, timeout=5000):
        window.paste()
    book = window.desk.book
    assert (book.positions[0].quantity, book.positions[1].price) == (Decimal(13000), Decimal(500))
    assert window.desk.stack.count() == 1
    assert window.desk.stack.undoText() == "Paste into 2 positions"
    with qtbot.waitSignal(window.desk.run_changed, timeout=5000):
        window.desk.stack.undo()
    assert window.desk.book.positions[0].quantity == 12500


def test_a_refused_paste_says_so_and_changes_nothing(desk_window):
    stand(desk_window.positions, "Positions!A2", "quantity")
    QGuiApplication.clipboard().setText("what")
    desk_window.positions.paste()
    assert "Nothing was pasted" in desk_window.banner.text()
    assert desk_window.desk.stack.count() == 0
    desk_window.positions.search.setFocus()
    desk_window.paste()
    assert "Select the first position or underlying" in desk_window.banner.text()


def test_an_edit_of_many_cells_refuses_what_is_no_value(session):
    with pytest.raises(TypeError):
        SetCells(session, [("Positions!A2", "quantity", "5")])
    edit = SetCells(session, [("Positions!A2", "account", "PM-2"),
                              ("Positions!A2", "quantity", Decimal(5))])
    edit.apply()
    changed = session.position("Positions!A2")
    assert (changed.account_id, changed.quantity) == ("PM-2", Decimal(5))
    edit.revert()
    assert session.position("Positions!A2").account_id == "PB-1"
