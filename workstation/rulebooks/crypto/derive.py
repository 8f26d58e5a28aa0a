"""Derive (Lyra v2) portfolio margin v2: a crypto venue account, underlying by underlying.

Each underlying is a portfolio of its own; nothing is netted between underlyings. The requirement
is what the account's value (mark-to-market and cash) must exceed.
"""

from __future__ import annotations

from workstation.base.explain import Explained, total
from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin, Offset
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.rulebooks.crypto.derive_explain import apart, explained, netting
from workstation.rulebooks.crypto.derive_intake import Portfolio, sorted_in
from workstation.rulebooks.crypto.pack import read_pack
from workstation.rulebooks.crypto.pmrm import pmrm

REGIME = "derive-pmrm-v2"
FOLDER = "derive_pmrm_v2"


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Margin an account of perpetuals, options and collateral on the scenario grid.

    requirement = sum over underlyings of
        factor x worst of (scenarios, basis) + contingencies
    """
    edition = rules.edition(FOLDER)
    intake = sorted_in(account, holdings, edition)
    initial: list[Explained] = []
    maintenance: list[Explained] = []
    offsets: list[Offset] = []
    for portfolio in intake.portfolios:
        asked, kept, offset = _margined(portfolio, account, edition)
        initial.append(asked)
        maintenance.append(kept)
        offsets.extend(offset)
    offsets.extend(apart(intake.portfolios, account.account_id))
    kept_total = total(f"{account.account_id}: maintenance margin", *maintenance)
    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency,
        total(f"{account.account_id}: initial margin", *initial), kept_total,
        kept_total.amount, kept_total.amount, tuple(offsets), intake.excluded)


def _margined(portfolio: Portfolio, account: Account, edition: Edition
              ) -> tuple[Explained, Explained, tuple[Offset, ...]]:
    """Return one underlying's initial and maintenance trees and what netting within it saves."""
    pack = read_pack(edition, portfolio.pack)
    grid = pmrm(portfolio.holdings, pack)
    alone = tuple(
        pmrm(part, pack).maintenance for part in portfolio.parts().values())
    return (explained(portfolio, pack, grid, edition, initial=True),
            explained(portfolio, pack, grid, edition, initial=False),
            netting(portfolio, grid, alone, account.account_id))
