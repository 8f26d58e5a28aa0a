"""Coinbase International: margin that grows with the root of the time a position takes to close.

IM = max(base, risk parameter x sqrt(close-out horizon)); MM = 2/3 IM;
close-out = max(1/3 IM, MM - gap)
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SizeMargin:
    """Rates of one position as shares of notional, and the horizon in days behind them."""

    horizon: Decimal
    initial: Decimal
    share: Decimal
    gap: Decimal

    @property
    def maintenance(self) -> Decimal:
        """Return the maintenance share (two thirds) of the initial rate."""
        return self.initial * self.share

    @property
    def close_out(self) -> Decimal:
        """Return the rate below which the venue takes the position over."""
        return max(self.initial / 3, self.maintenance - self.gap)


def close_out_horizon(position: Decimal, participation: Decimal, daily_volume: Decimal) -> Decimal:
    """Return days to close: position / (participation x average daily volume)."""
    return abs(position) / (participation * daily_volume)


@dataclass(frozen=True, slots=True)
class SizeRules:
    """Base rate, risk parameter per root day, maintenance share, and close-out gap."""

    base: Decimal
    risk: Decimal
    share: Decimal
    gap: Decimal

    def at(self, horizon: Decimal) -> SizeMargin:
        """Return the rates of a position that takes `horizon` days to close."""
        return SizeMargin(horizon, max(self.base, self.risk * horizon.sqrt()), self.share,
                          self.gap)
