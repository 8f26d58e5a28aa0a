"""Files in and out of the window: dropped, opened, saved, exported, completed by hand."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QLineEdit,
)

from tests.ui.conftest import Answers, InstantSession, SlowSession
from workstation.ui.main_window import MainWindow
from workstation.workspace.session import Session, sample_books


def edit(window, qtbot, value, where="Positions!A2", field="quantity"):
    with qtbot.waitSignal(window.desk.run_changed, timeout=5000):
        window.desk.edit_position(where, field, value)


def drop(window, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(p)) for p in paths])
    place = QPointF(400, 400)
    enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data,
                            Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dragEnterEvent(enter)
    event = QDropEvent(place, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)
    window.dropEvent(event)
    return enter.isAccepted() and event.isAccepted()


@pytest.fixture
def reading(monkeypatch):
    """Files are read into the invented client, without the importers."""
    from workstation.workspace import session as module

    read = []

    def from_file(path, progress=None, *, as_of=None, password=None):
        read.append((path, password))
        if "locked" in path.name and password != "right":
            from workstation.base.problem import Problem, UnusableInputError

            raise UnusableInputError(Problem(
                path.name, "the workbook is protected by a password", "give the password"))
        if "broken" in path.name:
            raise RuntimeError("a bug")
        return InstantSession()

    monkeypatch.setattr(module.Session, "from_file", staticmethod(from_file))
    return read


def test_dropping_files_opens_the_first(window, qtbot, reading, tmp_path):
    first, second = tmp_path / "a.xlsx", tmp_path / "b.csv"
    first.touch()
    second.touch()
    with qtbot.waitSignal(window.desk.run_changed, timeout=5000):
        assert drop(window, first, second)
    assert [p for p, _ in reading] == [first]
    assert window.settings.recent == (first,)
    assert window.commands.recent.actions()[0].text().startswith("a.xlsx")
    assert window.windowTitle() == "Quayside Test LP[*] - Crossmargin"


def test_what_was_not_opened_of_several_files_is_named(window, qtbot, reading, tmp_path):
    names = [tmp_path / name for name in ("a.xlsx", "b.csv", "c.ods")]
    with qtbot.waitSignal(window.desk.run_changed, timeout=5000):
        assert drop(window, *names)
    assert "Opened Quayside Test LP" in window.banner.text()
    assert "b.csv, c.ods were not opened" in window.banner.text()


def test_risk_files_dropped_with_a_client_are_loaded_once_it_is_open(window, qtbot, reading,
                                                                     tmp_path, monkeypatch):
    loaded = []
    monkeypatch.setattr(window.risk_files, "load", loaded.append)
    with qtbot.waitSignal(window.desk.run_changed, timeout=5000):
        assert drop(window, tmp_path / "day.pa2", tmp_path / "a.xlsx")
    assert loaded == [[tmp_path / "day.pa2"]]
    assert [path for path, _ in reading] == [tmp_path / "a.xlsx"]
    with qtbot.waitSignal(window.opening.refused, timeout=5000):
        drop(window, tmp_path / "day.pa2", tmp_path / "broken.xlsx")
    with qtbot.waitSignal(window.desk.run_changed, timeout=5000):
        drop(window, tmp_path / "b.xlsx")
    assert len(loaded) == 1


def test_dropping_text_is_not_taken(window):
    data = QMimeData()
    data.setText("hello")
    event = QDragEnterEvent(QPointF(1, 1).toPoint(), Qt.DropAction.CopyAction, data,
                            Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    window.dragEnterEvent(event)
    assert not event.isAccepted()


def test_a_file_that_cannot_be_used_leaves_the_review_alone(desk_window, qtbot, reading):
    kept = desk_window.desk.session
    with qtbot.waitSignal(desk_window.opening.refused, timeout=5000):
        desk_window.opening.open_path(Path("locked.xlsx"))
    assert desk_window.desk.session is kept
    assert "locked.xlsx: the workbook is protected by a password" in desk_window.banner.text()
    assert desk_window.banner.remedy.isVisibleTo(desk_window.banner)
    desk_window.opening.asking.password_given = "right"
    with qtbot.waitSignal(desk_window.opening.opened, timeout=5000):
        desk_window.banner.remedy.click()
    assert reading[-1] == (Path("locked.xlsx"), "right")
    assert desk_window.desk.session is not kept


def test_a_bug_while_opening_is_said_in_a_sentence(desk_window, qtbot, reading, caplog):
    kept = desk_window.desk.session
    with qtbot.waitSignal(desk_window.opening.refused, timeout=5000):
        desk_window.opening.open_path(Path("broken.xlsx"))
    assert desk_window.desk.session is kept
    assert "internal error (RuntimeError: a bug)" in desk_window.banner.text()


def test_opening_over_changes_asks_first(desk_window, qtbot, reading):
    edit(desk_window, qtbot, Decimal(5))
    desk_window.opening.asking.leaving = "cancel"
    assert not desk_window.opening.open_path(Path("a.xlsx"))
    assert reading == []


def test_saving_clears_the_asterisk_and_names_the_file(desk_window, qtbot, tmp_path):
    edit(desk_window, qtbot, Decimal(5))
    desk_window.commands["file.save"].trigger()
    assert not desk_window.isWindowModified()
    assert "Saved review.crossmargin" in desk_window.banner.text()
    assert "(review.crossmargin)" in desk_window.windowTitle()
    edit(desk_window, qtbot, Decimal(6))
    desk_window.commands["file.save"].trigger()
    assert desk_window.opening.asking.asked.count("Save the review") == 1


def test_a_save_that_fails_keeps_the_changes(desk_window, qtbot, tmp_path):
    edit(desk_window, qtbot, Decimal(5))
    desk_window.opening.asking.save_given = tmp_path / "full" / "x.crossmargin"
    desk_window.commands["file.save"].trigger()
    assert "the disk is full" in desk_window.banner.text()
    assert desk_window.isWindowModified()


def test_figures_that_do_not_follow_from_the_book_are_not_saved(window, qtbot):
    slow = SlowSession()
    slow.run = InstantSession.review(slow)
    window.desk.adopt(slow)
    window.desk.edit_position("Positions!A2", "quantity", Decimal(5))
    window.commands["file.save"].trigger()
    assert slow.saved[-1][2] is None
    assert slow.run is not None
    slow.go.set()
    qtbot.waitUntil(lambda: window.desk.is_current, timeout=5000)
    window.commands["file.save"].trigger()
    assert slow.saved[-1][2].book.positions[0].quantity == 5


def test_positions_are_exported_as_shown(desk_window, qtbot, tmp_path):
    desk_window.opening.asking.save_given = tmp_path / "positions.csv"
    desk_window.positions.search.setText("FCM-1")
    model = desk_window.positions.model
    qtbot.waitUntil(lambda: len(model.source_rows()) == 3, timeout=20_000)
    desk_window.export_positions()
    lines = (tmp_path / "positions.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert "ESZ6" in lines[1]
    assert "Wrote positions.csv" in desk_window.banner.text()
    desk_window.opening.asking.save_given = tmp_path / "missing" / "positions.csv"
    desk_window.export_positions()
    assert "was not written" in desk_window.banner.text()


def test_columns_are_kept_from_one_start_to_the_next(desk_window, settings, qtbot):
    view, model = desk_window.positions.view, desk_window.positions.model
    view.setColumnHidden(model.column_of("underlying"), True)
    view.setColumnHidden(model.column_of("silo"), False)
    header = view.horizontalHeader()
    header.moveSection(header.visualIndex(model.column_of("symbol")), 0)
    desk_window.close()
    again = MainWindow(settings)
    again.opening.asking = Answers(Path())
    qtbot.addWidget(again)
    again.show()
    with qtbot.waitSignal(again.desk.run_changed, timeout=5000):
        again.desk.adopt(InstantSession())
    view, model = again.positions.view, again.positions.model
    assert view.isColumnHidden(model.column_of("underlying"))
    assert not view.isColumnHidden(model.column_of("silo"))
    assert view.horizontalHeader().logicalIndex(0) == model.column_of("symbol")


def test_exporting_before_a_result_is_refused(window):
    window.opening.export_pack()
    assert "no finished review" in window.banner.text()


def test_the_template_can_be_written_and_opened(window, qtbot, reading, tmp_path):
    window.opening.asking.save_given = tmp_path / "new.xlsx"
    with qtbot.waitSignal(window.opening.rested, timeout=10000):
        window.commands["file.template"].trigger()
    assert (tmp_path / "new.xlsx").exists()
    with qtbot.waitSignal(window.opening.opened, timeout=5000):
        window.banner.remedy.click()


def test_an_export_without_a_level_is_completed_in_the_window(window, qtbot):
    real = Session.from_file(next(p for p in sample_books() if "macro" in p.stem))
    level = real.book.market.underlying("SPX").price
    rows = {n: r for n, r in real.book.market.underlyings.items() if n != "SPX"}
    real.replace_market(replace(real.book.market, underlyings=rows))
    with qtbot.waitSignal(window.desk.run_changed, timeout=10000):
        window.desk.adopt(real)
    assert not window.desk.run.complete
    left_out = len(window.desk.run.excluded)
    window.docks.bring("problems").lacking.click()
    market = window.docks.widget("market")
    editor = next(w for w in market.table.view.viewport().findChildren(QLineEdit)
                  if w.isVisible())
    with qtbot.waitSignal(window.desk.run_changed, timeout=10000):
        QTest.keyClicks(editor, str(level))
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.wait(20)  # Qt closes the editor once the key has been dealt with
    qtbot.waitUntil(lambda: window.desk.is_current, timeout=10000)
    assert len(window.desk.run.excluded) < left_out
    assert market.count.text().endswith("underlyings")
    assert window.desk.stack.count() == 1
    window.desk.stack.undo()
    qtbot.waitUntil(lambda: window.desk.is_current, timeout=10000)
    assert len(window.desk.run.excluded) == left_out
