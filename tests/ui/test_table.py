"""The table model: order, filters, groups and totals, and what is copied out of it."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication

from workstation.results.formats import money, words
from workstation.results.table import Table
from workstation.ui.copying import as_html, as_tsv, copy_selection, raw_text
from workstation.ui.table_model import Mark, TableModel
from workstation.ui.table_order import matching, natural, sorted_rows
from workstation.ui.table_view import TableView


@dataclass(frozen=True)
class Row:
    account: str
    symbol: str
    margin: Decimal | None
    where: str


COLUMNS = (words("Account", "account"), words("Symbol", "symbol"),
           money("Margin (USD)", "margin", total=True))


def table(*rows):
    return Table("Rows", COLUMNS, tuple(
        Row(a, s, None if m is None else Decimal(m), f"Positions!A{i}")
        for i, (a, s, m) in enumerate(rows, start=2)))


ROWS = table(("B", "ES10", "-1500.4"), ("A", "ES9", "20"), ("B", "=CMD()", None),
             ("A", "aapl", "20"))


@pytest.fixture
def model(qapp):
    return TableModel(ROWS)


@pytest.fixture
def view(qtbot, model):
    made = TableView(model, "Rows")
    qtbot.addWidget(made)
    return made


def shown(model, column=1):
    return [model.index(r, column).data() for r in range(model.rowCount())]


def test_model_obeys_qt_rules(qtmodeltester, model):
    qtmodeltester.check(model)
    model.group_by(0)
    qtmodeltester.check(model)


def test_text_raw_value_and_alignment(model):
    cell = model.index(0, 2)
    assert cell.data() == "(1,500)"
    assert cell.data(Qt.ItemDataRole.UserRole) == Decimal("-1500.4")
    assert model.data(cell, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert model.painted(0)[2][1] & Mark.NEGATIVE


def test_sorting_by_two_columns_keeps_ties_in_file_order(model):
    model.sort_by([(0, False), (2, True)])
    assert shown(model) == ["ES9", "aapl", "ES10", "=CMD()"]
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Account ▲1"
    assert model.headerData(2, Qt.Orientation.Horizontal) == "Margin (USD) ▼2"
    model.sort(-1)
    assert shown(model) == ["ES10", "ES9", "=CMD()", "aapl"]


def test_missing_values_sort_last_either_way(model):
    model.sort(2)
    assert shown(model)[-1] == "=CMD()"
    model.sort(2, Qt.SortOrder.DescendingOrder)
    assert shown(model)[-1] == "=CMD()"


def test_digits_sort_as_numbers():
    assert sorted(["ES10", "ES9", "aapl"], key=natural) == ["aapl", "ES9", "ES10"]


def test_selection_follows_its_row_through_sorting(model):
    kept = QPersistentModelIndex(model.index(0, 1))
    model.sort(1)
    assert kept.data() == "ES10"
    model.filter_by({1: "es9"})
    assert not kept.isValid()


@pytest.mark.parametrize(("column", "text", "left"), [
    (1, "ES", ["ES10", "ES9"]), (2, ">0", ["ES9", "aapl"]), (2, "<0", ["ES10"]),
    (2, "10..30", ["ES9", "aapl"]), (2, "=20", ["ES9", "aapl"]), (2, "1,50", ["ES10"]),
    (0, "a", ["ES9", "aapl"]), (2, "<>20", ["ES10"]),
])
def test_column_filters(model, column, text, left):
    model.filter_by({column: text})
    assert shown(model) == left


def test_every_word_must_be_found_somewhere(model):
    model.filter_by({}, "a es")
    assert shown(model) == ["ES9"]


def test_totals_follow_the_filter(model):
    assert model.totals()[2] == "(1,460)"
    model.filter_by({0: "A"})
    assert model.totals() == ("", "", "40")


def test_groups_have_headings_with_subtotals_and_fold(model):
    model.group_by(0)
    assert [model.painted(r)[0][0] for r in (0, 3)] == ["▾ B  (2)", "▾ A  (2)"]
    assert model.painted(3)[2][0] == "40"
    assert model.row_at(0) is None
    model.toggle_group(0)
    assert model.rowCount() == 4
    assert model.painted(0)[0][0] == "▸ B  (2)"
    assert model.source_rows() == [0, 2, 1, 3]


def test_the_same_rows_keep_order_and_selection(model, qtbot):
    model.sort(1)
    with qtbot.assertNotEmitted(model.modelReset):
        model.show(table(("B", "ES10", "7"), ("A", "ES9", "8"), ("B", "=CMD()", "9"),
                         ("A", "aapl", "1")))
    assert shown(model, 2)[-1] == "7"
    with qtbot.waitSignal(model.modelReset):
        model.show(table(("B", "ES10", "7")))


def test_groups_follow_changed_values_and_folded_ones_stay(model):
    model.group_by(0)
    model.toggle_group(0)
    kept = QPersistentModelIndex(model.index(2, 1))
    assert kept.data() == "ES9"
    model.show(table(("A", "ES10", "1"), ("C", "ES9", "2"), ("A", "=CMD()", "3"),
                     ("C", "aapl", "4")))
    assert [g.label for g in (model.group_at(r) for r in range(model.rowCount())) if g] \
        == ["A", "C"]
    assert kept.data() == "ES9"
    model.show(table(*(("D", s, "1") for s in ("ES10", "ES9", "=CMD()", "aapl"))))
    assert model.painted(0)[0][0] == "▾ D  (4)"
    assert model.totals()[2] == "4"


def test_headings_turn_from_rising_to_falling_to_file_order(view, model):
    for wanted in ([(2, False)], [(2, True)], []):
        view.sort_next(2)
        assert list(model.sort_keys) == wanted
    view.sort_next(0)
    view.sort_next(2, keep=True)
    view.sort_next(2, keep=True)
    assert list(model.sort_keys) == [(0, False), (2, True)]


def test_copy_gives_raw_numbers_as_tsv_and_formats_as_html(view):
    view.selectAll()
    assert copy_selection(view)
    data = QGuiApplication.clipboard().mimeData()
    lines = data.text().splitlines()
    assert lines[0] == "Account\tSymbol\tMargin (USD)"
    assert lines[1] == "B\tES10\t-1500.4"
    assert lines[3] == "B\t'=CMD()\t"
    assert '<td align="right">(1,50' in data.html()
    assert "<th>Symbol</th>" in data.html()


def test_copy_leaves_hidden_columns_out_and_follows_their_order(view):
    view.setColumnHidden(0, True)
    view.horizontalHeader().moveSection(2, 0)
    view.selectAll()
    view.copy()
    assert QGuiApplication.clipboard().text().splitlines()[1] == "-1500.4\tES10"


def test_copying_nothing_leaves_the_clipboard_alone(view):
    QGuiApplication.clipboard().setText("kept")
    assert not copy_selection(view)
    assert QGuiApplication.clipboard().text() == "kept"


@given(st.text())
def test_copied_text_never_starts_a_formula_or_a_new_cell(text):
    copied = raw_text(None, text)
    assert not copied.startswith(("=", "+", "-", "@"))
    assert not set(copied) & {"\t", "\n", "\r"}


def test_html_is_escaped():
    assert "<b>" not in as_html(["a"], [[(None, "<b>x</b>")]])


def test_decimals_are_copied_in_full():
    assert as_tsv([], [[(Decimal("1E+3"), "1,000"), (-0.5, "(1)")]]) == "1000\t-0.5"


def test_a_column_can_be_hidden_but_never_the_last(view):
    view.columns_menu().actions()[0].toggle()
    assert view.isColumnHidden(0)
    view.columns_menu().actions()[1].toggle()
    view.columns_menu().actions()[2].toggle()
    assert sum(view.isColumnHidden(c) for c in range(3)) == 2


rows_strategy = st.lists(st.tuples(
    st.sampled_from("ABC"), st.text(max_size=5),
    st.none() | st.decimals(-1e6, 1e6, places=2)), max_size=30)


@given(rows_strategy)
def test_sorting_only_reorders(rows):
    made = table(*rows)
    everything = matching(made, {})
    for keys in ([(0, False)], [(2, True), (1, False)]):
        assert sorted(sorted_rows(made, everything, keys)) == list(range(len(rows)))


@given(rows_strategy)
def test_numbers_come_in_order(rows):
    made = table(*rows)
    order = sorted_rows(made, matching(made, {}), [(2, False)])
    values = [made.rows[i].margin for i in order]
    known = [v for v in values if v is not None]
    assert known == sorted(known)
    assert values[len(known):] == [None] * (len(values) - len(known))


def test_scrolling_leaves_the_same_picture_as_painting_anew(qtbot):
    """Rows that stand are moved, not painted: nothing of what stood there before may stay."""
    long = TableModel(table(*((f"A{n % 7}", f"ES{n}", str(n * 37 % 101)) for n in range(80))))
    view = TableView(long, "Rows")
    qtbot.addWidget(view)
    view.resize(500, 120)
    view.show()
    qtbot.waitExposed(view)
    for value in (3, 1, view.verticalScrollBar().maximum(), 40, 41, 38):
        view.verticalScrollBar().setValue(value)
        qtbot.wait(20)
    scrolled = view.grab().toImage()
    view.viewport().repaint()
    assert view.grab().toImage() == scrolled
    assert long.index(38, 1).data() == "ES38"
