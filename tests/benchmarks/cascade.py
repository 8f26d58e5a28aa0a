"""`python -m tests.benchmarks.cascade`: the dynamic cascade at size, reverse stress, Monte Carlo.

Prints one JSON object with median milliseconds. Targets: 200 participants x 100 assets x 200 steps
under 2 s; reverse stress under 3 s.
"""

import json
import platform
import statistics
import sys
import time
from dataclasses import replace

import numpy as np

from workstation.cascade.dynamic import Mechanics, Scene, run
from workstation.cascade.tipping import tipping_points

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
    }, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
