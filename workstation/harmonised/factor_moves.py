"""Relative moves of risk roots over history, each over its own class's closing time.

price: move = level after / level before - 1
yield in percent: move = -duration x change / 100
level not always positive (a spread, oil in April 2020): move = change / level today
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

import numpy as np

from workstation.base.resources import resource_root
from workstation.book.resolve import Bools, Floats
from workstation.harmonised.design import Design
from workstation.harmonised.scan import Index, Scan
from workstation.harmonised.underlyings import RiskMap
from workstation.market.history import History
from workstation.market.market import Market
from workstation.measures.filtering import ewma_volatility
from workstation.measures.stability import StressWindow
from workstation.parameters.store import read_edition

PERCENT = 100.0
NOTHING_LEFT = -0.99
"""No root loses more than this share of itself."""


@dataclass(frozen=True, slots=True, eq=False)
class RootLevels:
    """History of the roots that have one: `levels[i]` belongs to root `roots[i]`.

    NaN where a level is missing. `columns[i]` is the history's own name, a proxy where it is not
    the root's; `durations[i]` is 0 but for yields.
    """

    dates: tuple[date, ...]
    roots: Index
    columns: tuple[str, ...]
    levels: Floats
    durations: Floats
    volatilities: dict[float, Floats] = field(default_factory=dict)
    """Volatility before each date by decay, kept for the earlier dates `until` asks about."""

    def until(self, count: int) -> RootLevels:
        """Return the first `count` dates; what was known then does not hang on later dates."""
        return replace(self, dates=self.dates[:count], levels=self.levels[:, :count])

    def only(self, chosen: Bools) -> RootLevels:
        """Return some of the roots."""
        return RootLevels(self.dates, self.roots[chosen],
                          tuple(c for c, k in zip(self.columns, chosen, strict=True) if k),
                          self.levels[chosen], self.durations[chosen])

    def volatility(self, decay: float) -> Floats:
        """Return the volatility of daily moves known on each date: (roots, dates)."""
        known = self.volatilities.get(decay)
        if known is None or known.shape[1] < len(self.dates):
            daily = moves_over(self, np.ones(len(self.roots), dtype=np.intp))[:, :-1]
            self.volatilities[decay] = ewma_volatility(daily, decay)
        return self.volatilities[decay][:, : len(self.dates)]


@lru_cache(maxsize=1)
def durations() -> dict[str, float]:
    """Return years of duration by risk root, for roots whose history is a yield."""
    edition = read_edition(resource_root() / "scenarios" / "factors.toml")
    return {row["underlying"]: float(row["duration"])
            for row in edition["factors"].rows if "duration" in row}


@lru_cache(maxsize=1)
def class_proxies() -> dict[str, str]:
    """Return the root that stands in for an asset class's roots without a history."""
    edition = read_edition(resource_root() / "scenarios" / "factors.toml")
    return {row["asset_class"]: row["underlying"] for row in edition["proxies"].rows}


def root_levels(scan: Scan, risk_map: RiskMap, until: date, *, proxied: bool = False
                ) -> RootLevels:
    """Find the history of every root of a scan, up to a date; its class's proxy if asked."""
    market = scan.holdings.market
    history = market.history
    count = sum(1 for day in history.dates if day <= until)
    found: list[tuple[int, str, Floats, float]] = []
    for r, root in enumerate(scan.roots):
        own = _column(risk_map, market, root)
        if own is None and proxied and scan.signs[r] > 0:
            leader = class_proxies().get(scan.asset_classes[scan.asset_class[scan.group[r]]], "")
            led = _column(risk_map, market, leader) if leader else None
            own = None if led is None else (led[0], led[1], f"{led[0]} as proxy")
        if own is not None:
            found.append((r, own[-1], _series(history.of(own[0]) or (), count), float(own[1])))
    return RootLevels(
        history.dates[:count], np.array([r for r, *_ in found], dtype=np.intp),
        tuple(column for _, column, _, _ in found),
        np.array([levels for *_, levels, _ in found]).reshape(len(found), count),
        np.array([years for *_, years in found]))


def _column(risk_map: RiskMap, market: Market, root: str) -> tuple[str, float, str] | None:
    """Return the history column that carries a root, its duration if a yield, and its name."""
    for column, is_yield in risk_map.columns(root, market):
        years = durations().get(root, 0.0) if is_yield else 0.0
        if column in market.history.factors and (years > 0 or not is_yield):
            return column, years, column
    return None


def _series(series: tuple[float | None, ...], count: int) -> Floats:
    return np.array([np.nan if v is None else v for v in series[:count]], dtype=np.float64)


def moves_over(levels: RootLevels, horizons: Index) -> Floats:
    """Return (roots, dates) moves over each root's horizon from each date on; NaN past the end."""
    out = np.full_like(levels.levels, np.nan)
    for i, horizon in enumerate(horizons.tolist()):
        moves = _moves(levels.levels[i], horizon, float(levels.durations[i]))
        out[i, : len(moves)] = moves
    return np.asarray(np.maximum(out, NOTHING_LEFT), dtype=np.float64)


def _moves(series: Floats, horizon: int, duration: float) -> Floats:
    before, after = series[:-horizon], series[horizon:]
    if duration > 0:
        return np.asarray(-duration * (after - before) / PERCENT)
    known = series[np.isfinite(series)]
    if not len(known) or not bool((known <= 0).any()):
        return np.asarray(after / before - 1.0)
    return np.asarray((after - before) / abs(known[-1] or np.nan))


def horizons_of(scan: Scan, roots: Index, design: Design) -> Index:
    """Return the closing time in days of each root, by its asset class."""
    return np.array([closing_days(scan, int(r), design) for r in roots], dtype=np.intp)


def closing_days(scan: Scan, root: int, design: Design) -> int:
    """Return the days in which a root's positions can be closed under the design."""
    return design.count(f"mpor.{scan.asset_classes[scan.asset_class[scan.group[root]]]}")


def inside(dates: tuple[date, ...], windows: tuple[str, ...]) -> Bools:
    """Say which dates lie in any of the windows `first..last`."""
    days = np.array([day.toordinal() for day in dates], dtype=np.int64)
    out = np.zeros(len(days), dtype=np.bool_)
    for window in map(StressWindow.read, windows):
        out |= (days >= window.first.toordinal()) & (days <= window.last.toordinal())
    return out


def covers(history: History) -> str:
    """Name the dates a history spans."""
    return f"{history.dates[0]} to {history.dates[-1]}" if history.dates else "no dates"
