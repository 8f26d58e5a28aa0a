"""How reliably two factors moved together: whole window, rolling windows, stress, tail.

Correlations are of returns over a horizon; a factor whose levels are not all positive (a spread,
a yield near zero) or that is a yield is measured by its changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from workstation.market.history import History

Floats = NDArray[np.float64]
Days = NDArray[np.int64]
Index = NDArray[np.intp]
LEAST_POINTS = 10
"""Fewer common returns than this make no correlation at all."""


@dataclass(frozen=True, slots=True)
class StressWindow:
    """A period in which an offset must have held, first and last date included."""

    first: date
    last: date

    @classmethod
    def read(cls, text: str) -> StressWindow:
        """Read `2020-02-20..2020-04-30`; raises ValueError on anything else."""
        first, _, last = text.partition("..")
        window = cls(date.fromisoformat(first.strip()), date.fromisoformat(last.strip()))
        if window.last < window.first:
            raise ValueError(f"stress window {text} ends before it begins")
        return window

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"


@dataclass(frozen=True, slots=True)
class Stability:
    """The evidence on one pair; a figure is None where the history does not reach.

    `tail` is the share of the first factor's worst days that were among the second's worst too.
    """

    count: int
    whole: float | None = None
    rolling_minimum: float | None = None
    rolling_window: int = 0
    stress: tuple[tuple[StressWindow, float | None], ...] = ()
    tail: float | None = None

    @property
    def worst(self) -> float | None:
        """Return the lowest of the rolling and stress-window correlations known."""
        known = [rho for _, rho in self.stress if rho is not None]
        if self.rolling_minimum is not None:
            known.append(self.rolling_minimum)
        return min(known, default=self.whole)


@dataclass(frozen=True, slots=True)
class FactorReturns:
    """Returns of one factor by date position; NaN where either end is missing."""

    factor: str
    values: Floats


def horizon_returns(history: History, factor: str, horizon: int = 1,
                    *, is_yield: bool = False) -> FactorReturns | None:
    """Return overlapping returns over `horizon` dates, None where the factor has no history.

    return = ln(level / level before); a yield's is the fall of the yield, so that a rise is a
    gain to the holder of the bond.
    """
    levels = history.of(factor)
    if levels is None or len(levels) <= horizon:
        return None
    series = np.array([np.nan if v is None else v for v in levels], dtype=np.float64)
    out = np.full(len(series), np.nan)
    if is_yield:
        out[horizon:] = series[:-horizon] - series[horizon:]
    elif bool(np.any(series <= 0)):
        out[horizon:] = series[horizon:] - series[:-horizon]
    else:
        out[horizon:] = np.log(series[horizon:] / series[:-horizon])
    return FactorReturns(factor, out)


def day_numbers(history: History) -> Days:
    """Return the history's dates as proleptic day numbers, for `stability`."""
    return np.array([day.toordinal() for day in history.dates], dtype=np.int64)


def stability(x: FactorReturns, y: FactorReturns, days: Days, *, window: int,
              tail_share: float, stress: Sequence[StressWindow] = (),
              sign: int = 1) -> Stability:
    """Measure a pair; `sign` is -1 where the second factor is held to run against the first."""
    together, first, second = _in_common(x, y, sign)
    count = len(together)
    if count < LEAST_POINTS:
        return Stability(count, rolling_window=window)
    return Stability(
        count, correlation(first, second), rolling_minimum(first, second, window), window,
        tuple((w, _inside(w, days[together], first, second)) for w in stress),
        tail_dependence(first, second, tail_share))


def _in_common(x: FactorReturns, y: FactorReturns, sign: int) -> tuple[Index, Floats, Floats]:
    together = np.flatnonzero(np.isfinite(x.values) & np.isfinite(y.values))
    return together, x.values[together], sign * y.values[together]


def correlation(x: Floats, y: Floats) -> float | None:
    """Return the correlation, None for too few points or a factor that did not move."""
    if len(x) < LEAST_POINTS:
        return None
    dx, dy = x - x.mean(), y - y.mean()
    scale = float(np.sqrt((dx @ dx) * (dy @ dy)))
    return None if scale == 0 else float(np.clip((dx @ dy) / scale, -1, 1))


