"""The dynamic cascade: calls, sales, halts and rising margin, step by step.

All participants are cleared at once; prices follow the square root of cumulative signed volume,
so slicing an order changes nothing. Whatever clients sell, a liquidity provider takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.cascade.auto_deleveraging import Deleverager
from workstation.cascade.halts import HaltClock, own_breakers
from workstation.cascade.impact import execution_prices, moved_prices, slope
from workstation.cascade.model import Mechanics, Outcome, Scene, Step
from workstation.cascade.obligations import Converging, carried_margin, model_margin, owed
from workstation.cascade.relief import Pools, called, meet
from workstation.cascade.selection import Holdings, wanted
from workstation.cascade.settlement import Unsettled

__all__ = ["Mechanics", "Outcome", "Scene", "Step", "run"]

Floats = NDArray[np.float64]
NO_CALL = 1e-12
NO_TRADE = 1e-10
MET = 1e-9
"""A call of which no more than this share is left is met; the rest is rounding."""
LONGEST_FALL = 0.9


@dataclass(slots=True)
class _State:
    """What changes from step to step; `arriving` are the parts of the shock still to come."""

    scene: Scene
    mechanics: Mechanics
    halts: HaltClock
    positions: Floats
    cash: Floats
    prices: Floats
    volatility: Floats
    returns: Floats
    volume: Floats
    pools: Pools
    proceeds: Floats
    drawn: Floats
    arriving: Floats
    deleverager: Deleverager | None
    unsettled: Unsettled
    provider_cash: float = 0.0

    @classmethod
    def after(cls, scene: Scene, shock: Floats, mechanics: Mechanics) -> _State:
        """Return the state right after the shock, or the first part of it."""
        parts = mechanics.parts(shock)
        whole = mechanics.path is None and mechanics.ramp == 1
        first = (1.0 + shock) if whole else np.exp(parts[0])
        count = len(scene.prices)
        own = own_breakers(count, mechanics.halt_level, mechanics.halt_steps)
        halts = HaltClock((*own, *mechanics.breakers), mechanics.steps_a_day,
                          np.zeros(count, dtype=np.int64))
        funds = None if scene.venues is None else Deleverager.of(scene.venues, scene.prices)
        lag = scene.settlement
        waiting = Unsettled(np.zeros(len(scene.cash), np.int64) if lag is None else lag)
        return cls(scene, mechanics, halts, scene.marked.copy(), scene.cash.copy(),
                   scene.prices * first, scene.daily_volatility.copy(), parts[0],
                   np.zeros(count), Pools.of(scene.relief, len(scene.cash)),
                   np.zeros_like(scene.positions), np.zeros(len(scene.cash)), parts[1:], funds,
                   waiting)

    def fall(self) -> Floats:
        """Relative loss of each asset since before the shock."""
        return 1.0 - self.prices / self.scene.prices

    def convergence(self) -> float:
        """Weight of the stressed correlations, from the worst fall."""
        low, high = self.mechanics.drawdowns
        worst = float(np.max(self.fall(), initial=0.0))
        return min(max((worst - low) / (high - low), 0.0), 1.0)

    def _risk(self, weight: float) -> tuple[Floats, Converging, Floats | float]:
        """Return what the model margins: risks (n, k), correlations, the share margined net."""
        mechanics, scene, own = self.mechanics, self.scene, self.scene.obligations
        converging = Converging(scene.correlation, weight, mechanics.stressed, mechanics.adverse)
        volatility = self.volatility
        if own is not None:
            volatility = own.volatility(scene.daily_volatility, volatility)
        return (self.positions * self.prices * volatility, converging,
                mechanics.offset if own is None else own.offset)

    def margin(self, weight: float) -> Floats:
        """Margin of each participant: the model, put right by the rulebooks where asked."""
        mechanics, own = self.mechanics, self.scene.obligations
        model = model_margin(*self._risk(weight))
        found = owed(mechanics.multiple * np.sqrt(mechanics.horizon_days) * model, own)
        if mechanics.correction is None:
            return found
        return mechanics.correction(self.positions, self.prices, found)

    def wanted(self, fraction: Floats, weight: float) -> Floats:
        """Trades (n, k) by which rows sell a fraction (n,) of their margin away."""
        mechanics, scene = self.mechanics, self.scene
        if mechanics.selection == "pro rata" or not fraction.any():
            return np.asarray(-fraction[:, None] * self.positions)
        return wanted(mechanics.selection, fraction, Holdings(
            self.positions, self.prices, carried_margin(*self._risk(weight)),
            self._room(), scene.adv,
            slope(mechanics.impact, scene.daily_volatility, scene.adv), self.halts.now))

    def _room(self) -> Floats:
        """Return the quantity (k,) that can be traded in a step; without bound where unknown."""
        deep = np.where(self.scene.adv > 0, self.scene.adv, np.inf)
        return np.asarray(self.mechanics.participation * deep / self.mechanics.steps_a_day)

    def able(self, number: int) -> Floats | None:
        """Return 0 for rows whose firm has failed and whose move is not done, else 1."""
        frozen = self.scene.frozen
        return None if frozen is None else np.where(frozen > number, 0.0, 1.0)

    def moved(self, number: int) -> NDArray[np.bool_] | None:
        """Return which rows have been moved away from a failed firm by now."""
        frozen = self.scene.frozen
        return None if frozen is None else np.asarray((frozen > 0) & (frozen <= number))

    def deleverage(self, number: int) -> None:
        """Let venues pay deficits and close what is left of broken accounts against winners."""
        if self.deleverager is None:
            return
        before, cash = self.positions, self.cash
        self.positions, self.cash = self.deleverager.settle(before, cash, self.prices, number)
        if self.positions is before:
            return
        for done in self.deleverager.happened:
            if done.step == number:
                paid = done.quantity * done.price
                self.proceeds[done.loser, done.asset] += paid
                self.proceeds[done.winner, done.asset] -= paid

    def fills(self, wanted: Floats) -> Floats:
        """Share of the wanted trades done in each asset: limited by volume, none while halted."""
        gross = np.sum(np.abs(self.scene.quantity(wanted)), axis=0)
        most = self._room()
        share = np.minimum(1.0, np.divide(most, gross, out=np.ones_like(most), where=gross > 0))
        return np.where(self.halts.now, 0.0, share)

    def trade(self, trades: Floats, number: int) -> Floats:
        """Settle trades at their execution price and return the next prices."""
        net = np.sum(self.scene.quantity(trades), axis=0)
        following, paid = self._priced(net)
        self.positions = self.positions + trades
        spent = trades @ paid
        self.cash = self.cash - spent
        self.unsettled.add(number, -spent)
        self.proceeds = self.proceeds - trades * paid
        self.provider_cash += float(np.sum(trades, axis=0) @ paid)
        self.volume = self.volume + net
        if len(self.arriving):
            following = following * np.exp(self.arriving[0])
            self.arriving = self.arriving[1:]
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

    Each step: volatility, correlations, margin, deficits, calls, halts, trades limited by volume,
    prices. `until` ends the run early, after the first step of which it holds.
    """
    before = scene.cash + scene.positions @ scene.prices
    state = _State.after(scene, shock, mechanics)
    after_shock = scene.cash + scene.marked @ (scene.prices * (1.0 + shock))
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
    equity = state.cash + state.positions @ state.prices - state.drawn
    first = next((s for s in steps if s.sale_fraction.any()), None)
    named = () if first is None else tuple(int(i) for i in np.flatnonzero(first.sale_fraction))
    funds = state.deleverager
    return Outcome(
        tuple(steps), state.prices, before - after_shock, before - equity, equity,
        state.positions, state.cash,
        np.sum(scene.positions - scene.quantity(state.positions), axis=0),
        state.provider_cash, named, state.proceeds, state.drawn, tuple(state.halts.happened),
        broken, () if funds is None else tuple(funds.happened),
        0.0 if funds is None else funds.paid, () if funds is None else tuple(funds.payments))


