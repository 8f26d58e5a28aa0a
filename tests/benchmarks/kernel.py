"""`python -m tests.benchmarks.kernel`: kernels against their numpy twins, A and B by turns.

Prints one JSON object: median nanoseconds a valuation for each task and level, and the ratio to
the numpy twin measured in the same process. Quote the ratios: absolute times depend on the machine.
"""

import json
import os
import platform
import statistics
import sys
import time

import numpy as np

from tests.kernels.books import option_book
from workstation.kernels import dispatch

TASKS = {
    "european 2,000 x 189": ("european_values", 2000, 189, 7),
    "european 2,000 x 10": ("european_values", 2000, 10, 15),
    "european 10,000 x 16": ("european_values", 10_000, 16, 7),
    "american 40 x 189": ("american_values", 40, 189, 3),
    "american 100 x 10": ("american_values", 100, 10, 3),
}


def option_task(kernels, style, options, scenarios):
    book = option_book(options, scenarios)
    return lambda: getattr(kernels, style)(*book)


def sum_task(kernels, positions=100_000, scenarios=16, groups=400):
    rng = np.random.default_rng(3)
    unit, held = rng.normal(size=(positions, scenarios)), rng.normal(size=positions)
    first = np.linspace(0, positions, groups + 1).astype(np.intp)
    out = np.zeros((groups, scenarios))
    return lambda: kernels.aggregate(unit, held, first, out)


def medians(runs, repetitions):
    """Time each by turns, so a busy machine slows all alike."""
    times = {level: [] for level in runs}
    for _ in range(repetitions):
        for level, run in runs.items():
            start = time.perf_counter()
            run()
            times[level].append(time.perf_counter() - start)
    return {level: statistics.median(taken) for level, taken in times.items()}


def measured(seconds, cells):
    twin = seconds["reference"]
    return {level: {"ns": round(taken / cells * 1e9, 2), "times_numpy": round(twin / taken, 1)}
            for level, taken in seconds.items()}


def main():
    builds = {level: dispatch.choose(level) for level in dispatch.available()}
    report = {"machine": platform.machine(), "processors": os.cpu_count(),
              "python": platform.python_version(), "numpy": np.__version__, "tasks": {}}
    for name, (style, options, scenarios, repetitions) in TASKS.items():
        runs = {level: option_task(build, style, options, scenarios)
                for level, build in builds.items()}
        report["tasks"][name] = measured(medians(runs, repetitions), options * scenarios)
    runs = {level: sum_task(build) for level, build in builds.items()}
    report["tasks"]["aggregate 100,000 x 16"] = measured(medians(runs, 9), 1_600_000)
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
