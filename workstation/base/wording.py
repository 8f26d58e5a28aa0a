"""The codes of files and documents in the words of the field, as paper and screens print them.

JSON documents and position files keep the codes; whatever a person reads goes through here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass

Code = TypeVar("Code", bound=str)

ACCOUNT_TYPES: Mapping[AccountType, str] = {
    AccountType.REG_T: "Regulation T margin",
    AccountType.PORTFOLIO_MARGIN: "portfolio margin",
    AccountType.FUTURES: "futures",
    AccountType.FOREIGN_FUTURES: "foreign futures",
    AccountType.CLEARED_SWAPS: "cleared swaps",
    AccountType.UNCLEARED_SWAPS: "uncleared swaps",
    AccountType.SBS: "security-based swaps",
    AccountType.CRYPTO_SPOT: "crypto spot",
    AccountType.CRYPTO_VENUE: "crypto venue",
    AccountType.CROSS_MARGIN: "cross-margin programme",
}
ASSET_CLASSES: Mapping[AssetClass, str] = {
    AssetClass.ETF: "ETF",
    AssetClass.ETP: "ETP",
    AssetClass.TREASURY: "Treasury",
    AssetClass.FUTURE_OPTION: "option on future",
    AssetClass.SECURITY_BASED_SWAP: "security-based swap",
    AssetClass.CDS: "CDS",
    AssetClass.CDS_INDEX: "CDS index",
    AssetClass.FX_FORWARD: "FX forward",
}
UNDERLYING_CLASSES: Mapping[UnderlyingClass, str] = {
    UnderlyingClass.BROAD_INDEX_HIGH_CAP: "high-capitalisation broad index",
    UnderlyingClass.SECTOR_ETF: "sector ETF",
    UnderlyingClass.TREASURY_NOTE: "Treasury note",
    UnderlyingClass.TREASURY_BOND: "Treasury bond",
    UnderlyingClass.OTHER_GOVERNMENT: "other government debt",
}
REGIMES: Mapping[str, str] = {
    "silos": "each account's own rulebook",
    "harmonised": "harmonised design",
    "none": "no rulebook",
    "reg-t": "Regulation T",
    "finra-4210-strategy": "FINRA 4210 strategies",
    "finra-4210-portfolio": "FINRA 4210 portfolio",
    "rbh-15c3-1a": "Rule 15c3-1a haircuts",
    "sbs-18a-3": "Rule 18a-3",
    "ice-cds": "ICE CDS programme",
    "span": "exchange margin",
    "cleared-swaps-var": "cleared swaps VaR",
    "simm": "sensitivity-based",
    "schedule": "regulatory schedule",
    "crypto-spot": "coins held outright",
    "derive-pmrm-v2": "Derive PMRM v2",
    "deribit-pm": "Deribit portfolio",
    "okx-pm": "OKX portfolio",
    "binance-pm": "Binance portfolio",
    "hyperliquid": "Hyperliquid",
    "coinbase-intl": "Coinbase International",
}

MADE: Mapping[str, str] = {"leaf": "", "sum": "sum", "max": "greatest", "min": "least"}


def account_type_words(code: str) -> str:
    """Return an account type as the field says it."""
    return _said(ACCOUNT_TYPES, code)


def asset_class_words(code: str) -> str:
    """Return an asset class as the field says it."""
    return _said(ASSET_CLASSES, code)


def underlying_class_words(code: str) -> str:
    """Return the class of an underlying as the field says it."""
    return _said(UNDERLYING_CLASSES, code)


def regime_words(code: str) -> str:
    """Return a rulebook by its name in the field; a design's name stays what it is."""
    return REGIMES.get(code, code)


def made_words(combine: str, binding: str = "") -> str:
    """Return how a line of an explanation is made, and whether it decides the line above it."""
    made = MADE.get(combine, combine)
    return "; ".join(filter(None, (made, binding)))


def spaced(code: str) -> str:
    """Return a code whose words are joined by underscores as plain words."""
    return str(code).replace("_", " ")


def _said(names: Mapping[Code, str], code: str) -> str:
    return next((said for key, said in names.items() if key == code), spaced(code))
