"""The dynamic cascade over many drawn shocks and depths: how often, how much, how soon.

Every path has its own stretch of one counter-based generator, so a path is the same whatever ran
before it and on however many threads.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import money
from workstation.base.progress import Progress, silent
from workstation.cascade.dynamic import Outcome, run
from workstation.cascade.factors import NOTHING_LEFT
from workstation.cascade.ground import Ground
from workstation.cascade.played import NOTHING
from workstation.cascade.regimes import Regime, mechanics, scene, volatility
from workstation.cascade.result import MonteCarlo, Quantile
from workstation.measures.correlation import semidefinite_root

Floats = NDArray[np.float64]
LOSS_LEVELS = (0.50, 0.90, 0.95, 0.99)
TOLD_EVERY = 50


def monte_carlo(ground: Ground, regime: Regime, paths: int, seed: int,
                progress: Progress = silent) -> MonteCarlo:
    """Play drawn shocks out and return quantiles of loss, frequencies and times to the first sale.

    shock = exp(sigma sqrt(days) L z sqrt((v - 2) / chi2_v)) - 1; depth = exp(s n), both per path

    Parameters
    ----------
    ground, regime
        The book and whose rules it is called under.
    paths, seed
        How many, and the key of the generator.
    """
    if paths < 1:
        raise ValueError(f"{paths} paths cannot be drawn; ask for one or more")
    stage, how = scene(ground, regime), mechanics(ground)
    root = semidefinite_root(ground.correlation.matrix)
    own = slice(0, len(regime.rows))
    rows = []
    for path in range(paths):
        if path % TOLD_EVERY == 0:
            progress(path / paths, f"Path {path:,} of {paths:,}")
        shock, depth = draw(ground, root, seed, path)
        rows.append(_facts(run(replace(stage, adv=stage.adv * depth), shock, how), own))
    return _summed(np.array(rows), seed, ground)


def assumption(ground: Ground) -> str:
    """Return what the drawn shocks rest on, for the assumptions sheet."""
    value = ground.value
    return (f"Drawn shocks: Student-t with {value('draw_freedom'):g} degrees of freedom over "
            f"{value('draw_days'):g} days at today's volatilities and correlations, one tail draw "
            f"for all factors; volume is drawn log-normally with a deviation of "
            f"{value('draw_depth'):g}, one draw for all markets.")


def draw(ground: Ground, root: Floats, seed: int, path: int) -> tuple[Floats, float]:
    """Return the shock (k,) and the depth of one path, whatever paths were drawn before."""
    generator = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, path, 0]))
    freedom = ground.value("draw_freedom")
    normal = root @ generator.standard_normal(len(root))
    tail = np.sqrt((freedom - 2.0) / generator.chisquare(freedom))
    scale = volatility(ground) * np.sqrt(ground.value("draw_days"))
    shock = np.maximum(np.expm1(scale * normal * tail), NOTHING_LEFT)
    return np.asarray(shock), float(np.exp(ground.value("draw_depth")
                                           * generator.standard_normal()))


def _facts(outcome: Outcome, own: slice) -> tuple[float, float, float, float, float]:
    """Return loss, whether called, sold, in default, and the step of the first sale."""
    called = any(np.any(step.calls[own] - np.maximum(step.met.excess[own], 0.0) > NOTHING)
                 for step in outcome.steps)
    sale = next((n for n, step in enumerate(outcome.steps) if np.any(step.sale_fraction[own] > 0)),
                None)
    return (float(np.sum(outcome.total_loss[own])), float(called), float(sale is not None),
            float(np.sum(outcome.equity[own]) <= 0), np.nan if sale is None else float(sale))


def _summed(rows: Floats, seed: int, ground: Ground) -> MonteCarlo:
    loss, called, sold, defaulted, sale = rows.T
    minutes = 60 * 6.5 / ground.value("steps_a_day")
    times = np.sort(sale[np.isfinite(sale)]) * minutes
    quantiles = tuple(Quantile(level, _quantile(loss, level)) for level in LOSS_LEVELS)
    return MonteCarlo(
        seed, len(rows), quantiles, money(float(np.mean(loss))), float(np.mean(called)),
        float(np.mean(sold)), float(np.mean(defaulted)),
        float(times[len(times) // 2]) if len(times) else None)


def _quantile(values: Floats, level: float) -> Decimal:
    """Return the smallest drawn value that this share does not exceed."""
    place = int(np.ceil(level * len(values))) - 1
    return money(float(np.sort(values)[max(place, 0)]))
