"""The factors of a cascade: what is priced, how deep its market is, and who it belongs to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workstation.base.problem import Problem
from workstation.base.vocabulary import UnderlyingClass
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet

MAP_FOLDER = "underlyings"
EQUITY = "equity"
CLASSES = {
    UnderlyingClass.INTEREST_RATE: "rates", UnderlyingClass.CURRENCY: "currency",
    UnderlyingClass.COMMODITY: "commodity", UnderlyingClass.CRYPTO: "crypto",
}
NOTHING_LEFT = -0.99
"""A price can lose at most this share of itself; logarithms need something to be left."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor: its market row, price in the reporting currency, depth and shock.

    `adv` is 0 where the volume or the volatility is unknown; such a factor does not move.
    """

    name: str
    symbol: str
    price: float
    adv: float
    daily_volatility: float
    shock: float

    @property
    def shocked(self) -> float:
        """Price after the shock, before anyone sells."""
        return self.price * (1.0 + self.shock)


class FactorMap:
    """Finds the factor a symbol belongs to, by the underlyings map in force."""

    def __init__(self, rules: RuleSet) -> None:
        rows = rules.edition(MAP_FOLDER)[MAP_FOLDER].rows if rules.has(MAP_FOLDER) else ()
        self._root = {symbol: row["root"] for row in rows for symbol in row["symbols"]}
        self._root |= {row["root"]: row["root"] for row in rows}
        self._class = {row["root"]: str(row["class"]) for row in rows}

    def of(self, symbol: str) -> str:
        """Return the factor of a symbol; a symbol not in the map is its own."""
        return str(self._root.get(symbol.upper(), symbol))

    def names(self) -> tuple[str, ...]:
        """Return every factor and symbol of the map."""
        return tuple(self._root)

    def mapped(self, factor: str) -> bool:
        """Say whether a factor stands in the underlyings map: indices, funds, rates, coins."""
        return factor in self._class

    def class_of(self, factor: str) -> str:
        """Return the asset class the map gives a factor; empty where it does not stand there."""
        return self._class.get(factor, "")

    def is_coin(self, factor: str) -> bool:
        """Say whether the map calls a factor a coin."""
        return self._class.get(factor) == CLASSES[UnderlyingClass.CRYPTO]

    def asset_class(self, factor: str, market: Market) -> str:
        """Return a factor's asset class, by the map or else by its Market row."""
        if factor in self._class:
            return self._class[factor]
        row = market.underlying(factor)
        return CLASSES.get(row.underlying_class, EQUITY) if row else EQUITY

    def shocks(self, shocks: Mapping[str, float]) -> dict[str, float]:
        """Return shocks by factor; where several symbols of a factor are named, the worst."""
        found: dict[str, float] = {}
        for symbol, move in shocks.items():
            factor = self.of(symbol)
            found[factor] = min(move, found.get(factor, move))
        return found

    def rows(self, market: Market) -> dict[str, Underlying]:
        """Choose the market row that stands for each factor: the deepest known, else its own."""
        chosen: dict[str, Underlying] = {}
        for row in sorted(market.underlyings.values(), key=lambda r: r.symbol):
            name = self.of(row.symbol)
            held = chosen.get(name)
            if held is None or _preference(row, name) > _preference(held, name):
                chosen[name] = row
        return chosen


def _preference(row: Underlying, factor: str) -> tuple[bool, bool, bool]:
    has_depth = bool(row.adv and row.annual_volatility)
    return row.leverage == 1, has_depth, row.symbol == factor


def factors(names: Iterable[str], known: FactorMap, market: Market, moves: Mapping[str, float],
            prices: Mapping[str, tuple[str, float]], trading_days: float,
            ) -> tuple[tuple[Factor, ...], list[Problem]]:
    """Price the named factors from the Market sheet, else from `prices` of the positions."""
    rows = known.rows(market)
    found: list[Factor] = []
    for name in sorted(set(names)):
        row = rows.get(name)
        fx = None if row is None else market.fx_rate(row.currency)
        symbol, price = ((row.symbol, float(row.price * fx)) if row is not None and fx is not None
                         else prices.get(name, (name, 0.0)))
        if price <= 0:
            continue
        deep = row is not None and bool(row.adv and row.annual_volatility)
        found.append(Factor(
            name, symbol, price,
            float(row.adv or 0) if row and deep else 0.0,
            float(row.annual_volatility or 0) / math.sqrt(trading_days) if row else 0.0,
            max(moves.get(name, 0.0), NOTHING_LEFT)))
    return tuple(found), _shallow(found)


def followers(asset_classes: Mapping[str, str], moves: Mapping[str, float], known: FactorMap,
              leaders: Mapping[str, str]) -> dict[str, str]:
    """Return which factor each unshocked one moves with, by its asset class."""
    found = {name: known.of(leaders[kind]) for name, kind in asset_classes.items()
             if name not in moves and kind in leaders}
    return {name: leader for name, leader in found.items() if leader in moves}


def _shallow(found: Iterable[Factor]) -> list[Problem]:
    missing = [factor.symbol for factor in found if factor.adv == 0.0]
    if not missing:
        return []
    return [Problem(
        "Market", f"no average daily volume or annual volatility for {', '.join(missing)}; their "
        "prices do not move under forced sales", "fill in the adv and annual_volatility columns")]
