"""Many drawn paths of a scene at once, by the kernel, on as many processors as there are.

Every path has its own stretch of a counter-based generator and is computed on its own, so results
are the same to the bit in any chunks and on any number of threads.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.base.progress import Progress, silent
from workstation.cascade.factors import NOTHING_LEFT
from workstation.cascade.model import Mechanics, Scene
from workstation.cascade.relief import Relief
from workstation.kernels import cascade_paths
from workstation.kernels.cascade import ROWS, RULES

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
CHUNK = 128
LEAST_FREEDOM = 3
PLAIN = {"multiple": 1.0, "horizon_days": 1.0, "procyclical": True, "law": "sqrt", "adverse": True,
         "intraday": True, "halt_level": None, "path": None, "ramp": 1, "selection": "pro rata"}


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """How shocks and depth are drawn: Student-t over so many days, log-normal depth for all.

    `root` (k, k) is a root of the correlations; the shock arrives in `arrival` parts drawn one by
    one under one tail draw; `noticed` is the least call that counts as one.
    """

    root: Floats
    days: float
    arrival: int
    freedom: int
    depth_deviation: float
    noticed: float


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What became of every row in every path: final equity (p, n), first call and sale (-1: none).

    `prices` (p, k) are the final ones, `steps` how many each path took. Where numbers overflowed,
    `broken` is the path, the last one played; its state is that of the step before.
    """

    equity: Floats
    first_call: Whole
    first_sale: Whole
    prices: Floats
    steps: Whole
    broken: int | None = None


def play_paths(scene: Scene, how: Mechanics, draws: Draws, seed: int, paths: int,
               progress: Progress = silent) -> Drawn:
    """Play so many drawn paths out; raises ValueError for what the kernel does not know.

    Settlement of sales, insurance funds, deleveraging and the rulebooks' correction are not part
    of a drawn path.
    """
    _refuse(how, draws, seed, paths)
    columns = columns_of(scene, how, draws)
    rows, assets = scene.positions.shape
    drawn = Drawn(np.empty((paths, rows)), np.empty((paths, rows), np.int64),
                  np.empty((paths, rows), np.int64), np.empty((paths, assets)),
                  np.empty(paths, np.int64))

    def play(start: int) -> None:
        part = slice(start, min(start + CHUNK, paths))
        cascade_paths(**columns, equity=drawn.equity[part], first_call=drawn.first_call[part],
                      first_sale=drawn.first_sale[part], price=drawn.prices[part],
                      steps=drawn.steps[part], key=seed, first=start)

    pool = ThreadPoolExecutor(os.cpu_count() or 1)
    try:
        started = [(start, pool.submit(play, start)) for start in range(0, paths, CHUNK)]
        for done, future in started:
            progress(done / paths, f"Path {done:,} of {paths:,}")
            future.result()
            broken = np.flatnonzero(drawn.steps[done:done + CHUNK] < 0)
            if len(broken):
                return _up_to(drawn, done + int(broken[0]))
    finally:
        pool.shutdown(cancel_futures=True)
    return drawn


def _up_to(drawn: Drawn, path: int) -> Drawn:
    """Return the paths up to one whose numbers overflowed, that one included."""
    part = slice(path + 1)
    return Drawn(drawn.equity[part], drawn.first_call[part], drawn.first_sale[part],
                 drawn.prices[part], np.abs(drawn.steps[part]), path)


def _refuse(how: Mechanics, draws: Draws, seed: int, paths: int) -> None:
    if paths < 1:
        raise ValueError(f"{paths} paths cannot be drawn; ask for one or more")
    if not 0 <= seed < 1 << 64:
        raise ValueError(f"seed {seed} is not a whole number from 0 to 2^64 - 1")
    if draws.freedom < LEAST_FREEDOM or draws.arrival < 1:
        raise ValueError(f"{draws.freedom} degrees of freedom have no variance; state 3 or more"
                         if draws.arrival >= 1 else "a shock arrives in one step or more")
    odd = [name for name, value in PLAIN.items() if getattr(how, name) != value]
    if odd:
        raise ValueError(f"drawn paths do not know {', '.join(odd)}")


def columns_of(scene: Scene, how: Mechanics, draws: Draws) -> dict[str, Any]:
    """Lay a scene out as the kernel reads it."""
    count, assets = scene.positions.shape
    owes, relief = scene.obligations, scene.relief
    if owes is None:
        raise ValueError("drawn paths need the obligations of every row")
    own = np.arange(count, dtype=np.intp)
    rows = {"cash": scene.cash, "offset": owes.offset, "scale": owes.scale, "fixed": owes.fixed,
            "reaction": owes.reaction, **_relief(relief, count),
            "frozen": np.zeros(count) if scene.frozen is None else scene.frozen}
    recalls = () if relief is None else relief.recalls
    # Rows of one owner at one firm share a pool: numbered like the rows themselves.
    firm = own if relief is None else np.unique(
        relief.owner * (int(relief.firm.max(initial=0)) + 1) + relief.firm,
        return_inverse=True)[1].astype(np.intp)
    covers = np.zeros((len(how.breakers), assets), dtype=np.bool_)
    for b, breaker in enumerate(how.breakers):
        covers[b, list(breaker.halted)] = True
    market = [scene.prices, scene.daily_volatility, scene.adv]
    return {
        "positions": np.ascontiguousarray(scene.positions, dtype=np.float64),
        "rows": np.ascontiguousarray([rows[name] for name in ROWS], dtype=np.float64),
        "owner": own if relief is None else relief.owner.astype(np.intp), "firm": firm,
        "market": np.ascontiguousarray(market, dtype=np.float64),
        "correlation": np.ascontiguousarray(scene.correlation, dtype=np.float64),
        "root": np.ascontiguousarray(draws.root, dtype=np.float64),
        "level": np.array([b.level for b in how.breakers], dtype=np.float64),
        "watched": np.array([b.watched for b in how.breakers], dtype=np.intp),
        "lasting": np.array([-1 if b.steps is None else b.steps for b in how.breakers],
                            dtype=np.int64),
        "covers": covers,
        "lent": np.array([r.row for r in recalls], dtype=np.intp),
        "worth": np.array([r.value for r in recalls], dtype=np.float64),
        "delay": np.array([r.steps for r in recalls], dtype=np.int64),
        "rules": _rules(how, draws, owes.cap),
    }


def _relief(relief: Relief | None, count: int) -> dict[str, Floats]:
    """Return what every row can give; the credit lines stand at the numbers of their owners."""
    credit = np.zeros(count)
    if relief is None:
        return {"free": np.zeros(count), "lends": np.zeros(count), "credit": credit}
    if relief.credit is not None:
        credit[:len(relief.credit)] = relief.credit
    return {"free": relief.free, "lends": relief.lends, "credit": credit}


def _rules(how: Mechanics, draws: Draws, cap: float) -> Floats:
    found = {
        "impact": how.impact, "decay": how.decay, "cap": cap,
        "participation": how.participation, "maintenance": how.maintenance, "buffer": how.buffer,
        "converge_from": how.drawdowns[0], "converge_to": how.drawdowns[1], "floor": how.floor,
        "steps_a_day": how.steps_a_day, "most_steps": how.most_steps, "shock_days": draws.days,
        "arrival": draws.arrival, "freedom": draws.freedom,
        "depth_deviation": draws.depth_deviation, "noticed": draws.noticed,
        "lowest": math.log1p(NOTHING_LEFT),
    }
    return np.array([float(found[name]) for name in RULES])
