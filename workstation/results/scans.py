"""A one-dimensional scan: what a portfolio earns or loses at every point, and which one binds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workstation.rulebooks.span.outcome import CommodityRisk, PortfolioRisk


SIXTEEN = (*(f"{move}, vol {side}" for move in ("0", "+1/3", "-1/3", "+2/3", "-2/3", "+1", "-1")
             for side in ("up", "down")), "extreme up", "extreme down")
"""The sixteen scenarios of a risk array: price move in parts of its range, and volatility."""


@dataclass(frozen=True, slots=True)
class ScanLine:
    """The profit of one part at each point, positive for the client; `moves` says the points."""

    name: str
    profits: tuple[float, ...]
    moves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScanProfile:
    """One portfolio that is scanned as one: its parts, what is counted of them, and the worst.

    `total` is what the rule counts at each point, which is less than the sum of `parts` where
    gains count only in part. `binding` is the place of the worst point, None where nothing is
    lost anywhere. `requirement` and `minimum` are in `currency`; where the minimum is the larger,
    `minimum_binds`.
    """

    account_id: str
    regime: str
    portfolio: str
    currency: str
    points: tuple[str, ...]
    parts: tuple[ScanLine, ...]
    total: tuple[float, ...]
    binding: int | None
    minimum: float = 0.0
    note: str = ""

    @property
    def is_ordered(self) -> bool:
        """Say whether the points follow the price, lowest first."""
        return len(self.points) != len(SIXTEEN)

    @property
    def loss(self) -> float:
        """Return the loss at the worst point, never below zero."""
        return max(0.0, -min(self.total, default=0.0))

    @property
    def requirement(self) -> float:
        """Return the larger of the loss and the minimum."""
        return max(self.loss, self.minimum)

    @property
    def minimum_binds(self) -> bool:
        """Say whether the minimum is the requirement."""
        return self.minimum > self.loss


def span_scans(answer: PortfolioRisk) -> tuple[ScanProfile, ...]:
    """Return the sixteen scenarios of every combined commodity, tier by tier."""
    return tuple(_commodity(risk, answer.portfolio.account_id, tier)
                 for risk in answer.commodities for tier in range(len(risk.scans)))


def _commodity(risk: CommodityRisk, account_id: str, tier: int) -> ScanProfile:
    """Return one scan: losses turned into profits, contract by contract."""
    scan = risk.scans[tier]
    name = risk.code if len(risk.scans) == 1 else f"{risk.code}, tier {scan.tier}"
    parts = tuple(
        ScanLine(held.position.label,
                 tuple(-float(held.quantity * loss) for loss in held.losses), SIXTEEN)
        for held in scan.held)
    total = tuple(-float(loss) for loss in scan.losses)
    binding = scan.active - 1 if scan.scan_risk > 0 else None
    side = f" {risk.side}" if risk.side else ""
    return ScanProfile(
        account_id, "span", f"{name}{side}", risk.currency,
        tuple(str(number) for number in range(1, len(total) + 1)), parts, total, binding,
        float(risk.short_option_minimum) if len(risk.scans) == 1 else 0.0, risk.label)
