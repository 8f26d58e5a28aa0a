"""The market dock: missing levels stand out, and are given in place with undo."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.ui.conftest import InstantSession, book
from workstation.ui.docks.market import MarketDock
from workstation.ui.problems import ProblemsDock
from workstation.ui.table_model import Mark
from workstation.workspace.edits import SetUnderlyings
from workstation.workspace.session import Session, sample_books


def without_spx():
    a_book = book()
    rows = {name: row for name, row in a_book.market.underlyings.items() if name != "SPX"}
    return replace(a_book, market=replace(a_book.market, underlyings=rows))


@pytest.fixture
def session():
    return InstantSession(without_spx())


@pytest.fixture
def dock(shown, session):
    made = shown(MarketDock())
    made.show_session(session)
    made.show_run(session.review())
    return made


def cell(dock, symbol, field):
    return dock.model.index(dock.model.row_of(symbol), dock.model.column_of(field))


def editor_of(dock):
    return next(w for w in dock.table.view.viewport().findChildren(QLineEdit) if w.isVisible())


def test_model_obeys_qt_rules(qtmodeltester, dock):
    qtmodeltester.check(dock.model)


def test_a_missing_underlying_is_marked_by_pattern_and_word(dock):
    index = cell(dock, "SPX", "symbol")
    assert Mark(dock.model.painted(index.row())[index.column()][1]) & Mark.EXCLUDED
    assert cell(dock, "SPX", "status").data() == "missing: 1 option excluded"
    assert "1 missing" in dock.count.text()
    plain = cell(dock, "AAPL", "symbol")
    assert not Mark(dock.model.painted(plain.row())[plain.column()][1]) & Mark.EXCLUDED


def test_next_missing_opens_its_price_for_typing(dock, qtbot):
    heard = []
    dock.underlying_edited.connect(lambda *change: heard.append(change))
    dock.next_missing.click()
    editor = editor_of(dock)
    QTest.keyClicks(editor, "0")
    assert "above zero" in editor.accessibleDescription()
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    QTest.keyClicks(editor, "6,690.5")
    assert heard[-1][:3] == ("SPX", "price", Decimal("6690.5"))
    assert len({opening for *_, opening in heard}) == 1


def test_a_volatility_is_typed_in_percent_and_needs_a_price_first(dock):
    heard = []
    dock.underlying_edited.connect(lambda *change: heard.append(change[:3]))
    assert not dock.model.flags(cell(dock, "SPX", "iv")) & Qt.ItemFlag.ItemIsEditable
    assert not dock.model.flags(cell(dock, "AAPL", "rate")) & Qt.ItemFlag.ItemIsEditable
    assert dock.model.setData(cell(dock, "AAPL", "iv"), "27.5")
    assert heard == [("AAPL", "iv", Decimal("0.275"))]
    assert not dock.model.setData(cell(dock, "AAPL", "iv"), "0.275")
    assert dock.model.typing_text(dock.model.column_of("iv"), Decimal("0.2")) == "20"


def test_finding_keeps_missing_ones_reachable(dock):
    dock.search.setText("aapl")
    assert dock.model.rowCount() == 1
    assert dock.give_price("SPX")
    assert dock.search.text() == ""
    assert not dock.give_price("NOPE")


def test_problems_offer_the_jump(shown):
    real = Session.from_file(next(p for p in sample_books() if "macro" in p.stem))
    rows = {n: r for n, r in real.book.market.underlyings.items() if n != "SPX"}
    real.replace_market(replace(real.book.market, underlyings=rows))
    problems = shown(ProblemsDock())
    problems.show_session(real)
    problems.show_run(real.review())
    assert problems.lacking.isVisible()
    assert "SPX" in problems.lacking.text()
    asked = []
    problems.underlying_wanted.connect(asked.append)
    problems.lacking.click()
    row = next(r for r in range(problems.model.rowCount())
               if problems.model.row_at(r).underlying == "SPX")
    problems.view.activated.emit(problems.model.index(row, 0))
    assert asked == ["SPX", "SPX"]


def test_prices_are_pasted_by_symbol(dock):
    heard = []
    dock.underlyings_pasted.connect(heard.append)
    QGuiApplication.clipboard().setText(
        "Symbol\tPrice\tVolatility\nSPX\t6,690.5\nBTC\t91500\t48 %\n")
    dock.paste()
    assert heard == [(("SPX", "price", Decimal("6690.5")), ("BTC", "price", Decimal(91500)),
                      ("BTC", "iv", Decimal("0.48")))]
    assert dock.notice.text() == ""
    QGuiApplication.clipboard().setText("Symbol\tPrice\nNOPE\t5\n")
    dock.paste()
    assert "No row shown is NOPE" in dock.notice.text()
    assert len(heard) == 1


def test_a_paste_into_the_market_is_one_step(dock, session):
    edit = SetUnderlyings(session, (("SPX", "price", Decimal(6690)), ("SPX", "iv", Decimal("0.2"))))
    edit.apply()
    assert session.book.market.underlying("SPX").iv == Decimal("0.2")
    edit.revert()
    assert session.book.market.underlying("SPX") is None


def test_without_a_book_the_problems_say_what_they_would_show(shown, session):
    problems = shown(ProblemsDock())
    assert "Open a client file" in problems.empty.text()
    session.input_problems = ()
    problems.show_session(session)
    assert "Nothing to mend" in problems.empty.text()
