"""A book after a shock: prices and volatilities moved, gains settled, ready to be margined again.

What settles daily (futures, perpetuals, swaps) pays its gain into the account's cash; everything
else keeps its gain in its price.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from workstation.base.money import money
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot
from workstation.book.positions import Position
from workstation.book.resolve import Floats, ResolvedBook, Valuation, resolve
from workstation.book.valuation import VARIATION_MARGINED, net_liquidating_value
from workstation.cascade.factors import FactorMap
from workstation.harmonised.design import Design
from workstation.harmonised.engine import assess
from workstation.harmonised.underlyings import RiskMap, RiskRoot
from workstation.lab.scenarios import Shock, volatility_change
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.grid import option_rows, option_values
from workstation.pricing.volatility import implied_volatilities
from workstation.rulebooks import registry

CROSSING = 10
LEAST_PRICE = Decimal("0.0000000001")
LEAST_LEFT = -0.999999
LEAST_VOLATILITY = 0.01


@dataclass(frozen=True, slots=True)
class StressedMargin:
    """Margin recomputed after a shock: today's silos, each design, and what the client is worth."""

    shock: str
    equity_before: Decimal
    equity: Decimal
    silos_before: Decimal
    silos: Decimal
    designs: tuple[tuple[str, Decimal], ...]

    @property
    def loss(self) -> Decimal:
        """Return what the shock costs the client, positive for a loss."""
        return self.equity_before - self.equity


def stressed(book: Book, shock: Shock, rules: RuleSet) -> Book:
    """Return the book after a shock."""
    mover = _Mover(book, shock, rules)
    holdings = resolve(book)
    prices = mover.prices(holdings)
    settled = mover.settled(holdings, prices)
    accounts = tuple(paid(account, settled.get(account.account_id, {}))
                     for account in book.accounts)
    positions = tuple(_at(p, price) for p, price in zip(book.positions, prices, strict=True))
    return replace(book, accounts=accounts, positions=positions, market=mover.market(),
                   lots=tuple(mover.lot(lot, book) for lot in book.lots))


def margin_under_stress(book: Book, shock: Shock, designs: tuple[Design, ...], rules: RuleSet,
                        ) -> StressedMargin:
    """Recompute today's silos and every design on the book after a shock."""
    holdings = resolve(book)
    before = registry.silos(book, holdings, rules).maintenance.amount
    after = stressed(book, shock, rules)
    held = resolve(after)
    volatility, silos = implied_volatilities(held), registry.silos(after, held, rules)
    return StressedMargin(
        shock.name, net_liquidating_value(book, holdings), net_liquidating_value(after, held),
        before, silos.maintenance.amount,
        tuple((design.name, assess(design, after, held, volatility, silos, rules)
               .margin.requirement.amount) for design in designs))


def root_volatility(book: Book, symbol: str, rules: RuleSet) -> float:
    """Return the volatility a symbol's risk root is marked at: its row's, else its options' median.

    Raises ValueError where nothing says it.
    """
    factors, risk = FactorMap(rules), RiskMap.of_rules(rules)
    root = factors.of(symbol)
    row = book.market.underlying(symbol)
    if row is not None and row.iv is not None:
        return float(row.iv)
    holdings = resolve(book)
    rows = [i for i in option_rows(holdings).tolist()
            if risk.of(holdings.positions[i], book.market).name == root]
    if not rows:
        raise ValueError(f"nothing in the book says the volatility of {symbol}")
    return float(np.median(implied_volatilities(holdings).volatility[rows]))


