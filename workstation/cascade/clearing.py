"""Payments in a network of claims, and how distress spreads through it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TOLERANCE = 1e-15
SHORT_OF_DUE = 1e-12
MOST_ROUNDS = 100_000


@dataclass(frozen=True, slots=True)
class Cleared:
    """What everyone pays, what everyone is left with, and who cannot pay in full."""

    payments: Floats
    equity: Floats
    defaulted: tuple[int, ...]


def clear(liabilities: Floats, external: Floats, external_share: float = 1.0,
          income_share: float = 1.0) -> Cleared:
    """Find the greatest clearing payments of a network (Eisenberg-Noe; Rogers-Veraart shares).

    p = due where e + income >= due, else share_e x e + share_i x income; from full payment down

    Parameters
    ----------
    liabilities
        (n, n): what row owes column.
    external
        Assets from outside.
    external_share, income_share
        What a defaulting participant recovers of each; 1 and 1 without default costs.
    """
    due = np.sum(liabilities, axis=1)
    shares = np.divide(liabilities, due[:, None], out=np.zeros_like(liabilities),
                       where=due[:, None] > 0)
    payments = due
    for _ in range(MOST_ROUNDS):
        income = shares.T @ payments
        short = external + income < due - SHORT_OF_DUE
        recovered = external_share * external + income_share * income
        following = np.where(short, np.minimum(due, recovered), due)
        done = float(np.max(np.abs(following - payments), initial=0.0)) <= TOLERANCE
        payments = following
        if done:
            break
    income = shares.T @ payments
    short = np.flatnonzero(external + income < due - SHORT_OF_DUE)
    return Cleared(payments, external + income - payments, tuple(int(i) for i in short))


def distress_impact(claims: Floats, buffer: Floats) -> Floats:
    """Share of each row's buffer lost when a column fails: min(1, claim / buffer).

    Without a buffer any claim takes all there is.
    """
    own = np.broadcast_to(buffer[:, None], claims.shape)
    share = np.divide(claims, own, out=np.where(claims > 0, 1.0, 0.0), where=own > 0)
    return np.asarray(np.minimum(1.0, share), dtype=np.float64)


def single_hit(impact: Floats, initial: Floats) -> Floats:
    """Spread distress, each participant passing on what it has once, when first hit."""
    distress, spent = initial.copy(), np.zeros(len(initial), dtype=np.bool_)
    while True:
        active = (distress > 0) & ~spent
        if not active.any():
            return distress
        spent |= active
        distress = np.minimum(1.0, distress + impact @ np.where(active, distress, 0.0))


def linear_spread(impact: Floats, initial: Floats) -> Floats:
    """Spread every increase of distress on, until nothing increases."""
    before, distress = np.zeros_like(initial), initial.copy()
    for _ in range(MOST_ROUNDS):
        following = np.minimum(1.0, distress + impact @ (distress - before))
        if np.max(following - distress, initial=0.0) <= TOLERANCE:
            return following
        before, distress = distress, following
    return distress


def additional_stress(final: Floats, initial: Floats, weights: Floats) -> float:
    """Weighted distress beyond what there was at the start."""
    return float(weights @ (final - initial) / np.sum(weights))
