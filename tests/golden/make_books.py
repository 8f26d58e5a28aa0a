"""Write the invented sample clients into resources/books: `python -m tests.golden.make_books`.

Names are invented and so are prices (plausible for November 2026); options are priced by
Black-Scholes-Merton from the volatilities below, so that the books are consistent. Histories are
simulated with a fixed seed. Nothing here describes a real client or a real market.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

BOOKS = Path(__file__).resolve().parents[2] / "resources" / "books"
AS_OF = date(2026, 11, 13)
RATE = 0.0375
ABOUT = ("Invented sample client. Names, positions, prices and histories are made up; "
         "nothing here describes a real client or a real market.")
ACCOUNTS = [
    "account_id", "account_name", "account_type", "firm", "currency", "cash", "risk_profile",
    "venue", "programme", "as_of",
]
POSITIONS = [
    "account_id", "symbol", "asset_class", "underlying", "quantity", "price", "currency",
    "multiplier", "expiry", "strike", "put_call", "exercise_style", "settlement", "maturity",
    "fixed_rate", "rating", "description",
]
MARKET = [
    "symbol", "price", "currency", "underlying_class", "leverage", "iv", "rate", "dividend_yield",
    "adv", "annual_volatility", "sector", "venue",
]
COLLATERAL = [
    "lot", "account_id", "symbol", "asset_class", "quantity", "price", "currency", "haircut",
    "custodian", "segregation", "settlement_lag", "issuer",
]
LIENS = [
    "lot", "quantity", "secured_party", "obligation", "type", "seniority", "reuse", "parent",
    "release_lag",
]
AGENTS = [
    "agent", "archetype", "factor", "quantity", "cash", "leverage_limit",
]

# symbol: price, class, iv, dividend yield, average daily volume, sector
UNDERLYINGS = {
    "SPX": (6710.0, "broad_index_high_cap", 0.158, 0.0125, 4.2e7, "index"),
    "SPY": (669.2, "broad_index_high_cap", 0.158, 0.0125, 7.6e7, "index"),
    "QQQ": (612.4, "broad_index", 0.205, 0.0055, 4.4e7, "index"),
    "BTC": (77080.0, "crypto", 0.41, 0.0, 3.1e5, "crypto"),
    "ETH": (2411.0, "crypto", 0.56, 0.0, 7.5e6, "crypto"),
    "IBIT": (43.72, "equity", 0.42, 0.0, 5.2e7, "crypto ETP"),
    "UST-10Y": (98.40, "interest_rate", 0.065, 0.0, 2.0e9, "rates"),
    "AAPL": (268.4, "equity", 0.262, 0.0038, 5.1e7, "technology"),
    "MSFT": (412.6, "equity", 0.245, 0.0081, 2.3e7, "technology"),
    "NVDA": (190.1, "equity", 0.428, 0.0002, 1.8e8, "technology"),
    "AMD": (168.3, "equity", 0.465, 0.0, 4.6e7, "technology"),
    "JPM": (301.5, "equity", 0.238, 0.0192, 9.8e6, "financials"),
    "BAC": (51.2, "equity", 0.262, 0.0218, 3.9e7, "financials"),
    "XOM": (118.7, "equity", 0.225, 0.0341, 1.6e7, "energy"),
    "KO": (71.3, "equity", 0.162, 0.0288, 1.4e7, "staples"),
    "PEP": (148.9, "equity", 0.191, 0.0372, 7.1e6, "staples"),
    "F": (11.9, "equity", 0.338, 0.0502, 6.6e7, "autos"),
    "TSLA": (402.1, "equity", 0.545, 0.0, 8.1e7, "autos"),
    "PLUG": (2.35, "equity", 0.92, 0.0, 9.0e7, "energy"),
    "TLT": (88.6, "sector_etf", 0.142, 0.041, 3.3e7, "rates"),
    "XLF": (53.8, "sector_etf", 0.186, 0.014, 3.7e7, "financials"),
}


def option(account: str, root: str, expiry: str, strike: float, right: str, quantity: int,
           *, style: str = "american", symbol: str | None = None) -> dict:
    price, _, iv, dividend, _, _ = UNDERLYINGS[root]
    day = date.fromisoformat(expiry)
    name = symbol or f"{root:<6}{day:%y%m%d}{right}{round(strike * 1000):08d}"
    return {
        "account_id": account, "symbol": name, "asset_class": "listed_option",
        "underlying": root, "quantity": quantity,
        "price": round(bsm(price, strike, (day - AS_OF).days / 365, iv, dividend, right), 2),
        "multiplier": 100, "expiry": day, "strike": strike, "put_call": right,
        "exercise_style": style, "settlement": "cash" if root == "SPX" else "physical",
    }


def bsm(spot: float, strike: float, years: float, iv: float, dividend: float, right: str) -> float:
    deviation = iv * math.sqrt(years)
    d1 = (math.log(spot / strike) + (RATE - dividend) * years) / deviation + deviation / 2
    call = (spot * math.exp(-dividend * years) * normal(d1)
            - strike * math.exp(-RATE * years) * normal(d1 - deviation))
    if right == "C":
        return call
    return call - spot * math.exp(-dividend * years) + strike * math.exp(-RATE * years)


def normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def stock(account: str, symbol: str, quantity: int, kind: str = "equity") -> dict:
    return {"account_id": account, "symbol": symbol, "asset_class": kind, "underlying": symbol,
            "quantity": quantity, "price": UNDERLYINGS[symbol][0], "multiplier": 1}


def future(account: str, symbol: str, quantity: int, price: float, multiplier: float,
           expiry: str, underlying: str) -> dict:
    return {"account_id": account, "symbol": symbol, "asset_class": "future",
            "underlying": underlying, "quantity": quantity, "price": price,
            "multiplier": multiplier, "expiry": date.fromisoformat(expiry)}


def market_rows(symbols: tuple[str, ...]) -> list[dict]:
    rows = []
    for symbol in symbols:
        price, kind, iv, dividend, adv, sector = UNDERLYINGS[symbol]
        rows.append({"symbol": symbol, "price": price, "underlying_class": kind, "leverage": 1,
                     "iv": iv, "rate": RATE, "dividend_yield": dividend, "adv": adv,
                     "annual_volatility": round(iv * 0.95, 4), "sector": sector})
    return rows


def account(identity: str, name: str, kind: str, firm: str, cash: float, **more: str) -> dict:
    return {"account_id": identity, "account_name": name, "account_type": kind, "firm": firm,
            "currency": "USD", "cash": cash, "as_of": AS_OF, **more}


def histories(factors: dict[str, tuple[float, float]], correlation: np.ndarray,
              days: int = 520, seed: int = 20261113) -> list[dict]:
    """Simulated levels ending at today's price; factors: last level, annual volatility."""
    draws = np.random.default_rng(seed).standard_normal((days, len(factors)))
    steps = draws @ np.linalg.cholesky(correlation).T
    rows, day, dates = [], AS_OF, []
    while len(dates) < days:
        if day.weekday() < 5:
            dates.append(day)
        day -= timedelta(days=1)
    paths = {}
    for column, (name, (last, volatility)) in enumerate(factors.items()):
        path = np.exp(np.cumsum(steps[:, column] * volatility / math.sqrt(252)))
        paths[name] = np.round(path * last / path[-1], 6)
    for index, when in enumerate(reversed(dates)):
        rows.append({"date": when, **{name: float(path[index]) for name, path in paths.items()}})
    return rows