class _Mover:
    """Knows the move of every position, underlying and lot under one shock."""

    def __init__(self, book: Book, shock: Shock, rules: RuleSet) -> None:
        self._book, self._shock = book, shock
        self._risk, self._factors = RiskMap.of_rules(rules), FactorMap(rules)
        self._moves = self._factors.shocks(shock.moves)
        self._flat = {self._factors.of(symbol): change for symbol, change in shock.flat.items()}

    def _of_root(self, root: RiskRoot) -> float:
        if root.name in self._moves:
            return self._moves[root.name]
        leader = self._shock.proxies.get(root.asset_class, "") if root.sign > 0 else ""
        return self._moves.get(self._factors.of(leader), 0.0)

    def _of_position(self, position: Position) -> float:
        if self._shock.accounts and position.account_id not in self._shock.accounts:
            return 0.0
        root = self._risk.of(position, self._book.market)
        return max(LEAST_LEFT, root.leverage * self._of_root(root))

    def prices(self, holdings: ResolvedBook) -> list[Decimal | None]:
        """Return every position's price after the shock; None where it has none or is unmoved."""
        moves = np.array([self._of_position(p) for p in holdings.positions])
        out: list[Decimal | None] = [None] * len(holdings)
        straight = (holdings.valuation == Valuation.LINEAR) | (
            holdings.valuation == Valuation.INVERSE)
        for i in np.flatnonzero(straight & (moves != 0)):
            out[i] = _crossed(holdings.price[i] * (1.0 + moves[i]))
        rows = option_rows(holdings)
        if len(rows):
            for i, price in zip(rows, self._options(holdings.take(rows), moves[rows]), strict=True):
                out[i] = price
        return out

    def _options(self, options: ResolvedBook, moves: Floats) -> list[Decimal | None]:
        volatility = implied_volatilities(options).volatility
        changes = np.array([self._volatility_change(p, years) for p, years in zip(
            options.positions, options.years, strict=True)])
        after = np.maximum(volatility + changes, np.minimum(volatility, LEAST_VOLATILITY))
        factors = np.divide(after, volatility, out=np.ones_like(after), where=volatility > 0)
        whole = np.ones((len(options), 1))
        values = option_values(options, volatility, np.column_stack([0.0 * moves, moves]),
                               np.concatenate([whole, factors[:, None]], axis=1))
        base = np.where(options.price > 0, options.price, values[:, 0])
        return [None if move == 0 and change == 0 else _crossed(price + new - old)
                for move, change, price, old, new in zip(
                    moves, changes, base, values[:, 0], values[:, 1], strict=True)]

    def _volatility_change(self, position: Position, years: float) -> float:
        root = self._risk.of(position, self._book.market)
        flat = self._flat.get(root.name)
        if flat is not None:
            return flat
        return volatility_change(self._shock.volatility.get(root.asset_class, 0.0), years)

    def settled(self, holdings: ResolvedBook, prices: list[Decimal | None]
                ) -> Mapping[str, Mapping[str, Decimal]]:
        """Return gains that settle in cash, by account and currency."""
        out: dict[str, dict[str, Decimal]] = {}
        for i, position in enumerate(holdings.positions):
            price, instrument = prices[i], position.instrument
            if price is None or instrument.wrapper not in VARIATION_MARGINED:
                continue
            gain = position.quantity * instrument.multiplier * (price - (position.price or 0))
            if holdings.valuation[i] == Valuation.INVERSE and position.price:
                gain = position.quantity * instrument.multiplier * (price / position.price - 1)
            own = out.setdefault(position.account_id, {})
            own[instrument.currency] = own.get(instrument.currency, Decimal(0)) + gain
        return out

    def market(self) -> Market:
        """Return the market with every underlying moved; a venue's own shock moves none."""
        if self._shock.accounts:
            return self._book.market
        rows = {symbol: self._moved(row) for symbol, row in self._book.market.underlyings.items()}
        return replace(self._book.market, underlyings=rows)

    def _moved(self, row: Underlying) -> Underlying:
        move = self._of_symbol(row.symbol) * float(row.leverage or 1)
        flat = self._flat.get(self._factors.of(row.symbol))
        if flat and row.iv is not None:
            row = replace(row, iv=_crossed(max(LEAST_VOLATILITY, float(row.iv) + flat)))
        if not move:
            return row
        return replace(row, price=_crossed(float(row.price) * (1.0 + max(LEAST_LEFT, move))))

    def _of_symbol(self, symbol: str) -> float:
        """Return the move of an underlying's root, by a position on it where there is one."""
        for position in self._book.positions:
            if position.instrument.underlying == symbol:
                return self._of_root(self._risk.of(position, self._book.market))
        return self._moves.get(self._factors.of(symbol), 0.0)

    def lot(self, lot: CollateralLot, book: Book) -> CollateralLot:
        """Return a collateral lot at its price after the shock."""
        if self._shock.accounts and lot.account_id not in self._shock.accounts:
            return lot
        held = next((p for p in book.positions if p.instrument.symbol == lot.symbol), None)
        move = self._of_position(held) if held is not None and held.instrument.option is None else (
            self._moves.get(self._factors.of(lot.symbol), 0.0))
        return replace(lot, price=_crossed(float(lot.price) * (1.0 + move))) if move else lot


def _crossed(price: float) -> Decimal:
    return max(LEAST_PRICE, money(round(float(price), CROSSING)))


def _at(position: Position, price: Decimal | None) -> Position:
    return position if price is None else replace(position, price=price)


def paid(account: Account, gains: Mapping[str, Decimal]) -> Account:
    """Put gains into the account's cash of their currency."""
    cash = account.cash + gains.get(account.currency, Decimal(0))
    other = dict(account.other_cash)
    for currency, gain in gains.items():
        if currency != account.currency:
            other[currency] = other.get(currency, Decimal(0)) + gain
    return replace(account, cash=cash, other_cash=tuple(other.items()))
