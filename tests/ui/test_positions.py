"""The positions panel: marks, editing while typing, finding, and what it asks for."""

from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from tests.ui.conftest import changed
from workstation.ui.positions import PositionsPanel
from workstation.ui.table_model import Mark


@pytest.fixture
def panel(qtbot, session, run):
    made = PositionsPanel()
    qtbot.addWidget(made)
    made.resize(1400, 600)
    made.show()
    made.show_book(session.book, run)
    return made


def cell(panel, where, field):
    return panel.model.index(panel.model.row_of(where), panel.model.column_of(field))


def marks(panel, where, field):
    index = cell(panel, where, field)
    return Mark(panel.model.painted(index.row())[index.column()][1])


def open_editor(panel, where, field):
    index = cell(panel, where, field)
    panel.view.setCurrentIndex(index)
    panel.view.edit(index)
    kind = QComboBox if field == "account" else QLineEdit
    return next(w for w in panel.view.viewport().findChildren(kind) if w.isVisible())


def test_model_obeys_qt_rules(qtmodeltester, panel):
    qtmodeltester.check(panel.model)


def test_nothing_open_says_what_to_do(qtbot):
    empty = PositionsPanel()
    qtbot.addWidget(empty)
    empty.show_book(None, None)
    with qtbot.waitSignal(empty.sample_wanted):
        next(b for b in empty.findChildren(type(empty.findChild(QLineEdit)).__mro__[1])
             if getattr(b, "text", lambda: "")() == "Open a sample client").click()


def test_a_book_is_shown_before_its_first_run(qtbot, session):
    made = PositionsPanel()
    qtbot.addWidget(made)
    made.show_book(session.book, None)
    assert made.model.rowCount() == 12
    assert cell(made, "Positions!A2", "stand_alone").data() == ""
    assert cell(made, "Positions!A2", "status").data() == "not computed yet"


def test_excluded_rows_are_marked_by_pattern_and_word(panel):
    assert marks(panel, "Positions!A5", "symbol") & Mark.EXCLUDED
    assert cell(panel, "Positions!A5", "status").data().startswith("excluded: ")
    assert not marks(panel, "Positions!A2", "symbol") & Mark.EXCLUDED
    assert "1 excluded" in panel.count.text()


def test_figures_from_unconfirmed_numbers_are_marked(panel):
    assert marks(panel, "Positions!A12", "stand_alone") & Mark.TO_CONFIRM
    tip = cell(panel, "Positions!A12", "stand_alone").data(Qt.ItemDataRole.ToolTipRole)
    assert "to confirm" in tip
    assert "(b)(2)" in tip
    assert not marks(panel, "Positions!A2", "stand_alone") & Mark.TO_CONFIRM


def test_negatives_are_in_parentheses_and_marked(panel):
    assert cell(panel, "Positions!A3", "quantity").data() == "(4,000)"
    assert marks(panel, "Positions!A3", "quantity") & Mark.NEGATIVE


def test_edits_since_the_run_show_at_once_and_pending(panel, session, run):
    after = changed(session.book, "Positions!A2", quantity=Decimal(99))
    panel.model.show_changes(run, after)
    assert cell(panel, "Positions!A2", "quantity").data() == "99"
    assert marks(panel, "Positions!A2", "stand_alone") & Mark.PENDING
    assert not marks(panel, "Positions!A2", "symbol") & Mark.PENDING
    assert not marks(panel, "Positions!A3", "stand_alone") & Mark.PENDING
    panel.show_book(run.book, run)
    assert cell(panel, "Positions!A2", "quantity").data() == "12,500"


def test_typing_announces_every_readable_value(panel, qtbot):
    heard = []
    panel.edited.connect(lambda *change: heard.append(change))
    editor = open_editor(panel, "Positions!A2", "quantity")
    assert editor.text() == "12500"
    QTest.keyClicks(editor, "1x")
    assert [change[:3] for change in heard] == [("Positions!A2", "quantity", Decimal(1))]
    assert editor.property("invalid") is True
    assert "is not a number" in editor.accessibleDescription()
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    assert editor.property("invalid") is False
    QTest.keyClicks(editor, "2k")
    assert [value for *_, value, _ in heard] == [1, 1, 12, 12000]
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert len({opening for *_, opening in heard}) == 1


def test_escape_takes_the_typing_back(panel, qtbot):
    heard = []
    panel.edited.connect(lambda *change: heard.append(change))
    editor = open_editor(panel, "Positions!A2", "price")
    QTest.keyClicks(editor, "5")
    with qtbot.waitSignal(panel.abandoned) as got:
        QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert got.args == [heard[0][3]]


def test_enter_keeps_an_unreadable_text_open(panel, qtbot):
    editor = open_editor(panel, "Positions!A2", "price")
    QTest.keyClicks(editor, "-5")
    assert "not negative" in editor.accessibleDescription()
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert editor.isVisible()


def test_a_new_result_does_not_overwrite_what_is_typed(panel, session):
    editor = open_editor(panel, "Positions!A2", "quantity")
    QTest.keyClicks(editor, "77")
    panel.show_book(session.book, session.review())
    assert editor.isVisible()
    assert editor.text() == "77"


