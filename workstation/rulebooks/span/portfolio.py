"""Positions as SPAN-style position files state them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.book.book import Exclusion

MEMBER, HEDGER, SPECULATOR = "member", "NHRP", "HRP"
OMNIBUS_CODES, HOUSE_TYPES = frozenset({"O", "Q"}), frozenset({"F", "FIRM", "HOUSE"})
_CLASSES = {
    "M": MEMBER, "MEMBER": MEMBER, "F": MEMBER, "FIRM": MEMBER, "HOUSE": MEMBER,
    "H": HEDGER, "NHRP": HEDGER, "X": HEDGER, "Q": HEDGER, "HEDGER": HEDGER, "HEDGE": HEDGER,
    "NON_HRP": HEDGER,
    "S": SPECULATOR, "HRP": SPECULATOR, "R": SPECULATOR, "O": SPECULATOR, "SPEC": SPECULATOR,
    "SPECULATOR": SPECULATOR,
}


def is_house(code: str) -> bool:
    """Say whether an account type is that of the firm's own money."""
    return code.strip().upper() in HOUSE_TYPES


def is_omnibus(code: str) -> bool:
    """Say whether an account carries several customers' positions, gross."""
    return code.strip().upper() in OMNIBUS_CODES


def account_class(code: str) -> str | None:
    """Return member, NHRP (hedger) or HRP (speculator) for an account type; None if unknown."""
    return _CLASSES.get(code.strip().upper())


@dataclass(frozen=True, slots=True)
class SpanPosition:
    """Contracts held in one series; empty organisation, exchange and commodity are looked up.

    `month` and `underlying_month` carry day or week codes (202607W3); `quantity` is signed.
    """

    family: str
    month: str
    quantity: Decimal
    kind: str = ""
    right: str = ""
    strike: Decimal | None = None
    underlying_month: str = ""
    exchange: str = ""
    organisation: str = ""
    commodity: str = ""
    where: str = ""

    @property
    def contract(self) -> tuple[object, ...]:
        """Return what a contract is found by, the same for every holding of it."""
        return (self.organisation, self.exchange, self.family, self.kind, self.month,
                self.underlying_month, self.right, self.strike)

    @property
    def label(self) -> str:
        """Name the contract."""
        option = f" {self.right} {self.strike.normalize():f}" if self.strike is not None else ""
        return f"{self.family} {self.month}{option}"


@dataclass(frozen=True, slots=True)
class Portfolio:
    """One account: its class, its money, and what it holds."""

    account_id: str
    account_class: str
    positions: tuple[SpanPosition, ...]
    code: str = ""
    currency: str = "USD"
    customer: bool = True
    omnibus: bool = False
    firm: str = ""
    segregation: str = ""
    ledger: Decimal = Decimal(0)
    open_trade_equity: Decimal = Decimal(0)
    securities: Decimal = Decimal(0)
    where: str = ""
    rejected: tuple[Exclusion, ...] = ()
    """Lines of the file that could not be read as positions."""
