"""Messy accounts, dates, cash and contracts of real files, one test each."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.unit.importers.books import AS_OF, held, positions, said, text, workbook
from workstation.base.vocabulary import AccountType, UnderlyingClass
from workstation.importers import import_file

D = Decimal
HEAD = ("account_id", "symbol", "quantity", "price")


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
    assert ("taken as Regulation T margin by what it holds, though it also holds future"
            in said(read))


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
