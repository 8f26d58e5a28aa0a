"""A made-up run, from dataclasses alone: every union, every optional field, odd numbers."""

from datetime import date
from decimal import Decimal

from workstation.base.explain import Citation, Explained, greater_of, leaf, total
from workstation.base.problem import Problem
from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.book import Book, Exclusion
from workstation.book.collateral import Agent, CollateralLot, Lien
from workstation.book.positions import Position
from workstation.cascade.result import CascadeCall, CascadeResult, CascadeStep
from workstation.collateral.report import CollateralReport, LotReport, LotState
from workstation.harmonised.result import DesignMargin
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import (
    BondTerms,
    FutureTerms,
    OptionTerms,
    PerpetualTerms,
    SwapTerms,
)
from workstation.market.history import History
from workstation.market.market import Dividend, Market, Underlying
from workstation.measures.requirement import AccountMargin, Offset, summed
from workstation.offsets.bridge import Bridge, BridgeStep
from workstation.results.run import DesignOutcome, EditionUsed, InputFile, Run, StandAlone

D = Decimal

AS_OF = date(2026, 3, 2)
REG_T = Citation("FINRA 4210", "(f)(2)(E)", "2026-06-04")
FUTURES = Citation("Clearing margin", "published rate", "2026-02", "unverified")
DESIGN = Citation("Design single-account-scan", "method A", "1")


def _position(account: str, row: int, quantity: str, price: str | None, instrument: Instrument):
    amount = None if price is None else D(price)
    return Position(account, instrument, D(quantity), amount, f"Positions!A{row}")


def made_book() -> Book:
    option = OptionTerms("P", D("6500"), date(2026, 12, 18), "european", "cash")
    positions = (
        _position("PB-1", 2, "12500", "268.40", Instrument("AAPL", AssetClass.EQUITY, "AAPL")),
        _position("PB-1", 3, "-18", "171.25", Instrument(
            "SPX 261218P06500", AssetClass.LISTED_OPTION, "SPX", multiplier=D(100),
            terms=option, description="=HYPERLINK(\"http://x\")")),
        _position("PB-1", 4, "2000000", "99.5", Instrument(
            "UST 4 1/4 2034", AssetClass.TREASURY, "UST-10Y", multiplier=D("0.01"),
            terms=BondTerms(date(2034, 11, 15), D("0.0425"), "AA+"))),
        _position("FCM-1", 5, "-18", "6701.25", Instrument(
            "ESH6", AssetClass.FUTURE, "SPX", multiplier=D(50),
            terms=FutureTerms("ES", date(2026, 3, 20)))),
        _position("COIN-1", 6, "150000", "64000", Instrument(
            "BTC-PERPETUAL", AssetClass.PERPETUAL, "BTC",
            terms=PerpetualTerms("inverse", "BTC"))),
        _position("COIN-1", 7, "0.12345678", None, Instrument("BTC", AssetClass.CRYPTO, "BTC")),
        _position("SW-1", 8, "1", None, Instrument(
            "CDX.NA.IG", AssetClass.CDS_INDEX, "CDX", currency="EUR",
            terms=SwapTerms(D(10000000), D("0.01"), "pay", date(2031, 6, 20), "CDX", D(55)))),
    )
    market = Market(
        {"AAPL": Underlying("AAPL", D("268.40"), where="Market!A2"),
         "SPX": Underlying("SPX", D("6701.25"), "USD", UnderlyingClass.BROAD_INDEX_HIGH_CAP,
                           iv=D("0.18"), rate=D("0.043"), dividend_yield=D("0.013"))},
        (Dividend("AAPL", date(2026, 5, 8), D("0.26")),),
        History((date(2026, 2, 27), AS_OF), ("SPX", "BTC"), ((6650.0, 6701.25), (None, 64000.1))),
        fx={"EUR": D("1.08")},
    )
    return Book(
        "Meridian Macro LP", AS_OF,
        (Account("PB-1", AccountType.REG_T, "Prime brokerage", cash=D("-250000.10")),
         Account("FCM-1", AccountType.FUTURES, "Futures", "Northgate FCM", as_of=AS_OF,
                 other_cash=(("EUR", D("1000")),)),
         Account("COIN-1", AccountType.CRYPTO_VENUE, "Coin desk", venue="deribit"),
         Account("SW-1", AccountType.CLEARED_SWAPS, "Swaps", assumed_type=True)),
        positions, market,
        (CollateralLot("L1", "PB-1", "UST", "treasury", D(1000000), D("0.99"), haircut=D("0.02")),),
        (Lien("L1", D(400000), "Northgate", "ISDA", "title_transfer", reuse=D(1)),),
        (Agent("Pension", "unlevered", "SPX", D(1000), D(5), D(1)),),
        (Exclusion("Positions!A9", "symbol ??? is not known", "name the product"),),
        (Problem("Accounts!C5", "no account type", "fill in account_type", "info"),),
    )


def _tree(label: str, one: str, two: str, cite: Citation) -> Explained:
    scan = leaf("Scan", D(one), cite, price="268.40", rate="15 % of market value")
    return total(label, greater_of("Larger of", scan, leaf("Minimum", D(two), cite), cite=cite),
                 leaf("Add-on", D("0.10"), cite))


