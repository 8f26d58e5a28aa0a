"""Net deltas by month, consumed by spreads in fixed point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from workstation.rulebooks.span.commodity import Tier
from workstation.rulebooks.span.holdings import Held
from workstation.rulebooks.span.rounding import Conventions

ZERO = Decimal(0)


class MonthDeltas:
    """Remaining net delta of each month of one commodity, and what spreads took."""

    def __init__(self, held: Iterable[Held], conventions: Conventions) -> None:
        self._conventions = conventions
        sums: dict[str, Decimal] = {}
        for item in held:
            sums[item.month] = sums.get(item.month, ZERO) + item.net_delta
        self.start = {month: conventions.delta(sums[month]) for month in sorted(sums)}
        self.left = dict(self.start)
        self.taken_within = dict.fromkeys(self.start, ZERO)
        self.taken_between = dict.fromkeys(self.start, ZERO)
        self.taken_by: dict[str, list[str]] = {}

    @property
    def net(self) -> Decimal:
        """Return the commodity's net delta before any spread."""
        return sum(self.start.values(), ZERO)

    def months(self, tier: Tier | None) -> list[str]:
        """Return the months of a tier, nearest first; of the whole commodity without one."""
        return [month for month in sorted(self.left) if tier is None or tier.covers(month)]

    def net_left(self, months: Sequence[str]) -> Decimal:
        """Return what is left in some months, long less short."""
        return sum((self.left.get(month, ZERO) for month in months), ZERO)

    def side_left(self, months: Sequence[str], is_long: bool) -> Decimal:
        """Return the long (or short) deltas left in some months, without sign."""
        sign = 1 if is_long else -1
        return sum((abs(self.left[m]) for m in months if self.left.get(m, ZERO) * sign > 0), ZERO)

    def consume(self, months: Sequence[str], amount: Decimal, is_long: bool, spread: str,
                within: bool) -> None:
        """Take `amount` from one side of some months, nearest first, never past zero."""
        sign = 1 if is_long else -1
        amount = self._conventions.delta(amount)
        taken_from = self.taken_within if within else self.taken_between
        for month in months:
            there = self.left.get(month, ZERO) * sign
            taken = min(there, amount)
            if taken <= 0:
                continue
            self.left[month] -= sign * taken
            taken_from[month] += taken
            self.taken_by.setdefault(month, []).append(spread)
            amount -= taken
