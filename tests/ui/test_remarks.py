"""Flags and comments: typed, undone, saved with the review, exported; no figure moves."""

from pathlib import Path

import pytest

from tests.ui.conftest import Answers
from workstation.results.positions_table import positions_table
from workstation.ui.docks.writing import write_csv
from workstation.workspace.session import Session, sample_books

WHERE = "Positions!A2"


@pytest.fixture(scope="module")
def reviewed():
    session = Session.from_file(next(b for b in sample_books() if "larkfield" in b.stem))
    session.run = session.review()
    return session


@pytest.fixture
def grouped(desk_window):
    desk_window.positions.select(WHERE)
    return desk_window


def said(window, where=WHERE):
    row = next(r for r in window.desk.book.remarks if r.where == where)
    return row.flag, row.text


def test_a_flag_marks_every_selected_position_and_undoes(grouped, qtbot):
    positions = grouped.positions
    figures = [button.figure.amount for button in grouped.headline.buttons]
    with qtbot.waitSignal(grouped.desk.run_changed, timeout=5000):
        positions.flag("query")
    assert said(grouped) == ("query", "")
    assert [button.figure.amount for button in grouped.headline.buttons] == figures
    index = positions.model.index(positions.model.row_of(WHERE), positions.model.column_of("flag"))
    assert index.data() == "query"
    grouped.desk.stack.undo()
    assert grouped.desk.book.remarks == ()


def test_a_comment_is_typed_in_its_cell(grouped):
    positions = grouped.positions
    column = positions.model.column_of("comment")
    assert positions.view.isColumnHidden(column)
    positions.comment()
    assert not positions.view.isColumnHidden(column)
    index = positions.model.index(positions.model.row_of(WHERE), column)
    positions.model.setData(index, "price is two days old")
    assert said(grouped) == ("", "price is two days old")
    assert index.data() == "price is two days old"
    grouped.desk.remark(WHERE, text="")
    assert grouped.desk.book.remarks == ()


def test_an_impossible_flag_changes_nothing(grouped):
    grouped.desk.remark(WHERE, flag="urgent")
    assert grouped.desk.book.remarks == ()


def test_remarks_are_saved_exported_and_move_no_figure(reviewed, tmp_path, qtbot):
    from workstation.book.remarks import Remark
    from workstation.ui.positions_model import PositionsModel
    from workstation.workspace.edits import SetRemark

    where, before = reviewed.book.positions[0].where, reviewed.run
    assert "Flag" not in [column.heading for column in positions_table(before).columns]
    SetRemark(reviewed, Remark(where, "check", "is this a sweep fund?")).apply()
    after = reviewed.review()
    assert (after.silos, after.designs) == (before.silos, before.designs)
    saved = reviewed.save(tmp_path / "review.crossmargin")
    again = Session.from_file(saved)
    assert again.book.remarks == (Remark(where, "check", "is this a sweep fund?"),)
    model = PositionsModel()
    model.show_book(again.book, after)
    write_csv(model, tmp_path / "positions.csv")
    first = (tmp_path / "positions.csv").read_text("utf-8-sig").splitlines()[1]
    assert first.endswith("check,is this a sweep fund?")
    assert positions_table(after).columns[-1].heading == "Comment"


def test_views_are_kept_by_name(desk_window, settings, qtbot):
    from workstation.ui.main_window import MainWindow

    positions = desk_window.positions
    quantity = positions.model.column_of("quantity")
    positions.grouping.setCurrentText("By account")
    positions.model.sort_by([(quantity, True)])
    positions.filters.set_filter(quantity, ">0")
    positions.views.save("longs by account")
    positions.first_view()
    assert positions.filters.filters() == {}
    assert positions.grouping.currentText() == "By silo and underlying"
    positions.views.use("longs by account")
    assert positions.filters.filters() == {quantity: ">0"}
    assert positions.model.sort_keys == ((quantity, True),)
    assert positions.model.group_columns == (positions.model.column_of("account"),)
    again = MainWindow(settings)
    again.opening.asking = Answers(Path())
    qtbot.addWidget(again)
    assert again.positions.views.names() == ("longs by account",)
    again.positions.views.remove("longs by account")
    assert again.positions.views.names() == ()
