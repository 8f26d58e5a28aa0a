"""What a row becomes: terms, size, underlying, and the refusals with their remedy."""

from datetime import date
from decimal import Decimal

import pytest

from tests.unit.importers.books import positions, said
from workstation.base.vocabulary import AssetClass

D = Decimal
A = AssetClass
HEAD = ("symbol", "asset_class", "quantity", "price", "underlying", "expiry", "strike", "put_call",
        "multiplier", "settlement", "maturity", "fixed_rate", "currency")


def one(tmp_path, **cells):
    row = {"quantity": 1, "price": 10, **cells}
    read = positions(tmp_path, HEAD, tuple(row.get(name) for name in HEAD))
    if read.book.positions:
        return read.book.positions[0].instrument
    return next(item for item in read.book.excluded)


@pytest.mark.parametrize(("symbol", "kind", "underlying", "multiplier"), [
    ("MSFT", A.EQUITY, "MSFT", 1), ("BRK B", A.EQUITY, "BRK.B", 1),
    ("SPY US Equity", A.ETF, "SPY", 1),
    ("IBIT", A.ETP, "IBIT", 1), ("USDC", A.STABLECOIN, "USDC", 1),
    ("ESZ6", A.FUTURE, "SPX", 50), ("NQH7", A.FUTURE, "NDX", 20),
    ("SPXW  261218P06500000", A.LISTED_OPTION, "SPX", 100),
    ("IBIT  261218C00050000", A.LISTED_OPTION, "IBIT", 100),
    ("ESZ6 C6900", A.FUTURE_OPTION, "SPX", 50), ("OGG7 P3900", A.FUTURE_OPTION, "GOLD", 100),
    ("BTC-PERPETUAL", A.PERPETUAL, "BTC", 1), ("BTC-25DEC26-90000-C", A.CRYPTO_OPTION, "BTC", 1),
    ("BTC-25DEC26", A.PERPETUAL, "BTC", 1), ("EURUSD", A.FX_FORWARD, "EURUSD", 1),
    ("T 4 02/15/34 Govt", A.TREASURY, "T 4 02/15/34", D("0.01")),
    ("US0378331005", A.EQUITY, "US0378331005", 1),
])
def test_symbols_alone(tmp_path, symbol, kind, underlying, multiplier):
    made = one(tmp_path, symbol=symbol)
    assert (made.asset_class, made.underlying, made.multiplier) == (kind, underlying, multiplier)


def test_index_options_are_european_and_share_options_american(tmp_path):
    index = one(tmp_path, symbol="SPXW  261218P06500000").option
    share = one(tmp_path, symbol="AAPL  261218P00200000").option
    assert (index.style, index.settlement) == ("european", "cash")
    assert (share.style, share.settlement) == ("american", "physical")


def test_an_option_from_its_columns(tmp_path):
    made = one(tmp_path, symbol="AAPL", asset_class="option", expiry=date(2026, 12, 18), strike=200,
               put_call="Put")
    assert made.symbol == "AAPL  261218P00200000"
    assert (made.underlying, made.option.strike, made.option.right) == ("AAPL", 200, "P")


def test_a_bond_is_quoted_in_percent_of_par(tmp_path):
    made = one(tmp_path, symbol="EXAMPLE 4.5 2031", asset_class="bond", fixed_rate="4.5%",
               maturity=date(2031, 3, 15), quantity=100000, price=98.5)
    assert made.multiplier == D("0.01")
    assert (made.bond.coupon, made.bond.maturity) == (D("0.045"), date(2031, 3, 15))


def test_an_option_with_a_maturity_column_expires_then(tmp_path):
    made = one(tmp_path, symbol="AAPL", asset_class="listed_option", strike=200, put_call="C",
               maturity=date(2026, 12, 18))
    assert made.expiry == date(2026, 12, 18)


def test_a_contract_named_as_underlying_is_the_products_underlying(tmp_path):
    made = one(tmp_path, symbol="OGG7 P3900", underlying="GCG7", expiry=date(2027, 1, 26))
    assert (made.underlying, made.expiry) == ("GOLD", date(2027, 1, 26))


