"""The equilibrium of forced sales: the highest prices at which every call is met.

Long-only borrowers; every participant below its requirement sells the same fraction of all it
holds, and prices fall with the square root of the quantity sold by all together. The iteration
starts at the shocked prices and only goes down, so it ends in the greatest fixed point and is
monotone in the shock.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.cascade.impact import slope

Floats = NDArray[np.float64]
TOLERANCE = 1e-14
MOST_ROUNDS = 20_000
SHOWN_CHANGE = 1e-9
"""Rounds that move no price by more than this share are not shown one by one."""


@dataclass(frozen=True, slots=True)
class Borrowers:
    """Participants: holdings (n, k) >= 0, cash (n,), margin rate of assets held (n,)."""

    holdings: Floats
    cash: Floats
    margin_rate: Floats


@dataclass(frozen=True, slots=True)
class Depth:
    """How prices give way: impact coefficient, daily volatility (k,), average daily volume (k,).

    A factor with volume 0 (unknown) does not move.
    """

    coefficient: float
    daily_volatility: Floats
    adv: Floats


@dataclass(frozen=True, slots=True)
class Round:
    """One round: prices, and per participant equity, requirement and fraction sold."""

    prices: Floats
    equity: Floats
    requirement: Floats
    sale_fraction: Floats
    sold: Floats


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """Every round, the last of which is the fixed point; `residual` is what it still moves."""

    rounds: tuple[Round, ...]
    residual: float

    @property
    def final(self) -> Round:
        """Return the fixed point."""
        return self.rounds[-1]

    @property
    def shown(self) -> tuple[Round, ...]:
        """Return the rounds that still move a price visibly, and always the first and last."""
        kept = [self.rounds[0]]
        for later in self.rounds[1:-1]:
            if np.max(1.0 - later.prices / kept[-1].prices, initial=0.0) > SHOWN_CHANGE:
                kept.append(later)
        return (*kept, self.final) if len(self.rounds) > 1 else tuple(kept)


def solve(borrowers: Borrowers, shocked: Floats, depth: Depth, buffer: float) -> Equilibrium:
    """Find the greatest price vector p = p_shock exp(-Y sigma sqrt(S(p)/V)).

    theta = clip(1 - E / (R (1 + b)), 0, 1) where E < R = m A, else 0; S = sum of theta q

    Parameters
    ----------
    borrowers
        Who holds what.
    shocked
        Prices (k,) after the shock, before anyone sells.
    depth
        Market impact.
    buffer
        Share of the requirement by which sales go beyond it.
    """
    k = slope(depth.coefficient, depth.daily_volatility, depth.adv)
    rounds: list[Round] = []
    prices = np.asarray(shocked, dtype=np.float64)
    residual = 0.0
    for _ in range(MOST_ROUNDS):
        state = _round(borrowers, prices, buffer)
        rounds.append(state)
        # Rounding may lift a price by a last digit; prices only ever fall.
        following = np.minimum(prices, shocked * np.exp(-k * np.sqrt(state.sold)))
        residual = float(np.max((prices - following) / prices, initial=0.0))
        if residual <= TOLERANCE:
            break
        prices = following
    return Equilibrium(tuple(rounds), residual)


def _round(borrowers: Borrowers, prices: Floats, buffer: float) -> Round:
    assets = borrowers.holdings @ prices
    equity = borrowers.cash + assets
    requirement = borrowers.margin_rate * assets
    target = requirement * (1.0 + buffer)
    called = (equity < requirement) & (target > 0)
    fraction = np.zeros_like(equity)
    fraction[called] = np.clip(1.0 - equity[called] / target[called], 0.0, 1.0)
    return Round(prices, equity, requirement, fraction, fraction @ borrowers.holdings)
