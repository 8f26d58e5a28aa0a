"""Margin one account of uncleared swaps by the regulatory schedule, from its CRIF rows."""

from __future__ import annotations

from workstation.base.explain import total
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.crif import Crif
from workstation.book.resolve import ResolvedBook
from workstation.measures.converted import in_reporting_currency
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.schedule_grid.margin import margin_schedule

REGIME = "schedule"
FOLDER = "schedule"
MODEL = "schedule"


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Return the grid margin the client posts; positions without schedule rows are excluded."""
    edition = rules.edition(FOLDER)
    rows = tuple(row for row in holdings.crif if row.model == MODEL)
    found = margin_schedule(Crif.of_rows(rows), edition, holdings.as_of, "post") if rows else ()
    node = total(f"{account.account_id}: schedule margin", *(m.margin.margin for m in found))
    node, missing = in_reporting_currency(node, account, holdings.market)
    excluded = () if rows else tuple(
        Exclusion(p.where, f"{p.instrument.symbol}: the schedule is computed from Notional and PV "
                  "rows of a CRIF", "add them to the CRIF sheet with IM_Model Schedule",
                  account.account_id) for p in holdings.positions)
    return AccountMargin(account.account_id, REGIME, holdings.market.currency, node, node,
                         node.amount, node.amount, (), (*excluded, *missing))
