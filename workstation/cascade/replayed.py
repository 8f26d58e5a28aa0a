"""A historical window as a shock path: each day's moves, spread over the steps of that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from workstation.base.problem import Problem, UnusableInputError
from workstation.harmonised.factor_moves import durations
from workstation.harmonised.underlyings import RiskMap
from workstation.market.history import History
from workstation.market.market import Market
from workstation.measures.stability import horizon_returns

Floats = NDArray[np.float64]
PERCENT = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class ReplayedPath:
    """Log returns (days x steps a day, k), the days, and the factors without a history there."""

    returns: Floats
    days: tuple[date, ...]
    still: tuple[str, ...]

    @property
    def shock(self) -> Floats:
        """Return the whole relative move (k,)."""
        return np.asarray(np.expm1(np.sum(self.returns, axis=0)))


def replayed(names: Sequence[str], history: History, market: Market, risk: RiskMap,
             window: tuple[date, date], steps_a_day: int, longest_days: int) -> ReplayedPath:
    """Lay the moves of a window out over the steps of its days; what has no history stands still.

    Raises UnusableInputError for a window that is empty, too long, or without any of the factors.

    Parameters
    ----------
    names
        Factors in the order of the columns.
    window
        First and last day whose moves are replayed, both included.
    steps_a_day, longest_days
        Into how many steps a day is cut, and how many days a cascade is followed for.
    """
    places = [n for n, day in enumerate(history.dates) if window[0] <= day <= window[1] and n]
    if not places or len(places) > longest_days:
        raise UnusableInputError(Problem(
            "Replay", f"{len(places)} days of history lie from {window[0]} to {window[1]}",
            f"name a window of 1 to {longest_days} days" + (
                f" between {history.dates[1]} and {history.dates[-1]}"
                if len(history.dates) > 1 else "; add a History sheet")))
    daily, still = np.zeros((len(places), len(names))), []
    for k, name in enumerate(names):
        found = _daily(name, history, market, risk)
        if found is None or not np.isfinite(found[places]).any():
            still.append(name)
        else:
            daily[:, k] = np.nan_to_num(found[places])
    if len(still) == len(names):
        raise UnusableInputError(Problem(
            "Replay", f"the history has none of the factors {', '.join(names)}",
            "name the History columns like the underlyings"))
    parts = np.repeat(daily / steps_a_day, steps_a_day, axis=0)
    return ReplayedPath(parts, tuple(history.dates[n] for n in places), tuple(still))


def _daily(name: str, history: History, market: Market, risk: RiskMap) -> Floats | None:
    """Return daily log returns of a factor; a yield in percent moves by its duration."""
    for column, is_yield in risk.columns(name, market):
        found = horizon_returns(history, column, is_yield=is_yield)
        if found is None:
            continue
        if not is_yield:
            return found.values
        years = durations().get(name, 0.0)
        if years:
            return np.asarray(np.log1p(np.maximum(years * found.values / PERCENT, -0.9)))
    return None
