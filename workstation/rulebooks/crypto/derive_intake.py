"""Which holdings of an account the scenario grid takes, by underlying, and why not others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from workstation.base.problem import Problem
from workstation.base.vocabulary import AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook, Valuation
from workstation.parameters.store import Edition
from workstation.pricing.volatility import implied_volatilities
from workstation.rulebooks.crypto.holdings import (
    DAYS_A_YEAR,
    SECONDS_A_DAY,
    Collateral,
    Feed,
    GridOption,
    Holdings,
)
from workstation.rulebooks.crypto.pack import pack_names

BY_HAND = "margin it by hand or take it out of the account"
DOLLARS = frozenset({"", "USD", "USDC", "USDT"})


@dataclass(frozen=True, slots=True)
class Portfolio:
    """One underlying's holdings in the reporting currency, and the constants they fall under."""

    underlying: str
    pack: str
    holdings: Holdings
    perpetuals: tuple[str, ...]
    notes: tuple[str, ...]

    def parts(self) -> Mapping[str, Holdings]:
        """Return the perpetuals, each expiry and each coin as portfolios of their own."""
        bare = replace(self.holdings, perpetuals=0.0, options=(), feeds=(), collateral=(),
                       cash=0.0, unrealised=0.0)
        found: dict[str, Holdings] = {}
        if self.holdings.perpetuals:
            found[" + ".join(self.perpetuals)] = replace(
                bare, perpetuals=self.holdings.perpetuals)
        for seconds, feed in self.holdings.feeds:
            found[f"options, {seconds / SECONDS_A_DAY:g} days"] = replace(
                bare, feeds=((seconds, feed),),
                options=tuple(o for o in self.holdings.options if o.seconds == seconds))
        for held in self.holdings.collateral:
            found[f"{held.name} collateral"] = replace(bare, collateral=(held,))
        return found


@dataclass(frozen=True, slots=True)
class Intake:
    """Portfolios in order of underlying, and what was left out."""

    portfolios: tuple[Portfolio, ...]
    excluded: tuple[Exclusion, ...]


@dataclass(slots=True)
class _Gathered:
    spot: float = 0.0
    perpetuals: dict[str, tuple[float, float]] = field(default_factory=dict)
    options: list[GridOption] = field(default_factory=list)
    feeds: dict[float, Feed] = field(default_factory=dict)
    collateral: list[Collateral] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def sorted_in(account: Account, holdings: ResolvedBook, edition: Edition) -> Intake:
    """Sort an account's positions into portfolios by underlying and exclusions with reasons."""
    # The venue lists European options only, whatever style the file says or leaves open.
    european = replace(holdings, american=np.zeros(len(holdings), dtype=np.bool_))
    sorting = _Sorting(account, european, edition)
    for row in range(len(european)):
        sorting.place(row)
    return Intake(sorting.portfolios(), tuple(sorting.excluded))


