"""A dynamic run as a result: steps by participant, calls with their sources, losses by factor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import accounting, money
from workstation.cascade.ground import Ground
from workstation.cascade.impact import critical_leverage, peak_impact
from workstation.cascade.model import Mechanics, Outcome, Scene, Step
from workstation.cascade.obligors import Obligor
from workstation.cascade.regimes import Regime
from workstation.cascade.result import (
    AccountOutcome,
    CallSource,
    CascadeCall,
    CascadeStep,
    FactorOutcome,
    HaltSpan,
)
from workstation.cascade.rulebook_margin import After

Floats = NDArray[np.float64]
SALE = "forced sale"
NOTHING = 0.5
"""Amounts below half a unit of the reporting currency are rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """One regime played out after one shock."""

    ground: Ground
    regime: Regime
    scene: Scene
    shock: Floats
    outcome: Outcome
    how: Mechanics
    """What further runs on the same scene are played with."""
    asked: int = 0
    """How often the rulebooks margined the changed book."""
    after: After | None = None
    """What they ask right after the shock, by row of the client."""

    @property
    def rulebooks(self) -> Floats | None:
        """Return what the rulebooks ask of every row of the client right after the shock."""
        return None if self.after is None else self.after.margin

    @property
    def rows(self) -> tuple[Obligor, ...]:
        """Return every row: the client's accounts, then the other participants."""
        return (*self.regime.rows, *self.ground.agents)

    @property
    def owners(self) -> tuple[str, ...]:
        """Return the participants, the client first."""
        return tuple(dict.fromkeys(row.owner for row in self.rows))

    @property
    def own(self) -> slice:
        """Return which rows are the client's."""
        return slice(0, len(self.regime.rows))

    @property
    def arrived(self) -> int:
        """Return the number of the step in which the whole shock has arrived."""
        parts = self.ground.ramp if self.ground.path is None else len(self.ground.path)
        return min(parts, len(self.outcome.steps)) - 1

    def firm(self, row: int, number: int) -> str:
        """Return the firm that carries a row in a step: another once a failed one's is moved."""
        own, frozen = self.rows[row].firm, self.scene.frozen
        if frozen is None or not 0 < frozen[row] <= number:
            return own
        return (self.ground.moved_to(own) or (own, 0.0))[0]

    def sold(self, outcome: Outcome | None = None) -> float:
        """Return the client's forced trades at the prices of their steps."""
        steps = (self.outcome if outcome is None else outcome).steps
        return float(sum(np.sum(np.abs(step.flows[self.own]) @ step.prices) for step in steps))

    def by_owner(self, values: Floats) -> Floats:
        """Add values of rows up by participant."""
        place = {name: i for i, name in enumerate(self.owners)}
        index = np.array([place[row.owner] for row in self.rows], dtype=np.int64)
        return np.asarray(np.bincount(index, values, len(place)), dtype=np.float64)


def steps(played: Played) -> tuple[CascadeStep, ...]:
    """Return the state before the shock, then every step as margined."""
    scene, outcome = played.scene, played.outcome
    none = np.zeros(len(played.rows))
    start = scene.cash + scene.positions @ scene.prices
    owes = np.array([0.0 if row.exempt else row.requirement for row in played.rows])
    sold = np.zeros(len(scene.prices))
    before = np.maximum(owes - start, 0.0)
    found = [_step(played, 0, scene.prices, (start, before, none, owes), sold, None)]
    for number, step in enumerate(outcome.steps, 1):
        found.append(_step(played, number, step.prices,
                           (step.equity, step.calls, step.sale_fraction, step.margin), sold, step))
        sold = sold - step.traded
    if not outcome.settled:
        found.append(_step(played, len(found), outcome.prices,
                           (outcome.equity, none, none, none), sold, None))
    return tuple(found)


def _step(played: Played, number: int, prices: Floats, rows: tuple[Floats, ...], sold: Floats,
          step: Step | None) -> CascadeStep:
    equity, calls, fraction, margin = rows
    weight = np.array([row.gross for row in played.rows])
    whole = played.by_owner(weight)
    shares = np.divide(played.by_owner(fraction * weight), whole, out=np.zeros_like(whole),
                       where=whole > 0)
    halted = () if step is None else tuple(bool(h) for h in step.halted)
    return CascadeStep(number, _floats(prices), _floats(played.by_owner(equity)),
                       _floats(played.by_owner(calls)), _floats(shares), _floats(sold),
                       _floats(played.by_owner(margin)), halted,
                       () if step is None else _floats(played.by_owner(step.unsettled)))


def _floats(values: Floats) -> tuple[float, ...]:
    return tuple(float(v) for v in values)


def calls(played: Played) -> tuple[CascadeCall, ...]:
    """Return each row's first, largest and last call, in order of time."""
    found = []
    for row in range(len(played.rows)):
        sizes = [float(step.calls[row]) for step in played.outcome.steps]
        called = [n for n, size in enumerate(sizes) if size > NOTHING]
        if called:
            largest = max(called, key=lambda n: sizes[n])
            found += [_call(played, row, n) for n in sorted({called[0], largest, called[-1]})]
    return tuple(sorted(found, key=lambda call: call.step))


