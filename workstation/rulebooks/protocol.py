"""What every rulebook offers."""

from __future__ import annotations

from typing import Protocol

from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet


class Rulebook(Protocol):
    """Margins one account; a position it cannot margin comes back in `excluded`."""

    def __call__(self, account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
        """Return the requirement of `account`, whose positions alone are in `holdings`."""
