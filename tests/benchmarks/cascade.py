"""`python -m tests.benchmarks.cascade`: the dynamic cascade at size, reverse stress, Monte Carlo.

Prints one JSON object with median milliseconds. Targets: 200 participants x 100 assets x 200 steps
under 2 s; reverse stress under 3 s; 10,000 drawn paths x 50 x 40 x 60 under 0.3 s and 30 times
numpy (the kernel's twin, timed on fewer paths in the same process).
"""

import json
import platform
import statistics
import sys
import time
from dataclasses import replace

import numpy as np

from workstation.cascade import drawn_paths
from workstation.cascade.drawn_paths import Draws, play_paths
from workstation.cascade.dynamic import Mechanics, Scene, run
from workstation.cascade.obligations import Obligations
from workstation.cascade.tipping import tipping_points
from workstation.kernels import reference

ROWS, ASSETS, STEPS = 200, 100, 200


def scene(rows=ROWS, assets=ASSETS):
    rng = np.random.default_rng(11)
    prices = rng.uniform(10, 1000, assets)
    sides = rng.choice([-1.0, 1.0], (rows, assets), p=[0.2, 0.8])
    values = rng.uniform(0, 1e6, (rows, assets)) * sides
    loads = rng.normal(size=(assets, 5))
    covariance = loads @ loads.T + np.eye(assets)
    sigma = np.sqrt(np.diag(covariance))
    equity = 0.07 * np.sum(np.abs(values), axis=1)
    return Scene(values / prices, equity - np.sum(values, axis=1), prices,
                 rng.uniform(0.01, 0.05, assets), covariance / np.outer(sigma, sigma),
                 rng.uniform(1e7, 1e8, assets) / prices)


MECHANICS = Mechanics(1.0, 3.0, 1.0, 0.94, 0.001, 1.0, 0.1, 1.0, (0.0, 0.1), 0.01,
                      procyclical=False, most_steps=STEPS)


def timed(task, times=3):
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        task()
        spent.append(1000 * (time.perf_counter() - start))
    return round(statistics.median(spent), 1)


PATHS, MEMBERS, COINS, LONG = 10_000, 50, 40, 60


def crowd():
    """Everyone a forced seller in markets too thin to let them out: all steps are played."""
    made = scene(MEMBERS, COINS)
    risk = np.sum(np.abs(made.positions * made.prices) * made.daily_volatility, axis=1)
    worth = made.cash + made.positions @ made.prices
    owes = Obligations(np.zeros(MEMBERS), 0.95 * worth / risk, np.zeros(MEMBERS),
                       np.ones(MEMBERS), 2.0)
    how = replace(MECHANICS, procyclical=True, adverse=True, intraday=True, steps_a_day=26,
                  participation=1e-3, multiple=1.0, most_steps=LONG)
    drawn = Draws(np.linalg.cholesky(made.correlation), 5.0, 1, 4, 0.5, 0.5)
    return replace(made, obligations=owes), how, drawn


def monte_carlo():
    """Return milliseconds of all drawn paths, and how many times numpy that is."""
    made, how, drawn = crowd()
    steps = play_paths(made, how, drawn, 1, PATHS).steps
    spent = timed(lambda: play_paths(made, how, drawn, 1, PATHS))
    parts = timed(lambda: play_paths(made, how, replace(drawn, arrival=LONG), 1, PATHS))
    few = 128
    columns = drawn_paths.columns_of(made, how, drawn)
    out = (np.empty((few, MEMBERS)), *np.empty((2, few, MEMBERS), np.int64),
           np.empty((few, COINS)), np.empty(few, np.int64))
    twin = timed(lambda: reference.cascade_paths(*columns.values(), *out, key=1, first=0), 1)
    return {f"drawn {PATHS} x {MEMBERS} x {COINS} x {LONG}, ms": spent,
            "average steps": round(float(np.mean(steps)), 1),
            "shock in as many parts, ms": parts, "times numpy": round(twin * PATHS / few / spent)}


def main():
    large = scene()
    shock = np.full(ASSETS, -0.08)
    steps = len(run(large, shock, MECHANICS).steps)
    small = scene(6, 15)
    quick = replace(MECHANICS, participation=0.2)
    print(json.dumps({
        "platform": platform.platform(), "steps": steps,
        f"dynamic {ROWS} x {ASSETS} x {STEPS}, ms": timed(lambda: run(large, shock, MECHANICS)),
        "reverse stress 6 x 15, ms": timed(lambda: tipping_points(
            small, np.full(15, -0.08), quick, 3.0, slice(0, 3))),
        **monte_carlo(),
    }, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
