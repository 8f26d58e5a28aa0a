"""One invented file of every layout the specification lists, and what must be read from it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.importers.books import held, said
from workstation.base.problem import UnusableInputError
from workstation.importers import import_file

LAYOUTS = Path(__file__).parents[2] / "data" / "layouts"
D = Decimal
FRIDAY = date(2026, 11, 13)


def read(name):
    return import_file(LAYOUTS / name)


def classes(imported):
    return [p.instrument.asset_class.value for p in imported.book.positions]


def agrees(imported):
    assert imported.control_totals
    return all(total.agrees for total in imported.control_totals)


def test_ibkr_flex_keeps_one_level_and_values_bonds_in_percent():
    found = read("ibkr_flex.csv")
    assert (found.kind, found.as_of) == ("ibkr flex positions", FRIDAY)
    assert [(s, q) for _, s, q in held(found)] == [
        ("AAPL", 300), ("SPY   261218P00600000", -5), ("FDAX DEC 26", 2), ("EW4Z6 C6000", 1),
        ("T 4 02/15/34", 100000)]
    assert classes(found) == ["equity", "listed_option", "future", "future_option", "treasury"]
    assert found.book.positions[-1].value == D(98500)
    assert found.book.positions[3].instrument.underlying == "SPX"
    assert [(c.currency, c.amount) for c in found.cash] == [("EUR", 10000)]
    assert agrees(found)


def test_ibkr_end_of_day_reads_data_lines_only():
    found = read("ibkr_eod.csv")
    assert held(found) == [("U7654321", "AAPL", 250), ("U7654321", "SAP", -40)]
    assert [a.account_id for a in found.book.accounts] == ["U7654321"]
    assert found.outcome == "imported"


def test_schwab_has_an_account_for_each_block():
    found = read("schwab.csv")
    assert [(a, q) for a, _, q in held(found)] == [
        ("Individual ...123", 100), ("Individual ...123", -2), ("Roth IRA ...456", 10)]
    assert found.cash[0].amount == D("9099.99")
    assert agrees(found)


def test_fidelity_shorts_and_core_cash():
    found = read("Portfolio_Positions_Nov-13-2026.csv")
    assert [(s, q) for _, s, q in held(found)] == [
        ("AAPL", 100), ("-AAPL261218C280", -1), ("MSFT", -25)]
    assert sum(c.amount for c in found.cash) == D("5245.33")
    assert agrees(found)


def test_thinkorswim_reads_positions_not_trades():
    found = read("tos.csv")
    assert [(s, q) for _, s, q in held(found)] == [
        ("AAPL", 100), ("IWM", -50), ("SPY   261218P00600000", 1), ("SPY   261218P00590000", -1),
        ("/ESZ26", 2)]
    assert {a for a, _, _ in held(found)} == {"12345678SCHW"}
    assert "a table of trades was not read" in said(found)
    assert "rows 30 to 36 are no positions" in said(found)
    assert (found.outcome, found.as_of) == ("imported", FRIDAY)
    assert agrees(found)


def test_tastytrade():
    found = read("tasty.csv")
    assert classes(found) == ["listed_option", "equity", "future"]


def test_fills_are_transactions():
    with pytest.raises(UnusableInputError, match="transactions, not positions"):
        read("tt_fills.csv")


def test_futures_statement_reads_open_positions_only():
    found = read("fcm_statement.csv")
    assert held(found) == [("F-12345", "ESZ26", 3), ("F-12345", "ESZ26", 2),
                           ("F-12345", "CLH27", -4), ("F-12345", "ESM27 P5400", -10)]
    assert [p.price for p in found.book.positions] == [D("6701.25"), D("6701.25"), None, None]
    assert found.book.positions[3].instrument.multiplier == 50
    assert found.book.accounts[0].account_type == "futures"
    assert found.cash[0].amount == D("249995.50")
    assert agrees(found)


@pytest.mark.parametrize(("name", "quantities"), [
    ("gmi.csv", [10, -5, -7]), ("span_pos.csv", [10, -5, -7])])
def test_clearing_files_hold_futures_and_options_on_them(name, quantities):
    found = read(name)
    assert [q for _, _, q in held(found)] == quantities
    assert classes(found) == ["future", "future_option", "future"]
    assert [p.instrument.underlying for p in found.book.positions] == ["SPX", "SPX", "WTI"]
    assert all(a.account_type == "futures" and not a.assumed_type for a in found.book.accounts)


def test_span_position_csv_takes_its_date_and_accounts():
    found = read("span_pos.csv")
    assert found.as_of == FRIDAY
    assert [a.account_id for a in found.book.accounts] == ["ACCT1", "ACCT2"]


def test_fixed_width_broker_records_are_refused_by_name():
    with pytest.raises(UnusableInputError, match="fixed-width records"):
        read("pershing.txt")


def test_geneva_holdings_with_metadata_below():
    found = read("geneva.txt")
    assert held(found) == [("GLOBAL MACRO", "AAPL", 12500), ("GLOBAL MACRO", "MSFT", -4000),
                           ("GLOBAL MACRO", "SPY", 4000)]
    assert found.as_of == FRIDAY
    assert agrees(found)


def test_european_brokers_with_decimal_commas_and_names_for_symbols():
    german = read("eu_broker.csv")
    assert [(s, q) for _, s, q in held(german)] == [("US0378331005", 50), ("DE0007164600", 37.5)]
    assert german.book.positions[0].price == D("231.045")
    assert german.as_of == FRIDAY
    assert "comma" not in said(german)
    french = read("fr_broker.csv")
    assert [(s, q) for _, s, q in held(french)] == [("FR0000120073", 1250), ("FR0000121014", -12)]
    assert agrees(french)


FLEX = """<FlexQueryResponse queryName="x" type="AF"><FlexStatements count="1">
<FlexStatement accountId="U1" fromDate="20261113" toDate="20261113">
<OpenPositions>
<OpenPosition accountId="U1" currency="USD" fxRateToBase="1" assetCategory="STK" symbol="AAPL"
 isin="US0378331005" multiplier="1" reportDate="20261113" position="300" markPrice="268.4"
 positionValue="80520" side="Long" levelOfDetail="SUMMARY" strike="" expiry="" putCall=""/>
