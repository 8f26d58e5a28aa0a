"""Rates that rise with size, charged on the part of the size within each band.

rate(band) x size - deduction(band), with deductions that make the amount continuous:
deduction_n = deduction_(n-1) + floor_n x (rate_n - rate_(n-1))
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ZERO = Decimal(0)
BOUNDLESS = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Tiers:
    """Bands in rising order: `caps` are upper bounds (inclusive), `rates` apply within.

    Beyond the last cap the last rate goes on.
    """

    caps: tuple[Decimal, ...]
    rates: tuple[Decimal, ...]

    def __post_init__(self) -> None:
        if not self.caps or len(self.caps) != len(self.rates):
            raise ValueError("tiers need as many caps as rates, and at least one")
        if any(low >= high for low, high in zip(self.caps, self.caps[1:], strict=False)):
            raise ValueError("tier caps must rise")

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], rate: str = "rate") -> Tiers:
        """Return the tiers of parameter rows with `up_to` (absent in the last) and a rate."""
        listed = sorted((Decimal(row.get("up_to", BOUNDLESS)), Decimal(row[rate])) for row in rows)
        return cls(tuple(cap for cap, _ in listed), tuple(value for _, value in listed))

    @property
    def floors(self) -> tuple[Decimal, ...]:
        """Return where each band starts."""
        return (ZERO, *self.caps[:-1])

    @property
    def deductions(self) -> tuple[Decimal, ...]:
        """Return what is taken off rate x size in each band."""
        found = [ZERO]
        for band in range(1, len(self.caps)):
            step = self.rates[band] - self.rates[band - 1]
            found.append(found[-1] + self.floors[band] * step)
        return tuple(found)

    def scaled(self, share: Decimal) -> Tiers:
        """Return the same bands at a share of the rates."""
        return Tiers(self.caps, tuple(rate * share for rate in self.rates))

    def band(self, size: Decimal) -> int:
        """Return the number of the band a size falls in, counted from 0."""
        return min(bisect_left(self.caps, abs(size)), len(self.caps) - 1)

    def rate(self, size: Decimal) -> Decimal:
        """Return the rate on the last unit of a size."""
        return self.rates[self.band(size)]

    def amount(self, size: Decimal) -> Decimal:
        """Return the charge on a size, whatever its sign: rate x |size| - deduction."""
        band = self.band(size)
        return self.rates[band] * abs(size) - self.deductions[band]
