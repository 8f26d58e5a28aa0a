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
from workstation.cascade.scenarios import proxies, scenario_names, scenario_shocks
from workstation.parameters.store import Edition, read_edition

HAVENS = frozenset({"UST-2Y", "UST-5Y", "UST-10Y", "UST-30Y", "JPYUSD", "VIX"})
BASIS_POINTS = 10_000.0
MONTH = 30.0
DAYS_A_YEAR = 365.0
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
    """Return a shipped joint scenario; raises KeyError for a name that is not shipped."""
    known = [float(row["change"]) for row in variants()["crypto_volatility"].rows
             if scenario.startswith(row["scenario"])]
    return Shock(f"{scenario}, {horizon}", scenario_shocks(scenario, horizon),
                 {"crypto": known[0]} if known else {}, proxies(scenario))


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
    lows = {row["underlying"]: float(row["move"]) for row in variants()["intraday"].rows
            if shock.name.startswith(row["scenario"])}
    return replace(shock, name=f"{shock.name}, intraday", moves={**shock.moves, **lows})


def bonds_sell_off_too(shock: Shock) -> Shock:
    """Return the shock with Treasuries falling by -duration x rise of the yield."""
    falls = {row["underlying"]: -float(row["duration"]) * float(row["basis_points"]) / BASIS_POINTS
             for row in variants()["bonds_sell_off"].rows}
    return replace(shock, name=f"{shock.name}, bonds sell off too", moves={**shock.moves, **falls})


def weekend_gap(shock: Shock) -> Shock:
    """Return the shock for markets that never close alone: all others stand still."""
    moves = {name: move for name, move in shock.moves.items() if name in ALWAYS_OPEN}
    return replace(shock, name=f"{shock.name}, weekend gap", moves=moves,
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
    worst = max(float(row["change"]) for row in variants()["crypto_volatility"].rows)
    return Shock(f"correlations to one, {horizon}", moves, {"crypto": worst},
                 proxies(scenario_names(horizon)[0]))


def volatility_change(at_30_days: float, years: float) -> float:
    """Return the change of volatility of an option by its time to expiry.

    change(T) = change(30 days) x (30 / T)^p; within a day of expiry the day before counts
    """
    days = max(years * DAYS_A_YEAR, 1.0)
    name = "term_below_30_days" if days < MONTH else "term_above_30_days"
    return float(at_30_days * (MONTH / days) ** float(variants()[name].value))
