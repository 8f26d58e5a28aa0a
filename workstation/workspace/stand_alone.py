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
from workstation.rulebooks.registry import alone

Held = tuple[Account, Position]
CHUNK = 500


class StandAloneCache:
    """Remembers stand-alone requirements while market and overlays stay the same."""

    def __init__(self) -> None:
        self._standing: tuple[Market, tuple[object, ...]] | None = None
        self._known: dict[tuple[int, int], tuple[Held, Decimal | None]] = {}
        """By identity, which is quicker to look up than the content; `Held` keeps it theirs."""

    def of(self, book: Book, holdings: ResolvedBook, rules: RuleSet,
           progress: Progress = silent) -> tuple[StandAlone, ...]:
        """Return the maintenance requirement of each position as if it were alone."""
        standing = (book.market, rules.key)
        known = dict(self._known) if self._standing == standing else {}
        accounts = {account.account_id: account for account in book.accounts}
        held = [(accounts[p.account_id], p) for p in holdings.positions]
        keys = [(id(account), id(position)) for account, position in held]
        missing = [row for row, key in enumerate(keys) if key not in known]
        for account, rows in _chunks(missing, held):
            progress(rows[0] / len(keys), "Margining positions one by one")
            answers = alone(account, holdings.take(rows), rules)
            known |= {keys[row]: (held[row], answer)
                      for row, answer in zip(rows, answers, strict=True)}
        self._standing, self._known = standing, known
        return tuple(StandAlone(p.where, p.account_id, known[key][1])
                     for key, p in zip(keys, holdings.positions, strict=True))


def _chunks(missing: list[int], held: list[Held]) -> list[tuple[Account, list[int]]]:
    """Split rows by account into pieces small enough to cancel between."""
    by_account: dict[Account, list[int]] = {}
    for row in missing:
        by_account.setdefault(held[row][0], []).append(row)
    return [(account, rows[start:start + CHUNK]) for account, rows in by_account.items()
            for start in range(0, len(rows), CHUNK)]
