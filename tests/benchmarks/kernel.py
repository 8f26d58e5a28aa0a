"""`python -m tests.benchmarks.kernel [--table]`: kernels against their peers, A and B by turns.

Prints one JSON object, or the Markdown table of the README: medians of runs in one process, each
with the ratio of its peer. Quote the ratios: absolute times depend on the machine and its load.
"""

import json
import os
import platform
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from tests.benchmarks import peers
from tests.kernels.books import option_book
from workstation.kernels import dispatch

REPETITIONS = 7
SHORT, IN_A_ROW = 0.005, 5  # seconds; shorter work runs several times a turn, in its own cache


def medians(runs, repetitions=REPETITIONS):
    """Time each by turns, so a busy machine slows all alike."""
    times = {name: [] for name in runs}
    for _ in range(repetitions):
        for name, run in runs.items():
            for _ in range(IN_A_ROW):
                start = time.perf_counter()
                run()
                times[name].append(time.perf_counter() - start)
                if times[name][-1] > SHORT:
                    break
    return {name: statistics.median(taken) for name, taken in times.items()}


def row(work, goal, mine, peer, unit="ns a value", cells=1, peer_cells=None, against=""):
    """Time a kernel and its peer; the ratio is per cell."""
    found = medians({"kernel": mine, "peer": peer})
    scale = {"ns a value": 1e9, "ms": 1e3}[unit]
    ours = found["kernel"] / cells
    theirs = found["peer"] / (peer_cells or cells)
    return {"work": work, "goal": goal, "unit": unit, "kernel": round(ours * scale, 3),
            "peer": round(theirs * scale, 3), "against": against,
            "ratio": round(theirs / ours, 1)}


def threaded(kernel, book, threads=2, whole=(), **named):
    """Return a run over chunks of rows on several threads; columns placed in `whole` stay whole."""
    chunks = [slice(i, i + 1250) for i in range(0, len(book[0]), 1250)]

    def part(rows):
        kernel(*(column if place in whole else column[rows]
                 for place, column in enumerate(book)), **named)

    def run():
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, chunks))

    return run


def grid_book(options, prices=21, volatilities=9):
    """Return American options over a grid of prices and volatilities."""
    book = list(option_book(options, prices * volatilities))
    shape = (options, prices * volatilities)
    book[2] = np.random.default_rng(2).uniform(3 / 365, 2.0, options)
    book[3] = np.random.default_rng(3).uniform(0.005, 0.06, options)
    book[4] = book[3] - np.random.default_rng(4).uniform(0.0, 0.05, options)
    book[5] = np.random.default_rng(5).uniform(0.15, 0.8, options)
    book[7] = np.broadcast_to(np.tile(np.linspace(-0.4, 0.4, prices), volatilities), shape)
    book[8] = np.broadcast_to(np.repeat(np.linspace(0.6, 1.4, volatilities), prices), shape)
    return tuple(book)


def history_book(options, scenarios=1000):
    """Return the same options over historical scenarios, no two alike."""
    book, rng = list(grid_book(options)), np.random.default_rng(9)
    shape = (options, scenarios)
    book[7] = np.broadcast_to(rng.normal(0, 0.05, scenarios), shape)
    book[8] = np.broadcast_to(np.exp(rng.normal(0, 0.12, scenarios)), shape)
    book[9] = np.zeros(shape)
    return tuple(book)


def options_rows(build):
    """Time the option kernels."""
    book = option_book(10_000, 189)
    spare, cells = np.empty(book[9].shape), 10_000 * 189
    yield row("European 10k x 189, one thread", "20x", lambda: build.european_values(*book),
              lambda: peers.numpy_european(book, spare), cells=cells, against="numpy + ndtr")
    yield row("European 10k x 189, two threads", "35x", threaded(build.european_values, book),
              lambda: peers.numpy_european(book, spare), cells=cells, against="numpy + ndtr")
    size = np.linspace(-50.0, 50.0, len(book[0]))
    yield row("coin-settled gains 10k x 189", "-",
              lambda: build.inverse_pnl(*book[:7], size, *book[7:]),
              lambda: peers.numpy_inverse(book, size, spare), cells=cells, against="numpy + ndtr")
    yield row("European 10k x 189, against a loop", "300x", lambda: build.european_values(*book),
              lambda: peers.black_loop(book, 5000), cells=cells, peer_cells=5000,
              against="QuantLib blackFormula")
    if "avx2" in dispatch.available():
        older = dispatch.choose("avx2")
        yield row("the same, AVX2 build", "9x", lambda: older.european_values(*book),
                  lambda: peers.numpy_european(book, spare), cells=cells, against="numpy + ndtr")
    for name, goal, chosen in (("American grid 21 x 9", "180x", grid_book(200)),
                               ("American, 1,000 scenarios", "-", history_book(60))):
        yield row(name, goal, lambda b=chosen: build.american_values(*b),
                  peers.american_loop(chosen, 60, peers.qdfp), cells=chosen[9].size,
                  peer_cells=60, against="QuantLib QdFp fast")
    yield tree_row(build)