def made_silos():
    excluded = Exclusion("Positions!A7", "BTC: no price", "fill in the price column", "COIN-1")
    return summed("silos", "USD", (
        AccountMargin("PB-1", "finra-4210-strategy", "USD",
                      _tree("Initial PB-1", "1700000.25", "500000", REG_T),
                      _tree("Maintenance PB-1", "1250000.25", "500000", REG_T),
                      D("1250000.35"), D("1000000"),
                      (Offset("pair", ("AAPL", "SPX"), "denied", "different underlyings", D(0),
                              ("PB-1",), would_save=D(1000)),)),
        AccountMargin("FCM-1", "futures", "USD", _tree("Initial FCM-1", "440000", "0", FUTURES),
                      _tree("Maintenance FCM-1", "400000", "0", FUTURES),
                      D("400000.10"), D("400000.10")),
        AccountMargin("COIN-1", "crypto-venue", "USD", _tree("Initial COIN-1", "50", "60", REG_T),
                      _tree("Maintenance COIN-1", "50", "60", REG_T), D("60.10"), D("60.10"),
                      excluded=(excluded,)),
    ), (Exclusion("Positions!A9", "symbol ??? is not known", "name the product"),))


def made_outcome(silos: D, name: str = "single-account-scan", factor: str = "0.8"):
    end = silos * D(factor)
    tree = total(f"Design {name}", leaf("Scan of the whole book", end - 100, DESIGN),
                 leaf("Basis charge", D(100), DESIGN))
    ledger = (
        Offset("same underlying", ("SPX 261218P06500", "ESH6"), "granted",
               "correlation 0.99 in every stress window", D("-300000"), ("PB-1", "FCM-1"),
               "wrapper", (("rho", "0.99"), ("rho stress", "0.97")), D(0), "a programme"),
        Offset("group", ("SPX", "BTC"), "denied", "correlation under stress below 0.60", D(0),
               ("PB-1", "COIN-1"), "group", (("rho stress", "0.31"),), D("45000.5"),
               "a lower threshold"),
        Offset("group", ("AAPL", "SPX"), "partial", "capped at 50 %", end - silos + 300000,
               would_save=D("20000")),
    )
    bridge = Bridge(name, silos + 2000000, D(-2000000), silos, (
        BridgeStep("Model change at equal netting", D("12000")),
        BridgeStep("Same underlying across silos", end - silos - 12000 - 100, "SPX"),
        BridgeStep("Add-ons", D(100)),
    ), end)
    design = DesignMargin(name, name.replace("-", " "), "1", "proposal", "S7-2026-23", "USD",
                          tree, ledger)
    return DesignOutcome(design, bridge, ledger)


def made_collateral() -> CollateralReport:
    lot = LotReport("L1", "PB-1", "UST", "treasury", "Northgate", D(1000000), D(990000),
                    D("0.02"), "file", REG_T,
                    ((LotState.FREE, D(600000)), (LotState.REUSED, D(400000))), D("582120"), 1,
                    ("Northgate",), "Collateral!A2")
    return CollateralReport("USD", (lot,), ((LotState.FREE, D(594000)),
                            (LotState.REUSED, D(396000))), D(582120),
                            ((0, D(0)), (1, D(582120))), D("0.4"))


def made_cascade() -> CascadeResult:
    steps = (
        CascadeStep(0, (6701.25, 64000.0), (1e6, 5.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)),
        CascadeStep(1, (6233.1, 52000.0), (-250000.5, 4.0), (1e5, 0.0), (0.25, 0.0), (4.5, 0.1)),
    )
    return CascadeResult(
        "equilibrium", "equities -7 %", ("SPX", "BTC"), ("Meridian Macro LP", "Pension"), steps,
        D(500000), D(620000), D("1.24"), ("Meridian Macro LP",),
        (CascadeCall(1, "Meridian Macro LP", D("-250000.5"), D(100000), D("350000.5"), D("0.25"),
                     "sale of a quarter of the book"),),
        ("SPX falls 7 %", "FCM-1 calls", "client sells ES"),
        (("value is conserved", 1e-12),), ("impact is linear",),
        (Problem("Agents!A2", "archetype unknown"),),
    )


def made_run(*, with_cascade: bool = True) -> Run:
    book, silos = made_book(), made_silos()
    alone = tuple(
        StandAlone(p.where, p.account_id, D(1000 + i) if i < 5 else None)
        for i, p in enumerate(book.positions)
    )
    amount = silos.maintenance.amount
    return Run(
        "0.1.0", "reference", AS_OF, "USD",
        (InputFile("meridian.xlsx", "ab" * 32),),
        (EditionUsed("FINRA 4210", "2026-06-04", date(2026, 6, 4), "FINRA manual"),
         EditionUsed("Clearing margin", "2026-02", date(2026, 2, 1), "published table",
                     ("es_rate", "btc_rate"))),
        book, alone, silos,
        (made_outcome(amount, "today", "1"), made_outcome(amount),
         made_outcome(amount, "full-netting", "0.55")),
        made_collateral(), made_cascade() if with_cascade else None, book.problems,
    )
