"""Cross-margin programmes on a client's book: eligibility, the smaller reduction, the best move."""

import json
import math
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.cli.main import main
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import BondTerms, FutureTerms, OptionTerms, SwapTerms
from workstation.market.history import History
from workstation.market.market import Market, Underlying
from workstation.measures.historical import expected_shortfall, value_at_risk
from workstation.parameters.store import parse_edition
from workstation.pricing.past_profits import past_profits
from workstation.workspace.programmes import programmes
from workstation.workspace.session import Session

TODAY = date(2026, 6, 15)
D = Decimal
RATES = {"ZN": (6.5, 65.0)}


def history(days=600, seed=7):
    random = np.random.default_rng(seed)
    level = random.normal(0, 0.0006, days)
    slope = random.normal(0, 0.0002, (3, days))
    index = 5000 * np.exp(np.cumsum(random.normal(0, 0.01, days)))
    levels = [*(0.04 + np.cumsum(level + row) for row in slope), index]
    dates = tuple(TODAY - timedelta(days=days - i) for i in range(days))
    return History(dates, ("USD 5y", "USD 7y", "USD 10y", "SPX"),
                   tuple(tuple(row.tolist()) for row in levels))


def moves(name, days, relative=False):
    levels = np.array(history().of(name))
    return (levels[days:] / levels[:-days] - 1) if relative else (
        levels[days:] - levels[:-days]) * 1e4


MARKET = Market({"SPX": Underlying("SPX", D(5000), iv=D("0.18"), rate=D("0.04"),
                                   underlying_class=UnderlyingClass.BROAD_INDEX_HIGH_CAP)},
                history=history())


def treasury(principal, years=10, account="PB"):
    terms = BondTerms(TODAY + timedelta(days=365 * years), D("0.04"))
    return Position(account, Instrument("T 4", AssetClass.TREASURY, "T 4", "USD", D("0.01"),
                                        terms), D(principal), D(100), f"{account} bond")


def future(product, contracts, multiplier=1000, price=110, account="FUT", underlying=None):
    return Position(account, Instrument(product, AssetClass.FUTURE, underlying or product, "USD",
                                        D(multiplier), FutureTerms(product, date(2026, 9, 21))),
                    D(contracts), D(price), f"{account} {product}")


def cleared(notional, way="receive", account="CS"):
    terms = SwapTerms(D(notional), D("0.04"), way, TODAY + timedelta(days=3650))
    return Position(account, Instrument("IRS", AssetClass.CLEARED_SWAP, "USD IRS", terms=terms),
                    D(1), None, f"{account} swap")


ACCOUNTS = (Account("PB", AccountType.PORTFOLIO_MARGIN, firm="Dealer"),
            Account("FUT", AccountType.FUTURES, firm="Dealer"),
            Account("CS", AccountType.CLEARED_SWAPS, firm="Dealer"))


def rows_of(*positions, accounts=ACCOUNTS, market=MARKET, customer=True, overlays=()):
    session = Session(Book("b", TODAY, accounts, positions, market), overlays=overlays)
    return {row.programme: row for row in programmes(session, customer=customer)}


def test_a_hedged_treasury_book_gets_the_smaller_of_two_reductions():
    """10m of ten-year notes against futures: the tails of three and of two days, by hand."""
    row = rows_of(treasury(10_000_000), future("ZN", -100))["ficc-cme"]
    yield_price = lambda y: 0.04 * (1 - math.exp(-y * 10)) / y + math.exp(-y * 10)  # noqa: E731
    dv01 = 10_000_000 * (yield_price(0.04005) - yield_price(0.03995))
    reductions, own = [], []
    for days, mine in ((3, 0), (2, 1)):
        bond = dv01 * moves("USD 10y", days)
        # 6.5 years lie between the vertices of five and ten: the history has no seven-year one.
        short = 6500 * (0.7 * moves("USD 5y", days) + 0.3 * moves("USD 10y", days))
        alone = [max(0.0, value_at_risk(pnl, 0.99)) for pnl in (bond, short)]
        reductions.append(1 - value_at_risk(bond + short, 0.99) / sum(alone))
        own.append(alone[mine])
    assert float(row.apart) == pytest.approx(sum(own), rel=1e-4)
    assert float(row.saved / row.apart) == pytest.approx(min(reductions), rel=1e-4)
    assert row.saved > 0
    assert "fixed by" in row.fixed_by
    assert "no house's figure" in row.note
    assert (row.admitted, row.left_out, row.accounts) == (2, 0, "PB, FUT")
    assert "segregated" in row.location


def test_cap_and_minimum_are_settings():
    overlay = """rule = "Cross-margin programmes"
edition = "own"
effective = 2026-05-01
source = "own"
[parameter.{name}]
value = {value}
unit = ""
paragraph = ""
standing = "house"
"""
    book = treasury(10_000_000), future("ZN", -100)
    capped, refused = (rows_of(*book, overlays=[parse_edition(
        overlay.format(name=name, value=value), Path("own.toml"))])["ficc-cme"]
        for name, value in (("reduction_cap", "0.10"), ("reduction_minimum", "0.99")))
    assert float(capped.saved / capped.apart) == pytest.approx(0.10)
    assert refused.saved == 0
    assert "below the minimum" in refused.fixed_by


