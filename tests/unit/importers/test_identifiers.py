from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.base.identifiers import (
    cusip_is_valid,
    figi_is_valid,
    isin_is_valid,
    lei_is_valid,
    restored_cusip,
    sedol_is_valid,
)
from workstation.importers.identifiers import class_shares, is_currency_pair, parse_symbol
from workstation.importers.vocabulary import grammar_rows

ON = date(2026, 11, 13)
D = Decimal


@pytest.mark.parametrize(("name", "example"), [
    (row["name"], example) for row in grammar_rows() for example in row["examples"].split(" | ")
    if row["name"] != "LEI"])
def test_every_example_of_the_grammar_reads_as_its_own_class(name, example):
    assert parse_symbol(example, ON).pattern == name


@pytest.mark.parametrize(("symbol", "sort", "root", "expiry", "right", "strike"), [
    ("SPX   260918C05000000", "option", "SPX", date(2026, 9, 18), "C", D(5000)),
    ("AAPL260417C00200500", "option", "AAPL", date(2026, 4, 17), "C", D("200.5")),
    ("-SPY260320P412.5", "option", "SPY", date(2026, 3, 20), "P", D("412.5")),
    ("SPX US 12/18/26 C7000 Index", "option", "SPX", date(2026, 12, 18), "C", D(7000)),
    ("BRK/B 01/16/2026 500.00 C", "option", "BRK.B", date(2026, 1, 16), "C", D(500)),
    ("ESZ6", "future", "ES", date(2026, 12, 31), None, None),
    ("/ESZ25:XCME", "future", "ES", date(2025, 12, 31), None, None),
    ("6EH7", "future", "6E", date(2027, 3, 31), None, None),
    ("TYH27 Comdty", "future", "ZN", date(2027, 3, 31), None, None),
    ("OGG7 P3900", "future option", "OG", date(2027, 2, 28), "P", D(3900)),
    ("BTC-25DEC26-90000-C", "crypto option", "BTC", date(2026, 12, 25), "C", D(90000)),
    ("XRP_USDC-30JUN27-0d625-C", "crypto option", "XRP", date(2027, 6, 30), "C", D("0.625")),
    ("ETH-20270914-2400_5-P", "crypto option", "ETH", date(2027, 9, 14), "P", D("2400.5")),
])
def test_terms_read_from_symbols(symbol, sort, root, expiry, right, strike):
    read = parse_symbol(symbol, ON)
    assert (read.sort, read.root, read.expiry, read.right, read.strike) == (
        sort, root, expiry, right, strike)


def test_a_one_digit_year_is_the_next_such_year():
    assert parse_symbol("ESZ6", date(2026, 11, 13)).expiry.year == 2026
    assert parse_symbol("ESH5", date(2026, 11, 13)).expiry.year == 2035
    assert parse_symbol("ESZ9", date(2026, 11, 13)).expiry.year == 2029


@pytest.mark.parametrize(("symbol", "settlement", "quote"), [
    ("BTC-PERPETUAL", "inverse", "USD"), ("SOL_USDC-PERPETUAL", "linear", "USDC"),
    ("BTCUSD_PERP", "inverse", "USD"), ("BTC-USD-SWAP", "inverse", "USD"),
    ("BTC-USDT-SWAP", "linear", "USDT"), ("BTC-PERP", "linear", "USD"),
])
def test_perpetuals_are_linear_or_inverse(symbol, settlement, quote):
    read = parse_symbol(symbol, ON)
    assert (read.sort, read.settlement, read.quote) == ("perpetual", settlement, quote)


def test_an_impossible_date_in_a_symbol_is_not_an_option():
    assert parse_symbol("SPX   260231C05000000", ON) is None


def test_class_shares_are_written_one_way():
    assert {class_shares(text) for text in ("BRK.B", "BRK/B", "BRK-B", "BRK B")} == {"BRK.B"}


def test_currency_pairs_need_two_currencies():
    assert is_currency_pair("EUR/USD") == ("EUR", "USD")
    assert is_currency_pair("GOOGLE") is None


def test_check_digits():
    assert isin_is_valid("US0378331005")
    assert not isin_is_valid("US0378331006")
    assert not isin_is_valid("BBG000B9XRY4")
    assert figi_is_valid("BBG000B9XRY4")
    assert cusip_is_valid("037833100")
    assert restored_cusip("37833100") == "037833100"
    assert restored_cusip("123") is None
    assert sedol_is_valid("B0YBKJ7")
    assert not sedol_is_valid("B0YBKJ8")
    assert lei_is_valid("5493001KJTIIGC8Y1R12")


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=8, max_size=8),
       st.integers(0, 9))
def test_exactly_one_check_digit_completes_a_cusip(body, other):
    valid = [digit for digit in range(10) if cusip_is_valid(f"{body}{digit}")]
    assert len(valid) == 1
    assert cusip_is_valid(f"{body}{other}") == (other in valid)


@given(st.text(max_size=24))
def test_any_text_is_read_or_not_known(text):
    read = parse_symbol(text, ON)
    assert read is None or (read.root and read.pattern)
    assert read is None or read.strike is None or read.right in ("C", "P")
