"""Groups inside groups: headings, subtotals, folding."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from workstation.results.formats import money, words
from workstation.results.table import Table
from workstation.ui.table_groups import groups_of
from workstation.ui.table_model import TableModel


@dataclass(frozen=True)
class Row:
    silo: str
    underlying: str
    symbol: str
    amount: Decimal
    where: str


ROWS = tuple(Row(silo, underlying, symbol, Decimal(amount), f"A{n}") for n, (
    silo, underlying, symbol, amount) in enumerate([
        ("securities", "SPX", "SPY", 10), ("futures", "SPX", "ESZ6", 4),
        ("securities", "BTC", "IBIT", 7), ("securities", "SPX", "SPXW", -3)]))
TABLE = Table("T", (words("Silo", "silo"), words("Underlying", "underlying"),
                    words("Symbol", "symbol"), money("Amount", "amount", total=True)), ROWS)


@pytest.fixture
def model(qapp):
    made = TableModel(TABLE)
    made.group_by(0, 1)
    return made


def lines(model, column=0):
    return [model.index(row, column).data().strip("\N{EM SPACE}")
            for row in range(model.rowCount())]


def test_inner_groups_follow_their_outer_group(model):
    assert lines(model) == ["▾ Securities  (3)", "▾ SPX  (2)", "securities", "securities",
                            "securities", "▾ Futures  (1)", "futures"]


def test_rows_keep_their_number_and_headings_add_up(model):
    assert model.source_rows() == [0, 3, 2, 1]
    amounts = [model.index(row, 3).data() for row in range(model.rowCount())]
    assert amounts == ["14", "7", "10", "(3)", "7", "4", "4"]


def test_an_inner_group_of_one_row_has_no_heading_an_outer_one_has():
    groups = groups_of(TABLE, range(4), (0, 1))
    assert {group.path: group.has_heading for group in groups} == {
        ("securities",): True, ("securities", "SPX"): True, ("securities", "BTC"): False,
        ("futures",): True, ("futures", "SPX"): False}


def test_folding_an_outer_group_hides_its_inner_ones(model):
    model.toggle_group(0)
    assert lines(model) == ["▸ Securities  (3)", "▾ Futures  (1)", "futures"]
    assert model.source_rows() == [0, 3, 2, 1], "a folded row still counts"
    model.toggle_group(0)
    model.toggle_group(1)
    assert lines(model)[:3] == ["▾ Securities  (3)", "▸ SPX  (2)", "securities"]


def test_folding_everything_and_back(model):
    model.fold_all(is_folded=True)
    assert lines(model) == ["▸ Securities  (3)", "▸ Futures  (1)"]
    model.fold_all(is_folded=False)
    assert model.rowCount() == 7


def test_a_filter_takes_empty_groups_away(model):
    model.filter_by({2: "ES"})
    assert lines(model) == ["▾ Futures  (1)", "futures"]


def test_rows_stand_further_in_than_the_inner_heading_they_belong_to(model):
    inset = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert [len(text) - len(text.lstrip("\N{EM SPACE}")) for text in inset] == [
        0, 1, 2, 2, 0, 0, 0], "IBIT and ESZ6 are alone in their groups and stand under no heading"


def test_a_sum_that_needs_every_amount_says_when_one_is_missing(qapp):
    columns = (words("Symbol", "symbol"), money("Amount", "amount", total=True, every=True))
    rows = (*ROWS, Row("crypto", "BTC", "BTC", None, "A9"))
    model = TableModel(Table("T", columns, rows))
    assert model.totals() == ("", "incomplete")
    model.filter_by({0: "S"})
    assert model.totals() == ("", "11")
