"""The dynamic cascade: calls, sales, halts and rising margin, step by step.

All participants are cleared at once; prices follow the square root of cumulative signed volume,
so slicing an order changes nothing. Whatever clients sell, a liquidity provider takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workstation.cascade.halts import Breaker, Halt, HaltClock, own_breakers
from workstation.cascade.impact import execution_prices, moved_prices, slope
from workstation.cascade.margin_path import next_volatility
from workstation.cascade.obligations import Converging, Obligations, model_margin, owed
from workstation.cascade.relief import Met, Relief, meet

Floats = NDArray[np.float64]
NO_CALL = 1e-12
NO_TRADE = 1e-10
MET = 1e-9
"""A call of which no more than this share is left is met; the rest is rounding."""
LONGEST_FALL = 0.9
SLICES_A_DAY = 10.0
"""Steps into which a day's volume is divided when sales are limited to a share of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Positions (n, k) signed, cash (n,), and per asset price, daily volatility, daily volume.

    `obligations` scale the model margin to each row's own; `relief` is what meets calls before
    anything is sold.
    """

    positions: Floats
    cash: Floats
    prices: Floats
    daily_volatility: Floats
    correlation: Floats
    adv: Floats
    obligations: Obligations | None = None
    relief: Relief | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Mechanics:
    """How margin is set and met, and how prices give way.

    `offset` is the share margined net where a scene has no obligations of its own, `drawdowns`
    the falls at which correlations start and finish converging, `floor` the share of its price an
    asset keeps at least, `adverse` correlations that end up hurting every book. With `intraday`,
    steps after the shock update volatility as parts of a day, else each as a day. The shock
    arrives in `ramp` equal parts, one a step.
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
    breakers: tuple[Breaker, ...] = ()
    adverse: bool = False
    steps_a_day: float = SLICES_A_DAY
    intraday: bool = False
    ramp: int = 1

    def filtered(self, volatility: Floats, returns: Floats, number: int) -> Floats:
        """Let daily volatility follow a return: the shock is a day's, later steps part of one."""
        if not self.procyclical:
            return volatility
        if not self.intraday or number == 0:
            return next_volatility(volatility, returns, self.decay)
        return next_volatility(volatility, returns * np.sqrt(self.steps_a_day),
                               self.decay ** (1.0 / self.steps_a_day))


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step as margined, before its trades; `next_prices` is None in the last.

    `equity` is before and `sale_fraction` after calls were met from elsewhere; `orphaned` is the
    size of what each row holds in halted factors while others trade.
    """

    prices: Floats
    volatility: Floats
    convergence: float
    equity: Floats
    margin: Floats
    calls: Floats
    sale_fraction: Floats
    traded: Floats
    next_prices: Floats | None
    met: Met
    halted: NDArray[np.bool_]
    orphaned: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A finished cascade; losses are positive, `first_liquidated` are participant numbers.

    `proceeds` (n, k) is cash from trading each asset; `broken` says that numbers overflowed in the
    last step, which is kept as it stood.
    """

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
    proceeds: Floats
    halts: tuple[Halt, ...] = ()
    broken: bool = False

    @property
    def settled(self) -> bool:
        """Say whether the cascade came to an end by itself."""
        return not self.broken and self.steps[-1].next_prices is None

    @property
    def amplification(self) -> float | None:
        """Total over direct loss of all together; None without a direct loss."""
        direct = float(np.sum(self.direct_loss))
        return float(np.sum(self.total_loss)) / direct if direct != 0.0 else None


