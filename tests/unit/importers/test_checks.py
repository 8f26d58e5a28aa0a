"""Wrong numbers that would otherwise pass in silence: each is named or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.unit.importers.books import AS_OF, held, positions, said
from workstation.base.vocabulary import AccountType
from workstation.base.wording import account_type_words
from workstation.importers.identifiers import parse_symbol

HEADER = ("account_id", "symbol", "asset_class", "quantity", "price")
ACCOUNTS = ("account_id", "account_type", "currency", "cash")


@pytest.mark.parametrize(("symbol", "kind"), [
    ("MSFT261218C00400000", "equity"), ("MSFT 12/18/26 C400", "etf"),
    ("BTC-27NOV26-90000-C", "crypto"), ("BTC-PERPETUAL", "crypto")])
def test_a_contract_called_a_holding_is_refused(tmp_path, symbol, kind):
    imported = positions(tmp_path, HEADER, ("A1", symbol, kind, -10, 20), ("A1", "KO", "", 5, 70))
    assert held(imported) == [("A1", "KO", 5.0)]
    assert f"the asset class says {kind}" in said(imported, "error")
    assert imported.outcome == "partial"


def test_cash_in_a_currency_without_a_rate_is_named(tmp_path):
    imported = positions(tmp_path, HEADER, ("A1", "KO", "equity", 5, 70),
                         accounts=[ACCOUNTS, ("A1", "reg_t", "GBP", 100000)])
    assert "no exchange rate from GBP to USD; cash and positions in GBP are not counted" in said(
        imported, "warning")
    assert "several currencies: GBP, USD" in said(imported)


def test_two_prices_of_one_holding_are_named(tmp_path):
    imported = positions(
        tmp_path, HEADER, ("A1", "KO", "equity", 5, 70), ("A1", "IBM", "equity", 1, 250),
        ("B2", "IBM", "equity", 1, 251), ("B2", "PEP", "equity", 1, 150),
        ("C3", "PEP", "equity", 1, 1.50),
        market=[("symbol", "price", "underlying_class"), ("KO", 7, "equity")])
    warnings = said(imported, "warning")
    assert "KO is priced 70 here and 7 at Market!A2" in warnings
    assert "PEP is priced 1.5 here and 150 at Positions!A5" in warnings
    assert "IBM is priced" not in warnings  # 0.4 % apart: within what closes differ


def test_many_disagreements_are_told_in_short(tmp_path):
    rows = [("A1", f"AA{letter}", "equity", 1, price)
            for letter in "ABCDEFGHIJKL" for price in (10, 20)]
    warnings = said(positions(tmp_path, HEADER, *rows), "warning")
    assert warnings.count("is priced 20 here and 10") == 5
    assert "priced differently in two places as well: AAF, AAG, AAH, AAI, AAJ and 2 more" in (
        warnings)


def test_a_share_priced_at_nothing_is_named_and_a_worthless_option_is_not(tmp_path):
    imported = positions(tmp_path, HEADER, ("A1", "KO", "equity", 5, 0),
                         ("A1", "KO261218C00090000", "listed_option", 1, 0))
    assert "priced at 0, so they count for nothing: KO; fill in" in said(imported, "warning")
    assert "KO261218C" not in said(imported, "warning")


def test_a_contract_size_against_the_table_is_a_warning(tmp_path):
    imported = positions(tmp_path, (*HEADER, "multiplier"), ("A1", "ESZ6", "future", 2, 6900, 1))
    assert "multiplier 1 of ES kept, the contract table says 50" in said(imported, "warning")


def test_unreadable_cash_leaves_the_account_its_type(tmp_path):
    imported = positions(tmp_path, HEADER, ("A1", "KO", "equity", 5, 70),
                         accounts=[ACCOUNTS, ("A1", "portfolio_margin", "USD", "lots")])
    account = imported.book.accounts[0]
    assert (account.account_type, account.cash) == (AccountType.PORTFOLIO_MARGIN, Decimal(0))
    assert "the cash was taken as not stated" in said(imported, "error")


@pytest.mark.parametrize(("name", "kind"), [
    ("ACC-2 (Portfolio Margin)", AccountType.PORTFOLIO_MARGIN),
    ("ACC-3 Reg T", AccountType.REG_T), ("ACC-4", AccountType.REG_T),
    ("Reg T and Portfolio Margin", AccountType.REG_T)])
def test_an_account_without_a_type_is_typed_by_its_name_first(tmp_path, name, kind):
    imported = positions(tmp_path, HEADER, (name, "KO", "equity", 5, 70))
    assert imported.book.accounts[0].account_type is kind
    assert f"has no type; taken as {account_type_words(kind)} by" in said(imported, "warning")


def test_continental_headers(tmp_path):
    imported = positions(
        tmp_path, ("Wertpapier", "Stück", "Kurs", "Marktwert", "Währung"),
        ("SAP", "1.500", "200,50", "300.750,00", "EUR"), ("BMW", "-1.000", "80,25", "-80.250,00",
                                                         "EUR"))
    assert [(s, q) for _, s, q in held(imported)] == [("SAP", 1500.0), ("BMW", -1000.0)]
    assert [(p.price, p.instrument.currency) for p in imported.book.positions] == [
        (Decimal("200.5"), "EUR"), (Decimal("80.25"), "EUR")]


def test_thousands_points_alone_in_a_column_of_units_are_doubted(tmp_path):
    imported = positions(tmp_path, ("Ticker", "Qty", "Price"), ("KO", "1.500", 70))
    assert held(imported)[0][2] == 1.5
    assert "a point as the decimal mark; check the column" in said(imported, "warning")
    coins = positions(tmp_path, ("Ticker", "Qty", "Price"), ("KO", "0.500", 70))
    assert "decimal mark" not in said(coins)


def test_px_is_a_price(tmp_path):
    imported = positions(tmp_path, ("Ticker", "Qty", "Px"), ("KO", 5, 70))
    assert imported.book.positions[0].price == 70


@pytest.mark.parametrize(("text", "root", "expiry", "right", "strike"), [
    ("AAPL 01/15/27 200 Call", "AAPL", "2027-01-15", "C", "200"),
    ("MSFT 1/15/2027 $400.50 P", "MSFT", "2027-01-15", "P", "400.50"),
    ("MSFT Jan 15 2027 400 Put", "MSFT", "2027-01-15", "P", "400"),
    ("AAPL Jan 15 '27 $200 Call", "AAPL", "2027-01-15", "C", "200"),
    ("AAPL January 15, 2027 200 C", "AAPL", "2027-01-15", "C", "200"),
    ("AAPL 15JAN27 200 C", "AAPL", "2027-01-15", "C", "200"),
    ("BRK/B 18 DEC 2026 500 Put", "BRK.B", "2026-12-18", "P", "500"),
])
def test_options_in_words(text, root, expiry, right, strike):
    parsed = parse_symbol(text, AS_OF)
    assert parsed is not None
    assert parsed.sort == "option"
    assert (parsed.root, str(parsed.expiry), parsed.right, parsed.strike) == (
        root, expiry, right, Decimal(strike))


@pytest.mark.parametrize("text", ["AAPL 13/45/27 200 Call", "AAPL 31FEB27 200 C"])
def test_options_on_impossible_days_are_not_read(text):
    assert parse_symbol(text, AS_OF) is None


def test_market_numbers_that_cannot_be_are_not_used(tmp_path):
    imported = positions(
        tmp_path, HEADER, ("A1", "KO", "equity", 5, 70),
        market=[("symbol", "price", "underlying_class", "leverage", "iv", "adv",
                 "annual_volatility"),
                ("KO", 70, "equity", 1, -0.3, -5, -1),
                ("TQQQ", 90, "broad_index_high_cap", 0, None, None, None),
                ("SPY", 660, "broad_index_high_cap", 2, None, None, None)])
    rows = imported.book.market.underlyings
    assert (rows["KO"].iv, rows["KO"].adv, rows["KO"].annual_volatility) == (None, None, None)
    assert "iv -0.3 is negative and was not used" in said(imported, "error")
    assert rows["TQQQ"].leverage == 3
    assert rows["SPY"].leverage == 2
    assert "TQQQ: leverage 0 is none; 3 was taken" in said(imported, "warning")
    assert "SPY: leverage 2 kept, generally known is 1" in said(imported, "warning")


@pytest.mark.parametrize(("symbol", "kind", "said_as", "size", "usual"), [
    ("KO", "equity", "equity", 100, 1),
    ("KO261218C00070000", "listed_option", "listed option", 1, 100)])
def test_an_unusual_multiplier_is_a_warning(tmp_path, symbol, kind, said_as, size, usual):
    rows = [("A1", symbol, kind, 5, 7, number) for number in (usual, size)]
    imported = positions(tmp_path, (*HEADER, "multiplier"), *rows)
    assert [p.instrument.multiplier for p in imported.book.positions] == [usual, size]
    warnings = said(imported, "warning")
    assert f"multiplier {size} kept where {usual} is usual for {said_as}" in warnings
    assert f"multiplier {usual} kept" not in warnings


def test_a_bond_price_in_money_is_named(tmp_path):
    imported = positions(tmp_path, (*HEADER, "maturity"),
                         ("A1", "T 2 30", "treasury", 1000, 995, "2030-11-15"),
                         ("A1", "T 6 50", "treasury", 1000, 130, "2050-11-15"))
    assert said(imported, "warning").count("looks like money per bond") == 1