def tree_row(build):
    """Time the tree with two dividends an option."""
    book, count = grid_book(40), 40
    first = np.arange(0, 2 * count + 1, 2, dtype=np.intp)
    when = (book[2][:, None] * [0.3, 0.7]).ravel()
    amounts = np.tile([1.0, 1.5], count)
    return row("American tree n=101 with dividends", "250x",
               lambda: build.tree_values(*book[:9], first, when, amounts, book[9], steps=101,
                                         extrapolate=False),
               peers.american_loop(book, 40, peers.tree), cells=book[9].size, peer_cells=40,
               against="QuantLib LR 101")


def sums_rows(build):
    """Time the sums and tails."""
    rng = np.random.default_rng(3)
    unit, held = rng.normal(size=(100_000, 16)), rng.normal(size=100_000)
    group, sums = np.repeat(np.arange(400), 250), np.zeros((400, 16))
    for against, ready in (("scipy.sparse, built anew", False), ("scipy.sparse, ready", True)):
        yield row("scan 100k x 16 into 400 groups", "-" if ready else "6x",
                  lambda: build.aggregate(unit, held, group, sums),
                  peers.sparse_sums(unit, held, group, ready=ready), "ms", against=against)
    pnl = rng.normal(size=(10_000, 2504))
    total, out = pnl.sum(axis=0), np.zeros(10_000)
    yield row("leave-one-out worst loss, 10k x 2,504", "7 ms",
              lambda: build.worst_without_each(pnl, total, out),
              lambda: np.max(pnl - total, axis=1), "ms", against="numpy")
    yield row("the same, two threads", "7 ms",
              threaded(build.worst_without_each, (pnl, total, out), whole=(1,)),
              lambda: np.max(pnl - total, axis=1), "ms", against="numpy")
    for threads in ("", ", two threads"):
        yield row("leave-one-out expected shortfall, 25 worst" + threads, "25 ms",
                  threaded(build.shortfall_without_each, (pnl, total, out), whole=(1,), worst=25)
                  if threads else lambda: build.shortfall_without_each(pnl, total, out, worst=25),
                  lambda: np.partition(pnl - total, -25, axis=1)[:, -25:].mean(axis=1), "ms",
                  against="numpy partition")
    weighted, risk, found = rng.normal(size=5000), rng.uniform(1, 9, 5000), np.zeros((2, 5000))
    whole = np.array([0, 5000], dtype=np.intp)
    yield row("bucket of 5,000 names with concentration, slopes included", "0.3 ms",
              lambda: bucket(build, weighted, risk, whole, found),
              lambda: peers.matrix_bucket(weighted, risk, 0.3), "ms", against="numpy n x n")


def bucket(build, weighted, risk, whole, found):
    """Return K squared of one bucket from its pair sums."""
    build.pair_sums(weighted, risk, whole, found[0], found[1])
    return weighted @ (weighted + 0.3 * found[0])


def pairing_row(build):
    """Time 1,000 legs, 109,000 pairs."""
    rng = np.random.default_rng(5)
    linked = np.argwhere(rng.random((500, 500)) < 0.436)
    book = (rng.integers(1, 50, 500), rng.integers(1, 50, 500), linked[:, 0].copy(),
            linked[:, 1].copy(), rng.integers(1, 10_000, len(linked)))
    answer = [np.zeros(n, dtype=np.int64) for n in (len(linked), 500, 500)]
    return row("pairing of 1,000 legs", "25x, 25 ms", lambda: build.best_pairs(*book, *answer),
               lambda: peers.programme(book), "ms", against="scipy HiGHS")


def reading():
    """Return GB/s at which one thread reads what the scan and the leave-one-out kernels read."""
    speeds = {}
    for megabytes in (12.8, 200.0):
        numbers = np.ones(int(megabytes * 1e6) // 8)
        best = min(_taken(numbers.max) for _ in range(15))
        speeds[f"{megabytes:g} MB"] = round(megabytes / 1e3 / best, 1)
    return speeds


def _taken(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def machine():
    """Name the processor, where the system tells."""
    told = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in told.read_text().splitlines()
             if line.startswith("model name")] if told.exists() else []
    return names[0] if names else platform.machine()


def table(report):
    """Return the README's table."""
    lines = [f"{report['processors']} x {report['machine']}, Python {report['python']}, numpy "
             f"{report['numpy']}, build {report['level']}.", "",
             "| work | kernel | peer | ratio | goal |", "|---|---|---|---|---|"]
    lines += [f"| {r['work']} | {r['kernel']:,} {r['unit']} | {r['against']} {r['peer']:,} | "
              f"{r['ratio']:,}x | {r['goal']} |" for r in report["rows"]]
    read = ", ".join(f"{size} at {speed} GB/s" for size, speed in report["reading"].items())
    return "\n".join([*lines, "", f"One thread reads {read}."])


def main():
    """Measure and print."""
    build = dispatch.choose()
    rows = [*options_rows(build), *sums_rows(build), pairing_row(build)]
    report = {"machine": machine(), "processors": os.cpu_count(), "level": build.level,
              "python": platform.python_version(), "numpy": np.__version__,
              "reading": reading(), "rows": rows}
    print(table(report) if "--table" in sys.argv else json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
