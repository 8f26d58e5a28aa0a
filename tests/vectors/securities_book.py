"""A securities case as the workbook a user fills in: one account, its positions, its market."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tests.vectors.runner import Case

ACCOUNT = "A1"
TYPES = {"finra-4210-portfolio": "portfolio_margin"}
CLASSES = {"equity": "equity", "narrow": "narrow_index", "broad": "broad_index_high_cap",
           "volatility": "volatility_index"}
PRODUCTS = {"stock": "equity", "option": "listed_option"}
TERMS = ("expiry", "strike", "maturity", "rating", "fixed_rate", "currency", "notional",
         "spread_bp", "pay_receive", "reference_entity", "description", "exercise_style",
         "settlement")
SMALL_CAP_RANGE = -0.10
"""The lowest scan point that tells a broad index is not a high-capitalisation one."""


def write(case: Case, path: Path) -> None:
    """Write the case as a workbook in the template's words."""
    from openpyxl import Workbook

    made = Workbook()
    sheets = {"Accounts": [account(case)], "Positions": [*map(position, case["positions"])],
              "Market": market(case)}
    for name, rows in sheets.items():
        sheet = made.active if name == "Accounts" else made.create_sheet()
        sheet.title = name
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column) for column in columns])
    made.save(path)


def account(case: Case) -> dict[str, Any]:
    """Return the row of the only account; a stated balance is its cash."""
    balances: Mapping[str, Any] = case["market"]
    cash = balances.get("credit_balance", 0) - balances.get("debit_balance", 0)
    return {"account_id": ACCOUNT, "account_type": TYPES.get(case["regime"], "reg_t"),
            "currency": "USD", "cash": cash, "as_of": date.fromisoformat(case["as_of"])}


def position(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one row of the Positions sheet.

    Cases carry the trade price of shares in the price of the row, which is also what Regulation T
    wants to know of a short sale.
    """
    product = row["product"]
    said = {name: row[name] for name in TERMS if row.get(name) is not None}
    said |= {name: date.fromisoformat(said[name]) for name in ("expiry", "maturity")
             if name in said}
    option = product == "option"
    named = f"{row['symbol']} {row['expiry']} {row['strike']} {row['right']}" if option else row[
        "symbol"]
    sold = {"sale_price": row["price"]} if product == "stock" and row["quantity"] < 0 else {}
    more = {name: row[name] for name in ("marginable", "otc", "conversion_ratio") if name in row}
    return {"account_id": ACCOUNT, "symbol": named,
            "asset_class": PRODUCTS.get(product, product),
            "underlying": row.get("underlying", row["symbol"]),
            "quantity": row["quantity"], "price": row["price"],
            "multiplier": row.get("multiplier", 1), "put_call": row.get("right"), **said, **sold,
            **more}


def market(case: Case) -> list[dict[str, Any]]:
    """Return the rows of the Market sheet."""
    said: Mapping[str, Any] = case["market"]
    symbols = dict.fromkeys(row["symbol"] for row in case["positions"])
    one = said.get("underlying_price")
    prices: Mapping[str, Any] = said.get("underlying_prices") or {
        row["symbol"]: row["price"] if one is None else one
        for row in case["positions"] if row["symbol"] in symbols}
    return [{"symbol": symbol, "price": price, "underlying_class": class_of(said),
             "leverage": said.get("leverage", 1), "rate": said.get("rate"),
             "dividend_yield": said.get("dividend_yield"), "iv": said.get("iv")}
            for symbol, price in prices.items()]


def class_of(said: Mapping[str, Any]) -> str:
    """Return the class of the underlyings; the scan points tell the two broad classes apart."""
    kind = said.get("class", "equity")
    points = said.get("scan_points")
    if kind == "broad" and points and round(
            min(points) / said.get("leverage", 1), 6) == SMALL_CAP_RANGE:
        return "broad_index"
    return CLASSES.get(kind, kind)
