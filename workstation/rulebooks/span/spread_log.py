"""The spread log: every spread formed or denied, with deltas before and after."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

MISSING_LEG = "missing leg"
WRONG_SIDE = "wrong side"
NO_DELTA = "no delta left"
EMPTY_TIER = "tier empty"
BELOW_MINIMUM = "below minimum legs"
NOT_ELIGIBLE = "not eligible"
NO_SPREAD = "no spread defined"


@dataclass(frozen=True, slots=True)
class LegTaken:
    """One leg of a formed spread: delta before and after, and its credit where it earns one."""

    commodity: str
    label: str
    side: str
    ratio: Decimal
    before: Decimal
    after: Decimal
    rate: Decimal | None = None
    price_risk: Decimal | None = None
    credit: Decimal | None = None
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class SpreadFormed:
    """A spread formed: how many, at which rate, and the charge or credit it makes.

    `amount` is a charge for spreads within a commodity and a credit between commodities, both
    positive. `rate` is money a spread within a commodity, percent between commodities (money a
    spread where `flat`).
    """

    kind: str
    priority: int
    count: Decimal
    rate: Decimal
    legs: tuple[LegTaken, ...]
    amount: Decimal
    assumed_long: str = ""
    flat: bool = False
    method: str = ""

    @property
    def is_credit(self) -> bool:
        """Say whether the spread earns a credit rather than costing a charge."""
        return self.kind not in ("series", "tier")


@dataclass(frozen=True, slots=True)
class SpreadDenied:
    """A spread considered and denied, and why."""

    kind: str
    priority: int
    reason: str
    detail: str
    commodities: tuple[str, ...]
    legs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A delta no spread took, with the reason."""

    commodity: str
    month: str
    delta: Decimal
    reason: str
