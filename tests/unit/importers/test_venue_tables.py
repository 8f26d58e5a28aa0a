"""Venue exports saved as tables are read as the same venue's JSON."""

import csv
import json
from datetime import date

import pytest

from tests.unit.importers.books import positions
from workstation.importers import import_file

DAY = date(2026, 11, 20)
DERIBIT = [
    {"instrument_name": "BTC-25DEC26-90000-C", "kind": "option", "direction": "sell", "size": -10,
     "mark_price": 0.0264, "index_price": 77081.82},
    {"instrument_name": "BTC-PERPETUAL", "kind": "future", "direction": "buy", "size": 220000,
     "mark_price": 77090.1, "index_price": 77081.82}]
BINANCE = [{"symbol": "BTCUSDT", "positionAmt": "-1.25", "markPrice": "77120.1"},
           {"symbol": "ETHUSD_PERP", "positionAmt": "150", "markPrice": "2410.5"}]
OKX = [{"instId": "BTC-USDT-SWAP", "instType": "SWAP", "pos": "10", "posSide": "short",
        "markPx": "97093.7", "idxPx": "97078.9"}]


def held(found):
    return [(p.instrument, p.quantity, p.price) for p in found.book.positions]


@pytest.mark.parametrize(("kind", "records"), [
    ("deribit positions", DERIBIT), ("binance positions", BINANCE), ("okx positions", OKX)])
def test_a_table_reads_as_the_document(tmp_path, kind, records):
    document, table = tmp_path / "p.json", tmp_path / "p.csv"
    document.write_text(json.dumps(records), "utf-8")
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, records[0])
        writer.writeheader()
        writer.writerows(records)
        file.write("\n\n")
    first, second = (import_file(path, as_of=DAY) for path in (document, table))
    assert first.kind == second.kind == kind
    assert held(first) == held(second)
    assert second.book.positions[0].where.endswith("!A2")
    assert second.book.accounts[0].venue == first.book.accounts[0].venue


def test_a_table_of_other_columns_is_no_venue_export(tmp_path):
    table = tmp_path / "p.csv"
    table.write_text("symbol,quantity,price\nSPY,5,600\n", "utf-8")
    assert import_file(table, as_of=DAY).kind == "position table"


@pytest.mark.parametrize(("venue", "stated", "settled"), [
    ("deribit", None, "BTC"), ("derive", None, ""), ("derive", "linear", ""),
    ("hyperliquid", None, ""), ("", None, "BTC")])
def test_a_venue_that_settles_in_dollars_reads_coin_names_as_its_own(tmp_path, venue, stated,
                                                                     settled):
    header = ("account_id", "symbol", "asset_class", "quantity", "price", "settlement")
    imported = positions(
        tmp_path, header, ("V", "BTC-25SEP27-90000-C", "crypto_option", -1, 5000, stated),
        accounts=[("account_id", "account_type", "venue"), ("V", "crypto_venue", venue)])
    (held,) = imported.book.positions
    assert held.instrument.option.settlement_currency == settled


def test_a_settlement_that_a_venue_does_not_know_is_refused(tmp_path):
    imported = positions(
        tmp_path, ("account_id", "symbol", "asset_class", "quantity", "price", "settlement"),
        ("V", "BTC-25SEP27-90000-C", "crypto_option", -1, 5000, "inverse"),
        accounts=[("account_id", "account_type", "venue"), ("V", "crypto_venue", "derive")])
    assert "settlement says inverse" in imported.book.excluded[0].what
