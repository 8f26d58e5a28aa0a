"""One commodity while its portfolio is calculated, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from workstation.rulebooks.span.commodity import Commodity
from workstation.rulebooks.span.deltas import MonthDeltas
from workstation.rulebooks.span.holdings import Held
from workstation.rulebooks.span.rounding import Conventions
from workstation.rulebooks.span.scan import TierScan, scan_by_tier, weighted_price_risk
from workstation.rulebooks.span.short_options import short_option_minimum
from workstation.rulebooks.span.within import SpotCharge

ZERO = Decimal(0)
Key = tuple[str, str]


@dataclass(slots=True)
class CommodityState:
    """Scan, deltas and charges of one commodity; `absorbed_by` names a scanning spread's target."""

    commodity: Commodity
    held: tuple[Held, ...]
    deltas: MonthDeltas
    scans: tuple[TierScan, ...]
    price_risk_of_one: Decimal
    short_option_minimum: Decimal
    option_value: Decimal
    intra: Decimal = ZERO
    spot: Decimal = ZERO
    spot_detail: tuple[SpotCharge, ...] = ()
    credit: Decimal = ZERO
    clearing_credit: Decimal = ZERO
    absorbed_by: str = ""
    absorbed: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, commodity: Commodity, held: tuple[Held, ...], conventions: Conventions
           ) -> CommodityState:
        """Scan a commodity and net its deltas."""
        deltas = MonthDeltas(held, conventions)
        scans = scan_by_tier(commodity, held, conventions)
        state = cls(
            commodity, held, deltas, scans, ZERO, short_option_minimum(commodity, held),
            conventions.option_value(sum((item.option_value for item in held), ZERO)))
        state.refresh_price_risk(conventions)
        return state

    def refresh_price_risk(self, conventions: Conventions) -> None:
        """Work out the price risk of one delta from the scans as they stand."""
        self.price_risk_of_one = weighted_price_risk(
            self.commodity, self.price_risk, self.deltas.net, self.held, conventions)

    @property
    def scan_risk(self) -> Decimal:
        """Return scan risk, summed over scanning tiers."""
        return sum((scan.scan_risk for scan in self.scans), ZERO)

    @property
    def time_risk(self) -> Decimal:
        """Return time risk, summed over scanning tiers."""
        return sum((scan.time_risk for scan in self.scans), ZERO)

    @property
    def volatility_risk(self) -> Decimal:
        """Return volatility risk, summed over scanning tiers."""
        return sum((scan.volatility_risk for scan in self.scans), ZERO)

    @property
    def price_risk(self) -> Decimal:
        """Return futures price risk: scan - time - volatility, never below zero."""
        return max(self.scan_risk - self.time_risk - self.volatility_risk, ZERO)

    @property
    def active(self) -> int:
        """Return the active scenario, of the tier with the largest risk where there are tiers."""
        return max(self.scans, key=lambda scan: scan.scan_risk).active if self.scans else 1