class _Sorting:
    """One pass over an account's positions."""

    def __init__(self, account: Account, holdings: ResolvedBook, edition: Edition) -> None:
        self._account, self._holdings, self._edition = account, holdings, edition
        self._packs = pack_names(edition)
        self._haircuts = {str(row["asset"]): row for row in edition["collateral"].rows}
        self._cash_coins = tuple(str(coin) for coin in edition["cash_coins"].raw)
        solved = implied_volatilities(holdings)
        self._volatility, self._doubts = solved.volatility, solved.problems
        self._gathered: dict[str, _Gathered] = {}
        self._stable_price, self._cash = 1.0, float(account.cash)
        self.excluded: list[Exclusion] = []

    def place(self, row: int) -> None:
        """Add one position to its portfolio, or exclude it with its reason."""
        position, problem = self._holdings.positions[row], self._holdings.unpriced[row]
        doubt = self._doubts[row]
        instrument = position.instrument
        if instrument.asset_class is AssetClass.CASH:
            return
        if problem is not None:
            self._exclude_problem(problem)
        elif doubt is not None and doubt.severity == "error":
            self._exclude_problem(doubt)
        elif instrument.asset_class is AssetClass.STABLECOIN:
            self._place_stablecoin(row, position)
        elif instrument.underlying not in self._packs:
            self._exclude(position, f"the venue's pack has no constants for "
                          f"{instrument.underlying}")
        else:
            self._place_risk(row, position)

    def portfolios(self) -> tuple[Portfolio, ...]:
        """Return what was gathered, underlying by underlying."""
        return tuple(self._portfolio(name) for name in sorted(self._gathered))

    def _place_risk(self, row: int, position: Position) -> None:
        coin = _inverse_coin(self._holdings, row)
        match position.instrument.asset_class:
            case AssetClass.PERPETUAL | AssetClass.CRYPTO_OPTION if coin:
                self._exclude(position, f"settled in {coin}: the venue's contracts are linear")
            case AssetClass.PERPETUAL:
                self._place_perpetual(row, position)
            case AssetClass.CRYPTO_OPTION:
                self._place_option(row, position)
            case AssetClass.CRYPTO:
                self._place_coin(row, position)
            case other:
                self._exclude(position, f"a position of class {other} is not held at this venue")

    def _place_perpetual(self, row: int, position: Position) -> None:
        gathered, h = self._of(row), self._holdings
        size = float(h.quantity[row] * h.multiplier[row])
        symbol = position.instrument.symbol
        held, _ = gathered.perpetuals.get(symbol, (0.0, 0.0))
        gathered.perpetuals[symbol] = (held + size, float(h.price[row] * h.fx[row]))

    def _place_option(self, row: int, position: Position) -> None:
        gathered, h = self._of(row), self._holdings
        seconds = float(np.rint(h.years[row] * DAYS_A_YEAR)) * SECONDS_A_DAY
        gathered.options.append(GridOption(
            position.instrument.symbol, seconds, float(h.strike[row] * h.fx[row]),
            bool(h.is_call[row]), float(self._volatility[row]),
            float(h.quantity[row] * h.multiplier[row])))
        gathered.feeds[seconds] = Feed(gathered.spot, float(h.rate[row]))
        doubt = self._doubts[row]
        if doubt is not None:
            gathered.notes.append(doubt.what)

    def _place_coin(self, row: int, position: Position) -> None:
        symbol, h = position.instrument.symbol, self._holdings
        haircut = self._haircuts.get(position.instrument.underlying)
        if position.quantity < 0:
            self._exclude(position, "a borrowed coin, which the pack does not margin")
        elif haircut is None:
            self._exclude(position, "no collateral haircut is known for it",
                          "add a row to `collateral` in an overlay edition (--params FILE)")
        else:
            gathered = self._of(row)
            gathered.collateral.append(Collateral(
                symbol, float(h.quantity[row] * h.multiplier[row]),
                float(h.price[row] * h.fx[row]), float(haircut["maintenance"]),
                float(haircut["initial_extra"]), risk_cancelling=True))

    def _place_stablecoin(self, row: int, position: Position) -> None:
        if position.instrument.symbol not in self._cash_coins:
            coins = ", ".join(self._cash_coins)
            self._exclude(position, f"the pack counts {coins} alone as cash")
            return
        self._stable_price = float(self._holdings.price[row])
        self._cash += float(self._holdings.quantity[row])

    def _of(self, row: int) -> _Gathered:
        h, underlying = self._holdings, self._holdings.underlyings[row]
        gathered = self._gathered.setdefault(underlying, _Gathered())
        gathered.spot = gathered.spot or float(h.spot[row] * h.fx[row])
        return gathered

    def _portfolio(self, underlying: str) -> Portfolio:
        gathered = self._gathered[underlying]
        sizes = gathered.perpetuals.values()
        count = sum(size for size, _ in sizes)
        value = sum(size * price for size, price in sizes)
        first_price = next((price for _, price in sizes), 0.0)
        holdings = Holdings(
            spot=gathered.spot, perpetuals=count,
            perpetual_price=value / count if count else first_price,
            options=tuple(gathered.options), feeds=tuple(sorted(gathered.feeds.items())),
            collateral=tuple(gathered.collateral), cash=self._cash,
            stable_price=self._coin_price())
        return Portfolio(underlying, self._packs[underlying], holdings,
                         tuple(gathered.perpetuals), tuple(gathered.notes))

    def _coin_price(self) -> float:
        """Return the price of the cash coin: as held, else as the Market sheet has it, else 1."""
        for coin in self._cash_coins:
            row = self._holdings.market.underlying(coin)
            if self._stable_price == 1.0 and row is not None and row.price > Decimal(0):
                return float(row.price)
        return self._stable_price

    def _exclude(self, position: Position, reason: str, remedy: str = BY_HAND) -> None:
        self.excluded.append(Exclusion(
            position.where, f"{position.instrument.symbol}: {reason}", remedy,
            self._account.account_id))

    def _exclude_problem(self, problem: Problem) -> None:
        self.excluded.append(Exclusion(problem.where, problem.what, problem.remedy,
                                       self._account.account_id))


def _inverse_coin(holdings: ResolvedBook, row: int) -> str:
    """Return the coin a contract settles in; empty for dollars and dollar coins."""
    terms = holdings.positions[row].instrument.terms
    coin = str(getattr(terms, "settlement_currency", "")).upper()
    if holdings.valuation[row] == Valuation.INVERSE:
        return coin if coin not in DOLLARS else "the coin"
    return "" if coin in DOLLARS else coin
