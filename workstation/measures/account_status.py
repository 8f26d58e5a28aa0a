"""The shape of an account's standing: equity, the tests it must meet, and what would fail them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.base.explain import Explained

ZERO = Decimal(0)
MAINTENANCE = "Maintenance"
CASH_NOT_STATED = "cash not stated"


@dataclass(frozen=True, slots=True)
class AccountTest:
    """One test of equity: what it asks, and the call that a shortfall brings.

    `condition` is empty for a test that holds now; otherwise it says when the test would apply
    (a new purchase, a day-trading account), so its call is not owed by the position alone.
    """

    name: str
    required: Explained
    call: Explained
    excess: Decimal
    condition: str = ""

    @property
    def met(self) -> bool:
        """Say whether equity meets the test."""
        return not self.call.amount


@dataclass(frozen=True, slots=True)
class PositionTrigger:
    """The price at which one position alone brings the maintenance call.

    `price` is in the reporting currency and None where no price does; `move` is the relative
    move to it; `reason` says why there is none. `least_equity_price` is the price at which equity
    falls to the minimum of the account, `concentration_price` the one at which the underlying
    reaches the firm's share of the account; None where there is no such tier or price.
    """

    where: str
    symbol: str
    price: Decimal | None
    move: Decimal | None
    reason: str = ""
    least_equity_price: Decimal | None = None
    concentration_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TierDistance:
    """Moves of every underlying together at which equity falls to a tier; None where none does."""

    name: str
    least: Decimal
    down: Decimal | None
    up: Decimal | None


@dataclass(frozen=True, slots=True)
class Distance:
    """Moves of every underlying together, relative, at which the account meets a call.

    None where no move searched brings one; `note` says how it was found or why not.
    """

    down: Decimal | None
    up: Decimal | None
    note: str = ""
    tiers: tuple[TierDistance, ...] = ()
    """Tiers of equity that the account still meets, nearest amount first."""

    @property
    def nearest(self) -> Decimal | None:
        """Return the smaller of the two moves."""
        found = [move for move in (self.down, self.up) if move is not None]
        return min(found, key=abs) if found else None


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """Where one account stands: its equity, its tests in order, and what would change the answer.

    `sma` is the least special memorandum account the file supports and `buying_power` what it
    buys; None where the account's rules know neither.
    """

    account_id: str
    regime: str
    currency: str
    equity: Explained
    tests: tuple[AccountTest, ...] = ()
    sma: Explained | None = None
    buying_power: Explained | None = None
    triggers: tuple[PositionTrigger, ...] = ()
    distance: Distance | None = None
    notes: tuple[str, ...] = ()
    regulatory: Decimal | None = None
    """Maintenance without the firm's overlay editions; None where nothing is laid over."""
    house: Decimal | None = None
    """What the overlay adds to it (negative where it takes off)."""
    cash_stated: bool = True
    """False where the file states no cash: then no call, excess or distance is claimed."""

    def test(self, name: str) -> AccountTest | None:
        """Return one test by name."""
        return next((test for test in self.tests if test.name == name), None)

    @property
    def excess(self) -> Decimal | None:
        """Return equity above maintenance, negative in a call.

        None without a requirement, or where the cash is not stated.
        """
        kept = self.test(MAINTENANCE)
        return None if kept is None or not self.cash_stated else kept.excess

    @property
    def call(self) -> Decimal:
        """Return the largest call that holds now."""
        return max((test.call.amount for test in self.tests if not test.condition), default=ZERO)

    @property
    def first_call(self) -> AccountTest | None:
        """Return the test behind the largest call that holds now."""
        owed = [test for test in self.tests if not test.condition and test.call.amount]
        return max(owed, key=lambda test: test.call.amount, default=None)