def _advance(state: _State, number: int) -> Step:
    """Do one step in the stated order."""
    mechanics = state.mechanics
    state.volatility = mechanics.filtered(state.volatility, state.returns, number)
    weight = state.convergence()
    prices, volatility = state.prices, state.volatility
    state.deleverage(number)
    equity = state.cash + state.positions @ prices
    margin = state.margin(weight)
    required = mechanics.maintenance * margin
    calls, able = called(required, equity), state.able(number)
    unsettled = state.unsettled.at(number)
    met = meet(state.scene.relief, state.pools, equity, required, number, able,
               state.moved(number), unsettled)
    state.cash = state.cash + met.moved
    state.drawn = state.drawn + met.credit
    left = np.maximum(calls - met.received, 0.0)
    left[left <= MET * calls] = 0.0
    fraction = _fractions(equity + met.moved, required * (1.0 + mechanics.buffer), left)
    if able is not None:
        fraction = fraction * able
    state.halts.start(state.fall(), number)
    halted = state.halts.now
    trades_wanted = state.wanted(fraction, weight)
    held_up = able is not None and bool(np.any(calls * (1.0 - able) > NO_CALL))
    waits = halted.any() or len(state.arriving) > 0 or held_up
    idle = float(np.sum(np.abs(trades_wanted))) < NO_TRADE and not waits
    trades = trades_wanted * state.fills(trades_wanted)
    stuck = np.sum(np.abs(state.positions * prices) * (halted & ~halted.all()), axis=1)
    following = None if idle else state.trade(trades, number)
    return Step(prices, volatility, weight, equity, margin, calls, fraction,
                np.sum(state.scene.quantity(trades), axis=0), following, met, halted, stuck, trades,
                unsettled)


def _fractions(equity: Floats, target: Floats, calls: Floats) -> Floats:
    """Share of holdings to sell: all without equity, else what restores margin and buffer."""
    safe = np.where(target > 0, target, 1.0)
    partial = np.clip((target - equity) / safe, 0.0, 1.0)
    return np.where(calls > NO_CALL, np.where(equity <= 0, 1.0, partial), 0.0)
