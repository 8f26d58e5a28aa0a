"""Margin one account of uncleared swaps: its CRIF rows, or its positions' own sensitivities.

The rows are the client's, so what the client must post is the post side and what it may collect
from its dealer the call side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workstation.base.explain import Explained, total
from workstation.book.accounts import Account
from workstation.book.crif import Crif, CrifRow
from workstation.book.netting_runs import Side
from workstation.book.resolve import ResolvedBook
from workstation.measures.converted import in_reporting_currency
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.sensitivities import own_sensitivities
from workstation.rulebooks.simm.editions import FOLDER, of_edition
from workstation.rulebooks.simm.engine import Setup
from workstation.rulebooks.simm.explain import explained
from workstation.rulebooks.simm.margin import margin_crif

REGIME = "simm"
SCHEDULE_MODEL = "schedule"


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Return sensitivity-based initial margin; maintenance is the same, recomputed daily.

    Where the account has CRIF rows they speak for it, and its positions are only shown: the
    amount says how many.
    """
    own = own_sensitivities(holdings, account.account_id)
    node = _margined(account, model_rows(holdings) if holdings.crif else own.rows, rules, "post")
    node, missing = in_reporting_currency(node, account, holdings.market)
    if holdings.crif and len(holdings):
        node = replace(node, inputs=(*node.inputs, (
            "positions beside the CRIF", f"{len(holdings)}, taken to be in it")))
    excluded = () if holdings.crif else own.excluded
    return AccountMargin(account.account_id, REGIME, holdings.market.currency, node, node,
                         node.amount, node.amount, (), (*excluded, *missing))


def collected(account: Account, holdings: ResolvedBook, rules: RuleSet) -> Explained:
    """Return what the client may collect by the model, in the reporting currency."""
    rows = model_rows(holdings) if holdings.crif else own_sensitivities(
        holdings, account.account_id).rows
    return in_reporting_currency(_margined(account, rows, rules, "call"), account,
                                 holdings.market)[0]


def model_rows(holdings: ResolvedBook) -> tuple[CrifRow, ...]:
    """Return the CRIF rows of the sensitivity-based method."""
    return tuple(row for row in holdings.crif if row.model != SCHEDULE_MODEL)


def _margined(account: Account, rows: Sequence[CrifRow], rules: RuleSet, side: Side) -> Explained:
    if not rows:
        return total(f"{account.account_id}: nothing to margin")
    edition = rules.edition(FOLDER)

    def answer() -> Explained:
        setup = Setup(of_edition(edition, built_in=True))
        margins = margin_crif(Crif.of_rows(rows), setup, side)
        nodes = [explained(item) for item in margins.portfolios]
        return nodes[0] if len(nodes) == 1 else total(account.account_id, *nodes)

    # An edit elsewhere in the book leaves the rows as they are.
    kept: Explained = rules.recent.of((REGIME, account.account_id, side, tuple(rows)), answer)
    return kept
