"""Margin one account of uncleared swaps: its CRIF rows, or its positions' own sensitivities.

The rows are the client's, so what the client must post is the post side.
"""

from __future__ import annotations

from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import money
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.crif import Crif
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.sensitivities import own_sensitivities
from workstation.rulebooks.simm.editions import FOLDER, of_edition
from workstation.rulebooks.simm.engine import Setup
from workstation.rulebooks.simm.explain import explained
from workstation.rulebooks.simm.margin import margin_crif

REGIME = "simm"
SCHEDULE_MODEL = "schedule"
USD = "USD"


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Return sensitivity-based initial margin; maintenance is the same, recomputed daily.

    Where the account has CRIF rows they speak for it, and its positions are only shown.
    """
    stated = tuple(row for row in holdings.crif if row.model != SCHEDULE_MODEL)
    own = own_sensitivities(holdings, account.account_id)
    rows = stated or own.rows
    excluded = () if stated else own.excluded
    node = total(f"{account.account_id}: nothing to margin")
    if rows:
        calibration = of_edition(rules.edition(FOLDER), built_in=True)
        margins = margin_crif(Crif.of_rows(rows), Setup(calibration), "post")
        nodes = [explained(item) for item in margins.portfolios]
        node = nodes[0] if len(nodes) == 1 else total(account.account_id, *nodes)
    node, missing = _reported(node, account, holdings)
    return AccountMargin(account.account_id, REGIME, holdings.market.currency, node, node,
                         node.amount, node.amount, (), (*excluded, *missing))


def _reported(node: Explained, account: Account,
              holdings: ResolvedBook) -> tuple[Explained, tuple[Exclusion, ...]]:
    """Turn USD into the reporting currency, as a line of its own."""
    rate = holdings.market.fx_rate(USD)
    if rate is None:
        lack = Exclusion(account.where or account.account_id,
                         f"swaps margin of {node.amount:,.2f} USD has no exchange rate to "
                         f"{holdings.market.currency}", "add USD to the Market sheet",
                         account.account_id)
        return total(f"{account.account_id}: not converted"), (lack,)
    if rate == 1:
        return node, ()
    change = leaf("Conversion from USD", money(float(node.amount * (rate - Decimal(1)))),
                  rate=f"{rate}")
    return total(node.label, node, change, cite=node.cite), ()
