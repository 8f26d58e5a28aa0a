"""What makes a cascade worse: amplifiers switched off, thinner markets, and the margin's rise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import money
from workstation.cascade.dynamic import run
from workstation.cascade.factors import NOTHING_LEFT
from workstation.cascade.model import Mechanics, Outcome
from workstation.cascade.obligations import Converging, model_margin, owed
from workstation.cascade.played import Played
from workstation.cascade.result import Amplifier, Contagion, LiquidityCell, MarginPart
from workstation.cascade.story import TOLD

Floats = NDArray[np.float64]
MULTIPLES = (0.5, 1.0, 1.5, 2.0, 3.0)
LIQUIDITY = (0.1, 0.25, 0.5, 1.0, 2.0)
BEYOND_REACH = (2.0, 3.0)
"""Falls no price can have: correlations never start to move."""


def amplifiers(played: Played) -> tuple[Amplifier, ...]:
    """Return what the client and everyone would lose without each amplifier."""
    how = played.how
    variants: Mapping[str, Mechanics] = {
        "sales move no price": replace(how, impact=0.0),
        "volatility stays": replace(how, procyclical=False),
        "correlations stay": replace(how, drawdowns=BEYOND_REACH),
        "nothing halts": replace(how, breakers=()),
    }
    return (_amplifier(played, "as it is", played.outcome), *(
        _amplifier(played, name, run(played.scene, played.shock, variant))
        for name, variant in variants.items()))


def _amplifier(played: Played, name: str, outcome: Outcome) -> Amplifier:
    return Amplifier(name, money(_own(played, outcome)),
                     money(outcome.everyone_lost),
                     money(played.sold(outcome)), len(outcome.steps))


def liquidity(played: Played) -> tuple[LiquidityCell, ...]:
    """Return losses by multiple of the shock and share of today's volume that is left."""
    how, scene = replace(played.how, path=None), played.scene
    cells = []
    for multiple in MULTIPLES:
        for left in LIQUIDITY:
            outcome = run(replace(scene, adv=scene.adv * left),
                          np.maximum(multiple * played.shock, NOTHING_LEFT), how)
            direct, whole = float(np.sum(outcome.direct_loss)), outcome.everyone_lost
            cells.append(LiquidityCell(
                multiple, left, money(_own(played, outcome)),
                money(whole / direct) if direct > 0 else None,
                bool(np.sum(outcome.equity[played.own]) <= 0)))
    return tuple(cells)


def contagion(played: Played) -> tuple[Contagion, ...]:
    """Return how far each factor's own shock moves every other through forced sales.

    Each shocked factor is shocked alone; what falls then fell because somebody had to sell.
    """
    names, how = played.ground.names, replace(played.how, correction=None, path=None)
    found = []
    for k in np.flatnonzero(played.shock):
        alone = np.where(np.arange(len(names)) == k, played.shock, 0.0)
        outcome = run(played.scene, alone, how)
        moves = outcome.prices / (played.scene.prices * (1.0 + alone)) - 1.0
        found += [Contagion(names[k], names[j], float(moves[j]), float(played.shock[k]))
                  for j in np.flatnonzero(np.abs(moves) > TOLD)]
    return tuple(found)


def _own(played: Played, outcome: Outcome) -> float:
    return float(np.sum(outcome.total_loss[played.own]))


def margin_rise(played: Played) -> tuple[MarginPart, ...]:
    """Return the client's margin before the shock and what changes it, one cause after the other.

    prices first, then volatility, then correlations, all three of the margin without concentration
    charges; then those charges, read off the rulebooks' answers; the parts add up to the margin
    after the shock
    """
    scene, own = played.scene, played.scene.obligations
    if own is None:
        return ()
    step = played.outcome.steps[played.arrived]
    values = scene.positions * scene.prices
    after = scene.positions * step.prices
    start = scene.daily_volatility
    risen = own.volatility(start, step.volatility)

    def margin(risk: Floats, weight: float) -> float:
        converging = Converging(scene.correlation, weight, adverse=True)
        rows = owed(model_margin(risk, converging, own.offset), own)
        return float(np.sum(rows[played.own]))

    path = (("Before the shock", margin(values * start, 0.0)),
            ("Prices", margin(after * start, 0.0)),
            ("Volatility", margin(after * risen, 0.0)),
            ("Correlations", margin(after * risen, step.convergence)))
    first, last = path[0][1], path[-1][1]
    parts = [MarginPart(path[0][0], money(first))]
    asked = played.after
    plain = 1.0 if asked is None or first <= 0 else 1.0 - asked.charged_before / first
    parts += [MarginPart(name, money(plain * (value - before)))
              for (_, before), (name, value) in zip(path, path[1:], strict=False)]
    if asked is not None:
        crowded = asked.charged - asked.charged_before
        whole = float(np.sum(np.where(np.isfinite(asked.margin), asked.margin, 0.0)))
        rest = whole - first - plain * (last - first) - crowded
        parts += [MarginPart("Concentration charges", money(crowded)),
                  MarginPart("Rulebooks beyond the model (convexity, floors)", money(rest))]
        last = whole
    return (*parts, MarginPart("After the shock", money(last)))
