"""Files of published margin changes: what is read, what is doubtful, what is refused."""

from datetime import date
from decimal import Decimal

import pytest

from tests.shared import shared
from workstation.base.problem import UnusableInputError
from workstation.importers.margin_histories import read_margin_histories
from workstation.results.margin_history_tables import jumps_table, replay_row

TEXT = ("market,symbol,date,initial,maintenance\n"
        "cme,AA,20200101,1100,1000\ncme,AA,20200303,1650,1500\ncme,AA,20200310,1.0,1.0\n"
        "cme,AA,20200601,1320,1200\ncme,BB,20200101,55,50\ncme,BB,soon,55,50\n")


def written(tmp_path, text):
    path = tmp_path / "margins.csv"
    path.write_text(text, "utf-8")
    return path


def test_changes_by_contract_with_doubtful_rows_named(tmp_path):
    found = read_margin_histories(written(tmp_path, TEXT))
    assert found.symbols == ("AA", "BB")
    assert [problem.where for problem in found.problems] == [
        "margin history line 7", "AA 2020-03-10"]
    row = replay_row(found.replay("AA"))
    assert (row.trough, row.peak, row.peak_to_trough, row.changes) == (1000, 1500, 1.5, 2)
    assert (row.largest_rise, row.on) == (Decimal("0.5"), date(2020, 3, 3))
    jumps = jumps_table(found.replay("AA")).rows
    assert [(jump.on, jump.change) for jump in jumps] == [
        (date(2020, 3, 3), 500), (date(2020, 6, 1), -300)]


@pytest.mark.parametrize(("first", "last", "levels"), [
    (date(2019, 1, 1), date(2020, 4, 1), (1000, 1500)),
    (date(2020, 4, 1), date(2021, 1, 1), (1500, 1200)),
])
def test_a_window_ends_where_the_history_does(tmp_path, first, last, levels):
    found = read_margin_histories(written(tmp_path, TEXT)).replay("AA", first, last)
    assert (found.start, found.end) == levels


def test_nothing_is_replayed_before_the_first_change_or_of_a_stranger(tmp_path):
    found = read_margin_histories(written(tmp_path, TEXT))
    assert found.replay("AA", date(2018, 1, 1), date(2019, 1, 1)) is None
    assert found.replay("ZZ") is None


@pytest.mark.parametrize(("text", "said"), [
    ("", "has no column date, initial, maintenance, symbol"),
    ("symbol,date,initial\nAA,20200101,1\n", "has no column maintenance"),
    ("symbol,date,initial,maintenance\n", "holds no margin change")])
def test_a_file_without_changes_is_refused(tmp_path, text, said):
    with pytest.raises(UnusableInputError, match=said):
        read_margin_histories(written(tmp_path, text))


def test_the_published_history_of_the_big_contracts():
    path = shared("data", "third_party", "lean", "futures_margin_history.csv")
    found = read_margin_histories(path)
    replay = found.replay("ES", date(2020, 2, 20), date(2020, 3, 31))
    assert (replay.start, replay.peak) == (6600, 12000)
