"""What each account would get back of its margin if the firm that carries it failed.

Recoveries by account class are house assumptions of the insolvency edition. A design's requirement
is spread over the accounts as today's is; where accounts are margined jointly no law says yet in
which class the joint margin would stand, so the best and the worst class are both shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.harmonised.eligibility import AccountLocations
from workstation.measures.requirement import Margin
from workstation.parameters.ruleset import RuleSet

FOLDER = "insolvency"
ZERO = Decimal(0)
GRID = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class AccountRecovery:
    """Margin of one account under one design, and what the client would get back of it."""

    account_id: str
    firm: str
    location: str
    claim: str
    recovery: Decimal
    margin: Decimal
    joined: bool

    @property
    def recovered(self) -> Decimal:
        """Return the share of the margin expected back."""
        return (self.margin * self.recovery).quantize(GRID)

    @property
    def lost(self) -> Decimal:
        """Return what the failure would cost."""
        return self.margin - self.recovered


@dataclass(frozen=True, slots=True)
class Recoveries:
    """Every account's recovery; `low` and `high` put joint margin in the worst and best class."""

    accounts: tuple[AccountRecovery, ...]
    low: Decimal
    high: Decimal

    @property
    def margin(self) -> Decimal:
        """Return the margin of all accounts."""
        return sum((a.margin for a in self.accounts), ZERO)


def recoveries(book: Book, silos: Margin, requirement: Decimal, joined: frozenset[str],
               rules: RuleSet) -> Recoveries | None:
    """Return what would come back under a requirement; None where no edition states recoveries.

    `joined` are the accounts margined jointly.
    """
    if not rules.has(FOLDER):
        return None
    claims = {str(row["account_type"]): (str(row["claim"]), Decimal(row["recovery"]))
              for row in rules.edition(FOLDER)["claims"].rows}
    locations, margins = AccountLocations(rules), _spread(book, silos, requirement)
    found = tuple(_account(a, locations, claims, margins[a.account_id], a.account_id in joined)
                  for a in book.accounts if a.account_type.value in claims)
    apart = sum((a.recovered for a in found if not a.joined), ZERO)
    pooled = sum((a.margin for a in found if a.joined), ZERO)
    rates = [a.recovery for a in found if a.joined] or [ZERO]
    return Recoveries(found, apart + (pooled * min(rates)).quantize(GRID),
                      apart + (pooled * max(rates)).quantize(GRID))


def _account(account: Account, locations: AccountLocations,
             claims: Mapping[str, tuple[str, Decimal]], margin: Decimal, joined: bool
             ) -> AccountRecovery:
    claim, recovery = claims[account.account_type.value]
    return AccountRecovery(account.account_id, account.firm or account.venue or "not named",
                           locations.location(account), claim, recovery, margin, joined)


def _spread(book: Book, silos: Margin, requirement: Decimal) -> Mapping[str, Decimal]:
    """Spread a requirement over the accounts in the proportions of today's, to the cent."""
    today = {a.account_id: ZERO for a in book.accounts}
    for margin in silos.accounts:
        today[margin.account_id] = margin.maintenance.amount
    whole = sum(today.values(), ZERO)
    if whole <= 0:
        return dict.fromkeys(today, ZERO)
    out = {k: (requirement * v / whole).quantize(GRID) for k, v in today.items()}
    largest = max(today, key=lambda k: (today[k], k))
    out[largest] += requirement - sum(out.values(), ZERO)
    return out
