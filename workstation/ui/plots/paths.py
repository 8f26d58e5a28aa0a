"""Price paths of a cascade: one line a factor from 100, calls as ticks in lanes below.

The deepest fall is drawn in the accent colour, the others muted and told apart by dashes; every
line is named at its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workstation.base.numerals import written

START = 100.0
MOST_PATHS = 6
MOST_LANES = 4
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Path:
    """A factor's price at every step, indexed to 100 at the first."""

    name: str
    values: tuple[float, ...]

    @property
    def depth(self) -> float:
        """Return how far the price fell below its start at worst."""
        return START - min(self.values)


@dataclass(frozen=True, slots=True)
class Tick:
    """One call: when, whose, how much as written, and whether it was met."""

    step: int
    participant: str
    amount: str
    met: bool


@dataclass(frozen=True, slots=True)
class Shade:
    """A halt: from one step up to another, and what it halts."""

    first: int
    last: int
    name: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The calls of one participant (or of all the others)."""

    name: str
    ticks: tuple[Tick, ...]


def indexed(names: Sequence[str], prices: Sequence[Sequence[float]]) -> tuple[Path, ...]:
    """Return every factor's path from 100; factors without a starting price are left out."""
    first = prices[0] if prices else ()
    return tuple(
        Path(name, tuple(START * step[number] / first[number] for step in prices))
        for number, name in enumerate(names) if number < len(first) and first[number])


def worst(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the deepest falls first, no more than the eye can follow."""
    return tuple(sorted(paths, key=lambda path: (-path.depth, path.name))[:MOST_PATHS])


def lanes(ticks: Sequence[Tick], first: str) -> tuple[Lane, ...]:
    """Return a lane for the client and each participant called; further ones share the last."""
    names = list(dict.fromkeys(tick.participant for tick in ticks))
    names.sort(key=lambda name: name != first)
    own = names if len(names) <= MOST_LANES else names[: MOST_LANES - 1]
    found = [Lane(name, tuple(t for t in ticks if t.participant == name)) for name in own]
    rest = tuple(tick for tick in ticks if tick.participant not in own)
    return (*found, Lane(OTHERS, rest)) if rest else tuple(found)


def spread(wanted: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Move positions apart until neighbours keep a distance, order kept, inside the ends."""
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    placed = [0.0] * len(wanted)
    floor = low
    for number in order:
        placed[number] = max(wanted[number], floor)
        floor = placed[number] + least
    ceiling = high
    for number in reversed(order):
        placed[number] = min(placed[number], ceiling)
        ceiling = placed[number] - least
    return placed


def at_step(paths: Sequence[Path], ticks: Sequence[Tick], step: int,
            shades: Sequence[Shade] = ()) -> list[tuple[str, str]]:
    """Return what stands at one step: every price, the calls made then, and halts."""
    rows = [(path.name, written(f"{path.values[step]:,.1f}")) for path in paths
            if step < len(path.values)]
    calls = [(f"call, {tick.participant}{'' if tick.met else ', not met'}", tick.amount)
             for tick in ticks if tick.step == step]
    halts = [("halted", shade.name) for shade in shades if shade.first <= step < shade.last]
    return rows + calls + halts


def summary(paths: Sequence[Path]) -> str:
    """Return the paths in one sentence."""
    ends = "; ".join(f"{path.name} ends at {path.values[-1]:.1f}" for path in paths)
    return f"Price paths indexed to 100: {ends}."