def _call(played: Played, row: int, number: int) -> CascadeCall:
    step, obligor = played.outcome.steps[number], played.rows[row]
    fraction = float(step.sale_fraction[row])
    held = float(np.abs(played.scene.positions[row]) @ step.prices)
    amounts = (
        (f"excess at {played.firm(row, number)}", float(step.met.excess[row])),
        ("free collateral", float(step.met.collateral[row])),
        ("recalled collateral", float(step.met.recalled[row])),
        ("credit line", float(step.met.credit[row])),
        (SALE, fraction * held),
    )
    sources = tuple(CallSource(name, money(size)) for name, size in amounts if size > NOTHING)
    spoken = [f"{s.source} {accounting(s.amount)}" for s in sources if s.source != SALE]
    if fraction > 0:
        spoken.append("everything sold, not met" if fraction >= 1.0
                      else f"forced sale of {fraction:.0%}")
    return CascadeCall(
        number + 1, obligor.owner, money(float(step.equity[row])),
        money(float(step.margin[row])), money(float(step.calls[row])), money(fraction),
        ", ".join(spoken) or "not met", obligor.name, sources)


def halts(played: Played) -> tuple[HaltSpan, ...]:
    """Return the halts; breakers of one market that went off together are one."""
    names = played.ground.names
    joined: dict[tuple[str, int, int], list[str]] = {}
    for halt in played.outcome.halts:
        key = (halt.breaker.market, halt.step + 1, halt.steps)
        joined.setdefault(key, []).extend(names[k] for k in halt.breaker.halted)
    return tuple(HaltSpan(market, tuple(dict.fromkeys(factors)), step, count)
                 for (market, step, count), factors in joined.items())


def factor_outcomes(played: Played) -> tuple[FactorOutcome, ...]:
    """Return the client's loss by factor, and the depth of what everybody sold.

    total = quantity before x price before - quantity after x price after - proceeds
    """
    scene, outcome, own = played.scene, played.outcome, played.own
    before = np.sum(scene.positions[own], axis=0)
    apart = np.sum((scene.marked - scene.positions)[own], axis=0)
    direct = -before * scene.prices * played.shock - apart * scene.prices * (1.0 + played.shock)
    total = (before * scene.prices - np.sum(outcome.positions[own], axis=0) * outcome.prices
             - np.sum(outcome.proceeds[own], axis=0))
    sold = outcome.provider_positions
    stopped = np.sum([step.halted for step in outcome.steps], axis=0)
    return tuple(
        FactorOutcome(
            factor.name, money(float(before[k] * scene.prices[k])), money(float(direct[k])),
            money(float(total[k])), float(sold[k]),
            abs(float(sold[k])) / factor.adv if factor.adv > 0 else None,
            _red_line(played, abs(float(before[k])), k), int(stopped[k]))
        for k, factor in enumerate(played.ground.factors))


def account_outcomes(played: Played) -> tuple[AccountOutcome, ...]:
    """Return the loss of every account, without what accounts gave each other.

    through sales = equity before - equity after + received - direct; the client's add up to its
    total loss
    """
    outcome = played.outcome
    received = np.sum([step.met.moved - step.met.credit for step in outcome.steps], axis=0)
    through = outcome.total_loss + received - outcome.direct_loss
    waited = np.max([step.unsettled for step in outcome.steps], axis=0)
    return tuple(
        AccountOutcome(row.owner, row.name, row.where, money(float(direct)),
                       money(float(sales)), money(float(moved)), money(float(left)),
                       money(float(most)))
        for row, direct, sales, moved, left, most in zip(
            played.rows, outcome.direct_loss, through, received, outcome.equity, waited,
            strict=True))


def _red_line(played: Played, quantity: float, k: int) -> float | None:
    factor = played.ground.factors[k]
    if factor.adv <= 0 or quantity <= 0:
        return None
    coefficient = played.ground.value("impact_coefficient")
    return critical_leverage(peak_impact(coefficient, factor.daily_volatility,
                                         quantity / factor.adv))


def invariants(played: Played) -> tuple[tuple[str, float], ...]:
    """Return the residuals of inventory, cash and value with the provider of liquidity."""
    scene, outcome = played.scene, played.outcome
    left = scene.quantity(outcome.positions)
    inventory = (np.sum(left, axis=0) + outcome.provider_positions
                 - np.sum(scene.positions, axis=0))
    inflow = float(np.sum(outcome.drawn)) + outcome.funds_paid
    cash = float(np.sum(outcome.cash) + outcome.provider_cash - np.sum(scene.cash)) - inflow
    provider = outcome.provider_cash + float(outcome.provider_positions @ outcome.prices)
    value = float(np.sum(outcome.equity) + provider - np.sum(scene.cash) - outcome.funds_paid
                  - np.sum(scene.positions + (outcome.positions - left), axis=0) @ outcome.prices)
    from_funds = _from_funds(played)
    spread = sum(float(f.total_loss) for f in factor_outcomes(played)) - float(
        np.sum(outcome.total_loss[played.own])) - from_funds
    return (
        ("inventory: held after + taken by buyers - held before, largest factor",
         float(np.max(np.abs(inventory), initial=0.0))),
        ("cash: after, with the buyers' - before - drawn on lines and paid by funds", cash),
        ("value: everyone's equity and the buyers' - everything at the final prices and what "
         "funds paid", value),
        ("losses: the client's by factor - by account", spread),
    )


def _from_funds(played: Played) -> float:
    """Return what insurance funds paid into the client's rows: cash that no trade explains."""
    scene, outcome, own = played.scene, played.outcome, played.own
    moved = sum((np.sum(step.met.moved[own]) for step in outcome.steps), 0.0)
    return float(np.sum(outcome.cash[own] - scene.cash[own]) - np.sum(outcome.proceeds[own])
                 - moved)
