"""The messy files of real life, one test each."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.unit.importers.books import AS_OF, held, positions, said, text, workbook
from workstation.base.problem import UnusableInputError
from workstation.base.vocabulary import AccountType, UnderlyingClass
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


def test_a_bare_type_column_is_decided_by_its_values(tmp_path):
    read = positions(tmp_path, ("account_id", "symbol", "Type", "quantity", "price"),
                     ("A", "MSFT", "STK", 1, 400), ("A", "SPY", "ETF", 1, 600))
    assert {c.header: c.field for c in read.mapping}["Type"] == "asset_class"
    read = positions(tmp_path, ("account_id", "symbol", "Type", "quantity", "price"),
                     ("A", "MSFT", "Margin", 1, 400), ("A", "SPY", "Margin", 1, 600))
    assert {c.header: c.field for c in read.mapping}["Type"] == "account_type"


def test_accounts_without_a_type_are_typed_by_what_they_hold(tmp_path):
    read = positions(tmp_path, ("account_id", "symbol", "asset_class", "quantity", "price"),
                     ("S", "MSFT", "equity", 1, 400), ("F", "ESZ6", "future", 1, 6700),
                     ("C", "BTC", "crypto", 1, 77000),
                     ("V", "BTC-PERPETUAL", "perpetual", 10, 77000),
                     ("W", "USD IRS", "swap", 1, 5), ("X", "MSFT", "equity", 1, 400),
                     ("X", "ESZ6", "future", 1, 6700))
    kinds = {a.account_id: a.account_type for a in read.book.accounts}
    assert kinds == {"S": AccountType.REG_T, "F": AccountType.FUTURES, "C": AccountType.CRYPTO_SPOT,
                     "V": AccountType.CRYPTO_VENUE, "W": AccountType.UNCLEARED_SWAPS,
                     "X": AccountType.REG_T}
    assert all(a.assumed_type for a in read.book.accounts)
    assert said(read, "warning").count("has no type") == 6
    assert "taken as reg_t by what it holds, though it also holds future" in said(read)


def test_an_account_described_twice_keeps_the_first(tmp_path):
    read = positions(tmp_path, HEAD, ("A", "MSFT", 1, 400), accounts=[
        ("account_id", "account_type"), ("A", "portfolio_margin"), ("A", "reg_t")])
    assert read.book.account("A").account_type is AccountType.PORTFOLIO_MARGIN
    assert "described twice" in said(read, "error")


def test_an_unknown_account_type_is_an_error_and_the_account_stays(tmp_path):
    read = positions(tmp_path, HEAD, ("A", "MSFT", 1, 400),
                     accounts=[("account_id", "account_type"), ("A", "wonderful")])
    assert read.book.account("A").assumed_type
    assert "Accounts!A2: “wonderful” is not an account type we know" in said(read, "error")


def test_market_rows_are_made_from_held_shares_only(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price"), ("MSFT", 10, 400), ("SSO", 5, 100),
                     ("ABCD  261218C00050000", 1, 2))
    rows = read.book.market.underlyings
    assert set(rows) == {"MSFT", "SSO"}
    assert rows["MSFT"].underlying_class is UnderlyingClass.EQUITY
    assert (rows["SSO"].underlying_class, rows["SSO"].leverage) == (
        UnderlyingClass.BROAD_INDEX_HIGH_CAP, 2)


def test_underlying_prices_in_a_column(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price", "underlying price"),
                     ("AAPL  261218C00200000", 1, 5, 201.5))
    assert read.book.market.underlyings["AAPL"].price == D("201.5")


def test_the_review_date(tmp_path):
    path = workbook(tmp_path / "book_20261110.xlsx", {"Positions": [HEAD, ("A", "MSFT", 1, 400)]})
    assert import_file(path).as_of == date(2026, 11, 10)
    plain = workbook(tmp_path / "book.xlsx", {"Positions": [HEAD, ("A", "MSFT", 1, 400)]})
    read = import_file(plain)
    assert read.as_of == date.today()
    assert "the file states no date" in said(read, "warning")
    column = workbook(tmp_path / "c.xlsx", {"Positions": [
        (*HEAD, "as_of"), ("A", "MSFT", 1, 400, datetime(2026, 11, 9))]})
    assert import_file(column).as_of == date(2026, 11, 9)
    assert "the review as of 2026-11-13" in said(import_file(column, as_of=AS_OF), "warning")


def test_zero_quantities_are_skipped_and_counted(tmp_path):
    read = positions(tmp_path, HEAD, ("A", "MSFT", 0, 400), ("A", "AAPL", 0, 200),
                     ("A", "SPY", 1, 600))
    assert [s for _, s, _ in held(read)] == ["SPY"]
    assert "quantity 0 were skipped (2 times)" in said(read)


def test_cash_in_all_its_forms(tmp_path):
    head = ("account_id", "symbol", "asset_class", "quantity", "price", "currency")
    read = positions(tmp_path, head, ("A", "MSFT", None, 1, 400, "USD"),
                     ("A", "Cash", None, "(1,250.50)", 1, "USD"),
                     ("A", "EUR", None, 300, 1, "EUR"),
                     ("A", "JPY balance", "cash", 5000, None, "JPY"))
    account = read.book.account("A")
    assert account.cash == D("-1250.50")
    assert account.other_cash == (("EUR", D(300)), ("JPY", D(5000)))


def test_empty_account_cells_follow_the_row_above(tmp_path):
    read = positions(tmp_path, HEAD, ("A", "MSFT", 1, 400), (None, "AAPL", 2, 200),
                     ("B", "SPY", 3, 600), (None, "QQQ", 4, 500))
    assert [a for a, _, _ in held(read)] == ["A", "A", "B", "B"]
    assert "filled from the row above" in said(read)


def test_lots_beside_summaries_are_read_once(tmp_path):
    read = text(tmp_path, "ClientAccountID,CurrencyPrimary,FXRateToBase,AssetClass,Symbol,"
                "Multiplier,Strike,ReportDate,Expiry,Put/Call,Quantity,MarkPrice,PositionValue,"
                "Side,LevelOfDetail\n"
                "U1,USD,1,STK,MSFT,1,,20261113,,,100,400,40000,Long,SUMMARY\n"
                "U1,USD,1,STK,MSFT,1,,20261113,,,60,400,24000,Long,LOT\n"
                "U1,USD,1,STK,MSFT,1,,20261113,,,40,400,16000,Long,LOT\n"
                "U1,EUR,1.09,STK,ASML,1,,20261113,,,-5,700,-3500,Short,SUMMARY\n"
                "U1,USD,1,OPT,AAPL  261218C00200000,100,200,20261113,20261218,C,-2,5,-1000,Short,"
                "SUMMARY\n", as_of=None)
    assert [(s, q) for _, s, q in held(read)] == [
        ("MSFT", 100), ("ASML", -5), ("AAPL  261218C00200000", -2)]
    assert read.as_of == AS_OF
    assert read.book.market.fx_rate("EUR") == D("1.09")
    assert "2 lot rows repeat them" in said(read)


def test_a_platform_export_with_visible_columns_only(tmp_path):
    read = text(tmp_path, "Account,Symbol,Type,Quantity,Exp Date,DTE,Strike Price,Call/Put,"
                "Underlying Last Price,P/L Open,IV Rank,Delta,D's Opn\n"
                "5WX1,AAPL,STOCK,100,,,,,228.10,+120.5,,100,12\n"
                "5WX1,AAPL  261218C00240000,OPTION,-1,12/18/2026,35d,240,Call,228.10,-3,21,\n")
    assert [q for _, _, q in held(read)] == [100, -1]
    assert read.book.market.underlyings["AAPL"].price == D("228.10")


def test_an_option_on_a_future_called_option(tmp_path):
    head = ("symbol", "asset_class", "underlying", "quantity", "price", "strike", "put_call",
            "expiry")
    read = positions(tmp_path, head,
                     ("E-mini put", "option", "ESZ6", 1, 40, 6500, "P", date(2026, 12, 18)),
                     ("ES", None, None, 2, 6700, None, None, date(2026, 12, 18)))
    option, future = read.book.positions
    assert (option.instrument.asset_class, option.instrument.underlying) == ("future_option", "SPX")
    assert (future.instrument.asset_class, future.instrument.multiplier) == ("future", 50)


def test_a_negative_share_price_is_a_row_error(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price"), ("MSFT", 1, -400),
                     ("CLZ6", 1, -37.63))
    assert [s for _, s, _ in held(read)] == ["CLZ6"]
    assert "price -400 is negative" in said(read, "error")


def test_volatility_in_percent_is_noticed(tmp_path):
    read = positions(tmp_path, HEAD, ("A", "MSFT", 1, 400), market=[
        ("symbol", "price", "iv", "rate"), ("MSFT", 400, 24, "3.7%"), ("AAPL", 200, 0.25, 0.037)])
    rows = read.book.market.underlyings
    assert (rows["MSFT"].iv, rows["MSFT"].rate) == (D("0.24"), D("0.037"))
    assert rows["AAPL"].iv == D("0.25")
    assert "Market!C2: iv 24 was read as percent" in said(read, "warning")


def test_macros_and_links_are_named_and_ignored(tmp_path):
    import zipfile

    path = workbook(tmp_path / "x.xlsm", {"Positions": [HEAD, ("A", "MSFT", 1, 400)]})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"never run")
    assert "carries macros; they were ignored" in said(import_file(path, as_of=AS_OF), "info")


def test_the_1904_date_system(tmp_path):
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.title = "Positions"
    for row in (("symbol", "quantity", "price", "strike", "put_call", "expiry"),
                ("AAPL", 1, 5, 200, "C", date(2026, 12, 18))):
        book.active.append(row)
    book.save(tmp_path / "mac.xlsx")
    (position,) = import_file(tmp_path / "mac.xlsx", as_of=AS_OF).book.positions
    assert position.instrument.expiry == date(2026, 12, 18)


def test_notes_in_plenty_are_said_in_short(tmp_path):
    lines = "".join(f"remark {'x' * n}\n" for n in range(40))
    read = text(tmp_path, f"Symbol,Quantity,Price\nMSFT,1,400\n{lines}")
    assert said(read).count("read as a note") == 11
    assert "further lines were read as a note (30 times)" in said(read)


def test_account_titles_in_two_cells_between_tables(tmp_path):
    head = ("Symbol", "Quantity", "Price")
    path = workbook(tmp_path / "x.xlsx", {"Sheet1": [
        ("Account:", "A1"), head, ("MSFT", 10, 400), (), ("Account:", "B2"), head,
        ("AAPL", -5, 200)]})
    read = import_file(path, as_of=AS_OF)
    assert held(read) == [("A1", "MSFT", 10), ("B2", "AAPL", -5)]
    assert not read.book.excluded


@pytest.mark.parametrize(("title", "account"), [
    ("Account: X-1", "X-1"), ("Account 12345", "12345"), ("Acct #: 99-1", "99-1"),
    ("Positions for account Individual ...902 as of 01:00 PM ET, 2026/11/13", "Individual ...902"),
    ("Portfolio ID: ALPHA", "ALPHA"), ("Fund Positions Report", "Account"),
    ("Account Summary", "Account"),
])
def test_accounts_in_titles(tmp_path, title, account):
    read = text(tmp_path, f'"{title}"\nSymbol,Quantity,Price\nMSFT,1,400\n')
    assert [a for a, _, _ in held(read)] == [account]


def test_a_bond_price_as_a_fraction_of_par_is_noticed(tmp_path):
    read = positions(tmp_path, ("symbol", "asset_class", "quantity", "price"),
                     ("EXAMPLE 4 31", "corporate_bond", 100000, 0.985))
    assert "looks like a fraction of par" in said(read, "warning")


def test_contracts_of_a_venue_account_have_that_venues_size(tmp_path):
    read = positions(tmp_path, ("account_id", "symbol", "quantity", "price"),
                     ("V", "ETHUSD_PERP", 150, 2410), ("V", "BTCUSD_PERP", 3, 77000),
                     accounts=[("account_id", "account_type", "venue"),
                               ("V", "crypto_venue", "Binance")])
    assert [p.instrument.multiplier for p in read.book.positions] == [10, 100]


def test_an_unknown_exercise_style_is_a_row_error(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price", "exercise_style"),
                     ("AAPL  261218C00200000", 1, 5, "Bermudan"), ("MSFT", 1, 400, None))
    assert "neither american nor european" in said(read, "error")
    assert len(read.book.positions) == 1


def test_futures_with_zero_strikes_and_coded_rights(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price", "expiry", "strike", "put_call"),
                     ("ESZ6", 1, 6700, date(2026, 12, 18), 0, 0),
                     ("ESZ6 C6900", 2, 40, date(2026, 12, 18), 6900, 1))
    assert [p.instrument.asset_class.value for p in read.book.positions] == [
        "future", "future_option"]
