"""Rows and columns that can mislead: lots, units in cells, currencies in words, debit columns."""

from decimal import Decimal

import pytest

from tests.unit.importers.books import AS_OF, held, said, text
from workstation.importers import import_file

D = Decimal


def test_a_lot_column_keeps_the_summary_rows(tmp_path):
    read = text(tmp_path, "Symbol,Lot,Quantity,Price\nAAPL,Total,300,268\nAAPL,Lot 1,100,268\n"
                          "AAPL,Lot 2,200,268\n")
    assert held(read) == [("Account", "AAPL", 300)]
    assert "2 lot rows repeat them" in said(read)


def test_a_row_that_is_the_sum_of_those_below_is_an_error(tmp_path):
    read = text(tmp_path, "Symbol,Quantity,Price\nAAPL,300,268\nAAPL,100,268\nAAPL,200,268\n"
                          "MSFT,5,412\nMSFT,5,412\n")
    assert "AAPL: this row is the sum of the 2 rows below it" in said(read, "error")
    assert "MSFT: this row" not in said(read)
    assert read.outcome == "partial"


@pytest.mark.parametrize("words", [("LONG", "SHORT"), ("Bought", "Sold"), ("Buy", "Sell")])
def test_sides_are_known_by_their_words_under_any_header(tmp_path, words):
    read = text(tmp_path, f"Symbol,Quantity,Position Type,Price\nAAPL,100,{words[0]},268\n"
                          f"MSFT,50,{words[1]},412\n")
    assert [q for _, _, q in held(read)] == [100, -50]
    assert "was read as side, not surely" in said(read, "warning")


def test_how_long_a_lot_was_held_is_no_side(tmp_path):
    read = text(tmp_path, "Symbol,Quantity,Term,Price\nAAPL,100,Long,268\nMSFT,50,Short,412\n")
    assert [q for _, _, q in held(read)] == [100, 50]


@pytest.mark.parametrize("words", [("D", "C"), ("CR", "DR"), ("Soll", "Haben")])
def test_debits_and_credits_are_never_taken_for_long_in_silence(tmp_path, words):
    read = text(tmp_path, f"Symbol,Quantity,D/C,Price\nAAPL,100,{words[0]},268\n"
                          f"MSFT,50,{words[1]},412\n")
    assert "column D/C may say which positions are short" in said(read, "error")
    assert read.outcome == "partial"


def test_marks_of_footnotes_and_counted_units(tmp_path):
    read = text(tmp_path, "Symbol,Quantity,Price\nAAPL*,100 shares,268.40 USD\nMSFT (1),5 sh,412\n")
    assert held(read) == [("Account", "AAPL", 100), ("Account", "MSFT", 5)]


@pytest.mark.parametrize(("head", "code"), [
    ("Symbol,Quantity,Price (EUR)\n", "EUR"), ("Symbol,Quantity,Market Value CHF,Price\n", "CHF"),
    ("All amounts in GBP\nSymbol,Quantity,Price\n", "GBP"),
    ("Base currency: JPY\nSymbol,Quantity,Price\n", "JPY")])
def test_a_currency_stated_around_the_table_counts(tmp_path, head, code):
    cells = "SAP,10,2301,230.1\n" if "Value" in head else "SAP,10,230.1\n"
    read = text(tmp_path, head + cells)
    assert read.book.positions[0].instrument.currency == code
    assert f"{code} was taken from the words around it" in said(read, "warning")


def test_currencies_by_mark_and_name(tmp_path):
    read = text(tmp_path, "Symbol,Quantity,Price,Currency\nAAPL,1,268,$\nSAP,1,230,€\n"
                          "MSFT,1,412,US Dollar\n")
    assert [p.instrument.currency for p in read.book.positions] == ["USD", "EUR", "USD"]


def test_fractions_of_a_point(tmp_path):
    read = text(tmp_path, "Symbol,Quantity,Price\nZCH7,10,450 1/4\nZNH7,1,112 16/32\n")
    assert [p.price for p in read.book.positions] == [D("450.25"), D("112.5")]