def write(name: str, sheets: dict[str, tuple[list[str], list[dict]]]) -> None:
    import xlsxwriter

    workbook = xlsxwriter.Workbook(BOOKS / name)
    workbook.set_properties({"title": name, "comments": ABOUT,
                             "created": datetime(2026, 11, 13, 16, 0)})
    head = workbook.add_format({"bold": True, "bottom": 1})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for title, (columns, rows) in sheets.items():
        sheet = workbook.add_worksheet(title)
        sheet.freeze_panes(1, 1)
        for column, heading in enumerate(columns):
            sheet.write_string(0, column, heading, head)
            sheet.set_column(column, column, max(11, len(heading) + 2))
        for row, record in enumerate(rows, start=1):
            for column, heading in enumerate(columns):
                value = record.get(heading)
                if isinstance(value, date):
                    sheet.write_datetime(row, column, datetime(*value.timetuple()[:3]), day)
                elif isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif value is not None:
                    sheet.write_number(row, column, value)
    about = workbook.add_worksheet("About")
    about.write_string(0, 0, ABOUT)
    workbook.close()


def macro_fund() -> None:
    """Meridian Macro: one BTC risk in four wrappers, one index risk in three."""
    accounts = [
        account("MM-PM", "Meridian Macro LP", "portfolio_margin", "Northgate Securities",
                -21_000_000),
        account("MM-RT", "Meridian Macro LP", "reg_t", "Northgate Securities",
                -9_000_000),
        account("MM-FUT", "Meridian Macro LP", "futures", "Calder Futures", 5_900_000,
                risk_profile="hrp"),
        account("MM-DRV", "Meridian Macro LP", "crypto_venue", "Derive", 2_400_000,
                venue="derive"),
        account("MM-SPOT", "Meridian Macro LP", "crypto_spot", "Harbour Custody", 0),
    ]
    positions = [
        stock("MM-PM", "SPY", 24_000, "etf"),
        option("MM-PM", "SPX", "2026-12-18", 6400, "P", 60, style="european"),
        option("MM-PM", "SPX", "2026-12-18", 6000, "P", -60, style="european"),
        option("MM-PM", "SPX", "2027-01-15", 7000, "C", -40, style="european"),
        stock("MM-PM", "IBIT", 180_000, "etp"),
        option("MM-PM", "IBIT", "2027-01-15", 50, "C", -900),
        option("MM-PM", "IBIT", "2027-01-15", 38, "P", 600),
        {"account_id": "MM-RT", "symbol": "T 4.125 11/15/36", "asset_class": "treasury",
         "underlying": "UST-10Y", "quantity": 12_000_000, "price": 98.40, "multiplier": 0.01,
         "maturity": date(2036, 11, 15), "fixed_rate": 0.04125, "rating": "AA+",
         "description": "US Treasury note, quantity is principal"},
        stock("MM-RT", "TLT", -15_000, "etf"),
        future("MM-FUT", "ESZ6", -30, 6722.75, 50, "2026-12-18", "SPX"),
        future("MM-FUT", "ZNZ6", -95, 112.515625, 1000, "2026-12-21", "UST-10Y"),
        future("MM-FUT", "BTCZ6", -14, 77640, 5, "2026-12-25", "BTC"),
        {"account_id": "MM-DRV", "symbol": "BTC-PERP", "asset_class": "perpetual",
         "underlying": "BTC", "quantity": -22.5, "price": 77110, "multiplier": 1,
         "settlement": "linear"},
        {"account_id": "MM-DRV", "symbol": "ETH-PERP", "asset_class": "perpetual",
         "underlying": "ETH", "quantity": 410, "price": 2412.4, "multiplier": 1,
         "settlement": "linear"},
        {"account_id": "MM-SPOT", "symbol": "BTC", "asset_class": "crypto", "underlying": "BTC",
         "quantity": 31.25, "price": 77080, "multiplier": 1},
        {"account_id": "MM-SPOT", "symbol": "USDC", "asset_class": "stablecoin",
         "underlying": "USDC", "quantity": 1_850_000, "price": 0.9998, "multiplier": 1},
    ]
    lots = [
        {"lot": "L1", "account_id": "MM-RT", "symbol": "T 4.125 11/15/36",
         "asset_class": "treasury", "quantity": 12_000_000, "price": 0.984, "haircut": 0.04,
         "custodian": "Northgate Securities", "settlement_lag": 1, "issuer": "US Treasury"},
        {"lot": "L2", "account_id": "MM-PM", "symbol": "SPY", "asset_class": "etf",
         "quantity": 24_000, "price": 669.2, "haircut": 0.15,
         "custodian": "Northgate Securities", "settlement_lag": 1},
        {"lot": "L3", "account_id": "MM-FUT", "symbol": "B 0 03/18/27",
         "asset_class": "treasury", "quantity": 4_000_000, "price": 0.9876,
         "custodian": "Calder Futures", "settlement_lag": 0, "issuer": "US Treasury"},
        {"lot": "L4", "account_id": "MM-SPOT", "symbol": "BTC", "asset_class": "crypto",
         "quantity": 31.25, "price": 77080, "haircut": 0.2, "custodian": "Harbour Custody"},
        {"lot": "L5", "account_id": "MM-SPOT", "symbol": "USDC", "asset_class": "stablecoin",
         "quantity": 1_850_000, "price": 0.9998, "custodian": "Harbour Custody"},
        {"lot": "L6", "account_id": "MM-RT", "symbol": "USD", "asset_class": "cash",
         "quantity": 650_000, "price": 1, "haircut": 0, "custodian": "Northgate Securities",
         "segregation": "in transit", "settlement_lag": 1},
    ]
    for lot in lots:
        lot.setdefault("currency", "USD")
    liens = [
        {"lot": "L1", "quantity": 7_500_000, "secured_party": "Northgate Securities",
         "obligation": "margin loan MM-PM", "type": "pledge", "seniority": 1, "reuse": 1.0},
        {"lot": "L1", "quantity": 5_000_000, "secured_party": "Bank of Carrow",
         "obligation": "repo", "type": "pledge", "seniority": 1, "reuse": 0,
         "parent": "Northgate Securities", "release_lag": 2},
        {"lot": "L2", "quantity": 16_000, "secured_party": "Northgate Securities",
         "obligation": "margin loan MM-PM", "type": "pledge", "seniority": 1, "reuse": 0.6},
        {"lot": "L3", "quantity": 4_000_000, "secured_party": "Calder Futures",
         "obligation": "futures margin", "type": "seg_lock", "seniority": 1, "reuse": 0},
        {"lot": "L4", "quantity": 12.5, "secured_party": "Derive",
         "obligation": "perpetual margin", "type": "pledge", "seniority": 1, "reuse": 0,
         "release_lag": 1},
    ]
    agents = [
        {"agent": "Index levered funds", "archetype": "levered beta fund", "factor": "SPX",
         "quantity": 5_200_000, "cash": -28.6e9, "leverage_limit": 7},
        {"agent": "Crypto perp longs", "archetype": "crypto perp long", "factor": "BTC",
         "quantity": 90_000, "cash": -5.9e9, "leverage_limit": 8},
        {"agent": "Treasury basis funds", "archetype": "basis trader", "factor": "UST-10Y",
         "quantity": 220_000_000, "cash": -20.9e9, "leverage_limit": 40},
    ]
    correlation = np.array([[1, .35, .33, .05], [.35, 1, .86, .02],
                            [.33, .86, 1, .0], [.05, .02, .0, 1]])
    history = histories({"SPX": (6710.0, .16), "BTC": (77080.0, .45), "ETH": (2411.0, .62),
                         "UST-10Y": (98.40, .065)}, correlation)
    symbols = ("SPX", "SPY", "BTC", "ETH", "IBIT", "UST-10Y", "TLT")
    write("meridian_macro.xlsx", {
        "Accounts": (ACCOUNTS, accounts), "Positions": (POSITIONS, positions),
        "Market": (MARKET, market_rows(symbols)),
        "History": (["date", "SPX", "BTC", "ETH", "UST-10Y"], history),
        "Collateral": (COLLATERAL, lots), "Liens": (LIENS, liens), "Agents": (AGENTS, agents)})


