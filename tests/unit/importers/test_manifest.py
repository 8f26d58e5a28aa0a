"""Every client file of the reference folder imports, or is refused, as its manifest says."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.shared import shared
from tests.unit.importers.books import held, said
from workstation.base.problem import UnusableInputError
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.importers import Imported, import_document, import_file

OWN = Path(__file__).resolve().parents[2] / "data" / "positions"
TODAY = date(2026, 11, 20)
D = Decimal


def own(name: str, as_of: date | None = None) -> Imported:
    return import_file(OWN / name, as_of=as_of)


def by_symbol(imported: Imported) -> dict:
    return {p.instrument.symbol: p for p in imported.book.positions}


def totals(imported: Imported, ending: str) -> list[tuple[Decimal, Decimal, bool]]:
    return [(t.stated, t.computed, t.agrees) for t in imported.control_totals
            if t.where.endswith(ending)]


def cash(imported: Imported) -> list[tuple[str, str, Decimal]]:
    return [(line.account_id, line.currency, line.amount) for line in imported.cash]


def test_own_copies_are_the_reference_files():
    for path in OWN.iterdir():
        assert path.read_bytes() == shared("data", "positions", path.name).read_bytes()


def test_activity_statement_with_options():
    read = own("activity_statement_options.csv")
    assert [q for _, _, q in held(read)] == [40, 15, 4, -4]
    found = by_symbol(read)
    assert found["BF.B"].instrument.asset_class is AssetClass.EQUITY
    assert found["ASML"].instrument.currency == "EUR"
    put = found["SPY   261218P00640000"].instrument
    assert (put.underlying, put.option.strike, put.option.right, put.option.expiry) == (
        "SPY", D(640), "P", date(2026, 12, 18))
    assert put.multiplier == 100
    assert cash(read) == [("Account", "USD", D("-18250.75")), ("Account", "EUR", D("402.10"))]
    account = read.book.accounts[0]
    assert (account.cash, account.other_cash) == (D("-18250.75"), (("EUR", D("402.10")),))
    assert totals(read, "market value USD") == [(D(3320), D(3320), True), (D(1260), D(1260), True)]
    assert totals(read, "market value EUR") == [(D(10665), D(10665), True)]
    assert read.as_of == date(2026, 11, 13)
    assert "sections read: Open Positions, Cash Report; not read: Statement, Trades" in said(read)
    assert "1 lot rows repeat them and were not added" in said(read)
    assert "several currencies: EUR, USD" in said(read)
    assert "no exchange rate from EUR to USD" in said(read, "warning")


def test_activity_statement_with_futures():
    read = own("activity_statement_futures.csv")
    assert held(read) == [("U7", "NQZ6", -3), ("U7", "GCG7", 5), ("U7", "OGG7 P3900", 10)]
    found = by_symbol(read)
    sizes = [found[s].instrument.multiplier for s in ("NQZ6", "GCG7", "OGG7 P3900")]
    assert sizes == [20, 100, 100]
    option = found["OGG7 P3900"].instrument
    assert option.asset_class is AssetClass.FUTURE_OPTION
    assert (option.option.expiry, option.option.strike) == (date(2027, 1, 26), D(3900))
    assert found["GCG7"].instrument.expiry == date(2027, 2, 24)
    assert option.underlying == found["GCG7"].instrument.underlying
    assert read.book.account("U7").account_type is AccountType.FUTURES
    assert totals(read, "sum of signed quantity") == [(D(12), D(12), True)]


def test_retail_broker_with_margin_debit():
    read = own("retail_broker_positions.csv")
    assert [(s, q) for _, s, q in held(read)] == [
        ("VTI", 1050.5), ("TSLA", -200), ("TSLA 12/18/2026 450.00 C", 3)]
    assert [(c, a) for _, c, a in cash(read)] == [("USD", D("-52310.44"))]
    assert read.as_of == date(2026, 11, 13)
    stated = D("218810.16")
    assert (stated, stated, True) in totals(read, "market value")
    assert len(read.book.accounts) == 1
    assert read.kind == "schwab positions"
    option = read.book.positions[2].instrument
    assert (option.underlying, option.option.expiry) == ("TSLA", date(2026, 12, 18))


def test_retail_broker_with_trailing_comma():
    read = own("retail_broker_trailing_comma.csv")
    assert held(read) == [("Z00000001", "NVDA", 100), ("Z00000001", "-NVDA261218C210", -1),
                          ("Z00000002", "IEF", 70)]
    assert cash(read) == [("Z00000001", "USD", D("40120.33")), ("Z00000002", "USD", D("125.00"))]
    assert totals(read, "market value USD") == [(D("65570.33"), D("65570.33"), True)]
    assert read.as_of == date(2026, 11, 13)
    assert read.kind == "fidelity positions"
    option = by_symbol(read)["-NVDA261218C210"].instrument
    assert (option.underlying, option.option.strike) == ("NVDA", D(210))


def test_binance():
    read = own("binance_positions.json", TODAY)
    linear, inverse = read.book.positions
    assert (linear.instrument.symbol, linear.quantity) == ("BTCUSDT", D("-1.25"))
    assert linear.instrument.asset_class is AssetClass.PERPETUAL
    assert linear.instrument.terms.settlement == "linear"
    assert linear.instrument.terms.settlement_currency == "USDT"
    assert (inverse.quantity, inverse.instrument.multiplier) == (150, 10)
    assert inverse.instrument.terms.settlement == "inverse"
    assert inverse.instrument.terms.settlement_currency == "ETH"
    account = read.book.accounts[0]
    assert (account.account_type, account.venue) == (AccountType.CRYPTO_VENUE, "binance")
    assert "quantity 0" in said(read)
    assert "linear" in said(read)


def test_deribit():
    read = own("deribit_positions.json", TODAY)
    assert [(s, q) for _, s, q in held(read)] == [
        ("BTC-25DEC26-90000-C", -10), ("BTC-PERPETUAL", 220000), ("ETH-25SEP26-3000-P", 5)]
    option, perpetual, _ = read.book.positions
    assert option.instrument.option.settlement_currency == "BTC"
    assert option.price == D("0.0264") * D("77081.82")
    assert dict(option.extras)["premium in coin"] == "0.0264 BTC"
    assert perpetual.instrument.terms.settlement == "inverse"
    assert "2.8538" in dict(perpetual.extras).values()
    assert read.book.market.underlyings["BTC"].price == D("77081.82")
    assert "ETH-25SEP26-3000-P expired on 2026-09-25" in said(read, "warning")
    shown = import_document(read)["positions"][0]
    assert (shown["price"], shown["currency"]) == (0.0264, "BTC")


def test_form_13f():
    read = own("form_13f.xml", TODAY)
    assert [(s, q) for _, s, q in held(read)] == [("594918104", 10000), ("78462F103 Call", 2000)]
    assert read.book.positions[0].value == 4125500
    assert "cannot be margined" in said(read, "error")
    assert "no futures, swaps, shorts or cash" in said(read)
    assert read.outcome == "partial"


def test_hedge_fund_with_two_accounts():
    read = own("hedge_fund_two_accounts.xlsx")
    assert held(read) == [("NG-1", "SPY", -1500), ("NG-1", "SPX US 12/18/26 C7000 Index", 25),
                          ("NG-2", "ESZ6", 9), ("NG-2", "ZBH7", -12)]
    assert [p.where for p in read.book.positions] == [f"Positions!A{n}" for n in (5, 6, 8, 9)]
    bond_future = read.book.positions[3]
    assert bond_future.price == D("117.75")
    assert bond_future.instrument.multiplier == 1000
    assert cash(read) == [("NG-2", "USD", D(1250000))]
    assert sum(p.quantity for p in read.book.positions) == -1478
    assert totals(read, "sum of signed quantity") == [(D(-1478), D(-1478), True)]
    assert read.as_of == date(2026, 11, 13)
    assert "hidden sheet Old was not read" in said(read)
    assert read.book.name == "Northgate Relative Value"
    types = {a.account_id: (a.account_type, a.assumed_type) for a in read.book.accounts}
    assert types == {"NG-1": (AccountType.REG_T, True), "NG-2": (AccountType.FUTURES, True)}
    assert "set account_type" in said(read, "warning")


# Files of others, read where they lie and never copied.

def other(*parts: str) -> Imported:
    return import_file(shared("data", "third_party", *parts), as_of=TODAY)


def test_strata_positions():
    read = other("opengamma-strata", "strata_positions.csv")
    quantities = [float(p["quantity"]) for p in import_document(read)["positions"]]
    assert quantities == [-2.5, 20, -2.5, 13, -13, -20, 30, 13, -13, -20]
    assert sum(quantities) == 5
    assert totals(read, "sum of signed quantity") == [(D(5), D(5), True)]
    assert len(read.book.accounts) == 1
    assert said(read, "warning").count("expired on 2017") == 7


def test_strata_trades_and_positions_mixed():
    read = other("opengamma-strata", "strata_mixed-trades-positions.csv")
    assert [(s, q) for _, s, q in held(read)] == [("AAPL", 12), ("AAPL", 24)]
    refused = [item.where.rsplit("!", 1)[1] for item in read.book.excluded]
    assert refused == ["A2", "A3", "A6"]
    assert "contradict each other" in said(read, "error")
    assert "day first" in said(read)


@pytest.mark.parametrize(("parts", "reason"), [
    (("opengamma-strata", "strata_trades.csv"), "OTC trade file"),
    (("opengamma-strata", "strata_swaption_trades.csv"), "OTC trade file"),
    (("opengamma-strata", "strata_sensitivity-standard.csv"), "CRIF"),
    (("eurex-prisma-estimator", "eurex_otc_portfolio_mixed.csv"), "OTC trade file"),
    (("eurex-prisma-estimator", "eurex_otc_sensitivities.csv"), "not positions"),
    (("kapji", "kapji_interactive_brokers_test_basic.csv"), "without an open-positions section"),
    (("kapji", "kapji_schwab_schwab_transactions.csv"), "transactions, not positions"),
    (("kapji", "kapji_trading212_2026_transactions.csv"), "transactions, not positions"),
])
def test_what_is_not_positions_is_refused_with_the_reason(parts, reason):
    with pytest.raises(UnusableInputError, match=reason) as refused:
        other(*parts)
    problem = refused.value.problems[0]
    assert parts[-1] in problem.where
    assert problem.remedy


@pytest.mark.parametrize(("name", "account", "rows"), [
    ("ore_crif.csv", "CRIF_20201228", 27), ("ore_crif_schedule.csv", "nettingSetId_1", 18)])
def test_sensitivities_become_accounts_of_uncleared_swaps(name, account, rows):
    read = other("ore", name)
    assert read.kind == "crif"
    assert len(read.book.crif) == rows
    assert [(a.account_id, a.account_type) for a in read.book.accounts] == [
        (account, "uncleared_swaps")]
    assert read.book.positions == ()


def test_eurex_estimator():
    read = other("eurex-prisma-estimator", "eurex_estimator_etd_portfolio.json")
    future, option = import_document(read)["positions"]
    assert (future["underlying"], future["quantity"]) == ("FEXD", 1)
    assert (option["underlying"], option["quantity"], option["put_call"], option["strike"]) == (
        "OEXD", -1, "C", 90)
    assert future["expiry"] == option["expiry"] == "2032-12-17"


def test_eurex_estimator_with_an_embedded_swap():
    read = other("eurex-prisma-estimator", "eurex_estimator_crossmargining_etd_otc.json")
    (future,) = import_document(read)["positions"]
    assert (future["underlying"], future["quantity"], future["expiry"]) == (
        "FEU3", 500, "2029-09-17")
    assert "swap 1 IRS EUR is an OTC trade" in said(read, "error")


def test_commodity_lots_wait_for_their_multiplier():
    read = other("cme-span-agri", "cme_span_agri_portfolio.xlsx")
    (gold,) = import_document(read)["positions"]
    assert (gold["symbol"], gold["quantity"], gold["price"], gold["currency"]) == (
        "Gold", 1, 153550, "INR")
    assert gold["multiplier"] is None
    assert totals(read, "notional") == [(D(15355000), D(15355000), True)]
    assert "its notional implies 100" in said(read, "error")
    assert "expired on 2026-03-31" in said(read, "warning")


def test_commodity_lots_with_a_direction_column():
    read = other("cme-span-agri", "cme_span_agri_portfolio_v1.xlsx")
    assert [q for _, _, q in held(read)] == [5, 3, 2, 4, -3, 3, -2]
    assert totals(read, "notional") == [(D(29810500), D(29810500), True)]


@pytest.mark.parametrize("path", sorted(OWN.iterdir()), ids=lambda path: path.name)
def test_every_document_is_plain_json(path):
    document = import_document(import_file(path, as_of=TODAY))
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["schema"] == "crossmargin.import/1"
    assert document["inputs"][path.name]
