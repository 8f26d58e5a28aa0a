"""An invented review; figures are plausible, not computed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from workstation.base.explain import Citation, Explained, greater_of, leaf, lesser_of, total
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book, Exclusion
from workstation.book.positions import Position
from workstation.cascade.result import CascadeCall, CascadeResult, CascadeStep
from workstation.collateral.report import CollateralReport, LotReport, LotState
from workstation.harmonised.result import DesignMargin
from workstation.instruments.instrument import Instrument
from workstation.measures.requirement import AccountMargin, Margin, Offset, summed
from workstation.offsets.bridge import Bridge, BridgeStep
from workstation.results.run import DesignOutcome, EditionUsed, InputFile, Run, StandAlone

SCAN = Citation("FINRA 4210", "(g)(7)", "2026-06-04")
MINIMUM = Citation("FINRA 4210", "(g)(7)(B)", "2026-06-04", "unverified")
SHORT = Citation("FINRA 4210", "(c)(3)", "2026-06-04")
FUTURES = Citation("Exchange rates", " ES", "2026-11-13", "unverified")
d = Decimal
CRYPTO = Citation("House crypto grid", " spot", "house-1", "house")


def accounts() -> tuple[Account, ...]:
    return (
        Account("PB-1", AccountType.REG_T, "Meridian long/short", "Alder Prime", cash=d("1250000")),
        Account("PM-2", AccountType.PORTFOLIO_MARGIN, "Meridian macro options",
                "Alder Prime", cash=d("-310000.50")),
        Account("FCM-1", AccountType.FUTURES, "Meridian futures", "Birch Clearing",
                cash=d("4000000")),
        Account("CV-1", AccountType.CRYPTO_VENUE, "Venue sub-account 7", "Cobalt", cash=d("0"),
                other_cash=(("USDC", d("900000")),), assumed_type=True),
    )


def positions() -> tuple[Position, ...]:
    def held(account, symbol, kind, quantity, price, row, multiplier="1"):
        instrument = Instrument(symbol, kind, symbol.split()[0], multiplier=d(multiplier))
        return Position(account, instrument, d(quantity), d(price), f"Positions!A{row}")

    return (
        held("PB-1", "AAPL", AssetClass.EQUITY, "12500", "268.40", 2),
        held("PB-1", "TSLA", AssetClass.EQUITY, "-4000", "402.10", 3),
        held("PM-2", "SPX   261218P06500000", AssetClass.LISTED_OPTION, "-40", "88.20", 4, "100"),
        held("PM-2", "SPY", AssetClass.ETF, "9000", "671.00", 5),
        held("FCM-1", "ESZ6", AssetClass.FUTURE, "-18", "6701.25", 6, "50"),
        held("CV-1", "BTC", AssetClass.CRYPTO, "31.5", "98250", 7),
        held("CV-1", "DOGE-PERP", AssetClass.PERPETUAL, "100000", "0.21", 8),
    )


def _pb_1() -> AccountMargin:
    def pair(name, basis):
        return greater_of(
            f"TSLA, short stock, {name}",
            leaf("per-share minimum", d("20000"), SHORT, cell="Positions!A3", shares="4,000",
                 per_share="5.00"),
            leaf("30 % of market value", basis, SHORT, cell="Positions!A3",
                 market_value="1,608,400.00", rate="30 % of market value"), cite=SHORT)

    long = leaf("AAPL, long stock", d("838750"), Citation("FINRA 4210", "(c)(1)", "2026-06-04"),
                cell="Positions!A2", market_value="3,355,000.00", rate="25 % of market value")
    initial = total("Initial, PB-1", leaf("AAPL, long stock", d("1677500"),
                                          Citation("Reg T", " 220.12(a)", "2026-01-01"),
                                          cell="Positions!A2"), pair("initial", d("804200")))
    keep = total("Maintenance, PB-1", long, pair("maintenance", d("482520")))
    return AccountMargin("PB-1", "Reg T and FINRA 4210", "USD", initial, keep, d("1321270"),
                         d("1321270"))


def _pm_2() -> AccountMargin:
    points = (-8, -6, -4, -2, 0, 2, 4, 6)
    scan = greater_of(
        "scan, class SPX",
        *(leaf(f"point {number}, {move:+d} %", d(max(0, 9_000_000 - 1_250_000 * (move + 8))), SCAN,
               move=f"{move} %", option="SPX   261218P06500000")
          for number, move in enumerate(points, 1)), cite=SCAN)
    minimum = total("minimum per contract",
                    leaf("SPX   261218P06500000", d("150000"), MINIMUM, cell="Positions!A4",
                         contracts="40", per_contract="3,750.00"))
    spy = lesser_of("SPY, class group",
                    leaf("scan alone", d("483120"), SCAN, cell="Positions!A5"),
                    leaf("cap at market value", d("6039000"), SCAN, cell="Positions!A5"))
    keep = total("Portfolio margin, PM-2",
                 greater_of("greater of scan and minimum", scan, minimum, cite=SCAN), spy)
    granted = Offset("class group", ("SPX", "SPY"), "partial",
                     "90 % offset inside the product group", d("-434808"), ("PM-2",),
                     "within account", (("offset rate", "90 %"),), d("48312"))
    return AccountMargin("PM-2", "FINRA 4210(g) portfolio margin", "USD", keep, keep,
                         d("9483120"), d("9130320"), (granted,))


def _fcm_1() -> AccountMargin:
    keep = total("Futures, FCM-1", leaf("ESZ6", d("414000"), FUTURES, cell="Positions!A6",
                                        contracts="18", per_contract="23,000.00"))
    start = total("Futures, FCM-1, initial",
                  leaf("ESZ6", d("455400"), FUTURES, cell="Positions!A6"))
    return AccountMargin("FCM-1", "Futures at published rates", "USD", start, keep, keep.amount,
                         keep.amount)


def _cv_1() -> AccountMargin:
    keep = total("Crypto, CV-1", leaf("BTC, spot at 100 %", d("3094875"), CRYPTO,
                                      cell="Positions!A7", market_value="3,094,875.00"))
    left_out = Exclusion("Positions!A8", "DOGE-PERP: no scenario grid covers DOGE",
                         "add DOGE to the crypto pack", "CV-1")
    return AccountMargin("CV-1", "House crypto grid", "USD", keep, keep, keep.amount, keep.amount,
                         (), (left_out,))


def silos() -> Margin:
    return summed("today", "USD", (_pb_1(), _pm_2(), _fcm_1(), _cv_1()))


def offsets() -> tuple[Offset, ...]:
    tested = (("correlation", "0.97"), ("stressed correlation", "0.94"), ("threshold", "0.90"))
    broken = (("correlation", "0.61"), ("stressed correlation", "0.18"), ("threshold", "0.70"))
    return (
        Offset("cross-silo", ("SPX listed options", "ES futures"), "granted",
               "correlation holds under stress", d("-4210300"), ("PM-2", "FCM-1"), "family",
               tested),
        Offset("cross-silo", ("SPY", "ES futures"), "partial",
               "granted for 75 % of the smaller leg", d("-310500"), ("PM-2", "FCM-1"), "family",
               tested, d("103500"), "raise the cap of the design"),
        Offset("cross-silo", ("BTC", "ES futures"), "denied",
               "stressed correlation 0.18 is under the threshold 0.70", d(0), ("CV-1", "FCM-1"),
               "asset class", broken, d("120000"), "no cross-margin agreement with the venue"),
        Offset("cross-silo", ("AAPL", "SPX listed options"), "denied",
               "single stock against a broad index", d(0), ("PB-1", "PM-2"), "family", broken,
               d("210000"), "hold the stock in the portfolio-margin account"),
    )


def _outcome(name: str, title: str, steps: tuple[BridgeStep, ...],
             ledger: tuple[Offset, ...]) -> DesignOutcome:
    today = silos()
    amount = today.maintenance.amount
    end = amount + sum((step.amount for step in steps), d(0))
    parts = [Explained(f"{step.label} under {name}", step.amount) for step in steps]
    tree = total(f"Requirement, {title}", today.maintenance, *parts)
    margin = DesignMargin(name, title, "1", "proposal", "S7-2026-23, question 14", "USD", tree,
                          ledger, today.excluded)
    bridge = Bridge(name, d("21450000"), amount - d("21450000"), amount, steps, end)
    return DesignOutcome(margin, bridge, ledger)


def outcomes() -> tuple[DesignOutcome, ...]:
    wide = (
        BridgeStep("Offsets granted across silos", d("-4520800"), "two of four considered"),
        BridgeStep("Concentration add-on for the largest family", d("640250"), "over 20 % of ADV"),
        BridgeStep("Stability buffer", d("212000"), "25 % of the saving at most"),
    )
    return (
        _outcome("today", "Today's silos", (), ()),
        _outcome("single-account-scan", "Single account, one scan", wide, offsets()),
        _outcome("full-netting", "Full netting (experiment)",
                 (BridgeStep("All risk netted", d("-7900310")),), offsets()[:2]),
    )


def collateral() -> CollateralReport:
    def lot(name, symbol, kind, where, states, price, haircut, lag, parties=()):
        quantity = sum((q for _, q in states), d(0))
        free = dict(states).get(LotState.FREE, d(0))
        return LotReport(name, "PB-1", symbol, kind, where, quantity, quantity * d(price),
                         d(haircut), "shipped pack", None, states,
                         free * d(price) * (1 - d(haircut)), lag, parties,
                         f"Collateral!A{name[-1]}")

    lots = (
        lot("LOT-1", "UST 4.25 2034", "treasury", "Alder Prime",
            ((LotState.FREE, d("6000000")), (LotState.PLEDGED, d("3000000")),
             (LotState.REUSED, d("1000000"))), "0.984", "0.02", 1, ("Birch Clearing",)),
        lot("LOT-2", "AAPL", "equity", "Alder Prime",
            ((LotState.REUSABLE, d("7500")), (LotState.FREE, d("5000"))), "268.40", "0.25", 1),
        lot("LOT-3", "USD cash", "cash", "Birch Clearing",
            ((LotState.SEGREGATED, d("4000000")),), "1", "0", 0, ("Birch Clearing",)),
        lot("LOT-4", "USDC", "stablecoin", "Cobalt",
            ((LotState.IN_TRANSIT, d("400000")), (LotState.INELIGIBLE, d("500000"))),
            "1", "0.5", 0),
    )
    values: dict[LotState, Decimal] = {}
    for each in lots:
        for state, quantity in each.states:
            values[state] = values.get(state, d(0)) + quantity * each.market_value / each.quantity
    free = sum((each.free_value for each in lots), d(0))
    return CollateralReport("USD", lots, tuple(values.items()), free,
                            ((0, d("0")), (1, free), (2, free)), d("0.5432"))


def cascade() -> CascadeResult:
    names, factors = ("Meridian Macro LP", "risk parity", "market maker"), ("SPX", "UST10Y", "BTC")
    start = (6701.25, 110.5, 98250.0)
    moves = ((1, 1, 1), (0.92, 1.01, 0.82), (0.901, 1.004, 0.74), (0.893, 0.998, 0.701),
             (0.889, 0.997, 0.69), (0.888, 0.997, 0.688))
    steps = tuple(
        CascadeStep(number, tuple(p * m for p, m in zip(start, move, strict=True)),
                    (15e6 - 2e6 * number, 40e6 - 3e6 * number, 9e6),
                    (1.2e6 if number == 1 else 0.0, 3e6 if number == 2 else 0.0, 0.0),
                    (0.08 * number, 0.04 * number, 0.0),
                    (120.0 * number, 40.0 * number, 3.5 * number))
        for number, move in enumerate(moves))
    calls = (
        CascadeCall(1, names[0], d("13000000"), d("14200000"), d("1200000"), d("0.08"),
                    "free collateral 400,000, then sales"),
        CascadeCall(2, names[1], d("34000000"), d("37000000"), d("3000000"), d("0.08"), "sales"),
        CascadeCall(4, names[0], d("7000000"), d("7900000"), d("900000"), d("1"), "not met"),
    )
    return CascadeResult(
        "equilibrium", "2020-03-12 Covid A", factors, names, steps, d("5210400"), d("8113250.4"),
        d("1.557"), (names[0],), calls,
        ("SPX falls 8 % and BTC 18 % on the shock.",
         "Meridian Macro LP is called for 1,200,000 and sells 8 % of its book.",
         "The sale moves SPX by a further 1.9 %; risk parity cuts exposure and is called.",
         "Meridian Macro LP cannot meet its second call and is closed out."),
        (("quantity sold equals quantity bought", 1.2e-9),),
        ("Impact is square-root in the share of daily volume.",
         "No halts are modelled; every sale finds a buyer at the impacted price."))


def run() -> Run:
    rows = positions()
    alone = tuple(StandAlone(p.where, p.account_id,
                             None if p.where == "Positions!A8" else d("3000000") + number)
                  for number, p in enumerate(rows))
    return Run("0.1.0", "reference", date(2026, 11, 13), "USD", (InputFile("meridian.xlsx", "ab"),),
               (EditionUsed("FINRA 4210", "2026-06-04", date(2026, 6, 4), "finra.org"),),
               Book("Meridian Macro LP", date(2026, 11, 13), accounts(), rows), alone, silos(),
               outcomes(), collateral(), cascade(), ())