def test_account_is_chosen_from_the_books_accounts(panel, qtbot):
    editor = open_editor(panel, "Positions!A2", "account")
    assert [editor.itemText(i) for i in range(editor.count())] == ["PB-1", "PM-2", "FCM-1", "CV-1"]
    with qtbot.waitSignal(panel.edited) as got:
        editor.setCurrentText("PM-2")
        editor.activated.emit(1)
    assert got.args[:3] == ["Positions!A2", "account", "PM-2"]


def test_what_can_be_typed_over(panel):
    editable = {panel.model.field(c) for c in range(panel.model.columnCount())
                if panel.model.flags(panel.model.index(0, c)) & Qt.ItemFlag.ItemIsEditable}
    assert editable == {"account", "quantity", "price", "flag", "comment"}
    assert not panel.model.setData(cell(panel, "Positions!A2", "quantity"), "many")
    assert not panel.model.setData(cell(panel, "Positions!A2", "account"), "ZZ")


def test_search_and_column_filters_join(panel, qtbot):
    panel.search.setText("aapl")
    panel.filters.set_filter(panel.model.column_of("quantity"), ">0")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1, timeout=1000)
    assert "1 of 12" in panel.count.text()
    assert panel.totals.text(panel.model.column_of("stand_alone")) == "838,750"


def test_selecting_a_hidden_row_lifts_the_filters(panel, qtbot):
    panel.search.setText("ES")
    qtbot.waitUntil(lambda: panel.model.rowCount() < 12, timeout=1000)
    assert panel.select("Positions!A12")
    assert panel.selected_where() == "Positions!A12"
    assert panel.search.text() == ""
    assert not panel.select("Positions!A999")


def test_groups_fold_on_enter(panel):
    panel.grouping.setCurrentText("By account")
    assert panel.model.rowCount() == 16
    panel.view.setCurrentIndex(panel.model.index(0, 1))
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert panel.model.rowCount() == 12
    assert panel.selected_where() == ""


def test_enter_on_a_figure_asks_why(panel, qtbot):
    index = cell(panel, "Positions!A3", "stand_alone")
    panel.view.setCurrentIndex(index)
    panel.view.setFocus()
    with qtbot.waitSignal(panel.why) as got:
        QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert got.args == ["Positions!A3"]


def test_context_menu_offers_why_and_filtering(panel, qtbot):
    panel.view.setCurrentIndex(cell(panel, "Positions!A3", "underlying"))
    at = panel.view.visualRect(cell(panel, "Positions!A3", "underlying")).center()
    menu = panel.context_menu(at)
    named = {a.text().split("\t")[0]: a for a in menu.actions()}
    with qtbot.waitSignal(panel.why) as got:
        named["Why this number?"].trigger()
    assert got.args == ["Positions!A3"]
    named["Show only rows like this cell"].trigger()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1, timeout=1000)
    assert not panel.context_menu(QPoint(2, 590)).actions()[1].isEnabled()


def test_density_changes_row_height(panel):
    assert panel.view.rowHeight(0) == 22
    panel.set_density("comfortable")
    assert panel.view.rowHeight(0) == 28


def test_filters_stand_over_their_columns(panel):
    QApplication.processEvents()
    column = panel.model.column_of("quantity")
    field = next(f for f in panel.filters.findChildren(QLineEdit)
                 if f.accessibleName() == "Filter Quantity")
    left = panel.view.columnViewportPosition(column)
    assert abs(field.x() - left) <= 2
    assert field.width() == panel.view.columnWidth(column)


def test_first_columns_stay_in_sight(panel, qtbot):
    panel.resize(700, 500)
    qtbot.wait(10)
    frozen, bar = panel.view.frozen, panel.view.horizontalScrollBar()
    assert not frozen.isVisible()
    bar.setValue(bar.maximum())
    assert frozen.isVisible()
    account, symbol = (panel.model.column_of(f) for f in ("account", "symbol"))
    assert frozen.columns() == [account, symbol]
    assert panel.filters.column_rect(symbol).left() == panel.view.columnWidth(account) + 1
    at = QPoint(20, panel.view.horizontalHeader().height() + 22 + 4)
    QTest.mouseClick(frozen, Qt.MouseButton.LeftButton, pos=at)
    assert panel.selected_where() == "Positions!A3"
    assert bar.value() == bar.maximum()
    QTest.mouseClick(frozen, Qt.MouseButton.LeftButton, pos=QPoint(20, 4))
    assert panel.model.sort_keys == ((account, False),)
    panel.grouping.setCurrentText("By asset class")
    assert not panel.grab().isNull()
    bar.setValue(0)
    assert not frozen.isVisible()


def test_repainting_one_cell_never_cuts_a_group_heading(panel, qtbot):
    panel.grouping.setCurrentText("By asset class")
    panel.view.clearSelection()
    panel.view.setCurrentIndex(panel.model.index(-1, -1))
    qtbot.wait(10)
    viewport = panel.view.viewport()
    second = panel.view.visualRect(panel.model.index(0, panel.model.column_of("symbol")))
    whole = viewport.grab().toImage().copy(second)
    assert viewport.grab(second).toImage() == whole


def test_the_table_paints_in_both_palettes(panel, qapp):
    from workstation.ui import theme

    panel.grouping.setCurrentText("By account")
    for name in ("dark", "light"):
        theme.apply(qapp, name)
        assert not panel.grab().isNull()