def equity_long_short() -> None:
    """Harrow: long and short stock beside listed options, at two desks of one broker."""
    accounts = [
        account("HL-RT", "Harrow Long Short Fund", "reg_t", "Northgate Securities", 9_800_000),
        account("HL-PM", "Harrow Long Short Fund", "portfolio_margin", "Northgate Securities",
                7_400_000),
    ]
    positions = [
        stock("HL-RT", "AAPL", 42_000), stock("HL-RT", "MSFT", 18_500),
        stock("HL-RT", "JPM", 21_000), stock("HL-RT", "KO", 60_000),
        stock("HL-RT", "PEP", -24_000), stock("HL-RT", "TSLA", -9_000),
        stock("HL-RT", "F", -180_000), stock("HL-RT", "PLUG", -250_000),
        option("HL-RT", "AAPL", "2026-12-18", 280, "C", -200),
        option("HL-RT", "TSLA", "2026-12-18", 430, "C", 90),
        option("HL-RT", "JPM", "2027-01-15", 290, "P", 150),
        option("HL-RT", "JPM", "2027-01-15", 270, "P", -150),
        option("HL-RT", "XOM", "2026-12-18", 110, "P", -120),
        stock("HL-PM", "NVDA", 55_000), stock("HL-PM", "AMD", -48_000),
        stock("HL-PM", "XLF", 70_000, "etf"), stock("HL-PM", "BAC", -60_000),
        stock("HL-PM", "QQQ", -9_000, "etf"),
        option("HL-PM", "NVDA", "2026-12-18", 175, "P", 300),
        option("HL-PM", "NVDA", "2026-12-18", 215, "C", -300),
        option("HL-PM", "AMD", "2027-01-15", 190, "C", 250),
        option("HL-PM", "SPX", "2026-12-18", 6500, "P", 30, style="european"),
    ]
    symbols = tuple(dict.fromkeys(p["underlying"] for p in positions))
    lots = [
        {"lot": "H1", "account_id": "HL-RT", "symbol": "AAPL", "asset_class": "equity",
         "quantity": 42_000, "price": 268.4, "currency": "USD", "haircut": 0.25,
         "custodian": "Northgate Securities", "settlement_lag": 1},
        {"lot": "H2", "account_id": "HL-PM", "symbol": "NVDA", "asset_class": "equity",
         "quantity": 55_000, "price": 190.1, "currency": "USD", "haircut": 0.25,
         "custodian": "Northgate Securities", "settlement_lag": 1},
    ]
    liens = [
        {"lot": "H2", "quantity": 22_000, "secured_party": "Northgate Securities",
         "obligation": "margin loan HL-PM", "type": "pledge", "seniority": 1, "reuse": 1.0},
    ]
    agents = [
        {"agent": "Crowded technology longs", "archetype": "levered beta fund",
         "factor": "NVDA", "quantity": 9_500_000, "cash": -1.45e9, "leverage_limit": 6},
        {"agent": "Crowded technology longs", "archetype": "levered beta fund",
         "factor": "AAPL", "quantity": 4_000_000, "cash": -0.9e9, "leverage_limit": 6},
    ]
    names = ("AAPL", "NVDA", "AMD", "JPM", "XLF", "SPX")
    correlation = np.full((6, 6), .55) + .45 * np.eye(6)
    correlation[1, 2] = correlation[2, 1] = .78
    correlation[3, 4] = correlation[4, 3] = .84
    history = histories({n: (UNDERLYINGS[n][0], UNDERLYINGS[n][2] * .95) for n in names},
                        correlation, seed=41)
    write("harrow_long_short.xlsx", {
        "Accounts": (ACCOUNTS, accounts), "Positions": (POSITIONS, positions),
        "Market": (MARKET, market_rows(symbols)), "History": (["date", *names], history),
        "Collateral": (COLLATERAL, lots), "Liens": (LIENS, liens), "Agents": (AGENTS, agents)})