def rolling_minimum(x: Floats, y: Floats, window: int) -> float | None:
    """Return the lowest correlation over all windows of `window` consecutive returns."""
    if len(x) < window:
        return None
    series = rolling_correlations(x, y, window)
    known = series[np.isfinite(series)]
    return float(known.min()) if len(known) else None


def rolling_correlations(x: Floats, y: Floats, window: int) -> Floats:
    """Return the correlation of every window of consecutive returns; NaN where one stood still."""
    scale_x, scale_y = float(np.std(x)), float(np.std(y))
    out = np.full(max(0, len(x) - window + 1), np.nan)
    if scale_x == 0 or scale_y == 0 or not len(out):
        return out
    unit_x, unit_y = (x - x.mean()) / scale_x, (y - y.mean()) / scale_y
    sum_x, sum_y = _sums(unit_x, window), _sums(unit_y, window)
    covariance = _sums(unit_x * unit_y, window) - sum_x * sum_y / window
    spread_x = _sums(unit_x * unit_x, window) - sum_x * sum_x / window
    spread_y = _sums(unit_y * unit_y, window) - sum_y * sum_y / window
    spread = spread_x * spread_y
    moved = spread > np.finfo(np.float64).eps * window * window
    out[moved] = np.clip(covariance[moved] / np.sqrt(spread[moved]), -1, 1)
    return out


def tail_dependence(x: Floats, y: Floats, share: float) -> float | None:
    """Return the share of the worst days of x that were worst days of y as well."""
    worst = int(len(x) * share)
    if worst == 0:
        return None
    low_x = np.argsort(x, kind="stable")[:worst]
    low_y = np.argsort(y, kind="stable")[:worst]
    return len(np.intersect1d(low_x, low_y)) / worst


def _sums(values: Floats, window: int) -> Floats:
    running = np.concatenate(([0.0], np.cumsum(values)))
    return np.asarray(running[window:] - running[:-window], dtype=np.float64)


def _inside(window: StressWindow, days: Days, x: Floats, y: Floats) -> float | None:
    rows = (days >= window.first.toordinal()) & (days <= window.last.toordinal())
    return correlation(x[rows], y[rows])


class Comovements:
    """Measures the factors of one history, each factor and each pair once."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._days = day_numbers(history)
        self._returns: dict[tuple[str, int, bool], FactorReturns | None] = {}
        self._fixed: dict[tuple[object, ...], Stability] = {}
        self._lowest: dict[tuple[object, ...], float | None] = {}

    def returns(self, factor: str, horizon: int, *, is_yield: bool = False
                ) -> FactorReturns | None:
        """Return a factor's returns, None where it has no history."""
        key = (factor, horizon, is_yield)
        if key not in self._returns:
            self._returns[key] = horizon_returns(self.history, factor, horizon, is_yield=is_yield)
        return self._returns[key]

    def pair(self, x: FactorReturns, y: FactorReturns, *, window: int, tail_share: float,
             stress: tuple[StressWindow, ...] = (), sign: int = 1) -> Stability:
        """Measure two factors that `returns` handed out; see `stability`."""
        pair = (id(x), id(y), sign)  # held above: ids stay theirs
        fixed, rolling = (*pair, tail_share, stress), (*pair, window)
        if fixed not in self._fixed:
            seen = self._fixed[fixed] = stability(
                x, y, self._days, window=window, tail_share=tail_share, stress=stress, sign=sign)
            self._lowest[rolling] = seen.rolling_minimum
        seen = self._fixed[fixed]
        if rolling not in self._lowest:
            _, first, second = _in_common(x, y, sign)
            self._lowest[rolling] = rolling_minimum(first, second, window)
        return replace(seen, rolling_window=window, rolling_minimum=self._lowest[rolling])


HISTORIES_KEPT = 4
_KNOWN: list[Comovements] = []


def comovements(history: History) -> Comovements:
    """Return the measurements of a history; those of the last few histories are remembered.

    A measurement depends on nothing but the history, so remembering it changes no figure.
    """
    for known in _KNOWN:
        if known.history is history:
            return known
    fresh = Comovements(history)
    _KNOWN[:] = [*_KNOWN[-HISTORIES_KEPT + 1:], fresh]
    return fresh
