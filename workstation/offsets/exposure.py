"""Everything held of one risk, by wrapper and account: size, margin, and where it lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from workstation.base.money import money
from workstation.base.vocabulary import AccountType
from workstation.book.book import Book
from workstation.book.resolve import Floats, ResolvedBook
from workstation.harmonised.eligibility import AccountLocations
from workstation.harmonised.underlyings import RiskMap
from workstation.market.market import Market
from workstation.offsets.trading_week import ALL_WEEK, AT_ONCE, TradingWeek
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.grid import scenario_pnl

ZERO = Decimal(0)
BUMP = 0.01


@dataclass(frozen=True, slots=True)
class Exposure:
    """One risk root in one wrapper in one account.

    `delta` is the profit per unit relative move of the root, in the reporting currency: what an
    outright holding of that value would earn. `stand_alone` adds up the positions' requirements
    each by itself; None where one of them has none. `location` is who holds it, `legal` the
    account of the law its margin stands in.
    """

    root: str
    wrapper: str
    account_id: str
    account_type: AccountType
    location: str
    positions: int
    delta: Decimal
    stand_alone: Decimal | None
    legal: str = ""
    trades: str = ""
    settles: str = ""
    weekend: Decimal | None = None
    """One deviation of profit over a weekend, where it trades and its account cannot settle."""


def exposures(book: Book, holdings: ResolvedBook, volatility: Floats, rules: RuleSet,
              stand_alone: Mapping[str, Decimal | None]) -> tuple[Exposure, ...]:
    """Return the book by risk root, wrapper and account, roots in alphabetical order.

    `stand_alone` holds each position's requirement by its place in the file. Deltas are taken
    over 1 % up and down, all options by the European formula.
    """
    if not rules.has("underlyings"):
        return ()
    risks = RiskMap.of_rules(rules)
    european = replace(holdings, american=np.zeros(len(holdings), dtype=np.bool_))
    moves = scenario_pnl(european, volatility, np.array([BUMP, -BUMP]))
    deltas = (moves[:, 0] - moves[:, 1]) / (2 * BUMP)
    grouped: dict[tuple[str, str, str], list[int]] = {}
    roots = risks.of_all(holdings)
    for row, (root, position) in enumerate(zip(roots, holdings.positions, strict=True)):
        key = (root.name, position.instrument.wrapper.value, position.account_id)
        grouped.setdefault(key, []).append(row)
    locations = AccountLocations(rules) if rules.has("account_locations") else None
    week = TradingWeek.of(rules)
    found = []
    for (root_name, wrapper, account_id), rows in sorted(grouped.items()):
        account = book.account(account_id)
        delta = sum(float(deltas[row]) * roots[row].leverage * roots[row].sign for row in rows)
        alone = [stand_alone.get(holdings.positions[row].where) for row in rows]
        item = Exposure(
            root_name, wrapper, account_id, account.account_type,
            account.firm or account.venue, len(rows), money(delta),
            None if None in alone else sum((a for a in alone if a is not None), ZERO),
            "" if locations is None else locations.location(account))
        found.append(item if week is None else _timed(item, week, book.market))
    return tuple(found)


def _timed(item: Exposure, week: TradingWeek, market: Market) -> Exposure:
    """Return a holding of a coin with its hours, settlement and gap between the two."""
    trades, settles = week.trades(item.root, item.wrapper, market), week.settles(item.account_type)
    if not trades:
        return item
    opens = trades == ALL_WEEK and settles != AT_ONCE
    return replace(item, trades=trades, settles=settles,
                   weekend=week.gap(item.root, item.delta, market) if opens else None)
