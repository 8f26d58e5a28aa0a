"""One tradable thing, as its contract describes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.base.vocabulary import AssetClass, Wrapper
from workstation.instruments.terms import (
    BondTerms,
    FutureTerms,
    OptionTerms,
    SwapTerms,
    Terms,
)

_WRAPPERS = {
    AssetClass.ETF: Wrapper.FUND,
    AssetClass.ETP: Wrapper.FUND,
    AssetClass.MUTUAL_FUND: Wrapper.FUND,
    AssetClass.MONEY_MARKET_FUND: Wrapper.FUND,
    AssetClass.CONVERTIBLE: Wrapper.BOND,
    AssetClass.CORPORATE_BOND: Wrapper.BOND,
    AssetClass.TREASURY: Wrapper.BOND,
    AssetClass.AGENCY: Wrapper.BOND,
    AssetClass.MUNICIPAL: Wrapper.BOND,
    AssetClass.LISTED_OPTION: Wrapper.LISTED_OPTION,
    AssetClass.FUTURE: Wrapper.FUTURE,
    AssetClass.SECURITY_FUTURE: Wrapper.FUTURE,
    AssetClass.FUTURE_OPTION: Wrapper.FUTURE_OPTION,
    AssetClass.CLEARED_SWAP: Wrapper.SWAP,
    AssetClass.SWAP: Wrapper.SWAP,
    AssetClass.FX_FORWARD: Wrapper.SWAP,
    AssetClass.CDS_INDEX: Wrapper.SWAP,
    AssetClass.CDS: Wrapper.SECURITY_BASED_SWAP,
    AssetClass.SECURITY_BASED_SWAP: Wrapper.SECURITY_BASED_SWAP,
    AssetClass.PERPETUAL: Wrapper.PERPETUAL,
    AssetClass.CRYPTO_OPTION: Wrapper.CRYPTO_OPTION,
    AssetClass.WRAPPED_TOKEN: Wrapper.TOKEN,
    AssetClass.TOKENISED_SECURITY: Wrapper.TOKEN,
    AssetClass.STABLECOIN: Wrapper.CASH,
    AssetClass.CASH: Wrapper.CASH,
}


@dataclass(frozen=True, slots=True)
class Instrument:
    """A security, contract, coin or currency.

    `multiplier` turns one unit of quantity times price into money (100 for a listed option, 50
    for ES, 0.01 for a bond quoted in percent of par, 1 for stock). `underlying` is the symbol
    whose market row prices it; instruments that have none name themselves.
    """

    symbol: str
    asset_class: AssetClass
    underlying: str
    currency: str = "USD"
    multiplier: Decimal = Decimal(1)
    terms: Terms | None = None
    description: str = ""

    @property
    def wrapper(self) -> Wrapper:
        """Return the legal form offsets are argued by."""
        return _WRAPPERS.get(self.asset_class, Wrapper.SPOT)

    @property
    def option(self) -> OptionTerms | None:
        """Return the option terms, if it is an option of any kind."""
        return self.terms if isinstance(self.terms, OptionTerms) else None

    @property
    def bond(self) -> BondTerms | None:
        """Return the bond terms, if it is a bond."""
        return self.terms if isinstance(self.terms, BondTerms) else None

    @property
    def expiry(self) -> date | None:
        """Return the date the contract ends, if it has one."""
        match self.terms:
            case OptionTerms(expiry=day) | FutureTerms(expiry=day):
                return day
            case BondTerms(maturity=day) | SwapTerms(maturity=day):
                return day
            case _:
                return None
