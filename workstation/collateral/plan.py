"""The cheapest delivery of margin: who is asked for what, which lot goes there, and the prices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.base.explain import Citation

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One lot given to one obligation: market value, and what it counts for after haircut.

    `part` is the place among the plan's sources of the part it comes from.
    """

    part: int
    lot: str
    obligation: str
    market_value: Decimal
    counted: Decimal


@dataclass(frozen=True, slots=True)
class Covered:
    """One obligation as the plan leaves it.

    `price` is the yearly cost of one more unit of margin there, None where the book is short.
    `reason` says what binds where there is a shortfall; `barred` why lots cannot go there.
    """

    name: str
    holder: str
    requirement: Decimal
    deadline: int
    met: Decimal
    shortfall: Decimal
    price: Decimal | None
    reason: str = ""
    barred: tuple[tuple[str, str], ...] = ()
    excess: Decimal | None = None
    """Equity of the account above its maintenance today; None where not known."""


@dataclass(frozen=True, slots=True)
class Source:
    """A part of a lot (or an account's cash) the plan may use, at market value.

    `pledged_for` is the account it covers now, empty where it is free. `cost` is a year's, by unit.
    `price` is what one more unit of it would save a year, None where the book is short.
    """

    lot: str
    symbol: str
    asset_class: str
    available: Decimal
    given: Decimal
    cost: Decimal
    price: Decimal | None
    pledged_for: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The cheapest delivery under one regime; `cost` is a year's.

    `waterfall_cost` and `waterfall_short` are what the soonest due taking its cheapest lots first
    would cost and leave short.
    """

    regime: str
    title: str
    feasible: bool
    cost: Decimal
    obligations: tuple[Covered, ...]
    sources: tuple[Source, ...]
    deliveries: tuple[Delivery, ...]
    waterfall_cost: Decimal = ZERO
    waterfall_short: Decimal = ZERO

    @property
    def shortfall(self) -> Decimal:
        """Return the smallest amount to call for, over all obligations."""
        return sum((row.shortfall for row in self.obligations), ZERO)


@dataclass(frozen=True, slots=True)
class Move:
    """One change from what is pledged now to the cheapest: market value at one obligation."""

    lot: str
    obligation: str
    now: Decimal
    cheapest: Decimal

    @property
    def change(self) -> Decimal:
        """Return what is added there, negative where it is taken back."""
        return self.cheapest - self.now


@dataclass(frozen=True, slots=True)
class Proposal:
    """One lot for another at one obligation: value after haircut there stays the same.

    `released` and `delivered` are market values; nothing is delivered where cover was in excess.
    """

    obligation: str
    release: str
    released: Decimal
    deliver: str
    delivered: Decimal
    counted: Decimal
    saving: Decimal


@dataclass(frozen=True, slots=True)
class Regret:
    """What is pledged now against the least cost of the same cover; both a year's."""

    now: Decimal
    least: Decimal
    moves: tuple[Move, ...]
    proposals: tuple[Proposal, ...] = ()

    @property
    def amount(self) -> Decimal:
        """Return what a year of the present allocation costs too much."""
        return self.now - self.least


@dataclass(frozen=True, slots=True)
class Mobility:
    """The cheapest delivery today and under each design, and what today's pledges cost too much."""

    currency: str
    plans: tuple[Plan, ...]
    regret: Regret | None
    cite: Citation
    wishes: tuple[str, ...] = ()
    """What the desk keeps to beside the limits, in words."""

    def plan(self, regime: str) -> Plan | None:
        """Return the plan of one regime by name."""
        return next((plan for plan in self.plans if plan.regime == regime), None)
