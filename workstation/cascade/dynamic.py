"""The dynamic cascade: calls, sales, halts and rising margin, step by step.

All participants are cleared at once; prices follow the square root of cumulative signed volume,
so slicing an order changes nothing. Whatever clients sell, a liquidity provider takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workstation.cascade.correlation import blend
from workstation.cascade.impact import execution_price, moved_price, slope
from workstation.cascade.margin_path import next_volatility

Floats = NDArray[np.float64]
NO_CALL = 1e-12
NO_TRADE = 1e-10
LONGEST_FALL = 0.9
SLICES_A_DAY = 10.0
"""Steps into which a day's volume is divided when sales are limited to a share of it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Positions (n, k) signed, cash (n,), and per asset price, daily volatility, daily volume."""

    positions: Floats
    cash: Floats
    prices: Floats
    daily_volatility: Floats
    correlation: Floats
    adv: Floats


@dataclass(frozen=True, slots=True)
class Mechanics:
    """How margin is set and met, and how prices give way.

    `offset` is the share margined net, `drawdowns` the falls at which correlations start and
    finish converging, `floor` the share of its price an asset keeps at least.
    """

    impact: float
    multiple: float
    horizon_days: float
    decay: float
    participation: float
    maintenance: float
    buffer: float
    offset: float
    drawdowns: tuple[float, float]
    floor: float
    procyclical: bool = True
    law: Literal["sqrt", "kyle"] = "sqrt"
    depth: Floats | None = None
    stressed: Floats | None = None
    halt_level: float | None = None
    halt_steps: int = 0
    most_steps: int = 2000


@dataclass(frozen=True, slots=True)
class Step:
    """One step as margined, before its trades; `next_prices` is None in the last."""

    prices: Floats
    volatility: Floats
    convergence: float
    equity: Floats
    margin: Floats
    calls: Floats
    sale_fraction: Floats
    traded: Floats
    next_prices: Floats | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished cascade; losses are positive, `first_liquidated` are participant numbers."""

    steps: tuple[Step, ...]
    prices: Floats
    direct_loss: Floats
    total_loss: Floats
    equity: Floats
    positions: Floats
    cash: Floats
    provider_positions: Floats
    provider_cash: float
    first_liquidated: tuple[int, ...]

    @property
    def amplification(self) -> float | None:
        """Total over direct loss of all together; None without a direct loss."""
        direct = float(np.sum(self.direct_loss))
        return float(np.sum(self.total_loss)) / direct if direct != 0.0 else None


@dataclass(slots=True)
class _State:
    """What changes from step to step."""

    scene: Scene
    mechanics: Mechanics
    positions: Floats
    cash: Floats
    prices: Floats
    volatility: Floats
    returns: Floats
    volume: Floats
    provider_cash: float = 0.0
    halted: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    halted_once: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def fall(self) -> Floats:
        """Relative loss of each asset since before the shock."""
        return 1.0 - self.prices / self.scene.prices

    def convergence(self) -> float:
        """Weight of the stressed correlations, from the worst fall."""
        low, high = self.mechanics.drawdowns
        worst = float(np.max(self.fall(), initial=0.0))
        return min(max((worst - low) / (high - low), 0.0), 1.0)

    def margin(self, weight: float) -> Floats:
        """Margin of each participant, partly netted at today's correlations, partly gross."""
        mechanics, scene = self.mechanics, self.scene
        stressed = mechanics.stressed
        if stressed is None:
            stressed = np.ones_like(scene.correlation)
        correlation = blend(scene.correlation, stressed, weight)
        risk = self.positions * self.prices * self.volatility
        netted = np.sqrt(np.maximum(np.einsum("ik,kl,il->i", risk, correlation, risk), 0.0))
        gross = np.sum(np.abs(risk), axis=1)
        scale = mechanics.multiple * np.sqrt(mechanics.horizon_days)
        return np.asarray(scale * (mechanics.offset * netted + (1.0 - mechanics.offset) * gross))

    def start_halts(self) -> None:
        """Halt, once, each asset whose loss reaches the level for the first time."""
        if self.mechanics.halt_level is None:
            return
        hit = (self.fall() >= self.mechanics.halt_level) & ~self.halted_once
        self.halted[hit] = self.mechanics.halt_steps
        self.halted_once |= hit

    def fills(self, wanted: Floats) -> Floats:
        """Share of the wanted trades done in each asset: limited by volume, none while halted."""
        gross = np.sum(np.abs(wanted), axis=0)
        most = self.mechanics.participation * self.scene.adv / SLICES_A_DAY
        share = np.minimum(1.0, np.divide(most, gross, out=np.ones_like(most), where=gross > 0))
        return np.where(self.halted > 0, 0.0, share)

    def trade(self, trades: Floats) -> Floats:
        """Settle trades at their execution price and return the next prices."""
        net = np.sum(trades, axis=0)
        following, paid = self._priced(net)
        self.positions = self.positions + trades
        self.cash = self.cash - trades @ paid
        self.provider_cash += float(net @ paid)
        self.volume = self.volume + net
        self.returns = np.log(following / self.prices)
        self.prices = following
        self.halted = np.maximum(self.halted - 1, 0)
        return following

    def _priced(self, net: Floats) -> tuple[Floats, Floats]:
        scene, mechanics, prices = self.scene, self.mechanics, self.prices
        if mechanics.law == "kyle":
            depth = np.full_like(prices, np.inf) if mechanics.depth is None else mechanics.depth
            shift = np.sign(net) * np.minimum(np.abs(net) * prices / depth, LONGEST_FALL)
            following = prices * (1.0 + shift)
            return following, 0.5 * (prices + following)
        k = slope(mechanics.impact, scene.daily_volatility, scene.adv)
        moves = list(zip(prices, k, self.volume, net, strict=True))
        following = np.array([moved_price(*(float(v) for v in move)) for move in moves])
        paid = np.array([execution_price(*(float(v) for v in move)) for move in moves])
        return np.maximum(following, mechanics.floor * scene.prices), paid


