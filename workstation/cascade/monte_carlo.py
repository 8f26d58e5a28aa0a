"""The dynamic cascade over many drawn shocks and depths: how often, how much, how soon."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import money
from workstation.base.problem import Problem
from workstation.base.progress import Progress, silent
from workstation.cascade.drawn_paths import Drawn, Draws, play_paths
from workstation.cascade.factors import NOTHING_LEFT
from workstation.cascade.ground import Ground
from workstation.cascade.model import Scene
from workstation.cascade.played import NOTHING
from workstation.cascade.regimes import Regime, mechanics, scene, volatility
from workstation.cascade.result import DefaultOdds, MonteCarlo, Overflow, Quantile
from workstation.kernels.cascade import DEPTH, SHOCK, TAIL
from workstation.kernels.philox import normal_quantile, uniforms
from workstation.measures.correlation import semidefinite_root

Floats = NDArray[np.float64]
LOSS_LEVELS = (0.50, 0.90, 0.95, 0.99)


def monte_carlo(ground: Ground, regime: Regime, paths: int, seed: int,
                progress: Progress = silent) -> MonteCarlo | Overflow:
    """Play drawn shocks out and return quantiles of loss, frequencies and times to the first sale.

    Numbers that overflow stop the run: the answer is then where, and the state a step before.

    shock = exp(sigma sqrt(days) L z sqrt((v - 2) / chi2_v)) - 1; depth = exp(s n), both per path

    Parameters
    ----------
    ground, regime
        The book and whose rules it is called under.
    paths, seed
        How many, and the key of the generator.
    """
    # Draws arrive in their own parts, and the kernel sells the same share of everything.
    ground = replace(ground, ramp=1, path=None, selection="pro rata")
    stage = scene(ground, regime)
    found = play_paths(stage, mechanics(ground), draws(ground), seed, paths, progress)
    if found.broken is not None:
        return _overflow(found, ground, regime)
    return _summed(found, stage, ground, regime, seed)


def _overflow(found: Drawn, ground: Ground, regime: Regime) -> Overflow:
    rows = [row.name if row.name == row.owner else f"{row.owner} {row.name}"
            for row in (*regime.rows, *ground.agents)]
    return Overflow(
        len(found.steps) - 1, int(found.steps[-1]),
        tuple(zip(ground.names, map(float, found.prices[-1]), strict=True)),
        tuple(zip(rows, map(float, found.equity[-1]), strict=True)))


def overflow_problem(where: Overflow) -> Problem:
    """Return the sentence for a drawn path whose numbers overflowed."""
    furthest = max(where.prices, key=lambda price: price[1])
    return Problem(
        "Drawn shocks", f"numbers overflowed in step {where.step} of path {where.path}; drawing "
        f"stopped there and the state of the step before is kept ({furthest[0]} at "
        f"{furthest[1]:.4g})", "lower draw_days or draw_depth, or check the volatilities of the "
        "Market sheet")


def draws(ground: Ground) -> Draws:
    """Return how shocks are drawn, from the assumptions in force."""
    value = ground.value
    return Draws(semidefinite_root(ground.correlation.matrix), value("draw_days"),
                 int(value("draw_parts")), int(value("draw_freedom")), value("draw_depth"), NOTHING)


def assumption(ground: Ground) -> str:
    """Return what the drawn shocks rest on, for the assumptions sheet."""
    value = ground.value
    parts = int(value("draw_parts"))
    over = "at once" if parts == 1 else f"in {parts} parts, one a step"
    return (f"Drawn shocks: Student-t with {value('draw_freedom'):g} degrees of freedom over "
            f"{value('draw_days'):g} days at today's volatilities and correlations, one tail draw "
            f"for all factors, arriving {over}; volume is drawn log-normally with a deviation of "
            f"{value('draw_depth'):g}, one draw for all markets. Calls are met by excess, free and "
            "recalled collateral and the credit line as above. Drawn paths leave out: the "
            "rulebooks' own computation after each move (margin follows the model as matched "
            "today), the choice of what is sold first, settlement of sales, insurance funds and "
            "deleveraging at crypto venues, and who bears deficits"
            + ("" if ground.ramp == 1 and ground.path is None else
               "; the minutes or days over which the shock played arrives are not theirs") + ".")


def draw(ground: Ground, how: Draws, seed: int, path: int) -> tuple[Floats, float]:
    """Return the log returns (parts, k) and the depth of one path, as the kernel draws them."""
    number, root = np.array([path]), how.root
    square, pairs = 0.0, how.freedom // 2
    for n in range(pairs):
        square -= 2.0 * float(np.log(uniforms(1, seed, number, n, TAIL)[0, 0]))
    if how.freedom % 2:
        square += float(normal_quantile(uniforms(1, seed, number, pairs, TAIL))[0, 0]) ** 2
    scale = volatility(ground) * np.sqrt(how.days / how.arrival * (how.freedom - 2.0) / square)
    parts = [root @ normal_quantile(uniforms(len(root), seed, number, part, SHOCK))[0]
             for part in range(how.arrival)]
    depth = normal_quantile(uniforms(1, seed, number, 0, DEPTH))[0, 0]
    return (np.maximum(scale * np.array(parts), np.log1p(NOTHING_LEFT)),
            float(np.exp(how.depth_deviation * depth)))


def _summed(found: Drawn, stage: Scene, ground: Ground, regime: Regime, seed: int) -> MonteCarlo:
    own = slice(0, len(regime.rows))
    before = stage.cash + stage.positions @ stage.prices
    loss = np.sum(before[own] - found.equity[:, own], axis=1)
    minutes = ground.minutes_a_step
    called = (found.first_call[:, own] >= 0).any(axis=1)
    sales = np.where(found.first_sale[:, own] < 0, np.iinfo(np.int64).max,
                     found.first_sale[:, own]).min(axis=1)
    sold = (found.first_sale[:, own] >= 0).any(axis=1)
    return MonteCarlo(
        seed, len(loss), tuple(Quantile(level, _quantile(loss, level)) for level in LOSS_LEVELS),
        money(float(np.mean(loss))), float(np.mean(called)), float(np.mean(sold)),
        float(np.mean(np.sum(found.equity[:, own], axis=1) <= 0)),
        _median(sales[sold] * minutes), _median((found.steps[sold] - 1) * minutes),
        _odds(found, ground, regime))


def _median(values: NDArray[np.floating[Any]]) -> float | None:
    return float(np.sort(values)[len(values) // 2]) if len(values) else None


def _odds(found: Drawn, ground: Ground, regime: Regime) -> tuple[DefaultOdds, ...]:
    """Return how often every row sells and ends without equity."""
    rows = (*regime.rows, *ground.agents)
    return tuple(
        DefaultOdds(row.owner, row.name, float(np.mean(found.first_sale[:, i] >= 0)),
                    float(np.mean(found.equity[:, i] <= 0)))
        for i, row in enumerate(rows) if not row.exempt)


def _quantile(values: Floats, level: float) -> Decimal:
    """Return the smallest drawn value that this share does not exceed."""
    place = int(np.ceil(level * len(values))) - 1
    return money(float(np.sort(values)[max(place, 0)]))
