"""What a scan-based calculation answers, commodity by commodity and in all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.base.explain import Explained
from workstation.base.problem import Problem
from workstation.book.book import Exclusion
from workstation.measures.requirement import Offset
from workstation.rulebooks.span.portfolio import Portfolio
from workstation.rulebooks.span.scan import TierScan
from workstation.rulebooks.span.spread_log import SpreadDenied, SpreadFormed, Unmatched
from workstation.rulebooks.span.within import SpotCharge

ZERO = Decimal(0)
FILE, ESTIMATE = "file", "estimate"


@dataclass(frozen=True, slots=True)
class CommodityRisk:
    """Every component of one combined commodity, in its own currency.

    risk = max(scan + intra + spot - inter credit - clearing credit, short option minimum);
    `mode` is "file", or "estimate" where the exchange no longer margins the product by arrays.
    """

    code: str
    organisation: str
    currency: str
    side: str
    scans: tuple[TierScan, ...]
    active_scenario: int
    scan: Decimal
    time_risk: Decimal
    volatility_risk: Decimal
    price_risk: Decimal
    month_deltas: tuple[tuple[str, Decimal], ...]
    net_delta: Decimal
    weighted_price_risk: Decimal
    intra: Decimal
    spot: Decimal
    spot_detail: tuple[SpotCharge, ...]
    inter_credit: Decimal
    clearing_credit: Decimal
    short_option_minimum: Decimal
    net_option_value: Decimal
    risk: Decimal
    maintenance: Decimal
    initial: Decimal
    mode: str = FILE
    label: str = ""
    absorbed_by: str = ""
    absorbed: tuple[str, ...] = ()
    caps_option_value: bool = False

    @property
    def minimum_binds(self) -> bool:
        """Say whether the short option minimum is the risk."""
        return self.risk == self.short_option_minimum and self.risk > self.before_minimum

    @property
    def before_minimum(self) -> Decimal:
        """Return the risk before the short option minimum."""
        return self.scan + self.intra + self.spot - self.inter_credit - self.clearing_credit


@dataclass(frozen=True, slots=True)
class PortfolioRisk:
    """One portfolio: requirements after net option value, and how they came about.

    `maintenance` and `initial` are never below zero; amounts are in the portfolio's currency.
    """

    portfolio: Portfolio
    currency: str
    commodities: tuple[CommodityRisk, ...]
    formed: tuple[SpreadFormed, ...]
    denied: tuple[SpreadDenied, ...]
    unmatched: tuple[Unmatched, ...]
    maintenance_risk: Decimal
    initial_risk: Decimal
    net_option_value: Decimal
    maintenance: Explained
    initial: Explained
    excess_maintenance: Decimal
    excess_initial: Decimal
    offsets: tuple[Offset, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    problems: tuple[Problem, ...] = ()
    snapshots: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Say whether every position was margined."""
        return not self.excluded and not any(p.severity == "error" for p in self.problems)

    @property
    def account_excess(self) -> Decimal:
        """Return ledger + open trade equity + securities - initial requirement.

        The net option value stands once, inside the requirement.
        """
        held = self.portfolio
        return held.ledger + held.open_trade_equity + held.securities - self.initial.amount
