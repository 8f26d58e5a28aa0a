"""Hyperliquid: tiers from maximum leverage, portfolio-margin ratio, borrow rate (exact)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from workstation.measures.tiers import Tiers

HALF = Decimal("0.5")


def initial_tiers(leverage: Tiers) -> Tiers:
    """Return initial-margin tiers from tiers of maximum leverage: 1 / leverage."""
    return Tiers(leverage.caps, tuple(1 / rate for rate in leverage.rates))


def maintenance_tiers(leverage: Tiers, share: Decimal) -> Tiers:
    """Return maintenance tiers: a share (half) of the initial margin at maximum leverage."""
    return Tiers(leverage.caps, tuple(share / rate for rate in leverage.rates))


@dataclass(frozen=True, slots=True)
class Supplied:
    """A token supplied as portfolio margin: quantity, oracle price, loan to value, caps.

    `supply_cap` is in tokens, `borrow_cap` in dollars.
    """

    quantity: Decimal
    oracle: Decimal
    ltv: Decimal
    borrow_cap: Decimal
    supply_cap: Decimal

    @property
    def liquidation_value(self) -> Decimal:
        """Return min(borrow cap, min(quantity, supply cap) x oracle x (1/2 + LTV/2))."""
        return min(self.borrow_cap, self._weighted * self.oracle)

    @property
    def counted_coins(self) -> Decimal:
        """Return the coins whose price moves the value: none where the borrow cap binds."""
        binds = self._weighted * self.oracle >= self.borrow_cap
        return Decimal(0) if binds else self._weighted

    @property
    def _weighted(self) -> Decimal:
        return min(self.quantity, self.supply_cap) * (HALF + HALF * self.ltv)


@dataclass(frozen=True, slots=True)
class PortfolioRatio:
    """What a portfolio-margin account needs against what it has in liquidation."""

    requirement: Decimal
    liquidation_value: Decimal

    @property
    def ratio(self) -> Decimal | None:
        """Return requirement over liquidation value; None without any value."""
        return self.requirement / self.liquidation_value if self.liquidation_value > 0 else None

    def liquidatable(self, limit: Decimal) -> bool:
        """Say whether the venue may liquidate the account."""
        ratio = self.ratio
        return self.requirement > 0 and (ratio is None or ratio > limit)


def portfolio_ratio(base: Decimal, cross_maintenance: Decimal, borrowed: Decimal,
                    balance: Decimal, supplied: Iterable[Supplied]) -> PortfolioRatio:
    """Return (base + cross maintenance + borrow) over (balance + value of what is supplied)."""
    value = balance + sum((token.liquidation_value for token in supplied), Decimal(0))
    return PortfolioRatio(base + cross_maintenance + borrowed, value)


def borrow_rate(utilisation: Decimal, base: Decimal, slope: Decimal, kink: Decimal) -> Decimal:
    """Return the yearly borrow rate: base + slope x max(0, utilisation - kink)."""
    return base + slope * max(Decimal(0), utilisation - kink)
