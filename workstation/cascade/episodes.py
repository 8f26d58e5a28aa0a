"""Episodes: presets of shocks, each with facts that say which are sourced and which assumed."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from workstation.base.resources import resource_root
from workstation.cascade.scenarios import PRESET, scenario_names, scenario_shocks

EVERY_EPISODE = (
    "Of every episode: its moves meet today's book, volumes, participants, margin rules and "
    "circuit breakers; they arrive at once unless minutes are chosen; a factor without a figure "
    "moves one for one with one of its class where the episode has it (assumed).")
STANDINGS = ("sourced", "computed", "unverified", "assumed")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing said about an episode, and how it stands."""

    what: str
    standing: str


@dataclass(frozen=True, slots=True)
class Shock:
    """One factor's relative move, and how it stands."""

    underlying: str
    move: float
    standing: str


@dataclass(frozen=True, slots=True)
class Episode:
    """A preset: a joint scenario it starts from (or none), its own shocks, source and facts."""

    name: str
    base: str
    source: str
    facts: tuple[Fact, ...]
    shocks: tuple[Shock, ...]

    def moves(self) -> dict[str, float]:
        """Return relative price moves by underlying, own shocks over those of the base."""
        start = scenario_shocks(self.base) if self.base else {}
        return start | {shock.underlying: shock.move for shock in self.shocks}

    def sentences(self) -> tuple[str, ...]:
        """Return the facts as lines of an assumptions sheet, standing last."""
        own = Counter(shock.standing for shock in self.shocks)
        counted = ", ".join(f"{own[s]} {s}" for s in STANDINGS if own[s])
        lead = f"{self.name.removeprefix(PRESET)}. Source: {self.source}."
        based = f" Starts from the closes of {self.base} (computed)." if self.base else ""
        shocks = f" Own shocks: {counted}." if counted else ""
        return (lead + based + shocks, *(f"{f.what} ({f.standing})." for f in self.facts),
                EVERY_EPISODE)


@lru_cache(maxsize=1)
def episodes() -> tuple[Episode, ...]:
    """Return the shipped episodes, in the order of the file; raises ValueError on a bad one."""
    path = resource_root() / "scenarios" / "episodes.toml"
    return tuple(_episode(row) for row in tomllib.loads(path.read_text("utf-8"))["episode"])


def _episode(row: dict[str, Any]) -> Episode:
    facts = tuple(Fact(f["what"], f["standing"]) for f in row["facts"])
    shocks = tuple(Shock(s["underlying"], float(s["move"]), s["standing"]) for s in row["shocks"])
    for standing in (*(f.standing for f in facts), *(s.standing for s in shocks)):
        if standing not in STANDINGS:
            raise ValueError(f"{row['name']}: {standing!r} is not one of {', '.join(STANDINGS)}")
    return Episode(row["name"], row.get("base", ""), row["source"], facts, shocks)


def episode(name: str) -> Episode | None:
    """Return the episode of a name, with or without a multiplier after it."""
    return next((e for e in episodes() if name == e.name or name.startswith(f"{e.name} x ")), None)


def preset_names() -> tuple[str, ...]:
    """Return every name a cascade can be asked for by: joint scenarios, then episodes."""
    return (*scenario_names(), *(e.name for e in episodes()))


def preset_shocks(name: str) -> dict[str, float]:
    """Return relative price moves of an episode or a joint scenario; raises KeyError."""
    found = episode(name)
    return found.moves() if found is not None else scenario_shocks(name)