def test_a_rate_with_its_own_unit_is_never_scaled_twice(tmp_path):
    head = "Symbol,Asset Class,Notional,Fixed Rate,Pay/Receive,Maturity\n"
    read = text(tmp_path, head + "A,swap,1000000,3.95%,pay,2031-11-15\n"
                                 "B,swap,1000000,2.5,pay,2031-11-15\n"
                                 "C,swap,1000000,35bp,pay,2031-11-15\n")
    assert [p.instrument.terms.fixed_rate for p in read.book.positions] == [
        D("0.0395"), D("0.025"), D("0.0035")]
    read = text(tmp_path, head.replace("Rate", "Rate (%)") + "A,swap,1000000,4%,pay,2031-11-15\n"
                                                             "B,swap,1000000,0.5,pay,2031-11-15\n")
    assert [p.instrument.terms.fixed_rate for p in read.book.positions] == [D("0.04"), D("0.005")]


def test_local_values_are_compared_before_base_values(tmp_path):
    read = text(tmp_path, "Symbol,Quantity,Local Price,Local Currency,Market Value Local,"
                          "Market Value Base\nSAP,10,230.1,EUR,2301,2666.17\n")
    assert all(total.agrees for total in read.control_totals)


def test_prices_shown_as_percentages_are_percentages(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Bonds & more"
    for row in (("symbol", "asset_class", "quantity", "price", "maturity"),
                ("T 4 02/15/34", "treasury", 100000, 0.985, "2034-02-15"),
                ("T 4 11/15/35", "treasury", 100000, 99.5, "2035-11-15")):
        book.active.append(row)
    book.active["D2"].number_format = "0.00%"
    book.save(tmp_path / "bonds.xlsx")
    read = import_file(tmp_path / "bonds.xlsx", as_of=AS_OF)
    assert [p.price for p in read.book.positions] == [D("98.5"), D("99.5")]
    assert read.book.positions[0].value == 98500
    assert "shown as percentages" in said(read, "warning")


@pytest.mark.parametrize(("title", "factor"), [
    ("Amounts in USD thousands", 1000), ("USD 000s", 1000), ("(in millions)", 10**6),
    ("in EUR mm", 10**6), ("Holdings in thousand islands", None), ("Positions", None)])
def test_a_unit_stated_in_a_title_counts_for_money(tmp_path, title, factor):
    read = text(tmp_path, f"{title}\nSymbol,Asset Class,Notional,Fixed Rate,Pay/Receive,Maturity\n"
                          "USD 5Y,swap,2.5,3%,pay,2031-11-15\n")
    assert float(read.book.positions[0].instrument.terms.notional) == 2.5 * (factor or 1)
    assert ("as its header or title says" in said(read)) == bool(factor)


def test_lots_without_a_symbol_under_their_summary(tmp_path):
    read = text(tmp_path, "Symbol,Open Date,Quantity,Price,Market Value\n"
                          "AAPL,,300,268.4,80520\n,2025-01-01,100,268.4,26840\n"
                          ",2025-02-01,200,268.4,53680\nMSFT,,50,412.5,20625\n"
                          ",2025-03-01,50,412.5,20625\n,,7,1,7\n")
    assert [(s, q) for _, s, q in held(read)] == [("AAPL", 300), ("MSFT", 50)]
    assert "2 rows without a symbol are the lots of the rows above" in said(read)
    assert len(read.book.excluded) == 2, "lots that do not add up stay errors"


def test_totals_above_the_table_are_controls(tmp_path):
    body = ("Depotwert;;20.187,25\nGesamtsumme;;20.187,26\nISIN;Stück;Kurs;Kurswert;Währung\n"
            "US0378331005;50;231,045;11.552,25;EUR\nDE0007164600;37,5;230,2667;8.635,00;EUR\n")
    read = text(tmp_path, body)
    stated = [t.stated for t in read.control_totals if t.where.startswith("client.csv!C")]
    assert D("20187.25") in stated
    assert all(total.agrees for total in read.control_totals)
    wrong = text(tmp_path, body.replace("20.187,26", "21.000,00"))
    assert "the file states 21,000" in said(wrong, "warning")
