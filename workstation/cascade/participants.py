"""Who takes part in a cascade: the client as delta-equivalents, and the book's agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.base.problem import Problem
from workstation.book.book import Book
from workstation.book.collateral import Agent
from workstation.book.resolve import ResolvedBook
from workstation.cascade.factors import FactorMap
from workstation.harmonised.underlyings import RiskMap
from workstation.pricing.grid import scenario_pnl
from workstation.pricing.volatility import implied_volatilities

Floats = NDArray[np.float64]
CLIENT = "Client"
NEAR_CASH = "near_cash"
VALUED_FLOOR = 0.5
"""Exposures below half a unit of the reporting currency are rounding, not holdings."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What someone gains per relative move of one factor, in the reporting currency."""

    factor: str
    value: float


@dataclass(frozen=True, slots=True)
class Participant:
    """Exposures by factor, equity, and either a requirement today or a leverage limit."""

    name: str
    exposures: tuple[Exposure, ...]
    equity: float
    requirement: float = 0.0
    leverage_limit: float = 0.0

    def margin_rate(self, gross_long: float) -> float:
        """Return the requirement per unit held long: 1 / leverage limit, or today's ratio."""
        if self.leverage_limit > 0:
            return 1.0 / self.leverage_limit
        return self.requirement / gross_long if gross_long > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Client:
    """The client as a participant, a price for each of its factors and whose, and what is left out.

    `asset_classes` says what each factor is, without those that rise when their class falls;
    `near_cash` factors count as cash; `left_out` are positions that cannot be priced.
    """

    participant: Participant
    prices: Mapping[str, tuple[str, float]]
    asset_classes: Mapping[str, str]
    near_cash: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One position as the cascade sees it: whose, on which factor, and what a move gains it.

    `price` is that of `priced`, the position's underlying or the position itself.
    """

    account: str
    factor: str
    value: float
    price: float
    asset_class: str
    sign: int
    priced: str


@dataclass(frozen=True, slots=True)
class Lines:
    """All positions that take part, the factors that count as cash, and what has no price."""

    rows: tuple[Line, ...]
    near_cash: tuple[str, ...]
    left_out: tuple[str, ...]


def lines(book: Book, holdings: ResolvedBook, risk: RiskMap, move: float) -> Lines:
    """Return every position's profit per relative move of its factor, options at their delta.

    value = (profit at +move - profit at -move) / (2 move) x leverage
    """
    volatility = implied_volatilities(holdings).volatility
    profit = scenario_pnl(holdings, volatility, np.array([-move, move]))
    deltas = (profit[:, 1] - profit[:, 0]) / (2.0 * move)
    rows: list[Line] = []
    near_cash: set[str] = set()
    for position, root, delta, price in zip(
            holdings.positions, risk.of_all(holdings), deltas.tolist(),
            (holdings.spot * holdings.fx).tolist(), strict=True):
        if root.scan == NEAR_CASH:
            near_cash.add(root.name)
        else:
            rows.append(Line(position.account_id, root.name, delta * root.leverage, price,
                             root.asset_class, root.sign,
                             position.instrument.underlying or position.instrument.symbol))
    left_out = {p.instrument.symbol for p, why in zip(
        holdings.positions, holdings.unpriced, strict=True) if why is not None}
    return Lines(tuple(rows), tuple(sorted(near_cash)), tuple(sorted(left_out)))


def client(found: Lines, requirement: float, equity: float) -> Client:
    """Return the client: exposures summed by factor, with a price for each."""
    sums: dict[str, float] = {}
    prices: dict[str, tuple[str, float]] = {}
    asset_classes: dict[str, str] = {}
    for line in found.rows:
        sums[line.factor] = sums.get(line.factor, 0.0) + line.value
        if line.sign > 0:
            asset_classes[line.factor] = line.asset_class
        if line.price > 0:
            prices.setdefault(line.factor, (line.priced, line.price))
    exposures = tuple(
        Exposure(name, sums[name]) for name in sorted(sums) if abs(sums[name]) > VALUED_FLOOR)
    return Client(Participant(CLIENT, exposures, equity, requirement=requirement), prices,
                  asset_classes, found.near_cash, found.left_out)


def agents(rows: Sequence[Agent], book: Book, known: FactorMap,
           ) -> tuple[tuple[Participant, ...], list[Problem]]:
    """Return the other participants; rows of one agent add up, its lowest leverage limit holds.

    margin rate = 1 / leverage limit
    """
    problems: list[Problem] = []
    by_name: dict[str, list[Agent]] = {}
    for row in rows:
        by_name.setdefault(row.agent, []).append(row)
    found: list[Participant] = []
    for name, own in by_name.items():
        if not any(row.quantity for row in own):
            problems.append(Problem(own[0].where or "Agents", f"{name} holds no assets; it is left "
                                    "out", "state what it holds, or delete its rows", "error"))
            continue
        exposures: dict[str, float] = {}
        usable = [row for row in own if _usable(row, book, problems)]
        for row in usable:
            factor = known.of(row.factor)
            exposures[factor] = exposures.get(factor, 0.0) + _value(row, book)
        if usable:
            held = tuple(Exposure(f, exposures[f]) for f in sorted(exposures))
            equity = sum(exposures.values()) + float(sum(row.cash for row in usable))
            limit = float(min(row.leverage_limit for row in usable))
            found.append(Participant(name, held, equity, leverage_limit=limit))
    return tuple(found), problems


def _usable(row: Agent, book: Book, problems: list[Problem]) -> bool:
    market = book.market.underlying(row.factor)
    if market is None or book.market.fx_rate(market.currency) is None:
        problems.append(Problem(row.where or "Agents", f"{row.agent}: factor {row.factor} has no "
                                "price; the row is left out", "add it to the Market sheet"))
        return False
    if row.leverage_limit <= 0:
        problems.append(Problem(row.where or "Agents", f"{row.agent}: leverage limit "
                                f"{row.leverage_limit:f} is not positive; the row is left out",
                                "state assets over equity, such as 5"))
        return False
    return True


def _value(row: Agent, book: Book) -> float:
    market = book.market.underlying(row.factor)
    fx = book.market.fx_rate(market.currency) if market else None
    return float(row.quantity * market.price * fx) if market and fx else 0.0