def income_book() -> None:
    """Larkfield: stock with covered calls, a collar, and cash-secured puts, one account."""
    accounts = [account("LK-1", "Larkfield Income Partners", "reg_t", "Northgate Securities",
                        620_000)]
    positions = [
        stock("LK-1", "KO", 20_000), option("LK-1", "KO", "2027-01-15", 75, "C", -200),
        stock("LK-1", "XOM", 12_000), option("LK-1", "XOM", "2026-12-18", 125, "C", -120),
        stock("LK-1", "JPM", 5_000), option("LK-1", "JPM", "2027-01-15", 280, "P", 50),
        option("LK-1", "JPM", "2027-01-15", 325, "C", -50),
        stock("LK-1", "BAC", 15_000), option("LK-1", "BAC", "2026-12-18", 48, "P", 150),
        option("LK-1", "PEP", "2026-12-18", 140, "P", -30),
        option("LK-1", "MSFT", "2027-09-17", 400, "C", 25),
        stock("LK-1", "F", 30_000), option("LK-1", "F", "2026-12-18", 13, "C", -300),
    ]
    symbols = tuple(dict.fromkeys(p["underlying"] for p in positions))
    write("larkfield_income.xlsx", {
        "Accounts": (ACCOUNTS, accounts), "Positions": (POSITIONS, positions),
        "Market": (MARKET, market_rows(symbols))})


if __name__ == "__main__":
    from tests.golden.crypto_book import crypto_fund

    BOOKS.mkdir(parents=True, exist_ok=True)
    macro_fund()
    equity_long_short()
    income_book()
    crypto_fund()
