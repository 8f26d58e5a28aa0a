"""What stands beside a large book of securities, so that every regime has something to margin.

Coins, perpetuals and coin-settled options at venues, sensitivities of swaps, a cleared swap, a
default swap, collateral with liens, other participants, and two years of history.
"""

from datetime import date, timedelta

import numpy as np

from tests.benchmarks.simm import rows as crif_rows

AS_OF = date(2026, 11, 13)
FRIDAY = date(2026, 12, 25)
BTC, ETH = 77_080.0, 2_412.4
DAYS, SENSITIVITIES, LOTS = 520, 5_000, 300
ACCOUNTS = (
    ("SPOT", "crypto_spot", "Custody", "", 0), ("DRB", "crypto_venue", "Deribit", "deribit", 0),
    ("DRV", "crypto_venue", "Derive", "derive", 2_400_000),
    ("OKX", "crypto_venue", "OKX", "okx", 900_000),
    ("BIN", "crypto_venue", "Binance", "binance", 900_000),
    ("HYP", "crypto_venue", "Hyperliquid", "hyperliquid", 600_000),
    ("CBI", "crypto_venue", "Coinbase International", "coinbase-intl", 600_000),
    ("CSA", "uncleared_swaps", "Bank", "", 0), ("CLR", "cleared_swaps", "Clearer", "", 5_000_000),
    ("SBS", "sbs", "Dealer", "", 2_000_000))
POSITIONS = ("account_id", "symbol", "asset_class", "underlying", "quantity", "price", "multiplier",
             "expiry", "strike", "put_call", "exercise_style", "currency", "settlement", "maturity",
             "fixed_rate", "pay_receive", "notional", "reference_entity", "spread_bp")


def accounts():
    """Return the rows of the accounts beside the securities and futures ones."""
    return [(name, "Large book", kind, firm, "USD", cash, AS_OF, venue)
            for name, kind, firm, venue, cash in ACCOUNTS]


def positions():
    """Return the rows of what the venues and the swaps accounts hold."""
    spot = [("SPOT", "BTC", "crypto", "BTC", 42, BTC, 1),
            ("SPOT", "ETH", "crypto", "ETH", 900, ETH, 1),
            ("DRB", "BTC", "crypto", "BTC", 14, BTC, 1)]
    perpetuals = [
        (venue, f"{coin}-PERP", "perpetual", coin, size, price * 1.0004, 1, None, None, None, None,
         "USD", "linear")
        for venue in ("DRV", "OKX", "BIN", "HYP", "CBI")
        for coin, size, price in (("BTC", -9, BTC), ("ETH", 250, ETH))
        if coin == "BTC" or venue not in ("BIN", "CBI")]  # whose constants for ETH are not public
    options = [
        ("DRB", f"BTC-25DEC26-{strike}-{right}", "crypto_option", "BTC", size, mark, 1, FRIDAY,
         strike, right, "european", "BTC", "inverse")
        for strike, right, size, mark in (
            (60_000, "P", 20, 0.0022), (70_000, "P", -20, 0.0204), (80_000, "C", 15, 0.0465),
            (90_000, "C", -25, 0.0137))]
    dated = [("DRB", "BTC-25DEC26", "perpetual", "BTC", -1_200_000, 77_655.0, 1, None, None, None,
              None, "USD", "inverse")]
    blank = (None,) * 4
    swaps = [("CLR", "USD IRS 10Y", "cleared_swap", "USD-SOFR", 1, 0, 1, None, *blank, None,
              date(2036, 11, 13), 0.041, "pay", 50_000_000),
             ("SBS", "ACME 5Y", "cds", "ACME", 1, 0, 1, None, *blank, None, date(2031, 12, 20),
              0.01, "buy", 10_000_000, "ACME", 120)]
    return [*spot, *perpetuals, *options, *dated, *swaps]


def market():
    """Return the rows of the coins."""
    coins = (("BTC", BTC, 0.41, 310_000), ("ETH", ETH, 0.55, 4_000_000))
    return [(coin, price, "crypto", iv, 0.0375, 0.0, adv, iv, "crypto")
            for coin, price, iv, adv in coins]


def sheets(price, rng):
    """Return the sheets beside accounts, positions and market: history, CRIF, lots, agents."""
    every = {**price, "SPX": 6_722.75, "NDX": 24_880.0, "RUT": 2_391.0, "BTC": BTC, "ETH": ETH}
    return {"History": _history(every, rng), "CRIF": _crif(rng), **_collateral(price, rng),
            "Agents": (("agent", "archetype", "factor", "quantity", "cash", "leverage_limit"), [
                ("Index levered funds", "levered beta fund", "SPX", 5_200_000, -28_600_000_000, 7),
                ("Crypto perp longs", "crypto perp long", "BTC", 90_000, -5_900_000_000, 8)])}


def _history(every, rng):
    common = rng.normal(0, 0.009, DAYS)
    levels = {name: at * np.exp(np.cumsum((common + rng.normal(0, 0.012, DAYS))[::-1]))[::-1]
              for name, at in every.items()}
    days = [day for k in range(1, 2 * DAYS) if (day := AS_OF - timedelta(k)).weekday() < 5]
    for place, tenor in enumerate(("USD 2y", "USD 5y", "USD 10y", "USD 30y")):
        levels[tenor] = 0.037 + 0.001 * place + np.cumsum(rng.normal(0, 0.0004, DAYS))
    body = [(day, *(round(float(level[k]), 6) for level in levels.values()))
            for k, day in enumerate(days[:DAYS])]
    return ("date", *levels), body[::-1]


def _crif(rng):
    head = ("TradeID", "PortfolioID", "ProductClass", "RiskType", "Qualifier", "Bucket", "Label1",
            "Label2", "AmountCurrency", "Amount", "AmountUSD", "IMModel")
    numbered = [(*row[:9], float(row[9]), float(row[10]), row[11])
                for row in crif_rows(rng, SENSITIVITIES, "CSA")]
    return head, numbered


def _collateral(price, rng):
    head = ("lot", "account_id", "symbol", "asset_class", "quantity", "price", "currency",
            "haircut", "custodian", "segregation", "settlement_lag", "issuer")
    names = list(price)
    lots = [(f"L{n}", "RT" if n % 2 else "PM", names[n % len(names)], "equity",
             int(rng.integers(1, 9)) * 100, price[names[n % len(names)]], "USD", 0.25, "Firm",
             "", 1, "") for n in range(LOTS)]
    liens = [(f"L{n}", 100, "Firm", "margin loan", "pledge", 1, 0.5, "", "")
             for n in range(0, LOTS, 3)]
    return {"Collateral": (head, lots), "Liens": ((
        "lot", "quantity", "secured_party", "obligation", "type", "seniority", "reuse", "parent",
        "release_lag"), liens)}
