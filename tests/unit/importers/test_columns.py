"""Columns are matched to fields all at once, with a reason for each."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.importers.books import positions, said, text
from workstation.importers.assignment import best_assignment
from workstation.importers.columns import choose_columns
from workstation.importers.layouts.signatures import signature
from workstation.importers.vocabulary import field_words, normal, spellings

scores = st.integers(1, 4).flatmap(lambda width: st.lists(
    st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]), min_size=width, max_size=width),
    min_size=1, max_size=4))


def brute_force(table):
    """The best sum over every way of giving rows to columns, each at most once, rows free."""
    width = len(table[0])
    places = [*range(width), *[None] * len(table)]
    return max(sum(table[row][column] for row, column in enumerate(order) if column is not None)
               for order in set(permutations(places, len(table))))


@given(scores)
def test_the_assignment_is_the_best_there_is(table):
    taken = best_assignment(table)
    columns = [column for column in taken if column is not None]
    assert len(columns) == len(set(columns))
    total = sum(table[row][column] for row, column in enumerate(taken) if column is not None)
    assert total == pytest.approx(brute_force(table))


def mapping(headers, *rows):
    cells = [list(column) for column in zip(*rows, strict=True)]
    columns = cells or [[] for _ in headers]
    chosen = choose_columns(headers, columns, lambda i: f"A{i}")
    return {headers[i]: field for field, i in chosen.fields.items()}, chosen


def test_every_synonym_is_found_under_its_own_field_or_a_stated_rival():
    claims: dict = {}
    for entry in field_words():
        for word in entry.words:
            claims.setdefault(word, set()).add(entry.field)
    for entry in field_words():
        found, _ = mapping([entry.words[0]])
        assert found[entry.words[0]] in claims[entry.words[0]]


def test_headers_are_compared_without_case_accents_and_marks():
    assert normal("  Exp. Date ") == normal("EXP_DATE") == "expdate"
    assert spellings("Qty (Quantity)") == ("qtyquantity", "qty", "quantity")
    assert normal("Währung") == "wahrung"


def test_a_misspelt_header_is_found_with_less_confidence():
    found, chosen = mapping(["Symbol", "Quantitty", "Price"], ("MSFT", 1.0, 2.0))
    assert found["Quantitty"] == "quantity"
    choice = next(c for c in chosen.choices if c.header == "Quantitty")
    assert 0.5 < choice.confidence < 0.8
    assert "resembles" in choice.reason


def test_direction_is_a_side_or_a_leg_by_its_values():
    assert mapping(["Direction"], ("Long",))[0] == {"Direction": "side"}
    assert mapping(["Direction"], ("Pay",))[0] == {"Direction": "pay_receive"}


def test_a_number_column_of_texts_is_no_number():
    found, _ = mapping(["Symbol", "Position", "Quantity"], ("A", "core", 5.0), ("B", "core", 6.0))
    assert found["Quantity"] == "quantity"
    assert "Position" not in found


@pytest.mark.parametrize(("headers", "name"), [
    (("Symbol", "Description", "Qty (Quantity)", "Price", "Mkt Val (Market Value)",
      "Gain $ (Gain/Loss $)"), "schwab positions"),
    (("Account Number", "Account name", "Symbol", "Last price", "Current value",
      "Percent of account"), "fidelity positions"),
    (("ClientAccountID", "FXRateToBase", "AssetClass", "Symbol"), "ibkr flex positions"),
    (("Account", "Symbol", "Exp Date", "DTE", "P/L Open"), "tastytrade positions"),
    (("Symbol", "Quantity"), ""),
])
def test_exports_known_by_their_columns(headers, name):
    assert signature(headers) == name


def test_a_clearing_firms_file(tmp_path):
    read = text(tmp_path, "PFIRM,PACCT,PCURSY,PEXCH,PFC,Contract,PQTY,PBS,PMULTF,PCLOSE\n"
                          "001,H77,USD,CME,ES,ESZ6,4,1,50,6701.25\n"
                          "001,H77,USD,CME,ES,ESH7,3,2,50,6755.00\n")
    assert read.kind == "clearing firm positions"
    assert [float(p.quantity) for p in read.book.positions] == [4, -3]
    assert read.book.account("H77").firm == "001"


def test_rates_to_another_base_currency_are_turned_into_dollars(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price", "currency", "FX rate to base"),
                     ("ASML", 1, 700, "EUR", 0.85), ("MSFT", 1, 400, "USD", 0.80),
                     ("VOD LN Equity", 1, 1, "GBP", 1))
    assert float(read.book.market.fx_rate("EUR")) == 0.85 / 0.80
    assert float(read.book.market.fx_rate("GBP")) == 1 / 0.80
    assert "another base than USD" in said(read)


@pytest.mark.parametrize(("name", "account"), [
    ("U1234567_positions.csv", "U1234567"), ("positions 88123456 Nov.csv", "88123456"),
    ("positions_20261113.csv", "Account"), ("book.csv", "Account"),
])
def test_an_account_in_the_file_name(tmp_path, name, account):
    read = text(tmp_path, "Symbol,Quantity,Price\nMSFT,1,400\n", name=name)
    assert [a.account_id for a in read.book.accounts] == [account]
