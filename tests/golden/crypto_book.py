"""The invented crypto sample: one BTC risk in every wrapper and silo that can hold it."""

from __future__ import annotations

import math
from datetime import date

import numpy as np

from tests.golden.make_books import (
    ACCOUNTS,
    AS_OF,
    COLLATERAL,
    LIENS,
    MARKET,
    POSITIONS,
    account,
    future,
    histories,
    market_rows,
    normal,
    option,
    stock,
    write,
)

SPOT, VOLATILITY = 77_080.0, 0.44
DECEMBER, FORWARD = date(2026, 12, 25), 77_655.0
NAME = "Northlight Digital Master Fund"


def coin_option(strike: float, right: str, quantity: float) -> dict:
    """An inverse option on the December future, premium in coin: Black-76 over the future."""
    deviation = VOLATILITY * math.sqrt((DECEMBER - AS_OF).days / 365)
    d1 = math.log(FORWARD / strike) / deviation + deviation / 2
    sign = 1 if right == "C" else -1
    value = sign * (FORWARD * normal(sign * d1) - strike * normal(sign * (d1 - deviation)))
    return {"account_id": "NL-DRB", "symbol": f"BTC-25DEC26-{strike:.0f}-{right}",
            "asset_class": "crypto_option", "underlying": "BTC", "quantity": quantity,
            "price": round(value / FORWARD, 4), "currency": "BTC", "multiplier": 1,
            "expiry": DECEMBER, "strike": strike, "put_call": right,
            "exercise_style": "european", "settlement": "inverse"}


def perpetual(identity: str, symbol: str, quantity: float, price: float, settlement: str,
              note: str) -> dict:
    return {"account_id": identity, "symbol": symbol, "asset_class": "perpetual",
            "underlying": "BTC", "quantity": quantity, "price": price, "multiplier": 1,
            "settlement": settlement, "description": note}


def crypto_fund() -> None:
    """Northlight: ETP and options, CME futures, a US perpetual, venue contracts, coins."""
    accounts = [
        account("NL-PM", NAME, "portfolio_margin", "Northgate Securities", -2_600_000),
        account("NL-FUT", NAME, "futures", "Calder Futures", 2_900_000, risk_profile="hrp"),
        account("NL-307", NAME, "foreign_futures", "Calder Futures", 450_000, venue="deribit"),
        account("NL-DRB", NAME, "crypto_venue", "Deribit", 0, venue="deribit"),
        account("NL-HL", NAME, "crypto_venue", "Hyperliquid", 600_000, venue="hyperliquid"),
        account("NL-SPOT", NAME, "crypto_spot", "Harbour Custody", 0),
    ]
    positions = [
        stock("NL-PM", "IBIT", 140_000, "etp"),
        option("NL-PM", "IBIT", "2027-01-15", 50, "C", -700),
        option("NL-PM", "IBIT", "2026-12-18", 38, "P", 500),
        future("NL-FUT", "BTCZ6", -12, 77_640, 5, "2026-12-25", "BTC"),
        perpetual("NL-FUT", "BTCPERP", -18, 77_120, "linear",
                  "perpetual of a US exchange, carried as a futures contract"),
        perpetual("NL-307", "BTC-PERPETUAL", 900_000, 77_105, "inverse",
                  "venue perpetual carried as foreign futures, size in USD"),
        perpetual("NL-DRB", "BTC-25DEC26", -1_200_000, FORWARD, "inverse",
                  "dated future, size in USD"),
        coin_option(90_000, "C", -25), coin_option(70_000, "P", -20),
        coin_option(60_000, "P", 20), coin_option(80_000, "C", 15),
        {"account_id": "NL-DRB", "symbol": "BTC", "asset_class": "crypto", "underlying": "BTC",
         "quantity": 14, "price": SPOT, "multiplier": 1},
        perpetual("NL-HL", "BTC-PERP", -9, 77_110, "linear", "size in coin"),
        {"account_id": "NL-SPOT", "symbol": "BTC", "asset_class": "crypto", "underlying": "BTC",
         "quantity": 42, "price": SPOT, "multiplier": 1},
        {"account_id": "NL-SPOT", "symbol": "USDC", "asset_class": "stablecoin",
         "underlying": "USDC", "quantity": 2_400_000, "price": 0.9998, "multiplier": 1},
    ]
    lots = [
        {"lot": "N1", "account_id": "NL-SPOT", "symbol": "BTC", "asset_class": "crypto",
         "quantity": 42, "price": SPOT, "currency": "USD", "haircut": 0.2,
         "custodian": "Harbour Custody"},
        {"lot": "N2", "account_id": "NL-SPOT", "symbol": "USDC", "asset_class": "stablecoin",
         "quantity": 2_400_000, "price": 0.9998, "currency": "USD",
         "custodian": "Harbour Custody"},
        {"lot": "N3", "account_id": "NL-DRB", "symbol": "BTC", "asset_class": "crypto",
         "quantity": 14, "price": SPOT, "currency": "USD", "haircut": 0.2, "custodian": "Deribit"},
    ]
    liens = [
        {"lot": "N1", "quantity": 10, "secured_party": "Calder Futures",
         "obligation": "futures margin", "type": "pledge", "seniority": 1, "reuse": 0,
         "release_lag": 1},
        {"lot": "N3", "quantity": 14, "secured_party": "Deribit",
         "obligation": "options margin", "type": "pledge", "seniority": 1, "reuse": 0},
    ]
    history = histories({"BTC": (SPOT, .45), "IBIT": (43.72, .46)},
                        np.array([[1, .97], [.97, 1]]), seed=26)
    write("northlight_crypto.xlsx", {
        "Accounts": (ACCOUNTS, accounts), "Positions": (POSITIONS, positions),
        "Market": (MARKET, market_rows(("BTC", "IBIT"))),
        "History": (["date", "BTC", "IBIT"], history),
        "Collateral": (COLLATERAL, lots), "Liens": (LIENS, liens)})


if __name__ == "__main__":
    crypto_fund()
