"""One row of a position table after its cells were read, before it is an instrument."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from workstation.base.problem import Severity
from workstation.base.vocabulary import AssetClass
from workstation.importers.contracts import Contracts
from workstation.importers.identifiers import Parsed, parse_symbol
from workstation.instruments.instrument import Instrument


@dataclass(frozen=True, slots=True)
class Described:
    """The contract terms a row states in its columns; empty or None where it states nothing."""

    symbol: str
    asset_class: AssetClass | None = None
    underlying: str = ""
    currency: str = ""
    multiplier: Decimal | None = None
    expiry: date | None = None
    expiry_is_month: bool = False
    strike: Decimal | None = None
    right: Literal["C", "P"] | None = None
    style: str = ""
    settlement: str = ""
    notional: Decimal | None = None
    fixed_rate: Decimal | None = None
    pay_receive: str = ""
    maturity: date | None = None
    rating: str = ""
    reference_entity: str = ""
    spread_bp: Decimal | None = None
    description: str = ""
    venue: str = ""
    crypto_account: bool = False
    exchange: str = ""

    def with_class(self, kind: AssetClass) -> Described:
        """Return the same terms under an asset class found from the symbol."""
        return replace(self, asset_class=kind)


class RowError(ValueError):
    """Why a row is not a position, and what would make it one.

    `held` is the instrument as far as it is understood, where only its contract size is missing.
    """

    def __init__(self, what: str, remedy: str, held: Instrument | None = None) -> None:
        super().__init__(what)
        self.what, self.remedy, self.held = what, remedy, held


@dataclass(slots=True)
class Desk:
    """What instruments are read against: the review date and the contract table.

    `assumptions` collects what had to be assumed, each with the symbol it was first met in.
    """

    as_of: date
    contracts: Contracts
    assumptions: dict[str, tuple[str, str, Severity]] = field(default_factory=dict)

    def parse(self, symbol: str) -> Parsed | None:
        """Read a symbol by the identifier grammar."""
        return parse_symbol(symbol, self.as_of)

    def assume(self, what: str, symbol: str, remedy: str, severity: Severity = "info") -> None:
        """Record an assumption once."""
        self.assumptions.setdefault(what, (symbol, remedy, severity))
