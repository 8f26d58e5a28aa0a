"""Compiled kernels must stay well ahead of their numpy twins: a lost vectorisation fails here.

Ratios in one process, by turns, best of several, tried again to ride out noise. Every threshold is
a third of what a quiet machine shows or less.
"""

import time

import numpy as np
import pytest

from tests.kernels.books import option_book
from workstation.kernels import dispatch, reference

QUICK = [level for level in dispatch.available() if level.startswith("avx")]
TURNS = 40


def values(options, scenarios):
    return option_book(options, scenarios)


def gains(options, scenarios):
    book = option_book(options, scenarios)
    return (*book[:7], np.linspace(-9.0, 9.0, options), *book[7:])


def grid(options):
    """Return options over 21 prices and 9 volatilities."""
    book = list(option_book(options, 189))
    book[3], book[4] = np.full(options, 0.04), np.full(options, 0.02)
    shape = (options, 189)
    book[7] = np.broadcast_to(np.tile(np.linspace(-0.4, 0.4, 21), 9), shape)
    book[8] = np.broadcast_to(np.repeat(np.linspace(0.6, 1.4, 9), 21), shape)
    return tuple(book)


def with_dividends(options, scenarios):
    book = option_book(options, scenarios)
    first = np.arange(0, 2 * options + 1, 2, dtype=np.intp)
    when = (book[2][:, None] * [0.3, 0.7]).ravel()
    return (*book[:9], first, when, np.ones(2 * options), book[9])


def profits(positions, scenarios):
    pnl = np.random.default_rng(3).normal(size=(positions, scenarios))
    return pnl, pnl.sum(axis=0), np.zeros(positions)


def scan(positions, groups):
    rng = np.random.default_rng(3)
    return (rng.normal(size=(positions, 16)), rng.normal(size=positions),
            np.sort(rng.integers(0, groups, positions)), np.zeros((groups, 16)))


def segment(members):
    rng = np.random.default_rng(3)
    return (rng.normal(size=members), rng.uniform(1, 9, members),
            np.array([0, members], dtype=np.intp), *np.zeros((2, members)))


# Arguments, options by name, and the least ratio to the twin: AVX2, AVX-512. Lanes lost cost a
# factor of four to eight, a busy neighbour up to three.
WORK = {
    "european_values": (values(300, 189), {}, 6, 8),
    "european_pnl": (gains(300, 189), {}, 6, 7),
    "inverse_pnl": (gains(300, 189), {}, 6, 8),
    "european_values, few scenarios": (values(2000, 10), {}, 1.5, 1.5),
    "american_values": (grid(6), {}, 100, 120),
    "american_values, long rows": (values(3, 600), {}, 40, 50),
    "tree_values": (with_dividends(4, 16), {"steps": 101}, 30, 35),
    "aggregate": (scan(20_000, 400), {}, 1.2, 1.2),
    "worst_without_each": (profits(300, 2504), {}, 1.1, 1.1),
    "shortfall_without_each": (profits(300, 2504), {"worst": 25}, 2.5, 3),
    "pair_sums": (segment(5000), {}, 1.2, 1.2),
}


@pytest.mark.parametrize("level", QUICK)
@pytest.mark.parametrize("work", WORK)
def test_compiled_kernels_stay_ahead_of_numpy(level, work):
    name, (given, named, avx2, avx512) = work.split(",")[0], WORK[work]
    ratio = avx512 if level == "avx512" else avx2
    runs = {"fast": getattr(dispatch.choose(level), name), "plain": getattr(reference, name)}
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(TURNS):
        for which, run in runs.items():
            start = time.perf_counter()
            run(*given, **named)
            best[which] = min(best[which], time.perf_counter() - start)
        if best["plain"] > ratio * best["fast"]:
            return
    pytest.fail(f"{work} at {level} is only {best['plain'] / best['fast']:.1f} times numpy")
