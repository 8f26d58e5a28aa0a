"""Where every account stands: its tests, and how far the market is from its call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from workstation.book.book import Book
from workstation.book.resolve import Floats, ResolvedBook
from workstation.measures.account_status import CASH_NOT_STATED, AccountStatus, Distance
from workstation.measures.distance import distance
from workstation.measures.requirement import AccountMargin, Margin
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.finra_4210.account_tests import (
    FOLDER,
    met_by_equity,
    statuses,
    tiers_of,
)
from workstation.rulebooks.registry import account_margin
from workstation.rulebooks.registry import silos as silos_of
from workstation.rulebooks.simm import account as simm
from workstation.rulebooks.span import customer_funds
from workstation.rulebooks.uncleared import call

MOST_POSITIONS = 100  # of an account whose distance every review computes
MOST_IN_BOOK = 400  # positions of a book whose reviews compute distances at all


SECURITIES_REGIMES = frozenset({
    "reg-t", "finra-4210-strategy", "finra-4210-portfolio", "sbs-18a-3"})
NOT_SEARCHED = (f"distance not searched: more than {MOST_POSITIONS} positions in the account or "
                f"{MOST_IN_BOOK} in the book")
STRATEGY_OF = {"reg-t": "finra-4210-strategy"}  # the same maintenance without the initial


@dataclass(frozen=True, slots=True)
class _Kept:
    """A distance, what it was computed from, and the editions it rests on."""

    distance: Distance
    key: object = None
    folders: tuple[str, ...] = ()


class DistanceCache:
    """Remembers distances of accounts that an edit did not touch."""

    def __init__(self) -> None:
        self._known: dict[str, _Kept] = {}

    def of(self, book: Book, holdings: ResolvedBook, volatility: Floats,
           found: tuple[AccountStatus, ...], rules: RuleSet) -> dict[str, Distance]:
        """Return the distance of every account, searched where the account is small enough."""
        before, self._known = self._known, {}
        for status in found:
            if not status.cash_stated:
                self._known[status.account_id] = _Kept(Distance(None, None, CASH_NOT_STATED))
                continue
            mine = book.of_account(status.account_id)
            if len(mine) > MOST_POSITIONS or len(book.positions) > MOST_IN_BOOK:
                self._known[status.account_id] = _Kept(Distance(None, None, NOT_SEARCHED))
                continue
            key = (status.regime, status.equity.amount, mine, book.market, rules.key)
            known = before.get(status.account_id)
            if known is not None and known.key == key:
                self._known[status.account_id] = known
                for folder in known.folders:
                    rules.edition(folder)  # What the distance rests on is used in this review too.
                continue
            with rules.asked() as folders:
                found_now = distance_of(book, holdings, volatility, status, rules)
            self._known[status.account_id] = _Kept(found_now, key, tuple(folders))
        return {account_id: known.distance for account_id, known in self._known.items()}


def standing(book: Book, holdings: ResolvedBook, volatility: Floats, silos: Margin,
             rules: RuleSet, distances: DistanceCache | None = None
             ) -> tuple[AccountStatus, ...]:
    """Return the standing of every margined account, distances of the small ones included."""
    found = statuses(book, holdings, silos, rules)
    known = (distances or DistanceCache()).of(book, holdings, volatility, found, rules)
    plain = _without_overlays(book, holdings, rules)
    placed = [_beside_the_rule(replace(status, distance=known[status.account_id]), silos, plain)
              for status in found]
    return tuple(_customer_funds(_uncleared(status, book, holdings, silos, rules), book, silos,
                                 rules) for status in placed)


def called(book: Book, holdings: ResolvedBook, silos: Margin, rules: RuleSet
           ) -> tuple[AccountStatus, ...]:
    """Return every margined account's tests and calls, without distances."""
    return tuple(_uncleared(status, book, holdings, silos, rules)
                 for status in statuses(book, holdings, silos, rules))


def _customer_funds(status: AccountStatus, book: Book, silos: Margin, rules: RuleSet
                    ) -> AccountStatus:
    """Show what a futures or cleared swaps customer is short of initial margin, or may take out."""
    margin = silos.of_account(status.account_id)
    if margin is None or not rules.has(customer_funds.FOLDER):
        return status
    account = book.account(status.account_id)
    required = met_by_equity(customer_funds.NAME, margin.initial, margin.on_initial)
    return customer_funds.with_customer_funds(
        status, account.account_type, account.risk_profile, required,
        rules.edition(customer_funds.FOLDER))


def _uncleared(status: AccountStatus, book: Book, holdings: ResolvedBook, silos: Margin,
               rules: RuleSet) -> AccountStatus:
    """Take threshold and minimum transfer amount off the call of an uncleared swaps account."""
    margin = silos.of_account(status.account_id)
    if margin is None or margin.regime not in call.REGIMES or not rules.has(call.FOLDER):
        return status
    account = book.account(status.account_id)
    mine = holdings.of_account(status.account_id)
    collected = simm.collected(account, mine, rules).amount if (
        margin.regime == simm.REGIME) else None
    return call.called(status, margin, book, silos, rules.edition(call.FOLDER), collected)


def _without_overlays(book: Book, holdings: ResolvedBook, rules: RuleSet) -> Margin | None:
    """Return today's silos by the shipped editions alone; None where nothing is laid over them."""
    shipped = rules.without_overlays()
    return None if shipped is None else silos_of(book, holdings, shipped)


def _beside_the_rule(status: AccountStatus, silos: Margin, plain: Margin | None) -> AccountStatus:
    """Show the regulatory minimum and what the house adds, for accounts of securities."""
    own = silos.of_account(status.account_id)
    rule = None if plain is None else plain.of_account(status.account_id)
    if own is None or rule is None or rule.regime not in SECURITIES_REGIMES:
        return status
    least = rule.maintenance.amount
    return replace(status, regulatory=least, house=own.maintenance.amount - least)


def distance_of(book: Book, holdings: ResolvedBook, volatility: Floats, status: AccountStatus,
                rules: RuleSet) -> Distance:
    """Return how far the market is from one account's maintenance call, by full calculation."""
    account = book.account(status.account_id)
    rows = np.array([n for n, p in enumerate(holdings.positions)
                     if p.account_id == status.account_id], dtype=np.intp)
    regime = STRATEGY_OF.get(status.regime, status.regime)

    def margined(moved: ResolvedBook) -> AccountMargin:
        return account_margin(account, moved, rules, regime)

    tiers = [] if not rules.has(FOLDER) else tiers_of(
        status, rules.edition(FOLDER), book.market.fx_rate("USD") or Decimal(1))
    return distance(holdings.take(rows), volatility[rows], status.equity.amount, margined, tiers)