def test_inverse_and_linear_by_column(tmp_path):
    made = one(tmp_path, symbol="BTC-PERP", asset_class="perpetual", settlement="inverse")
    assert (made.terms.settlement, made.terms.settlement_currency) == ("inverse", "BTC")


@pytest.mark.parametrize(("cells", "what", "remedy"), [
    ({"symbol": "AAPL1 261218C00200000"}, "adjusted deliverable", "underlying and multiplier"),
    ({"symbol": "XYZZ6"}, "contract size is not in the contract table", "multiplier column"),
    ({"symbol": "CL1 Comdty"}, "rolling contract", "contract month"),
    ({"symbol": "SPX Index"}, "an index, not a position", "option or future"),
    ({"symbol": "BTCUSDT"}, "spot pair and of a perpetual", "asset_class"),
    ({"symbol": "BTC"}, "the coin or a listed fund", "asset_class"),
    ({"symbol": "??"}, "not a symbol we know", "asset_class"),
    ({"symbol": "AAPL", "asset_class": "listed_option"}, "no put_call, strike, expiry", "fill in"),
    ({"symbol": "AAPL  261218C00200000", "strike": 210}, "strike column says 210", "correct"),
    ({"symbol": "AAPL  261218C00200000", "put_call": "P"}, "put/call column says P", "correct"),
    ({"symbol": "AAPL  261218C00200000", "expiry": date(2027, 1, 15)}, "expiry column", "correct"),
    ({"symbol": "AAPL", "asset_class": "gizmo"}, "“gizmo” in Positions!B2", "asset classes"),
    ({"symbol": "IBM 261218C00200000", "asset_class": "option", "strike": "210"},
     "the strike column says 210, the symbol 200", "correct the symbol or the strike"),
    ({"symbol": "FNCL 5.5 12/26", "asset_class": "MBS TBA"}, "to-be-announced", "negative cash"),
    ({"symbol": "AAPL", "quantity": "lots"}, "“lots” is not a number", "correct the quantity"),
    ({"symbol": "AAPL", "quantity": "12%"}, "not a number of units", "correct the quantity"),
    ({"symbol": "AAPL", "quantity": None}, "has no quantity", "fill in the quantity"),
    ({"symbol": "AAPL  261218C00200000", "expiry": "31/02/2026"}, "“31/02/2026” is not a date",
     "YYYY-MM-DD"),
])
def test_rows_that_cannot_be_positions_say_why(tmp_path, cells, what, remedy):
    row = {"quantity": 1, "price": 10, **cells}
    good = {"symbol": "MSFT", "quantity": 5, "price": 400}
    read = positions(tmp_path, HEAD, tuple(row.get(n) for n in HEAD),
                     tuple(good.get(n) for n in HEAD))
    (excluded,) = read.book.excluded
    assert excluded.where == "Positions!A2"
    assert what in excluded.what
    assert remedy in excluded.remedy
    assert [p.instrument.symbol for p in read.book.positions] == ["MSFT"]
    assert read.outcome == "partial"
    assert what in said(read, "error")


def test_a_multiplier_given_is_kept_even_against_the_table(tmp_path):
    read = positions(tmp_path, HEAD, ("ESZ6", None, 1, 6700, *[None] * 4, 5))
    assert read.book.positions[0].instrument.multiplier == 5
    assert "the contract table says 50" in said(read)


def test_an_option_without_underlying_price_stays_in_the_book(tmp_path):
    read = positions(tmp_path, ("symbol", "quantity", "price"), ("AAPL  261218C00200000", 1, 5))
    assert len(read.book.positions) == 1
    assert read.book.market.underlying("AAPL") is None


def test_a_coin_in_a_coin_account_is_the_coin(tmp_path):
    head = ("account_id", "symbol", "quantity", "price")
    read = positions(tmp_path, head, ("C1", "BTC", 2, 77000),
                     accounts=[("account_id", "account_type"), ("C1", "crypto_spot")])
    assert read.book.positions[0].instrument.asset_class is A.CRYPTO
