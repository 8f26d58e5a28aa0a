"""Named joint scenarios: the moves of all factors over one historical window."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from workstation.base.resources import resource_root
from workstation.parameters.store import Edition, read_edition

PERCENT = 100.0
BASIS_POINTS = 10_000.0
ONE_DAY = "1d"
DECIMALS = 12
PRESET = "Episode: "
VIX = "VIX"
NOT_FACTORS = ("scenario", "horizon", "start", "end")


@lru_cache(maxsize=1)
def _scenarios() -> Mapping[tuple[str, str], Mapping[str, float]]:
    path = resource_root() / "scenarios" / "joint.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["scenario"], row["horizon"]): {
                factor: float(move) for factor, move in row.items()
                if factor not in NOT_FACTORS and move
            }
            for row in csv.DictReader(file)
        }


@lru_cache(maxsize=1)
def _edition() -> Edition:
    return read_edition(resource_root() / "scenarios" / "factors.toml")


def scenario_names(horizon: str = ONE_DAY) -> tuple[str, ...]:
    """Return the names of the scenarios shipped for a horizon (1d or 5d), oldest first."""
    return tuple(name for name, window in _scenarios() if window == horizon)


def scenario_shocks(name: str, horizon: str = ONE_DAY) -> dict[str, float]:
    """Return relative price moves by underlying of a named scenario; raises KeyError.

    Yields become price moves by -duration x change where no fund price exists; factors without
    data in the window are absent, not zero.
    """
    moves = _scenarios().get((name, horizon))
    if moves is None:
        raise KeyError(f"no scenario {name!r} over {horizon}; known: "
                       f"{', '.join(scenario_names(horizon))}")
    shocks = {row["underlying"]: _move(row, moves) for row in _edition()["factors"].rows}
    return {underlying: round(move, DECIMALS) + 0.0
            for underlying, move in shocks.items() if move is not None}


def volatility_points(name: str, horizon: str = ONE_DAY) -> float | None:
    """Return the change of the VIX in a named scenario, in points; None where it is not known."""
    return _scenarios().get((name, horizon), {}).get(VIX)


def proxies(scenario: str) -> dict[str, str]:
    """Return the underlying each asset class moves with where a factor has no figure of its own.

    Empty for anything but a named scenario: shocks the user chose are taken as they are.
    """
    named = scenario.startswith(PRESET) or any(
        scenario.startswith(name) for name, _ in _scenarios())
    if not named:
        return {}
    return {row["asset_class"]: row["underlying"] for row in _edition()["proxies"].rows}


def _move(row: Mapping[str, Any], moves: Mapping[str, float]) -> float | None:
    for column in row.get("price", ()):
        if column in moves:
            move = moves[column] / PERCENT
            return 1.0 / (1.0 + move) - 1.0 if row.get("inverse") else move
    changes = [moves[column] for column in row.get("yields", ()) if column in moves]
    if not changes or len(changes) < len(row["yields"]):
        return None
    return -float(row["duration"]) * sum(changes) / len(changes) / BASIS_POINTS
