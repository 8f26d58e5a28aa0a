"""Accounts as the client reported them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.base.vocabulary import AccountType


@dataclass(frozen=True, slots=True)
class Account:
    """One account: who carries it, under which regime, and its cash (debit is negative)."""

    account_id: str
    account_type: AccountType
    name: str = ""
    firm: str = ""
    currency: str = "USD"
    cash: Decimal = Decimal(0)
    risk_profile: str = ""
    venue: str = ""
    programme: str = ""
    as_of: date | None = None
    other_cash: tuple[tuple[str, Decimal], ...] = ()
    """Cash in further currencies: (currency, amount)."""
    where: str = ""
    assumed_type: bool = False
    """True when the file named no account type and the importer chose one (and said so)."""
    cash_stated: bool = True
    """False when the file says nothing of the account's cash; `cash` is then 0 for want of it."""