def run(scene: Scene, shock: Floats, mechanics: Mechanics) -> Outcome:
    """Run a cascade from a relative price shock until nobody has to trade.

    Each step: volatility, correlations, margin, calls, halts, trades limited by volume, prices.
    """
    before = scene.cash + scene.positions @ scene.prices
    count = len(scene.prices)
    state = _State(
        scene, mechanics, scene.positions.copy(), scene.cash.copy(), scene.prices * (1.0 + shock),
        scene.daily_volatility.copy(), np.log(1.0 + shock), np.zeros(count),
        halted=np.zeros(count, dtype=np.int64), halted_once=np.zeros(count, dtype=np.bool_))
    after_shock = state.cash + state.positions @ state.prices
    steps: list[Step] = []
    while len(steps) < mechanics.most_steps:
        steps.append(_advance(state))
        if steps[-1].next_prices is None:
            break
    equity = state.cash + state.positions @ state.prices
    first = next((s for s in steps if s.sale_fraction.any()), None)
    named = () if first is None else tuple(int(i) for i in np.flatnonzero(first.sale_fraction))
    return Outcome(
        tuple(steps), state.prices, before - after_shock, before - equity, equity,
        state.positions, state.cash, np.sum(scene.positions - state.positions, axis=0),
        state.provider_cash, named)


def _advance(state: _State) -> Step:
    """Do one step in the stated order."""
    mechanics = state.mechanics
    if mechanics.procyclical:
        state.volatility = next_volatility(state.volatility, state.returns, mechanics.decay)
    weight = state.convergence()
    prices, volatility = state.prices, state.volatility
    equity = state.cash + state.positions @ prices
    margin = state.margin(weight)
    calls = np.maximum(mechanics.maintenance * margin - equity, 0.0)
    fraction = _fractions(equity, mechanics.maintenance * margin * (1.0 + mechanics.buffer), calls)
    state.start_halts()
    wanted = -fraction[:, None] * state.positions
    idle = float(np.sum(np.abs(wanted))) < NO_TRADE and not (state.halted > 0).any()
    trades = wanted * state.fills(wanted)
    following = None if idle else state.trade(trades)
    return Step(prices, volatility, weight, equity, margin, calls, fraction,
                np.sum(trades, axis=0), following)


def _fractions(equity: Floats, target: Floats, calls: Floats) -> Floats:
    """Share of holdings to sell: all without equity, else what restores margin and buffer."""
    safe = np.where(target > 0, target, 1.0)
    partial = np.clip((target - equity) / safe, 0.0, 1.0)
    return np.where(calls > NO_CALL, np.where(equity <= 0, 1.0, partial), 0.0)
