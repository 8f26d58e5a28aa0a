"""Panels that ask when they are looked at: stresses, reverse stress, attribution."""

from dataclasses import replace

import pytest

from workstation.ui.docks.asking import AT_ONCE_UP_TO
from workstation.ui.docks.attribution import KEEPS, AttributionDock
from workstation.ui.docks.stresses import StressesDock
from workstation.workspace.beneath import attributed_to
from workstation.workspace.session import Session, sample_books
from workstation.workspace.stresses import Stresses, after_shocks, reverse, stress_question

SCAN = "single-account-scan"


@pytest.fixture(scope="module")
def session():
    opened = Session.from_file(next(b for b in sample_books() if "crypto" in b.stem))
    opened.run = opened.review()
    return opened


@pytest.fixture(scope="module")
def found(session):
    question = stress_question(session)
    return Stresses("USD", after_shocks(question, [("own", question.first)]), reverse(question))


def shown(qtbot, dock, session):
    qtbot.addWidget(dock)
    dock.resize(1000, 700)
    dock.show()
    with qtbot.waitSignal(dock.asked, timeout=5000):
        dock.show_run(session.run)
    return dock


def test_stresses_are_asked_for_when_looked_at_and_shown(qtbot, session, found, tmp_path):
    dock = shown(qtbot, StressesDock(), session)
    dock.show_working(0.4, "Margining")
    assert dock.button.text() == "Cancel"
    with qtbot.waitSignal(dock.given_up):
        dock.button.click()
    dock.show_answer(found)
    assert dock.button.text() == "Compute"
    assert "comes first: margin call (NL-307)" in dock.notice.text()
    assert "margin call, NL-307 from 0.91 x" in dock.canvas.accessibleDescription()
    assert dock.reverse.model.rowCount() == len(found.reverse)
    dock.view.setCurrentIndex(1)
    dock.view.activated.emit(1)
    assert dock.shown_table() is dock.after.model
    dock.export_csv(tmp_path / "after.csv")
    assert "Loss (USD)" in (tmp_path / "after.csv").read_text("utf-8-sig")


def test_another_shock_to_go_along_is_asked_for(qtbot, session):
    dock = shown(qtbot, StressesDock(), session)
    dock.along.setCurrentIndex(1)
    with qtbot.waitSignal(dock.asked) as question:
        dock.along.activated.emit(1)
    assert question.args == ["2026-02-05 crypto, 1d".removesuffix(", 1d")]


def test_an_edit_takes_the_answer_away_and_asks_again(qtbot, session, found):
    dock = shown(qtbot, StressesDock(), session)
    dock.show_answer(found)
    with qtbot.waitSignal(dock.asked, timeout=5000):
        dock.show_run(session.run)
    assert dock.found is None
    assert dock.reverse.model.rowCount() == 0


def test_a_large_book_is_left_to_the_button(qtbot, session):
    many = session.run.book.positions[:1] * (AT_ONCE_UP_TO + 1)
    large = replace(session.run, book=replace(session.run.book, positions=many))
    dock = StressesDock()
    qtbot.addWidget(dock)
    dock.show()
    dock.show_run(large)
    assert "press Compute" in dock.notice.text()
    with qtbot.assertNotEmitted(dock.asked, wait=600):
        pass
    with qtbot.waitSignal(dock.asked):
        dock.button.click()


def test_a_panel_behind_another_asks_once_it_is_seen(qtbot, session):
    dock = StressesDock()
    qtbot.addWidget(dock)
    with qtbot.assertNotEmitted(dock.asked, wait=600):
        dock.show_run(session.run)
    with qtbot.waitSignal(dock.asked, timeout=5000):
        dock.show()


def test_attribution_by_holding_and_by_lever(qtbot, session):
    dock = AttributionDock()
    dock.show_design(SCAN)
    shown(qtbot, dock, session)
    item = attributed_to(session, session.run, session.design(SCAN))
    dock.show_answer((SCAN, item))
    assert dock.table.model.rowCount() == len(item.holdings)
    assert "Euler share of single-account-scan" in dock.canvas.accessibleDescription()
    dock.view.setCurrentIndex(1)
    dock.view.activated.emit(1)
    assert dock.shown_table() is dock.positions.model
    scanned = [row for row in item.positions if row.released is not None]
    assert dock.positions.model.rowCount() == len(scanned)
    most = max(scanned, key=lambda row: row.euler)
    assert dock.positions.model.table.rows[0].where == most.where
    assert dock.positions.model.table.rows[0].marginal == most.released
    dock.view.setCurrentIndex(2)
    dock.view.activated.emit(2)
    assert dock.shown_table() is dock.levers.model
    assert dock.levers.model.rowCount() == len(item.levers)
    assert "Shapley share" in dock.canvas.accessibleDescription()
    with qtbot.waitSignal(dock.account_chosen):
        dock.table.view.selectRow(0)


def test_a_design_that_keeps_the_silos_says_so(qtbot, session):
    dock = AttributionDock()
    dock.show_design("today")
    shown(qtbot, dock, session)
    dock.show_answer(("today", None))
    assert dock.notice.text() == KEEPS
    assert dock.table.model.rowCount() == 0


def test_the_window_answers_both(desk_window, session, qtbot):
    desk_window.desk.adopt(session)
    feed = desk_window.feed
    with qtbot.waitSignal(feed.attribution.found, timeout=60_000):
        dock = desk_window.docks.bring("attribution")
    assert dock.table.model.rowCount()
    with qtbot.waitSignal(feed.stresses.found, timeout=120_000):
        dock = desk_window.docks.bring("stresses")
    assert len(dock.found.after) > 40
