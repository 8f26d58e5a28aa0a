from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.importers.figures import Fault, Figure, comma_vote, figure, thirty_seconds

D = Decimal


@pytest.mark.parametrize(("text", "value"), [
    ("(1,234.50)", "-1234.50"), ("$(1,234.50)", "-1234.50"), ("($1,234.50)", "-1234.50"),
    ("1,234.50-", "-1234.50"), ("-$1,234.50", "-1234.50"), ("−5", "-5"),
    ("$347,925.60 ", "347925.60"),
    ("500.00 DR", "-500.00"), ("500.00 CR", "500.00"), ("500.00CR", "500.00"),
    ("2.5MM", "2500000"), ("3K", "3000"), ("1B", "1000000000"), ("2m", "2000000"),
    ("1'234.5", "1234.5"), ("1 234", "1234"), ("1\u00a0234", "1234"), ("1\u202f234", "1234"),
    ("1E+05", "100000"), ("+2", "2"), ("US$ 12", "12"), ("EUR 7", "7"),
    ("£8.50", "8.50"), (".5", "0.5"),
    ("1,234,567", "1234567"), ("12,34,567.5", "1234567.5"),
])
def test_numbers_as_people_write_them(text, value):
    assert figure(text) == Figure(D(value))


@pytest.mark.parametrize(("text", "value", "unit", "decimal"), [
    ("12.5%", "12.5", "%", "0.125"), ("35bp", "35", "bp", "0.0035"),
    ("35 bps", "35", "bp", "0.0035"),
    ("(2%)", "-2", "%", "-0.02"),
])
def test_units_are_kept(text, value, unit, decimal):
    read = figure(text)
    assert read == Figure(D(value), unit)
    assert read.decimal == D(decimal)


@pytest.mark.parametrize("text", ["", "  ", "--", "-", "n/a", "N/A", "nan", "None", "*", "—"])
def test_nothing_here(text):
    assert figure(text) is None


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#VALUE!"])
def test_formula_errors_are_faults(text):
    assert "error" in figure(text).what


@pytest.mark.parametrize("text", ["abc", "1,23", "12..5", "1-2-3", "--5x", "117-24", "1.2.3"])
def test_anything_else_is_not_a_number(text):
    assert isinstance(figure(text), Fault)


@pytest.mark.parametrize(("text", "value"), [("1.234,56", "1234.56"), ("20.187,25", "20187.25"),
                                             ("0,5", "0.5"), ("-3,25", "-3.25")])
def test_decimal_comma(text, value):
    assert figure(text, comma=True) == Figure(D(value))


def test_the_decimal_comma_is_voted_column_by_column():
    assert comma_vote(["1.234,56", "7,5"]).comma
    assert not comma_vote(["1,234.56", "7.5"]).comma
    assert comma_vote(["1,234"]).doubtful
    assert not comma_vote(["1,234"]).comma
    assert not comma_vote([1.5, 2.5]).doubtful


@pytest.mark.parametrize(("text", "value"), [
    ("117-24", "117.75"), ("117-24+", "117.765625"), ("99-002", "99.0078125"), ("110'16", "110.5"),
    ("117-32", None), ("1'234", None), ("2026-12", None), (117.75, None), ("117-245", "117.765625"),
])
def test_prices_in_32nds(text, value):
    assert thirty_seconds(text) == (None if value is None else D(value))


@pytest.mark.parametrize("cell", [float("inf"), float("nan"), 1e300, "1E+5000", "9" * 40, True])
def test_what_no_holding_reaches_is_a_fault(cell):
    assert isinstance(figure(cell), Fault)


@given(st.floats(-1e29, 1e29))
def test_cells_keep_their_value(value):
    assert float(figure(value).value) == value


@given(st.decimals(min_value=-10**9, max_value=10**9, places=2))
def test_accounting_text_reads_back(value):
    text = f"({abs(value):,.2f})" if value < 0 else f"{value:,.2f}"
    assert figure(text).value == value


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    assert figure(text) is None or isinstance(figure(text), Figure | Fault)
    assert figure(text, comma=True) is None or isinstance(figure(text, comma=True), Figure | Fault)
