"""How a crypto venue moves implied volatility: by time to expiry, and by strike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workstation.book.resolve import Floats


@dataclass(frozen=True, slots=True)
class VolatilityShock:
    """Sizes at 30 days and powers of (30 / days); volatilities are decimals a year."""

    up: float
    down: float
    least_up: float
    short_power: float
    long_power: float
    days_floor: float
    pivot_days: float

    def multiplier(self, days: Floats) -> Floats:
        """Return (30 / days)^p with the short power up to 30 days and the long one beyond."""
        held = np.maximum(days, self.days_floor)
        power = np.where(days <= self.pivot_days, self.short_power, self.long_power)
        return np.asarray((self.pivot_days / held) ** power)

    def shocked_up(self, volatility: Floats, days: Floats) -> Floats:
        """Return max(volatility x (1 + up x multiplier), least)."""
        raised = volatility * (1.0 + self.up * self.multiplier(days))
        return np.maximum(raised, self.least_up)

    def shocked_down(self, volatility: Floats, days: Floats) -> Floats:
        """Return volatility x max(0, 1 - down x multiplier)."""
        return volatility * np.maximum(0.0, 1.0 - self.down * self.multiplier(days))


@dataclass(frozen=True, slots=True)
class SkewShock:
    """A tilt of the smile by log strike over forward, up to a cap at `width`."""

    linear_cap: float
    linear_slope: float
    absolute_cap: float
    absolute_slope: float
    least_width: float
    width_scale: float
    volatility: float
    volatility_slope: float

    def skewed(self, volatility: Floats, log_strike: Floats, years: Floats, *,
               absolute: bool) -> Floats:
        """Return volatility x max(0, 1 + k cap / width), capped at cap above and below.

        cap = base + slope sqrt(T); width = max(least, scale sqrt(T) (volatility + slope sqrt(T)));
        k is ln(K/F), or its absolute value, which only ever raises.
        """
        root = np.sqrt(years)
        cap = ((self.absolute_cap + self.absolute_slope * root) if absolute
               else (self.linear_cap + self.linear_slope * root))
        width = np.maximum(self.least_width, self.width_scale * root * (
            self.volatility + self.volatility_slope * root))
        k = np.abs(log_strike) if absolute else log_strike
        tilt = np.minimum(k * cap / width, cap)
        tilt = np.where(k < 0, np.maximum(tilt, -cap), tilt)
        return volatility * np.maximum(0.0, 1.0 + tilt)
