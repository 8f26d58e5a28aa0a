"""The shape of a margin answer, shared by every rulebook and design.

`maintenance` is what the account must keep; totals, bridges and comparisons use it unless they
say otherwise. `gross` counts short-option premium inside the requirement, `net` is after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from workstation.base.explain import Explained, total
from workstation.book.book import Exclusion

OffsetStatus = Literal["granted", "partial", "denied"]


@dataclass(frozen=True, slots=True)
class Offset:
    """One offset considered: legs, decision, reason, and its effect on the requirement.

    `amount` is negative where the offset saves margin; 0 for a denied one. `would_save` is the
    saving a denied (or the rest of a partial) offset would have brought, positive.
    `tests` are the figures behind the decision; `barrier` is what would change the answer.
    """

    kind: str
    between: tuple[str, ...]
    status: OffsetStatus
    reason: str
    amount: Decimal
    accounts: tuple[str, ...] = ()
    level: str = ""
    tests: tuple[tuple[str, str], ...] = ()
    would_save: Decimal = Decimal(0)
    barrier: str = ""


@dataclass(frozen=True, slots=True)
class AgainstEquity:
    """What turns a requirement into an amount that net liquidating equity must meet.

    `credited` is what the requirement counts though equity is already charged with it: the
    premium of short options and the proceeds of short sales. `valued_down` is what the rule takes
    off equity: stock covering a call in the money counts at the strike.
    """

    credited: Decimal = Decimal(0)
    valued_down: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class AccountMargin:
    """What one account must post under one rulebook, why, and what was left out."""

    account_id: str
    regime: str
    currency: str
    initial: Explained
    maintenance: Explained
    gross: Decimal
    net: Decimal
    offsets: tuple[Offset, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    on_initial: AgainstEquity = AgainstEquity()
    on_maintenance: AgainstEquity = AgainstEquity()

    @property
    def complete(self) -> bool:
        """Say whether every position of the account was margined."""
        return not self.excluded


@dataclass(frozen=True, slots=True)
class Margin:
    """One regime (or today's silos) for the whole book, in the reporting currency."""

    regime: str
    currency: str
    accounts: tuple[AccountMargin, ...]
    initial: Explained
    maintenance: Explained
    gross: Decimal
    net: Decimal
    offsets: tuple[Offset, ...] = ()
    excluded: tuple[Exclusion, ...] = ()

    @property
    def complete(self) -> bool:
        """Say whether every position of the book was margined."""
        return not self.excluded

    def of_account(self, account_id: str) -> AccountMargin | None:
        """Return the answer of one account."""
        return next((a for a in self.accounts if a.account_id == account_id), None)


def summed(regime: str, currency: str, accounts: tuple[AccountMargin, ...],
           excluded: tuple[Exclusion, ...] = ()) -> Margin:
    """Add accounts up to a book; offsets and exclusions are passed through in order."""
    return Margin(
        regime,
        currency,
        accounts,
        total("Initial requirement, all accounts", *(a.initial for a in accounts)),
        total("Maintenance requirement, all accounts", *(a.maintenance for a in accounts)),
        sum((a.gross for a in accounts), Decimal(0)),
        sum((a.net for a in accounts), Decimal(0)),
        tuple(offset for a in accounts for offset in a.offsets),
        (*excluded, *(item for a in accounts for item in a.excluded)),
    )
