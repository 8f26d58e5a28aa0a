"""The columns of the canonical workbook, sheet by sheet, as `product` and template know them."""

from __future__ import annotations

from collections.abc import Mapping

SHEETS: Mapping[str, tuple[str, ...]] = {
    "Accounts": ("account_id", "account_name", "account_type", "firm", "currency", "cash",
                 "risk_profile", "venue", "programme", "as_of"),
    "Positions": ("account_id", "symbol", "asset_class", "underlying", "quantity", "price",
                  "currency", "multiplier", "expiry", "strike", "put_call", "exercise_style",
                  "settlement", "notional", "fixed_rate", "pay_receive", "maturity", "rating",
                  "reference_entity", "spread_bp", "description"),
    "Market": ("symbol", "price", "currency", "underlying_class", "leverage", "iv", "rate",
               "dividend_yield", "adv", "annual_volatility", "sector", "venue"),
    "Dividends": ("symbol", "ex_date", "amount"),
    "History": ("date",),
    "Collateral": ("lot", "account_id", "symbol", "asset_class", "quantity", "price", "currency",
                   "haircut", "custodian", "segregation", "settlement_lag", "issuer"),
    "Liens": ("lot", "quantity", "secured_party", "obligation", "type", "seniority", "reuse",
              "parent", "release_lag"),
    "CRIF": ("TradeID", "PortfolioID", "ProductClass", "RiskType", "Qualifier", "Bucket", "Label1",
             "Label2", "Amount", "AmountCurrency", "AmountUSD", "CollectRegulations",
             "PostRegulations", "IMModel", "EndDate"),
    "Agents": ("agent", "archetype", "factor", "quantity", "cash", "leverage_limit"),
}
EXCLUDED = ("where", "what", "remedy", "account_id")
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "nan_inf_to_errors": False}
"""Options that keep a workbook writer from turning client text into formulas or links."""
