import csv
import io
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.results.made_run import made_run
from workstation.reports.csv_export import RUNNABLE, csv_text, harmless, write_csv
from workstation.results.table import Column, Table
from workstation.results.tables import all_tables, positions_table


@dataclass(frozen=True)
class Row:
    text: str
    number: Decimal | None


def read(text):
    return list(csv.reader(io.StringIO(text, newline="")))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.none() | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-10**12, max_value=10**12))
def test_numbers_are_exact_and_texts_never_run(text, number):
    table = Table("T", (Column("Text", "text"), Column("Number", "number", numeric=True)),
                  (Row(text, number),))
    _, (shown, figure) = read(csv_text(table))
    assert not shown.startswith(RUNNABLE)
    assert shown.removeprefix("'") == text.removeprefix("'")
    assert (Decimal(figure) if figure else None) == number


def test_negative_numbers_are_left_as_numbers():
    rows = read(csv_text(positions_table(made_run())))
    quantity = rows[0].index("Quantity")
    assert [row[quantity] for row in rows[1:4]] == ["12500", "-18", "2000000"]
    description = rows[0].index("Description")
    assert rows[2][description] == "'=HYPERLINK(\"http://x\")"


def test_every_table_of_a_run_can_be_exported(tmp_path):
    for table in all_tables(made_run()):
        assert len(read(csv_text(table))) == len(table.rows) + 1
    write_csv(positions_table(made_run()), tmp_path / "p.csv")
    assert (tmp_path / "p.csv").read_bytes().startswith(b"\xef\xbb\xbfAccount,")


def test_harmless():
    assert harmless("-AAPL260117C200") == "'-AAPL260117C200"
    assert harmless("SPX") == "SPX"
