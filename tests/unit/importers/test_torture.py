"""Ways a client's file can mislead; none of them may be read wrongly in silence."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.unit.importers.books import AS_OF, held, positions, said, text, workbook
from workstation.importers import import_file

D = Decimal
HEAD = "Account,Symbol,Side,Quantity,Price\n"


@pytest.mark.parametrize(("word", "sign"), [
    ("Sell Short", -1), ("SS", -1), ("Sell to Open", -1), ("Verkauf", -1), ("Vente", -1),
    ("Buy to Open", 1), ("Kauf", 1), ("+", 1)])
def test_words_for_sides(tmp_path, word, sign):
    read = text(tmp_path, f"{HEAD}A1,AAPL,Long,1,268\nA1,MSFT,{word},50,412\n")
    assert [q for _, _, q in held(read)] == [1, 50 * sign]


def test_an_unknown_side_is_never_taken_for_long(tmp_path):
    read = text(tmp_path, f"{HEAD}A1,AAPL,Long,1,268\nA1,MSFT,Weird,50,412\n")
    assert [s for _, s, _ in held(read)] == ["AAPL"]
    assert "side “Weird” means neither long nor short" in said(read, "error")


def test_pence_are_not_pounds(tmp_path):
    read = text(tmp_path, "Symbol,Quantity,Price,Currency\nVOD,1000,7250,GBp\nBP,10,500,GBX\n"
                          "AAPL,1,268,USD\n")
    assert [(p.price, p.instrument.currency) for p in read.book.positions] == [
        (D("72.5"), "GBP"), (D(5), "GBP"), (D(268), "USD")]
    assert "divided by 100" in said(read, "warning")


def test_a_listing_abroad_is_not_in_dollars(tmp_path):
    read = text(tmp_path, "Symbol,Quantity,Price\n700 HK Equity,100,400\nAAPL US Equity,1,268\n")
    assert [p.instrument.currency for p in read.book.positions] == ["HKD", "USD"]
    assert "HKD was taken from the exchange HK" in said(read, "warning")


def test_shares_named_by_number(tmp_path):
    read = text(tmp_path, "Account,Symbol,Quantity,Price,Currency\n00123,639,1000,5.5,HKD\n"
                          "00123,0700.HK,100,400,HKD\n00123,639,5,5,USD\n")
    assert held(read) == [("00123", "639", 1000), ("00123", "0700.HK", 100)]
    assert len(read.book.excluded) == 1


def test_the_1904_date_system(tmp_path):
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    path = workbook(tmp_path / "mac.xlsx", {"Positions": [
        ("symbol", "quantity", "price", "strike", "put_call", "expiry"),
        ("AAPL", 1, 5, 280, "C", datetime(2026, 12, 18)), ("AAPL", 1, 5, 290, "C", 44912)]})
    book = openpyxl.load_workbook(path)
    book.epoch = CALENDAR_MAC_1904
    book.save(path)
    read = import_file(path, as_of=AS_OF)
    assert [p.instrument.expiry for p in read.book.positions] == [date(2026, 12, 18)] * 2


def test_units_in_headers_count_and_are_said(tmp_path):
    read = text(tmp_path, "Symbol,Quantity (000s),Price\nAAPL,1.5,268\n")
    assert held(read)[0][2] == 1500
    assert "quantity was read in thousands" in said(read, "warning")
    read = text(tmp_path, "Symbol,Asset Class,Quantity,Price,Coupon (%),Maturity\n"
                          "XYZ 0.375 27,corporate_bond,100000,98,0.375,2027-06-15\n")
    assert read.book.positions[0].instrument.bond.coupon == D("0.00375")


def test_accounts_named_between_the_rows(tmp_path):
    read = positions(tmp_path, ("Symbol", "Quantity", "Price", "Market Value"),
                     ("Account: PB-1",), ("AAPL", 100, 268.4, 26840),
                     ("Total PB-1", None, None, 26840),
                     ("Account: PB-2",), ("SPY", 10, 671.2, 6712))
    assert held(read) == [("PB-1", "AAPL", 100), ("PB-2", "SPY", 10)]


def test_shorts_told_by_their_market_value_only(tmp_path):
    read = text(tmp_path, 'Symbol,Quantity,Price,Market Value\nAAPL,100,268.4,"26,840.00 CR"\n'
                          'MSFT,50,412.5,"20,625.00 DR"\n')
    assert [q for _, _, q in held(read)] == [100, -50]
    assert "a negative market value were read as short" in said(read, "warning")
    assert all(total.agrees for total in read.control_totals)


def test_a_name_in_the_symbol_column_gives_way_to_the_isin(tmp_path):
    read = text(tmp_path, "Wertpapier;ISIN;Stück;Kurs;Währung\n"
                          "Apple;US0378331005;1.500;268,40;USD\n")
    assert held(read) == [("Account", "US0378331005", 1500)]
    assert "taken as shares" in said(read, "warning")


def test_identifiers_are_known_by_their_check_digits(tmp_path):
    read = text(tmp_path, "Which,Quantity,Price,Name\nUS0378331005,5,268,Apple\n"
                          "US5949181045,7,412,Microsoft\n")
    assert [s for _, s, _ in held(read)] == ["US0378331005", "US5949181045"]
    (choice,) = [c for c in read.mapping if c.header == "Which"]
    assert choice.field == "isin"
    assert "check digits" in choice.reason


def test_a_treasury_by_its_identifier_is_no_share(tmp_path):
    read = text(tmp_path, "CUSIP,Quantity,Price\n91282CJZ5,100000,98.5\n")
    (position,) = read.book.positions
    assert position.instrument.asset_class == "treasury"
    assert position.value == D(98500)


def test_an_option_at_a_futures_exchange_is_on_the_future(tmp_path):
    read = text(tmp_path, "Symbol,Exchange,Expiry,Strike,Put/Call,Quantity,Price\n"
                          "ES,CME,2026-12-18,6000,P,-5,40\n")
    assert read.book.positions[0].instrument.asset_class == "future_option"
    assert read.book.positions[0].instrument.multiplier == 50


def test_prices_implied_by_the_market_value(tmp_path):
    read = text(tmp_path, "Symbol,Quantity,Market Value\nAAPL,100,26840\nMSFT,-50,-20625\n")
    assert [p.price for p in read.book.positions] == [D("268.4"), D("412.5")]
    assert "prices were taken from the market value" in said(read, "warning")


def test_no_price_anywhere_is_said(tmp_path):
    read = text(tmp_path, "Symbol,Quantity\nAAPL,100\n")
    assert "no column was read as a price" in said(read, "warning")


def test_advance_rates_are_one_less_the_haircut(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price"), ("SPY", 10, 600), collateral=[
        ("lot", "account", "symbol", "quantity", "price", "Advance Rate", "Colour"),
        ("L1", "A1", "SPY", 10, 600, 0.85, "blue")])
    assert read.book.lots[0].haircut == D("0.15")
    assert "one less the advance rate" in said(read)
    assert "columns not used: Colour" in said(read)


def test_a_formula_without_value_blocks_what_it_decides(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price", "market value"),
                     ("AAPL", 100, 268.4, "=B2*C2"), ("MSFT", "=25*2", 412.5, "=B3*C3"))
    assert [s for _, s, _ in held(read)] == ["AAPL"]
    assert "is a formula without a stored value" in said(read, "error")


def test_an_expired_dated_crypto_future_is_not_held_as_a_perpetual(tmp_path):
    read = text(tmp_path, "Symbol,Quantity,Price\nBTC-27JUN25,1,60000\nBTC-25DEC26,1,60000\n")
    assert [s for _, s, _ in held(read)] == ["BTC-25DEC26"]
    assert "expired on 2025-06-27" in said(read, "error")


def test_json_records_of_any_origin(tmp_path):
    document = {"as_of": "2026-11-13", "account": "A9", "positions": [
        {"instrument": {"symbol": "AAPL"}, "quantity": 100, "price": 268.4},
        {"instrument": {"symbol": "MSFT"}, "quantity": "-50", "price": "412.50"}]}
    read = text(tmp_path, json.dumps(document), "feed.json", as_of=None)
    assert held(read) == [("A9", "AAPL", 100), ("A9", "MSFT", -50)]
    assert read.as_of == AS_OF


def test_a_web_page_named_xls(tmp_path):
    page = ("<html><body><table><tr><th>Symbol</th><th>Quantity</th><th>Price</th></tr>"
            "<tr><td>AAPL<br></td><td>100</td><td>268.40</td></tr>"
            "<tr><td>MSFT</td><td>(50)</td><td>412.50</td></tr></table></body></html>")
    read = text(tmp_path, page, "export.xls")
    assert held(read) == [("Account", "AAPL", 100), ("Account", "MSFT", -50)]
    assert read.book.positions[1].where == "Table 1!A3"
    assert "a web page under a spreadsheet's name" in said(read)


def test_thirty_seconds_with_decimals(tmp_path):
    read = text(tmp_path, "Symbol,Quantity,Price\nZTH7,3,103-17.5\nZNH7,1,112'165\n")
    assert [p.price for p in read.book.positions] == [D("103.546875"), D("112.515625")]
