"""The stresses of the lab: joint historical moves and their variants.

times: every move multiplied · intraday: open to low where known · bonds sell off too: Treasuries
fall with the rest · correlations to one: every factor at its own worst, havens at their best ·
de-peg: one coin at one venue loses its peg · gap: markets that are closed stand still.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from workstation.base.resources import resource_root
from workstation.cascade.factors import NOTHING_LEFT
from workstation.cascade.scenarios import (
    proxies,
    scenario_names,
    scenario_shocks,
    volatility_points,
)
from workstation.parameters.store import Edition, read_edition

HAVENS = frozenset({"UST-2Y", "UST-5Y", "UST-10Y", "UST-30Y", "JPYUSD", "VIX"})
BASIS_POINTS = 10_000.0
POINTS = 100.0
MONTH = 30.0
DAYS_A_YEAR = 365.0
COINS = "crypto"
ALWAYS_OPEN = frozenset({"BTC", "ETH", "SOL", "XRP"})


@dataclass(frozen=True, slots=True)
class Shock:
    """Relative moves by underlying, changes of 30-day volatility by asset class, and proxies.

    `proxies` names the underlying that an asset class follows where it has no figure of its own;
    empty means that it stands still.
    """

    name: str
    moves: Mapping[str, float]
    volatility: Mapping[str, float]
    proxies: Mapping[str, str]
    accounts: tuple[str, ...] = ()
    """Accounts the shock is confined to (a venue's own); everywhere unless given."""
    flat: Mapping[str, float] = field(default_factory=dict)
    """Changes of volatility by underlying, alike for every expiry, in place of its class's."""


@lru_cache(maxsize=1)
def variants() -> Edition:
    """Return the shipped figures of the variants."""
    return read_edition(resource_root() / "scenarios" / "stress.toml")


def historical(scenario: str, horizon: str = "1d") -> Shock:
    """Return a shipped joint scenario; raises KeyError for a name that is not shipped.

    The VIX, in points, is the change of equities' 30-day volatility.
    """
    moves = scenario_shocks(scenario, horizon)
    coins = [float(row["change"]) for row in variants()["crypto_volatility"].rows
             if scenario.startswith(row["scenario"])]
    points = volatility_points(scenario, horizon)
    volatility = {"crypto": coins[0]} if coins else {}
    if points is not None:
        volatility["equity"] = points / POINTS
    return Shock(f"{scenario}, {horizon}", moves, volatility, proxies(scenario))


def library(horizon: str = "1d") -> tuple[Shock, ...]:
    """Return every shipped joint scenario over 1d or 5d; of equal windows the first."""
    found: dict[tuple[tuple[str, float], ...], Shock] = {}
    for name in scenario_names(horizon):
        shock = historical(name, horizon)
        found.setdefault(tuple(sorted(shock.moves.items())), shock)
    return tuple(found.values())


def custom(moves: Mapping[str, float], name: str = "custom",
           volatility: Mapping[str, float] | None = None) -> Shock:
    """Return shocks of the user's own; what is not named stands still."""
    return Shock(name, dict(moves), dict(volatility or {}), {})


def times(shock: Shock, factor: float) -> Shock:
    """Return every move multiplied, nothing below a loss of 99 %."""
    moves = {name: max(NOTHING_LEFT, move * factor) for name, move in shock.moves.items()}
    volatility = {kind: change * factor for kind, change in shock.volatility.items()}
    return replace(shock, name=f"{shock.name} x {factor:g}", moves=moves, volatility=volatility)


def intraday(shock: Shock) -> Shock:
    """Return the shock with open-to-low moves where they are known."""
    lows = lows_of(shock)
    return replace(shock, name=f"{shock.name}, intraday", moves={**shock.moves, **lows})


def lows_of(shock: Shock) -> dict[str, float]:
    """Return the open-to-low moves known for the day of a shock."""
    return {row["underlying"]: float(row["move"]) for row in variants()["intraday"].rows
            if shock.name.startswith(row["scenario"])}


def bonds_sell_off_too(shock: Shock) -> Shock:
    """Return the shock with Treasuries falling by -duration x rise of the yield."""
    falls = {row["underlying"]: -float(row["duration"]) * float(row["basis_points"]) / BASIS_POINTS
             for row in variants()["bonds_sell_off"].rows}
    return replace(shock, name=f"{shock.name}, bonds sell off too", moves={**shock.moves, **falls})


def weekend_gap(shock: Shock) -> Shock:
    """Return the shock for markets that never close alone: all others stand still."""
    moves = {name: move for name, move in shock.moves.items() if name in ALWAYS_OPEN}
    coins = {kind: change for kind, change in shock.volatility.items() if kind == COINS}
    return replace(shock, name=f"{shock.name}, weekend gap", moves=moves, volatility=coins,
                   proxies={k: v for k, v in shock.proxies.items() if v in ALWAYS_OPEN})


def de_peg(coin: str, move: float, accounts: tuple[str, ...] = ()) -> Shock:
    """Return a coin losing its peg, at some venues' accounts only if named, and nothing else."""
    where = f" in {', '.join(accounts)}" if accounts else ""
    return replace(custom({coin: move}, f"{coin} {move:+.0%}{where}"), accounts=accounts)


@lru_cache(maxsize=4)
def correlations_to_one(horizon: str = "1d") -> Shock:
    """Return every factor at its own worst of all joint scenarios at once, havens at their best."""
    moves: dict[str, float] = {}
    for scenario in scenario_names(horizon):
        for name, move in scenario_shocks(scenario, horizon).items():
            worse = max if name in HAVENS else min
            moves[name] = worse(move, moves.get(name, move))
    return Shock(f"correlations to one, {horizon}", moves, worst_volatility(),
                 proxies(scenario_names(horizon)[0]))


def worst_volatility() -> dict[str, float]:
    """Return the largest known rise of 30-day volatility by asset class."""
    coins = max(float(row["change"]) for row in variants()["crypto_volatility"].rows)
    points = [volatility_points(name, horizon) for horizon in ("1d", "5d")
              for name in scenario_names(horizon)]
    return {"crypto": coins, "equity": max(p for p in points if p is not None) / POINTS}


def volatility_alone(asset_class: str) -> Shock:
    """Return the largest known rise of one asset class's volatility with every price as it is."""
    change = worst_volatility()[asset_class]
    return Shock(f"{asset_class} volatility {change * POINTS:+.0f} points at 30 days", {},
                 {asset_class: change}, {})


def volatility_change(at_30_days: float, years: float) -> float:
    """Return the change of volatility of an option by its time to expiry.

    change(T) = change(30 days) x (30 / T)^p; within a day of expiry the day before counts
    """
    days = max(years * DAYS_A_YEAR, 1.0)
    name = "term_below_30_days" if days < MONTH else "term_above_30_days"
    return float(at_30_days * (MONTH / days) ** float(variants()[name].value))
