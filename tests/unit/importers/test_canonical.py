"""The canonical workbook: every sheet read, written back, and read again to the same book."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.importers.books import AS_OF, positions, said, without_places, workbook
from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.book import Book, Exclusion
from workstation.book.collateral import Agent, CollateralLot, Lien
from workstation.book.positions import Position
from workstation.importers import import_document, import_file, write_book, write_template
from workstation.importers.canonical import SHEETS
from workstation.instruments.instrument import Instrument
from workstation.market.history import History
from workstation.market.market import Dividend, Market, Underlying

D = Decimal
OWN = Path(__file__).resolve().parents[2] / "data" / "positions"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "positions.xlsx"
    write_template(path)
    return path


def test_the_template_has_every_sheet_and_column(template):
    import openpyxl

    book = openpyxl.load_workbook(template)
    for name, columns in SHEETS.items():
        head = [cell.value for cell in book[name][1]]
        assert tuple(head[: len(columns)]) == columns
    lists = book["Positions"].data_validations.dataValidation
    assert len(lists) == 5
    assert book["Lists"].sheet_state == "hidden"
    assert "principal" in book["Positions"]["E1"].comment.text
    assert not any(cell.data_type == "f" for sheet in book for row in sheet for cell in row)


def test_the_template_imports_cleanly_with_one_row_a_product(template):
    read = import_file(template)
    assert read.outcome == "imported"
    assert read.kind == "canonical workbook"
    assert not said(read, "warning")
    assert not said(read, "error")
    held = {p.instrument.asset_class for p in read.book.positions}
    assert held == set(AssetClass) - {AssetClass.CASH}
    assert [(line.currency, line.amount) for line in read.cash] == [("EUR", D(20000))]
    assert {a.account_type for a in read.book.accounts} == set(AccountType) - {
        AccountType.FOREIGN_FUTURES, AccountType.CROSS_MARGIN}
    assert read.as_of == AS_OF
    assert all(choice.confidence == 1 for choice in read.mapping)


def test_the_template_survives_a_round_trip(template, tmp_path):
    book = import_file(template).book
    write_book(book, tmp_path / "again.xlsx")
    assert without_places(import_file(tmp_path / "again.xlsx").book) == without_places(book)


@pytest.mark.parametrize("path", sorted(OWN.iterdir()), ids=lambda path: path.name)
def test_every_client_file_survives_a_round_trip(path, tmp_path):
    book = import_file(path, as_of=AS_OF).book
    write_book(book, tmp_path / "again.xlsx")
    again = import_file(tmp_path / "again.xlsx", as_of=AS_OF)
    assert without_places(again.book) == without_places(book)
    assert again.kind in ("canonical workbook", "position table")


def test_every_sheet_is_read(tmp_path):
    read = positions(
        tmp_path, ("account_id", "symbol", "quantity", "price"), ("A", "MSFT", 10, 400),
        accounts=[("account_id", "account_name", "account_type", "firm", "currency", "cash",
                   "risk_profile", "venue", "programme", "as_of"),
                  ("A", "Alpha", "cross_margin", "Broker", "USD", "(1,000.50)", "hrp", None,
                   "occ-cme", date(2026, 11, 13))],
        market=[("symbol", "price", "currency", "underlying_class", "leverage", "iv", "rate",
                 "dividend_yield", "adv", "annual_volatility", "sector", "venue"),
                ("MSFT", 400, "USD", "equity", 1, "24%", 0.037, 0.008, 22e6, 0.23, "Software",
                 None)],
        dividends=[("symbol", "ex_date", "amount"), ("MSFT", "2026-11-19", 0.91)],
        history=[("date", "MSFT", "SPX"), (date(2026, 11, 13), 400, 6688.5),
                 (date(2026, 11, 12), None, 6680)],
        collateral=[("lot", "account_id", "symbol", "asset_class", "quantity", "price", "currency",
                     "haircut", "custodian", "segregation", "settlement_lag", "issuer"),
                    ("L1", "A", "T 4 34", "treasury", 1000, 0.99, "USD", "2%", "Bank", "own", 1,
                     "UST")],
        liens=[("lot", "quantity", "secured_party", "obligation", "type", "seniority", "reuse",
                "parent", "release_lag"), ("L1", 400, "FCM", "margin", "title transfer", 2, "yes",
                                           None, 3)],
        agents=[("agent", "archetype", "factor", "quantity", "cash", "leverage_limit"),
                ("Fund", "levered", "SPX", 5, 100, 4)])
    book = read.book
    assert book.accounts == (Account(
        "A", AccountType.CROSS_MARGIN, "Alpha", "Broker", "USD", D("-1000.50"), "hrp", "",
        "occ-cme", AS_OF, (), "Accounts!A2"),)
    assert book.market.underlyings["MSFT"] == Underlying(
        "MSFT", D(400), "USD", UnderlyingClass.EQUITY, D(1), D("0.24"), D("0.037"), D("0.008"),
        D(22_000_000), D("0.23"), "Software", "", "Market!A2")
    assert book.market.dividends == (Dividend("MSFT", date(2026, 11, 19), D("0.91")),)
    assert book.market.history == History(
        (date(2026, 11, 12), date(2026, 11, 13)), ("MSFT", "SPX"),
        ((None, 400.0), (6680.0, 6688.5)))
    assert book.lots == (CollateralLot(
        "L1", "A", "T 4 34", "treasury", D(1000), D("0.99"), "USD", D("0.02"), "Bank", "own", 1,
        "UST", "Collateral!A2"),)
    assert book.liens == (Lien("L1", D(400), "FCM", "margin", "title_transfer", 2, D(1), "", 3,
                               "Liens!A2"),)
    assert book.agents == (Agent("Fund", "levered", "SPX", D(5), D(100), D(4), "Agents!A2"),)


def test_bad_rows_of_side_sheets_are_named_and_the_good_ones_kept(tmp_path):
    read = positions(
        tmp_path, ("account_id", "symbol", "quantity", "price"), ("A", "MSFT", 10, 400),
        market=[("symbol", "price", "underlying_class"), ("MSFT", "cheap", "equity"),
                ("AAPL", 200, "fruit"), ("SPX", 6688, "broad_index"), ("SPX", 1, "broad_index")],
        collateral=[("lot", "quantity", "price"), ("L1", 5, 1), ("L1", 6, 1), ("L2", "x", 1)],
        liens=[("lot", "quantity", "secured_party", "type"), ("L1", 1, "B", "wish")],
        dividends=[("symbol", "ex_date", "amount"), ("MSFT", "2026-02-30", 1)])
    errors = said(read, "error")
    for sentence in ("Market!B2: “cheap” is not a number",
                     "Market!A3: “fruit” is not an underlying",
                     "Market!A5: SPX is on the Market sheet twice",
                     "Collateral!A3: lot L1 is listed",
                     "Collateral!B4: “x” is not a number", "Liens!A2: “wish” is not a lien type",
                     "Dividends!B2: “2026-02-30” is not a date"):
        assert sentence in errors
    assert read.outcome == "partial"
    assert [lot.quantity for lot in read.book.lots] == [5]
    assert read.book.market.underlyings["SPX"].price == 6688
    assert [item.where for item in read.book.excluded] == [
        "Collateral!A3", "Collateral!B4", "Liens!A2"]


def test_crif_rows_are_read_by_account(tmp_path):
    path = workbook(tmp_path / "x.xlsx", {
        "Positions": [("symbol", "quantity", "price"), ("MSFT", 1, 400)],
        "CRIF": [("TradeID", "PortfolioID", "ProductClass", "RiskType", "Qualifier", "AmountUSD"),
                 ("T1", "CSA", "RatesFX", "Risk_FX", "EUR", 5),
                 ("T2", "BAD", "", "Risk_FX", "EUR", 5)]})
    read = import_file(path, as_of=AS_OF)
    [row] = read.book.crif
    assert (row.portfolio, row.qualifier, row.usd) == ("CSA", "EUR", 5)
    assert read.book.account("CSA").account_type is AccountType.UNCLEARED_SWAPS
    assert [item.account_id for item in read.book.excluded] == ["BAD", "BAD"]
    assert "E11" in read.book.excluded[0].what
    write_book(read.book, tmp_path / "again.xlsx")
    assert import_file(tmp_path / "again.xlsx", as_of=AS_OF).book.crif == read.book.crif


def test_exclusions_survive_a_round_trip(tmp_path):
    missing = Exclusion("Positions!A9", "no quantity", "fill in the quantity", "A")
    book = Book("b", AS_OF, (Account("A", AccountType.REG_T, as_of=AS_OF),), excluded=(missing,))
    write_book(book, tmp_path / "b.xlsx")
    read = import_file(tmp_path / "b.xlsx")
    assert read.book.excluded == (missing,)
    assert read.outcome == "partial"


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "@cmd", "-2+3", "http://x.example", "007"])
def test_client_text_is_written_as_text(tmp_path, text):
    import openpyxl

    instrument = Instrument("MSFT", AssetClass.EQUITY, "MSFT", description=text)
    book = Book("b", AS_OF, (Account("A", AccountType.REG_T, as_of=AS_OF),),
                (Position("A", instrument, D(1), D(400), "x", (("Note", text),)),))
    write_book(book, tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["Positions"]
    written = [cell for cell in sheet[2] if cell.value == text]
    assert len(written) == 2
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in written)
    (again,) = import_file(tmp_path / "b.xlsx").book.positions
    assert again.extras == (("Note", text),)


amounts = st.decimals(min_value=-10**7, max_value=10**7, places=3).filter(bool)
prices = st.decimals(min_value=D("0.01"), max_value=10**5, places=4)
words = st.text("abcdefghij -.&'éß", min_size=1, max_size=12).map(str.strip).filter(bool)


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_book_survives_a_round_trip(template, tmp_path, data):
    pool = import_file(template).book
    picked = data.draw(st.lists(st.sampled_from(pool.positions), min_size=1, max_size=8))
    holdings = tuple(
        replace(position, quantity=data.draw(amounts), price=data.draw(st.none() | prices),
                where=f"{i}", extras=data.draw(st.sampled_from([(), (("Desk note", "keep"),)])))
        for i, position in enumerate(picked))
    accounts = tuple(
        replace(account, name=data.draw(words), cash=data.draw(amounts),
                other_cash=data.draw(st.sampled_from([(), (("EUR", D("12.5")),)])))
        for account in pool.accounts)
    market = Market(pool.market.underlyings, pool.market.dividends, pool.market.history, "USD",
                    {"EUR": data.draw(prices), "JPY": D("0.00625")})
    # A market row of the pair would state the rate a second time.
    market = replace(market, underlyings={
        key: row for key, row in market.underlyings.items() if key != "EURUSD"})
    book = replace(pool, accounts=accounts, positions=holdings, market=market)
    write_book(book, tmp_path / "any.xlsx")
    again = import_file(tmp_path / "any.xlsx", as_of=AS_OF).book
    for position in again.positions:
        assert position.instrument.underlying in {p.instrument.underlying for p in holdings}
    left, right = without_places(again), without_places(book)
    assert left.positions == right.positions
    assert left.accounts == right.accounts
    assert left.market.fx == right.market.fx
    assert {k: left.market.underlyings[k] for k in right.market.underlyings} == (
        dict(right.market.underlyings))
    assert (left.lots, left.liens, left.agents) == (right.lots, right.liens, right.agents)
    assert (left.market.dividends, left.market.history) == (
        right.market.dividends, right.market.history)


def test_ten_thousand_rows_are_read_row_for_row(tmp_path):
    head = SHEETS["Positions"]
    rows = []
    for i in range(5000):
        share = f"A{chr(65 + i % 26)}{chr(65 + i // 26 % 26)}{chr(65 + i // 676)}"
        strike = 100 + i % 400
        rows.append(("A1", share, "equity", None, 100 + i, 10 + i / 7, "USD"))
        rows.append(("A1", f"{share:<6}261218C{strike * 1000:08d}", "listed_option", share, -3,
                     1.25, "USD", 100, date(2026, 12, 18), strike, "C", "american", "physical"))
    path = workbook(tmp_path / "big.xlsx", {"Positions": [head, *rows]})
    read = import_file(path, as_of=AS_OF)
    assert len(read.book.positions) == 10_000
    assert [p.quantity for p in read.book.positions[-2:]] == [5099, -3]


def test_the_document_has_the_fields_of_the_contract(template):
    document = import_document(import_file(template))
    assert {"schema", "outcome", "kind", "as_of", "rows_read", "positions", "cash", "accounts",
            "control_totals", "problems", "product_version", "inputs"} <= set(document)
    assert "Contract specifications" in document["parameters"]
    option = next(p for p in document["positions"] if p["asset_class"] == "listed_option")
    expected = {
        "account_id": "SEC-1", "underlying": "MSFT", "quantity": -5, "price": 6.2,
        "currency": "USD", "multiplier": 100, "expiry": "2026-12-18", "strike": 430,
        "put_call": "C", "where": "Positions!A5"}
    assert {key: option[key] for key in expected} == expected
