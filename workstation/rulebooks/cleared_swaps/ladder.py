"""A ladder of rate sensitivities and the past moves of the rates it is exposed to.

P&L of scenario s = sum over vertices of DV01 * move in bp (+ 0.5 * gamma * move^2)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from workstation.book.crif import CrifRow
from workstation.market.history import History
from workstation.pricing.sensitivity_rows import CURVE_TENORS, split_between

Floats = NDArray[np.float64]
BASIS_POINTS = 1e4
_RATE = "Risk_IRCurve"


@dataclass(frozen=True, slots=True)
class Vertex:
    """One point of a curve; `factor` is the column of the history that moves it."""

    currency: str
    tenor: str

    @property
    def factor(self) -> str:
        """Return the name of the history column: USD 5y."""
        return f"{self.currency} {self.tenor}"


Ladder = Mapping[Vertex, float]


def ladder_of(rows: Iterable[CrifRow]) -> dict[Vertex, float]:
    """Return the net DV01 (USD per +1 bp) by currency and tenor; sub-curves are netted."""
    found: dict[Vertex, float] = {}
    for row in rows:
        if row.risk_type == _RATE:
            vertex = Vertex(row.qualifier, row.label1)
            found[vertex] = found.get(vertex, 0.0) + row.usd
    return found


def on_known_vertices(ladder: Ladder, history: History) -> tuple[dict[Vertex, float], list[str]]:
    """Move each DV01 to the vertices that have a history, split by time between the nearest.

    Returns the ladder and the currencies without any history.
    """
    out: dict[Vertex, float] = {}
    lost: list[str] = []
    for vertex, amount in ladder.items():
        known = {tenor: years for tenor, years in CURVE_TENORS.items()
                 if Vertex(vertex.currency, tenor).factor in history.factors}
        if not known:
            lost.append(vertex.currency)
            continue
        for tenor, share in split_between(CURVE_TENORS[vertex.tenor], known):
            place = Vertex(vertex.currency, tenor)
            out[place] = out.get(place, 0.0) + share * amount
    return out, sorted(set(lost))


def moves(history: History, vertices: Sequence[Vertex], days: int) -> Floats:
    """Return overlapping moves in bp over `days` dates, one row a vertex.

    Only windows in which every vertex is known at both ends are kept; levels are decimals.
    """
    changes = _changes(history, vertices, days)
    return np.asarray(changes[:, np.isfinite(changes).all(axis=0)])


def window_ends(history: History, vertices: Sequence[Vertex], days: int) -> tuple[date, ...]:
    """Return the last date of each window that `moves` keeps."""
    whole = np.all(np.isfinite(_changes(history, vertices, days)), axis=0).tolist()
    return tuple(day for day, kept in zip(history.dates[days:], whole, strict=True) if kept)


def _changes(history: History, vertices: Sequence[Vertex], days: int) -> Floats:
    levels = np.array([[np.nan if v is None else v for v in history.of(vertex.factor) or ()]
                       for vertex in vertices], dtype=np.float64)
    return np.asarray((levels[:, days:] - levels[:, :-days]) * BASIS_POINTS)


def profits(ladder: Ladder, vertices: Sequence[Vertex], moved: Floats,
            gamma: Ladder | None = None) -> Floats:
    """Return the profit of each scenario in USD."""
    dv01 = np.array([ladder.get(vertex, 0.0) for vertex in vertices])
    out = dv01 @ moved
    if gamma:
        curved = np.array([gamma.get(vertex, 0.0) for vertex in vertices])
        out = out + 0.5 * (curved @ (moved * moved))
    return np.asarray(out)
