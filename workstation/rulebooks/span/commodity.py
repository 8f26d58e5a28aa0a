"""A combined commodity and spreads between commodities, as a risk-parameter file states them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

ONE = Decimal(1)
Side = Literal["A", "B"]


@dataclass(frozen=True, slots=True)
class Tier:
    """A run of contract months; `rate` is its short-option rate where the tier has one."""

    number: int
    start: str
    end: str
    rate: Decimal | None = None

    def covers(self, month: str) -> bool:
        """Say whether a contract month lies in the tier; a bound without a day means the month."""
        return self.start <= month[:len(self.start)] and month[:len(self.end)] <= self.end


@dataclass(frozen=True, slots=True)
class IntraLeg:
    """One leg of a spread within a commodity: a contract month, or a tier."""

    ratio: Decimal
    side: str
    month: str = ""
    tier: int = 0

    @property
    def label(self) -> str:
        """Name the leg."""
        return self.month or f"tier {self.tier}"


@dataclass(frozen=True, slots=True)
class IntraSpread:
    """A spread charge between months (series) or between tiers of one commodity.

    `method` is F for a flat charge a spread, P for `rate` plus `rate_per_month` for every month
    between the legs, W for a share of the weighted futures price risk.
    """

    kind: Literal["series", "tier"]
    priority: int
    rate: Decimal
    legs: tuple[IntraLeg, ...]
    method: str = "F"
    rate_per_month: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class SpotRate:
    """Charges per delta in the delivery month: consumed by spreads, and left outright."""

    month: str
    spread: Decimal
    outright: Decimal


@dataclass(frozen=True, slots=True)
class Commodity:
    """One combined commodity: its families, tiers, charges and account ratios.

    `initial` and `adjustment` are by account class (member, NHRP, HRP).
    """

    code: str
    currency: str
    families: tuple[int, ...] = ()
    organisation: str = ""
    exponent: int = 0
    price_risk_method: int = 1
    short_option_rate: Decimal = Decimal(0)
    short_option_maximum: bool = False
    caps_option_value: bool = False
    scan_tiers: tuple[Tier, ...] = ()
    intra_tiers: tuple[Tier, ...] = ()
    inter_tiers: tuple[Tier, ...] = ()
    short_option_tiers: tuple[Tier, ...] = ()
    intra_spreads: tuple[IntraSpread, ...] = ()
    spot_rates: tuple[SpotRate, ...] = ()
    initial: Mapping[str, Decimal] = field(default_factory=dict)
    adjustment: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Return the clearing organisation and the code, unique among loaded files."""
        return self.organisation, self.code


@dataclass(frozen=True, slots=True)
class InterLeg:
    """One leg of a spread between commodities: a tier, a contract month, or the whole (tier 0).

    A target of a scanning-based spread that is no leg itself has no side.
    """

    organisation: str
    commodity: str
    ratio: Decimal
    side: str
    tier: int = 0
    rate: Decimal | None = None
    """The leg's own credit rate in percent, where the file has one."""
    required: bool = True
    target: bool = False
    month: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return the key of its commodity."""
        return self.organisation, self.commodity

    @property
    def label(self) -> str:
        """Name the leg."""
        part = f" {self.month}" if self.month else f" tier {self.tier}" if self.tier else ""
        return f"{self.ratio.normalize():f} {self.commodity}{part} {self.side}".rstrip()


@dataclass(frozen=True, slots=True)
class InterSpread:
    """A spread between commodities: priority, method, credit rate in percent (or money if flat)."""

    kind: Literal["super", "inter", "inter-clearing"]
    priority: int
    method: str
    rate: Decimal
    legs: tuple[InterLeg, ...]
    flat: bool = False
    eligibility: str = ""
    minimum_legs: int = 2