@dataclass(slots=True)
class _State:
    """What changes from step to step; `arriving` is how many parts of the shock are to come."""

    scene: Scene
    mechanics: Mechanics
    halts: HaltClock
    positions: Floats
    cash: Floats
    prices: Floats
    volatility: Floats
    returns: Floats
    volume: Floats
    free: Floats
    proceeds: Floats
    part: Floats
    arriving: int
    provider_cash: float = 0.0

    @classmethod
    def after(cls, scene: Scene, shock: Floats, mechanics: Mechanics) -> _State:
        """Return the state right after the shock, or the first part of it."""
        part = np.log(1.0 + shock) / mechanics.ramp
        first = (1.0 + shock) if mechanics.ramp == 1 else np.exp(part)
        count = len(scene.prices)
        own = own_breakers(count, mechanics.halt_level, mechanics.halt_steps)
        halts = HaltClock((*own, *mechanics.breakers), mechanics.steps_a_day,
                          np.zeros(count, dtype=np.int64))
        free = np.zeros(len(scene.cash)) if scene.relief is None else scene.relief.free.copy()
        return cls(scene, mechanics, halts, scene.positions.copy(), scene.cash.copy(),
                   scene.prices * first, scene.daily_volatility.copy(), part, np.zeros(count),
                   free, np.zeros_like(scene.positions), part, mechanics.ramp - 1)

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
        converging = Converging(scene.correlation, weight, mechanics.stressed, mechanics.adverse)
        own = scene.obligations
        volatility = self.volatility
        if own is not None:
            volatility = own.volatility(scene.daily_volatility, volatility)
        model = model_margin(self.positions * self.prices * volatility, converging,
                             mechanics.offset if own is None else own.offset)
        return owed(mechanics.multiple * np.sqrt(mechanics.horizon_days) * model, own)

    def fills(self, wanted: Floats) -> Floats:
        """Share of the wanted trades done in each asset: limited by volume, none while halted."""
        gross = np.sum(np.abs(wanted), axis=0)
        deep = np.where(self.scene.adv > 0, self.scene.adv, np.inf)
        most = self.mechanics.participation * deep / self.mechanics.steps_a_day
        share = np.minimum(1.0, np.divide(most, gross, out=np.ones_like(most), where=gross > 0))
        return np.where(self.halts.now, 0.0, share)

    def trade(self, trades: Floats) -> Floats:
        """Settle trades at their execution price and return the next prices."""
        net = np.sum(trades, axis=0)
        following, paid = self._priced(net)
        self.positions = self.positions + trades
        self.cash = self.cash - trades @ paid
        self.proceeds = self.proceeds - trades * paid
        self.provider_cash += float(net @ paid)
        self.volume = self.volume + net
        if self.arriving > 0:
            following = following * np.exp(self.part)
            self.arriving -= 1
        self.returns = np.log(following / self.prices)
        self.prices = following
        self.halts.pass_step()
        return following

    def _priced(self, net: Floats) -> tuple[Floats, Floats]:
        scene, mechanics, prices = self.scene, self.mechanics, self.prices
        if mechanics.law == "kyle":
            depth = np.full_like(prices, np.inf) if mechanics.depth is None else mechanics.depth
            shift = np.sign(net) * np.minimum(np.abs(net) * prices / depth, LONGEST_FALL)
            following = prices * (1.0 + shift)
            return following, 0.5 * (prices + following)
        k = slope(mechanics.impact, scene.daily_volatility, scene.adv)
        following = moved_prices(prices, k, self.volume, net)
        paid = execution_prices(prices, k, self.volume, net)
        return np.maximum(following, mechanics.floor * scene.prices), paid


def run(scene: Scene, shock: Floats, mechanics: Mechanics,
        until: Callable[[Step], bool] | None = None) -> Outcome:
    """Run a cascade from a relative price shock until nobody has to trade.

    Each step: volatility, correlations, margin, calls, halts, trades limited by volume, prices.
    `until` ends the run early, after the first step of which it holds.
    """
    before = scene.cash + scene.positions @ scene.prices
    state = _State.after(scene, shock, mechanics)
    after_shock = scene.cash + scene.positions @ (scene.prices * (1.0 + shock))
    steps: list[Step] = []
    broken = False
    while len(steps) < mechanics.most_steps and not broken:
        steps.append(_advance(state, len(steps)))
        ended = until is not None and until(steps[-1])
        if ended or steps[-1].next_prices is None:
            break
        broken = not bool(np.isfinite(state.prices).all() and np.isfinite(state.cash).all())
    if broken:
        state.prices = steps[-1].prices
    equity = state.cash + state.positions @ state.prices
    first = next((s for s in steps if s.sale_fraction.any()), None)
    named = () if first is None else tuple(int(i) for i in np.flatnonzero(first.sale_fraction))
    return Outcome(
        tuple(steps), state.prices, before - after_shock, before - equity, equity,
        state.positions, state.cash, np.sum(scene.positions - state.positions, axis=0),
        state.provider_cash, named, state.proceeds, tuple(state.halts.happened), broken)


def _advance(state: _State, number: int) -> Step:
    """Do one step in the stated order."""
    mechanics = state.mechanics
    state.volatility = mechanics.filtered(state.volatility, state.returns, number)
    weight = state.convergence()
    prices, volatility = state.prices, state.volatility
    equity = state.cash + state.positions @ prices
    margin = state.margin(weight)
    required = mechanics.maintenance * margin
    calls = np.maximum(required - equity, 0.0)
    met = meet(state.scene.relief, state.free, equity, required)
    state.cash = state.cash + met.excess + met.collateral
    state.free = state.free + np.minimum(met.collateral, 0.0)
    backed = equity + met.excess + met.collateral
    left = np.maximum(calls - np.maximum(met.excess + met.collateral, 0.0), 0.0)
    left[left <= MET * calls] = 0.0
    fraction = _fractions(backed, required * (1.0 + mechanics.buffer), left)
    state.halts.start(state.fall(), number)
    halted = state.halts.now
    wanted = -fraction[:, None] * state.positions
    waits = halted.any() or state.arriving > 0
    idle = float(np.sum(np.abs(wanted))) < NO_TRADE and not waits
    trades = wanted * state.fills(wanted)
    stuck = np.sum(np.abs(state.positions * prices) * (halted & ~halted.all()), axis=1)
    following = None if idle else state.trade(trades)
    return Step(prices, volatility, weight, equity, margin, calls, fraction,
                np.sum(trades, axis=0), following, met, halted, stuck)


def _fractions(equity: Floats, target: Floats, calls: Floats) -> Floats:
    """Share of holdings to sell: all without equity, else what restores margin and buffer."""
    safe = np.where(target > 0, target, 1.0)
    partial = np.clip((target - equity) / safe, 0.0, 1.0)
    return np.where(calls > NO_CALL, np.where(equity <= 0, 1.0, partial), 0.0)
