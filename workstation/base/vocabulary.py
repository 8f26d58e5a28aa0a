"""The vocabularies of the position workbook."""

from __future__ import annotations

from enum import StrEnum

BASE = "base"
"""The branch that is the book as imported and edited, which no what-if changes."""


class AssetClass(StrEnum):
    """What a position is, in the words of the `asset_class` column."""

    EQUITY = "equity"
    ETF = "etf"
    ETP = "etp"
    CONVERTIBLE = "convertible"
    CORPORATE_BOND = "corporate_bond"
    TREASURY = "treasury"
    AGENCY = "agency"
    MUNICIPAL = "municipal"
    MUTUAL_FUND = "mutual_fund"
    MONEY_MARKET_FUND = "money_market_fund"
    LISTED_OPTION = "listed_option"
    FUTURE = "future"
    FUTURE_OPTION = "future_option"
    SECURITY_FUTURE = "security_future"
    CLEARED_SWAP = "cleared_swap"
    SWAP = "swap"
    SECURITY_BASED_SWAP = "security_based_swap"
    CDS = "cds"
    CDS_INDEX = "cds_index"
    FX_FORWARD = "fx_forward"
    PERPETUAL = "perpetual"
    CRYPTO = "crypto"
    CRYPTO_OPTION = "crypto_option"
    STABLECOIN = "stablecoin"
    WRAPPED_TOKEN = "wrapped_token"
    TOKENISED_SECURITY = "tokenised_security"
    CASH = "cash"


class UnderlyingClass(StrEnum):
    """How rulebooks class an underlying, in the words of the `underlying_class` column."""

    BROAD_INDEX_HIGH_CAP = "broad_index_high_cap"
    BROAD_INDEX = "broad_index"
    NARROW_INDEX = "narrow_index"
    EQUITY = "equity"
    SECTOR_ETF = "sector_etf"
    VOLATILITY_INDEX = "volatility_index"
    INTEREST_RATE = "interest_rate"
    TREASURY_NOTE = "treasury_note"
    TREASURY_BOND = "treasury_bond"
    OTHER_GOVERNMENT = "other_government"
    CORPORATE_DEBT = "corporate_debt"
    CURRENCY = "currency"
    COMMODITY = "commodity"
    CRYPTO = "crypto"


class AccountType(StrEnum):
    """Where an account stands in law, in the words of the `account_type` column."""

    REG_T = "reg_t"
    PORTFOLIO_MARGIN = "portfolio_margin"
    FUTURES = "futures"
    FOREIGN_FUTURES = "foreign_futures"
    CLEARED_SWAPS = "cleared_swaps"
    UNCLEARED_SWAPS = "uncleared_swaps"
    SBS = "sbs"
    CRYPTO_SPOT = "crypto_spot"
    CRYPTO_VENUE = "crypto_venue"
    CROSS_MARGIN = "cross_margin"


class Wrapper(StrEnum):
    """The legal form in which an underlying is held; offsets are argued wrapper by wrapper."""

    SPOT = "spot"
    FUND = "fund"
    LISTED_OPTION = "listed option"
    FUTURE = "future"
    FUTURE_OPTION = "option on future"
    SWAP = "swap"
    SECURITY_BASED_SWAP = "security-based swap"
    PERPETUAL = "perpetual"
    CRYPTO_OPTION = "crypto option"
    TOKEN = "token"
    BOND = "bond"
    CASH = "cash"
