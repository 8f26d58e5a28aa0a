"""The messy files of real life, one test each."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.unit.importers.books import AS_OF, held, positions, said, text, workbook
from workstation.base.problem import UnusableInputError
from workstation.importers import import_file

D = Decimal
HEAD = ("account_id", "symbol", "quantity", "price")


def test_title_rows_above_the_table(tmp_path):
    path = workbook(tmp_path / "x.xlsx", {"Sheet1": [
        ("Invented Partners LP",), ("Account: X-77",), ("As of", datetime(2026, 11, 13)), (),
        ("Ticker", "Qty", "Last Price"), ("MSFT", 10, 412.5)]})
    read = import_file(path)
    assert held(read) == [("X-77", "MSFT", 10)]
    assert read.as_of == AS_OF
    assert read.book.name == "Invented Partners LP"
    assert read.book.positions[0].where == "Sheet1!A6"


def test_two_row_headers(tmp_path):
    path = workbook(tmp_path / "x.xlsx", {"Sheet1": [
        ("Holding", None, "Market", None), ("Symbol", "Quantity", "Price", "Value"),
        ("MSFT", 10, 400, 4000)]})
    assert held(import_file(path, as_of=AS_OF)) == [("Account", "MSFT", 10)]
    path = workbook(tmp_path / "y.xlsx", {"Sheet1": [
        ("Security", "Long", "Short", "Last"), ("Symbol", "Qty", "Qty", "Price"),
        ("MSFT", 10, None, 400), ("AAPL", None, 4, 200)]})
    assert [q for _, _, q in held(import_file(path, as_of=AS_OF))] == [10, -4]


def test_subtotals_and_grand_total_are_controls(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price", "market value"),
                     ("MSFT", 10, 400, 4000), ("AAPL", 5, 200, 1000),
                     ("Subtotal", None, None, 5000), ("SPY", 1, 600, 600),
                     ("Subtotal", None, None, 600),
                     ("Grand Total", None, None, 5600))
    assert [s for _, s, _ in held(read)] == ["MSFT", "AAPL", "SPY"]
    stated = [(t.stated, t.computed, t.agrees) for t in read.control_totals
              if t.where.endswith("market value")]
    assert stated == [(5000, 5000, True), (600, 600, True), (5600, 5600, True)]


def test_a_total_that_does_not_agree_is_said(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price", "market value"),
                     ("MSFT", 10, 400, 4000), ("Total", None, None, 9999))
    assert not read.control_totals[0].agrees
    assert "the file states 9,999" in said(read, "warning")


def test_an_unnamed_running_sum_is_a_total(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price", "market value"),
                     ("MSFT", 10, 400, 4000), ("AAPL", 5, 200, 1000), (None, None, None, 5000))
    assert len(read.book.positions) == 2
    assert not read.book.excluded


def test_a_share_called_sum_is_a_share(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price"), ("SUM", 10, 52.1), ("MSFT", 1, 400))
    assert [s for _, s, _ in held(read)] == ["SUM", "MSFT"]


def test_several_account_blocks_on_one_sheet(tmp_path):
    read = text(tmp_path, "Account: A1\nSymbol,Quantity,Price\nMSFT,10,400\n\n"
                          "Account: B2\nSymbol,Quantity,Price\nAAPL,-5,200\n")
    assert held(read) == [("A1", "MSFT", 10), ("B2", "AAPL", -5)]


def test_several_sheets_of_positions_are_several_accounts(tmp_path):
    path = workbook(tmp_path / "x.xlsx", {
        "Long book": [("Symbol", "Quantity", "Price"), ("MSFT", 10, 400)],
        "Short book": [("Symbol", "Quantity", "Price"), ("AAPL", -5, 200)],
        "Remarks": [("nothing to see",)]})
    read = import_file(path, as_of=AS_OF)
    assert held(read) == [("Long book", "MSFT", 10), ("Short book", "AAPL", -5)]
    assert "sheet Remarks was not read" in said(read)


def test_day_first_dates_by_vote(tmp_path):
    read = text(tmp_path, "symbol,quantity,price,strike,put/call,expiry\n"
                          "AAPL,1,5,200,C,18/12/2026\nAAPL,1,5,210,C,05/02/2027\n")
    assert [p.instrument.expiry for p in read.book.positions] == [
        date(2026, 12, 18), date(2027, 2, 5)]


def test_ambiguous_dates_are_said_once(tmp_path):
    read = text(tmp_path, "symbol,quantity,price,strike,put/call,expiry\n"
                          "AAPL,1,5,200,C,05/02/2027\n")
    assert read.book.positions[0].instrument.expiry == date(2027, 5, 2)
    assert "month first" in said(read, "warning")


def test_excel_serials_under_a_date_header(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price", "strike", "put_call", "expiry"),
                     ("AAPL", 1, 5, 200, "C", 46374))
    assert read.book.positions[0].instrument.expiry == date(2026, 12, 18)


def test_european_numbers_with_totals_at_the_top(tmp_path):
    read = text(tmp_path, "Summe;;;20.187,25\nISIN;Stück;Kurs;Wert\n".replace("Stück", "Quantity")
                .replace("Kurs", "Price").replace("Wert", "Market Value")
                + "US0378331005;100;201,8725;20.187,25\n", encoding="cp1252")
    (position,) = read.book.positions
    assert (position.quantity, position.price) == (100, D("201.8725"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(tmp_path, encoding):
    read = text(tmp_path, "Symbol,Description,Quantity,Price\nMSFT,Müller & Söhne,10,400\n",
                encoding=encoding)
    assert held(read) == [("Account", "MSFT", 10)]
    assert read.book.positions[0].instrument.description == "Müller & Söhne"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_separators(tmp_path, mark):
    rows = (("Symbol", "Quantity", "Price"), ("MSFT", "10", "400"), ("AAPL", "-5", "200.5"))
    read = text(tmp_path, "\n".join(mark.join(row) for row in rows), name="x.txt")
    assert [q for _, _, q in held(read)] == [10, -5]
    assert read.book.positions[1].where == "x.txt!A3"


def test_text_ids_stay_text(tmp_path):
    read = text(tmp_path, "Account,CUSIP,Quantity,Price\n00123,037833100,10,200\n")
    assert held(read) == [("00123", "037833100", 10)]


def test_a_cusip_in_scientific_notation_is_not_guessed(tmp_path):
    read = text(tmp_path, "CUSIP,Quantity,Price\n1.23E+10,10,200\n037833100,1,200\n")
    assert len(read.book.positions) == 1
    assert "scientific notation" in said(read, "error")


def test_a_cusip_that_lost_its_zero_is_restored(tmp_path):
    read = text(tmp_path, "CUSIP,Quantity,Price\n37833100,10,200\n")
    assert held(read) == [("Account", "037833100", 10)]
    assert "lost its leading zeros" in said(read)


def test_side_column_signs_unsigned_quantities(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "side", "price"),
                     ("MSFT", 10, "Long", 400), ("AAPL", 5, "Short", 200))
    assert [q for _, _, q in held(read)] == [10, -5]


def test_side_against_a_signed_quantity_is_a_row_error(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "side", "price"),
                     ("MSFT", -10, "Long", 400), ("AAPL", -5, "Short", 200))
    assert [q for _, _, q in held(read)] == [-5]
    assert "contradicts the side" in said(read, "error")


def test_price_units_are_checked_against_the_market_value(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price", "market value"),
                     ("MSFT", 10, 40000, 4000))
    assert "factor of 0.01 would agree" in said(read, "warning")


def test_duplicate_rows_are_kept_and_said(tmp_path):
    read = positions(tmp_path, HEAD, ("A", "MSFT", 10, 400), ("A", "MSFT", 10, 400))
    assert len(read.book.positions) == 2
    assert "repeats Positions!A2" in said(read, "warning")


def test_mixed_currencies_need_a_rate(tmp_path):
    rows = (("symbol", "quantity", "price", "currency"), ("ASML", 10, 700, "EUR"),
            ("MSFT", 1, 400, "USD"))
    assert "add EURUSD to the Market sheet" in said(positions(tmp_path, *rows), "warning")
    read = positions(tmp_path, *rows, market=[("symbol", "price"), ("EURUSD", 1.09)])
    assert read.book.market.fx_rate("EUR") == D("1.09")
    assert "no exchange rate" not in said(read)
    read = positions(tmp_path, (*rows[0], "FX Rate"), (*rows[1], 1.08), (*rows[2], 1))
    assert read.book.market.fx_rate("EUR") == D("1.08")


def test_a_pair_quoted_in_the_other_currency_is_turned_round(tmp_path):
    read = positions(tmp_path, HEAD, ("A", "MSFT", 1, 400),
                     market=[("symbol", "price"), ("USDJPY", 160)])
    assert read.book.market.fx_rate("JPY") == D("0.00625")


def test_hidden_sheets_are_named_and_hidden_rows_read(tmp_path):
    import openpyxl

    path = workbook(tmp_path / "x.xlsx", {"Positions": [HEAD, ("A", "MSFT", 1, 400),
                                                        ("A", "AAPL", 2, 200)],
                                          "Old": [HEAD, ("A", "IBM", 1, 100)]})
    book = openpyxl.load_workbook(path)
    book["Old"].sheet_state = "veryHidden"
    book["Positions"].row_dimensions[3].hidden = True
    book["Positions"].column_dimensions["D"].hidden = True
    book.save(path)
    read = import_file(path, as_of=AS_OF)
    assert [s for _, s, _ in held(read)] == ["MSFT", "AAPL"]
    assert "hidden sheet Old was not read" in said(read)
    assert "1 hidden rows were read too" in said(read, "warning")
    assert "hidden columns D were read too" in said(read)
    assert read.book.positions[0].price == 400


def test_formulas_without_stored_values_block_their_row(tmp_path):
    read = positions(tmp_path, HEAD, ("A", "MSFT", "=5*2", 400), ("A", "AAPL", 5, 200))
    assert [s for _, s, _ in held(read)] == ["AAPL"]
    (excluded,) = read.book.excluded
    assert "Positions!C2 is a formula without a stored value" in excluded.what
    assert "Excel" in excluded.remedy


def test_formula_errors_are_row_errors(tmp_path):
    read = text(tmp_path, "symbol,quantity,price\nMSFT,10,#N/A\nAAPL,5,200\n")
    assert [s for _, s, _ in held(read)] == ["AAPL"]
    assert "error #N/A" in said(read, "error")


def test_unknown_columns_are_kept_and_listed(tmp_path):
    read = positions(tmp_path, (*HEAD, "Trader", "Desk note"), ("A", "MSFT", 1, 400, "jd", "keep"))
    assert read.book.positions[0].extras == (("Trader", "jd"), ("Desk note", "keep"))
    assert "columns kept as extras: Trader, Desk note" in said(read, "info")


def test_no_two_columns_take_one_field(tmp_path):
    read = positions(tmp_path, ("Ticker", "Security Name", "Quantity", "Shares", "Price"),
                     ("MSFT", "Microsoft", 10, 11, 400))
    fields = [choice.field for choice in read.mapping if choice.field]
    assert len(fields) == len(set(fields))
    assert held(read) == [("Account", "MSFT", 10)]
    assert dict(read.book.positions[0].extras) == {"Shares": "11"}


def test_contradictory_columns_are_refused(tmp_path):
    with pytest.raises(UnusableInputError, match="two quantity columns contradict") as refused:
        positions(tmp_path, ("symbol", "quantity", "Qty", "price"), ("MSFT", 10, 12, 400))
    assert "client.xlsx, Positions!B1 and Positions!C1" in str(refused.value)
    read = positions(tmp_path, ("symbol", "quantity", "Qty", "price"), ("MSFT", 10, 10, 400))
    assert held(read) == [("Account", "MSFT", 10)]
