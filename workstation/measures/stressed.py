"""What a stress leaves behind, everything margined again, and how far one goes before a call."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class CalledAccount:
    """One account after a shock, under today's rulebook.

    `excess` is equity above the test that leaves least; `call` what is owed (0 where nothing is).
    """

    account_id: str
    regime: str
    test: str
    equity: Decimal
    required: Decimal
    excess: Decimal
    call: Decimal


@dataclass(frozen=True, slots=True)
class AfterShock:
    """A book after one shock, everything margined again; amounts in the reporting currency.

    `kind` says what sort of stress it is, `equity` is the liquidating value left, `silos` today's
    maintenance, `designs` every design's requirement, `free` what collateral can be pledged.
    """

    shock: str
    kind: str
    equity_before: Decimal
    equity: Decimal
    silos_before: Decimal
    silos: Decimal
    designs: tuple[tuple[str, Decimal], ...]
    accounts: tuple[CalledAccount, ...]
    free: Decimal | None
    """None where the book names no collateral lots."""
    cash_stated: bool = True
    """False where the file states no cash of some account: then equity is not known."""

    @property
    def loss(self) -> Decimal:
        """Return the client's loss by full revaluation."""
        return self.equity_before - self.equity

    @property
    def calls(self) -> Decimal:
        """Return what is called in all accounts together."""
        return sum((account.call for account in self.accounts), ZERO)

    @property
    def worst(self) -> CalledAccount | None:
        """Return the account with the largest call; None where none is called."""
        called = [account for account in self.accounts if account.call > 0]
        return max(called, key=lambda account: account.call, default=None)


@dataclass(frozen=True, slots=True)
class ReverseStress:
    """The smallest multiple of a shock at which one thing happens.

    None where it does not up to `searched`, 0 where it holds before any move. `moves` are the
    largest moves of the book's factors at that multiple, `why` the figures of that moment.
    """

    direction: str
    event: str
    regime: str
    account: str
    multiple: float | None
    searched: float
    moves: tuple[tuple[str, float], ...] = ()
    why: str = ""
