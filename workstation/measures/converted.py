"""Turn an amount in USD into the reporting currency, as a line of its own."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import money
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.market.market import Market

USD = "USD"


def in_reporting_currency(node: Explained, account: Account, market: Market
                          ) -> tuple[Explained, tuple[Exclusion, ...]]:
    """Return the amount converted; nothing, and an exclusion, where there is no rate."""
    rate = market.fx_rate(USD)
    if rate is None:
        lack = Exclusion(account.where or account.account_id,
                         f"swaps margin of {node.amount:,.2f} USD has no exchange rate to "
                         f"{market.currency}", "add USD to the Market sheet",
                         account.account_id)
        return total(f"{account.account_id}: not converted"), (lack,)
    if rate == 1:
        return node, ()
    change = leaf("Conversion from USD", money(float(node.amount * (rate - Decimal(1)))),
                  rate=f"{rate}")
    return total(node.label, node, change, cite=node.cite), ()
