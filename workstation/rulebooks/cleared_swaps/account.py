"""Margin one account of cleared swaps from its ladder and the curve history of the book.

History columns are named by currency and tenor ("USD 5y") and hold rates as decimals. The
answer is an estimate: the clearing house's curves and add-ons are its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import money
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.resolve import ResolvedBook
from workstation.measures.past_tail import PastTail
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.pricing.sensitivities import own_sensitivities
from workstation.rulebooks.cleared_swaps.ladder import (
    Ladder,
    Vertex,
    ladder_of,
    moves,
    on_known_vertices,
    profits,
    window_ends,
)
from workstation.rulebooks.cleared_swaps.simulation import (
    Settings,
    Simulated,
    scaled_moves,
    simulated,
)

Floats = NDArray[np.float64]
REGIME = "cleared-swaps-var"
FOLDER = "cleared_swaps"
ADD_HISTORY = "add columns such as “USD 5y” (decimal rates) to the History sheet"


@dataclass(frozen=True, slots=True)
class _Past:
    """An account's ladder under past moves: profits in the reporting currency, and their tails."""

    ladder: Ladder
    vertices: tuple[Vertex, ...]
    plain: Floats
    scaled: Floats
    settings: Settings
    usd: float

    @property
    def done(self) -> Simulated:
        return simulated(self.plain, self.scaled, self.settings)


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Return historical-simulation margin plus labelled estimates for liquidity and credit."""
    edition = rules.edition(FOLDER)
    ladder, excluded = _ladder(account, holdings)
    label = f"{account.account_id}: cleared swaps margin (estimate)"
    found = _simulated(ladder, holdings, edition) if ladder else ""
    if isinstance(found, _Past):
        node = _explained(label, found, edition)
    else:
        node = total(label)
        if found:
            excluded.append(Exclusion(account.where or account.account_id, found, ADD_HISTORY,
                                      account.account_id))
    return AccountMargin(account.account_id, REGIME, holdings.market.currency, node, node,
                         node.amount, node.amount, (), tuple(excluded))


def past_tails(account: Account, holdings: ResolvedBook, rules: RuleSet) -> tuple[PastTail, ...]:
    """Return the profits behind an account's margin: moves as they were, and scaled to today."""
    edition = rules.edition(FOLDER)
    ladder, _ = _ladder(account, holdings)
    found = _simulated(ladder, holdings, edition) if ladder else ""
    if not isinstance(found, _Past):
        return ()
    days, settings, done = int(edition["horizon_days"].value), found.settings, found.done
    ends = window_ends(holdings.market.history, found.vertices, days)
    sets = (("scaled to today's volatility", found.scaled, done.scaled,
             1.0 - settings.stress_weight),
            ("as they were", found.plain, done.plain, settings.stress_weight))
    return tuple(PastTail(
        account.account_id, name, holdings.market.currency, days, ends, tuple(profit.tolist()),
        settings.confidence, settings.shortfall, loss, weight)
        for name, profit, loss, weight in sets)


def _ladder(account: Account, holdings: ResolvedBook) -> tuple[Ladder, list[Exclusion]]:
    own = own_sensitivities(holdings, account.account_id)
    rows = holdings.crif or own.rows
    ladder, lost = on_known_vertices(ladder_of(rows), holdings.market.history)
    return ladder, [*(() if holdings.crif else own.excluded),
                    *(_without_history(account, currency) for currency in lost)]


def _without_history(account: Account, currency: str) -> Exclusion:
    return Exclusion(account.where or account.account_id,
                     f"the book has no history of {currency} rates", ADD_HISTORY,
                     account.account_id)


def _simulated(ladder: Ladder, holdings: ResolvedBook, edition: Edition) -> _Past | str:
    """Return profits under past moves, or why there are not enough of them."""
    vertices = tuple(sorted(ladder, key=lambda v: (v.currency, v.factor)))
    moved = moves(holdings.market.history, vertices, int(edition["horizon_days"].value))
    least, count = int(edition["minimum_days"].value), moved.shape[1]
    if count < least:
        return f"{count} common moves of rates, fewer than {least}"
    settings, usd = Settings.of(edition), float(holdings.market.fx_rate("USD") or 1)
    return _Past(ladder, vertices, profits(ladder, vertices, moved) * usd,
                 profits(ladder, vertices, scaled_moves(moved, settings)) * usd, settings, usd)


def _explained(label: str, past: _Past, edition: Edition) -> Explained:
    settings, done = past.settings, past.done
    weight = settings.stress_weight
    base = (
        leaf("Tail of moves scaled to today's volatility", money((1 - weight) * done.scaled),
             edition["decay"].cite, tail=f"{done.scaled:,.2f}", weight=f"{1 - weight:g}",
             confidence=f"{settings.confidence:.1%}", moves=len(past.plain)),
        leaf("Tail of moves as they were", money(weight * done.plain),
             edition["stress_weight"].cite, tail=f"{done.plain:,.2f}", weight=f"{weight:g}"))
    return total(label, *base, _liquidity(past.ladder, past.usd, edition),
                 *_credit(base, edition), cite=edition["confidence"].cite)


def _credit(base: Sequence[Explained], edition: Edition) -> tuple[Explained, ...]:
    """Return the add-on for the client's or member's credit, where the edition sets one."""
    share = edition["credit_share"]
    if not share.value:
        return ()
    amount = sum((part.amount for part in base), Decimal(0))
    return (leaf("Credit add-on (estimate)", amount * share.value, share.cite,
                 base=f"{amount:,.2f}", share=f"{share.value}"),)


def _liquidity(ladder: Ladder, usd: float, edition: Edition) -> Explained:
    spread = edition["liquidity_bp"]
    gross = float(np.sum(np.abs(list(ladder.values())))) * usd
    return leaf("Liquidity add-on (estimate)", money(gross * float(spread.value)), spread.cite,
                gross_dv01=f"{gross:,.2f}", spread=f"{spread.value} bp")
