"""Margin of a cascade as the rulebooks compute it on the changed book and marks.

The model of `obligations` says how margin moves from one step to the next; the rulebooks say how
much it is. Whenever prices or holdings have moved far enough since the rulebooks were last asked
they are asked again, and the model is scaled to their answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from workstation.cascade.model import Scene

Floats = NDArray[np.float64]
Source = Callable[[Floats, Floats], Floats]
"""From shares of today's holdings still held (rows, k) and relative moves (k,) to the margin of
each of the client's rows; NaN where the rulebooks give none."""
TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class After:
    """A regime right after the shock: margin (rows,), and what concentration charges are of it.

    `charged_before` is what they were before the shock.
    """

    margin: Floats
    charged_before: float = 0.0
    charged: float = 0.0


class Books(Protocol):
    """The rulebooks as a cascade asks them."""

    def source(self, regime: str) -> Source:
        """Return what margins the client's rows under one regime."""

    def after(self, moves: Floats) -> Mapping[str, After]:
        """Return the margin of every row of every regime at moved prices, nothing sold."""


@dataclass(slots=True, eq=False)
class Rulebooks:
    """Puts the model's margin of the client's rows right; one object a run.

    Parameters
    ----------
    scene
        The run's start, the client's rows first.
    source
        The rulebooks.
    move, sale
        Price move and share of a holding beyond which they are asked again.
    """

    scene: Scene
    source: Source
    rows: int
    move: float
    sale: float
    asked: int = 0
    _ratio: Floats = field(default_factory=lambda: np.empty(0))
    _prices: Floats = field(default_factory=lambda: np.empty(0))
    _held: Floats = field(default_factory=lambda: np.empty((0, 0)))

    def __call__(self, positions: Floats, prices: Floats, model: Floats) -> Floats:
        """Return the margin owed: the rulebooks' last answer, moved on by the model."""
        held = self._shares(positions)
        if not self.asked or self._moved(held, prices):
            found = self.source(held, prices / self.scene.prices - 1.0)
            own = model[:self.rows]
            known = np.isfinite(found) & (own > TINY)
            self._ratio = np.where(known, np.divide(found, own, out=np.ones(self.rows),
                                                    where=known), 1.0)
            self._prices, self._held = prices.copy(), held
            self.asked += 1
        out = model.copy()
        out[:self.rows] *= self._ratio
        return out

    def _shares(self, positions: Floats) -> Floats:
        start = self.scene.positions[:self.rows]
        return np.divide(positions[:self.rows], start, out=np.ones_like(start), where=start != 0.0)

    def _moved(self, held: Floats, prices: Floats) -> bool:
        return bool(np.max(np.abs(prices / self._prices - 1.0), initial=0.0) > self.move
                    or np.max(np.abs(held - self._held), initial=0.0) > self.sale)


@dataclass(frozen=True, slots=True, eq=False)
class AtTheShock:
    """Puts the model right along one shock: as matched today before it, as the rulebooks say after.

    In between, and for multiples of the shock, the correction grows with the log move along the
    shock's direction, and stays as it is beyond it. `ratio` (rows,) is rulebooks over model.
    """

    start: Floats
    log_move: Floats
    ratio: Floats

    def __call__(self, positions: Floats, prices: Floats, model: Floats) -> Floats:
        """Return the margin owed."""
        _ = positions
        square = float(self.log_move @ self.log_move)
        along = float(np.log(prices / self.start) @ self.log_move) / square if square > 0 else 0.0
        out = model.copy()
        out[:len(self.ratio)] *= 1.0 + min(max(along, 0.0), 1.0) * (self.ratio - 1.0)
        return out


def ratio_of(rulebooks: Floats, model: Floats) -> Floats:
    """Return rulebooks over model by row; one where either says nothing."""
    known = np.isfinite(rulebooks) & (model > TINY)
    return np.where(known, np.divide(rulebooks, model, out=np.ones_like(model), where=known), 1.0)
