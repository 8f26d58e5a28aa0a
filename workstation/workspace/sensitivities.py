"""The net sensitivities behind the margin of swaps accounts."""

from __future__ import annotations

from collections.abc import Iterable

from workstation.book.book import Book
from workstation.book.crif import CrifRow
from workstation.book.resolve import ResolvedBook
from workstation.measures.factor_amount import FactorAmount
from workstation.measures.past_tail import PastTail
from workstation.measures.requirement import Margin
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.sensitivities import own_sensitivities
from workstation.rulebooks.cleared_swaps.account import REGIME as CLEARED
from workstation.rulebooks.cleared_swaps.account import past_tails
from workstation.rulebooks.simm.account import REGIME as UNCLEARED

Factor = tuple[str, str, str, str, str]


def net_sensitivities(holdings: ResolvedBook, silos: Margin) -> tuple[FactorAmount, ...]:
    """Return each swaps account's net amount by risk factor, from its CRIF or its positions."""
    found: list[FactorAmount] = []
    for account in silos.accounts:
        if account.regime in (CLEARED, UNCLEARED):
            mine = holdings.of_account(account.account_id)
            rows = mine.crif or own_sensitivities(mine, account.account_id).rows
            found += _netted(account.account_id, rows)
    return tuple(found)


def past_profits_of(book: Book, holdings: ResolvedBook, silos: Margin, rules: RuleSet
                    ) -> tuple[PastTail, ...]:
    """Return the past profits behind the margin of every cleared swaps account."""
    return tuple(tail for account in book.accounts
                 if getattr(silos.of_account(account.account_id), "regime", "") == CLEARED
                 for tail in past_tails(account, holdings.of_account(account.account_id), rules))


def _netted(account_id: str, rows: Iterable[CrifRow]) -> list[FactorAmount]:
    amounts: dict[Factor, tuple[float, int]] = {}
    for row in rows:
        key = (row.product_class, row.risk_type, row.qualifier, row.bucket, row.label1)
        usd, count = amounts.get(key, (0.0, 0))
        amounts[key] = (usd + row.usd, count + 1)
    return [FactorAmount(account_id, *key, usd, count) for key, (usd, count) in amounts.items()]
