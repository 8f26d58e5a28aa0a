"""The silos of today's law, in the words charts and tables share."""

from __future__ import annotations

from enum import StrEnum

from workstation.base.vocabulary import AccountType


class Silo(StrEnum):
    """The body of law an account stands under."""

    SECURITIES = "securities"
    FUTURES = "futures"
    SWAPS = "swaps"
    SECURITY_BASED_SWAPS = "security-based swaps"
    CRYPTO = "crypto"
    PROGRAMMES = "programmes"


_SILOS = {
    AccountType.REG_T: Silo.SECURITIES,
    AccountType.PORTFOLIO_MARGIN: Silo.SECURITIES,
    AccountType.FUTURES: Silo.FUTURES,
    AccountType.FOREIGN_FUTURES: Silo.FUTURES,
    AccountType.CLEARED_SWAPS: Silo.SWAPS,
    AccountType.UNCLEARED_SWAPS: Silo.SWAPS,
    AccountType.SBS: Silo.SECURITY_BASED_SWAPS,
    AccountType.CRYPTO_SPOT: Silo.CRYPTO,
    AccountType.CRYPTO_VENUE: Silo.CRYPTO,
    AccountType.CROSS_MARGIN: Silo.PROGRAMMES,
}


def silo_of(account_type: AccountType) -> Silo:
    """Return the silo an account type belongs to."""
    return _SILOS[account_type]
