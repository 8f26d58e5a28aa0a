"""The margin-history tab: a file loaded, the contracts held first, chart and changes agree."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.rules.test_span_in_books import EQ, future
from workstation.ui.docks.margin_history import NONE_LOADED
from workstation.ui.docks.span_log import SpanLogDock
from workstation.workspace.session import Session, sample_books

TEXT = ("symbol,date,initial,maintenance\nAA,20200101,1100,1000\n"
        "EQ,20200101,11,10\nEQ,20200302,16.5,15\nEQ,20200401,14.3,13\n")


@pytest.fixture
def session(run):
    book = replace(run.book, positions=(future("EQ", EQ, 3),))
    return SimpleNamespace(risk_files=(), margin_histories=None, book=book)


@pytest.fixture
def dock(shown, run, session):
    made = shown(SpanLogDock())

    def keep(source):
        session.margin_histories = source.histories
        made.show_session(session)

    made.margin_history_loaded.connect(keep)
    made.show_session(session)
    made.show_run(replace(run, book=session.book))
    made.tables.setCurrentWidget(made.margins)
    return made


def test_futures_held_are_enough_to_open_the_panel(dock):
    assert not dock.is_empty
    assert dock.margins.words.text() == NONE_LOADED
    assert dock.margins.panes.isHidden()


def test_the_contracts_held_come_first_and_their_changes_are_told(dock, session, tmp_path):
    path = tmp_path / "margins.csv"
    path.write_text(TEXT, "utf-8")
    dock.margins.load(path)
    assert session.margin_histories.symbols == ("AA", "EQ")
    assert [dock.margins.contract.itemText(n) for n in range(2)] == ["EQ (held)", "AA"]
    assert "2 contracts" in dock.notice.text()
    assert "saved with the review" in dock.notice.text()
    rows = [dock.shown_table().row_at(n) for n in range(dock.shown_table().rowCount())]
    assert [(row.before, row.after) for row in rows] == [(10, 15), (15, 13)]
    said = dock.chart().accessibleDescription()
    assert "2 changes, 10 at the lowest and 15 at the highest (1.50 times)" in said
    assert "largest rise 50% on 2020-03-02" in said


def test_an_unreadable_file_changes_nothing(dock, session, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    dock.margins.load(path)
    assert session.margin_histories is None
    assert "has no column" in dock.notice.text()


def test_in_the_window_it_is_kept_with_the_review_and_undone(window, qtbot, tmp_path):
    path = tmp_path / "margins.csv"
    path.write_text(TEXT, "utf-8")
    with qtbot.waitSignal(window.desk.run_changed, timeout=20000):
        window.desk.adopt(Session.from_file(next(
            book for book in sample_books() if book.stem == "meridian_macro")))
    pane = window.docks.bring("span_log").margins
    pane.load(path)
    assert window.desk.session.margin_histories.name == "margins.csv"
    assert pane.contract.count() == 2
    window.desk.stack.undo()
    assert window.desk.session.margin_histories is None
    assert pane.words.text() == NONE_LOADED
    qtbot.waitUntil(lambda: window.desk.is_current, timeout=20000)