def test_index_options_against_futures_are_for_house_accounts():
    option = Position("PB", Instrument(
        "SPX P", AssetClass.LISTED_OPTION, "SPX", "USD", D(100),
        OptionTerms("P", D(4800), date(2026, 9, 18), "european")), D(50), D(90), "PB option")
    book = option, future("ES", 25, 50, 5010, underlying="SPX")
    assert rows_of(*book)["occ-cme"].note == "no position of the client is eligible"
    row = rows_of(*book, customer=False)["occ-cme"]
    assert row.admitted == 2
    assert 0 < row.saved < row.apart
    two = moves("SPX", 2, relative=True)
    assert float(row.apart) > value_at_risk(25 * 50 * 5010 * two, 0.99)
    assert expected_shortfall(25 * 50 * 5010 * two, 0.99) > value_at_risk(
        25 * 50 * 5010 * two, 0.99)


def test_futures_that_hedge_cleared_swaps_are_moved():
    """A receiver loses when rates rise; short futures gain: most of them should move."""
    row = rows_of(cleared(20_000_000), future("ZN", -300))["cme-irs"]
    assert row.saved > 0
    assert row.fixed_by.startswith("move -")
    assert row.fixed_by.endswith("of -300 ZN")
    assert "4d(f)" in row.location
    same_way = rows_of(cleared(20_000_000), future("ZN", 300))["cme-irs"]
    assert same_way.saved >= 0


@pytest.mark.parametrize(("positions", "market", "programme", "why"), [
    ((treasury(10_000_000),), MARKET, "ficc-cme", "at one of the two houses only"),
    ((treasury(1), future("ZN", -1)), replace(MARKET, history=History()), "ficc-cme",
     "no history of USD rates"),
    ((treasury(1), future("ZN", -1)), replace(MARKET, history=History(
        history().dates[:50], history().factors, tuple(r[:50] for r in history().levels))),
     "ficc-cme", "past moves common to every position, fewer than 250"),
    ((cleared(1_000_000),), MARKET, "cme-irs", "not both held"),
    ((), MARKET, "ice-cds", "no position of the client is eligible")])
def test_what_cannot_be_estimated_says_why(positions, market, programme, why):
    row = rows_of(*positions, market=market)[programme]
    assert row.saved is None
    assert why in row.note


def test_positions_at_two_firms_must_come_to_one():
    accounts = (ACCOUNTS[0], replace(ACCOUNTS[1], firm="Other"), ACCOUNTS[2])
    row = rows_of(treasury(10_000_000), future("ZN", -100), accounts=accounts)["ficc-cme"]
    assert row.note.endswith("needs one firm at both houses, now at Dealer and Other")


def test_windows_with_gaps_are_left_out():
    levels = list(history().levels[0])
    levels[300] = None
    gapped = replace(MARKET, history=History(history().dates, ("USD 5y",), (tuple(levels),)))
    book = Book("b", TODAY, ACCOUNTS, (future("ZN", 1),), gapped)
    found = past_profits(resolve(book), np.zeros(1), RATES, 2)
    assert found.profits.shape == (1, 600 - 2 - 2)
    assert found.lacking == ("",)


def test_a_price_history_stands_in_where_there_is_no_curve():
    prices = tuple((100 + np.cumsum(np.random.default_rng(3).normal(0, 0.3, 600))).tolist())
    priced = replace(MARKET, history=History(history().dates, ("ZN",), (prices,)))
    book = Book("b", TODAY, ACCOUNTS, (future("ZN", 2), treasury(1)), priced)
    found = past_profits(resolve(book), np.zeros(2), RATES, 1)
    assert found.lacking == ("", "the book has no history of USD rates")
    levels = np.array(prices)
    assert found.profits[0] == pytest.approx(2 * 110_000 * (levels[1:] / levels[:-1] - 1))


def test_the_command_prints_programmes(tmp_path, capsys):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Positions"
    sheet.append(["account_id", "account_type", "symbol", "asset_class", "quantity", "price",
                  "coupon", "maturity"])
    sheet.append(["PB", "portfolio_margin", "912828ZZ0", "treasury", 1_000_000, 100, 0.04,
                  "2036-06-15"])
    sheet.append(["PB", "portfolio_margin", "IBM", "equity", 10, 200, None, None])
    path = tmp_path / "client.xlsx"
    book.save(path)
    assert main(["programmes", str(path), "--as-of", "2026-06-15", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    ficc = next(p for p in document["programmes"] if p["programme"] == "ficc-cme")
    assert (ficc["eligible"], ficc["saving"]) == (1, None)
    assert ficc["not_eligible"][0]["symbol"] == "IBM"
    assert main(["programmes", str(path), "--as-of", "2026-06-15"]) == 0
    assert "ficc-cme: FICC and CME; 1 position eligible, from PB" in capsys.readouterr().out
    assert main(["programmes", str(path), "--as-of", "2020-01-01"]) == 2


def test_cleared_credit_in_one_account_by_the_grid():
    """3.67 % of 100 million of index sold, 2.75 % of 40 million bought: half of the smaller."""
    def swap(symbol, kind, side, millions):
        terms = SwapTerms(D(millions) * 1_000_000, pay_receive=side, spread_bp=D(90),
                          maturity=date(TODAY.year + 5, TODAY.month, TODAY.day),
                          reference_entity=symbol)
        return Position("C1", Instrument(symbol, kind, symbol, terms=terms), D(1), None, symbol)

    held = (swap("CDX.IG", AssetClass.CDS_INDEX, "receive", 100),
            swap("Acme", AssetClass.CDS, "pay", 40))
    account = Account("C1", AccountType.CLEARED_SWAPS)
    book = Book("b", TODAY, (account,), held, Market({}))
    row = next(r for r in programmes(Session(book)) if r.programme == "ice-cds")
    assert (row.apart, row.together) == (D("4770000"), D("4220000"))
    assert "estimate" in row.note
