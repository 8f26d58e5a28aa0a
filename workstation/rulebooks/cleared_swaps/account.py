"""Margin one account of cleared swaps from its ladder and the curve history of the book.

History columns are named by currency and tenor ("USD 5y") and hold rates as decimals. The
answer is an estimate: the clearing house's curves and add-ons are its own.
"""

from __future__ import annotations

import numpy as np

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import money
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.pricing.sensitivities import own_sensitivities
from workstation.rulebooks.cleared_swaps.ladder import (
    Ladder,
    ladder_of,
    moves,
    on_known_vertices,
    profits,
)
from workstation.rulebooks.cleared_swaps.simulation import Settings, scaled_moves, simulated

REGIME = "cleared-swaps-var"
FOLDER = "cleared_swaps"
ADD_HISTORY = "add columns such as “USD 5y” (decimal rates) to the History sheet"


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Return historical-simulation margin plus a labelled estimate for liquidity."""
    edition = rules.edition(FOLDER)
    own = own_sensitivities(holdings, account.account_id)
    rows = holdings.crif or own.rows
    ladder, lost = on_known_vertices(ladder_of(rows), holdings.market.history)
    excluded = [*(() if holdings.crif else own.excluded),
                *(_without_history(account, currency) for currency in lost)]
    node, reason = _node(account, ladder, holdings, edition)
    if reason:
        excluded.append(Exclusion(account.where or account.account_id, reason, ADD_HISTORY,
                                  account.account_id))
    return AccountMargin(account.account_id, REGIME, holdings.market.currency, node, node,
                         node.amount, node.amount, (), tuple(excluded))


def _without_history(account: Account, currency: str) -> Exclusion:
    return Exclusion(account.where or account.account_id,
                     f"the book has no history of {currency} rates", ADD_HISTORY,
                     account.account_id)


def _node(account: Account, ladder: Ladder, holdings: ResolvedBook,
          edition: Edition) -> tuple[Explained, str]:
    label = f"{account.account_id}: cleared swaps margin (estimate)"
    if not ladder:
        return total(label), ""
    vertices = sorted(ladder, key=lambda v: (v.currency, v.factor))
    moved = moves(holdings.market.history, vertices, int(edition["horizon_days"].value))
    least = int(edition["minimum_days"].value)
    count = moved.shape[1]
    if count < least:
        return total(label), f"{count} common moves of rates, fewer than {least}"
    settings = Settings.of(edition)
    usd = float(holdings.market.fx_rate("USD") or 1)
    plain = profits(ladder, vertices, moved) * usd
    scaled = profits(ladder, vertices, scaled_moves(moved, settings)) * usd
    done = simulated(plain, scaled, settings)
    weight = settings.stress_weight
    parts = (
        leaf("Tail of moves scaled to today's volatility", money((1 - weight) * done.scaled),
             edition["decay"].cite, tail=f"{done.scaled:,.2f}", weight=f"{1 - weight:g}",
             confidence=f"{settings.confidence:.1%}", moves=count),
        leaf("Tail of moves as they were", money(weight * done.plain),
             edition["stress_weight"].cite, tail=f"{done.plain:,.2f}", weight=f"{weight:g}"),
        _liquidity(ladder, usd, edition))
    return total(label, *parts, cite=edition["confidence"].cite), ""


def _liquidity(ladder: Ladder, usd: float, edition: Edition) -> Explained:
    spread = edition["liquidity_bp"]
    gross = float(np.sum(np.abs(list(ladder.values())))) * usd
    return leaf("Liquidity add-on (estimate)", money(gross * float(spread.value)), spread.cite,
                gross_dv01=f"{gross:,.2f}", spread=f"{spread.value} bp")
