"""The requirement of every position on its own, remembered between edits."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.progress import Progress, silent
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet
from workstation.results.run import StandAlone
from workstation.rulebooks.registry import account_margin

Key = tuple[Account, Position]
REPORT_EVERY = 50


class StandAloneCache:
    """Remembers stand-alone requirements while market and parameters stay the same."""

    def __init__(self) -> None:
        self._market: Market | None = None
        self._known: dict[Key, Decimal | None] = {}

    def of(self, book: Book, holdings: ResolvedBook, rules: RuleSet,
           progress: Progress = silent) -> tuple[StandAlone, ...]:
        """Return the maintenance requirement of each position as if it were alone."""
        known = dict(self._known) if self._market is book.market else {}
        accounts = {account.account_id: account for account in book.accounts}
        found = []
        for row, position in enumerate(holdings.positions):
            if row % REPORT_EVERY == 0:
                progress(row / max(len(holdings), 1), "Margining positions one by one")
            account = accounts[position.account_id]
            key = (account, position)
            if key not in known:
                known[key] = _alone(account, holdings.take([row]), rules)
            found.append(StandAlone(position.where, position.account_id, known[key]))
        self._market, self._known = book.market, known
        return tuple(found)


def _alone(account: Account, holding: ResolvedBook, rules: RuleSet) -> Decimal | None:
    answer = account_margin(account, holding, rules)
    return None if answer.excluded else answer.maintenance.amount