<OpenPosition accountId="U1" currency="USD" fxRateToBase="1" assetCategory="STK" symbol="AAPL"
 isin="US0378331005" multiplier="1" reportDate="20261113" position="300" markPrice="268.4"
 positionValue="80520" side="Long" levelOfDetail="LOT" strike="" expiry="" putCall=""/>
<OpenPosition accountId="U1" currency="USD" fxRateToBase="1" assetCategory="OPT"
 symbol="SPY   261218P00600000" underlyingSymbol="SPY" multiplier="100" reportDate="20261113"
 position="-5" markPrice="4.95" positionValue="-2475" side="Short" levelOfDetail="SUMMARY"
 strike="600" expiry="20261218" putCall="P"/>
</OpenPositions>
<CashReport><CashReportCurrency accountId="U1" currency="BASE_SUMMARY" endingCash="9"/>
<CashReportCurrency accountId="U1" currency="EUR" endingCash="-1250.5"/></CashReport>
</FlexStatement></FlexStatements></FlexQueryResponse>"""


def test_flex_query_in_xml(tmp_path):
    path = tmp_path / "flex.xml"
    path.write_text(FLEX)
    found = import_file(path)
    assert held(found) == [("U1", "AAPL", 300), ("U1", "SPY   261218P00600000", -5)]
    assert (found.as_of, found.kind) == (FRIDAY, "ibkr flex positions")
    assert [(c.currency, c.amount) for c in found.cash] == [("EUR", D("-1250.5"))]
    assert agrees(found)


@pytest.mark.parametrize(("start", "words"), [
    ("<?xml version='1.0'?><posFile><fileFormat>4.00</fileFormat></posFile>", "no positions"),
    ("<?xml version='1.0'?><spanFile><fileFormat>4.00</fileFormat></spanFile>",
     "risk parameters, not positions"),
    ("<FlexQueryResponse queryName='x' type='AF'></FlexQueryResponse>", "no open positions")])
def test_known_xml_without_a_reader_is_named(tmp_path, start, words):
    path = tmp_path / "file.xml"
    path.write_text(start)
    with pytest.raises(UnusableInputError, match=words):
        import_file(path)
