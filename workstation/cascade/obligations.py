"""The margin each row of a cascade owes: partly netted, and scaled to what it owes today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Obligations:
    """How the model becomes each row's own requirement: fixed + scale x model.

    `offset` (n,) is the share margined net across factors; the rest is margined factor by factor.
    `reaction` (n,) is the share of a rise in volatility that margin follows, up to `cap` times
    the volatility at the start.
    """

    offset: Floats
    scale: Floats
    fixed: Floats
    reaction: Floats
    cap: float

    def volatility(self, start: Floats, now: Floats) -> Floats:
        """Return the volatility (n, k) each row is margined at."""
        rise = np.minimum(now, self.cap * start) - start
        return np.asarray(start + self.reaction[:, None] * rise)


@dataclass(frozen=True, slots=True, eq=False)
class Converging:
    """Correlations on the way to stressed ones; `weight` 0 is today, 1 is fully stressed.

    `stressed` None is correlations of one; `adverse` is one between like and minus one between
    unlike positions, which hurts every book.
    """

    today: Floats
    weight: float
    stressed: Floats | None = None
    adverse: bool = False

    def netted(self, risk: Floats) -> Floats:
        """Return sqrt(y' rho y) of every row of risks (n, k)."""
        today = _quadratic(risk, self.today)
        square = (1.0 - self.weight) * today + self.weight * self._stressed(risk)
        return np.asarray(np.sqrt(np.maximum(square, 0.0)))

    def carried(self, risk: Floats) -> Floats:
        """Return what each risk (n, k) adds to its row's `netted`; rows add up to it."""
        against = np.abs(risk) * np.sum(np.abs(risk), axis=1, keepdims=True)
        if not self.adverse:
            towards = np.sum(risk, axis=1, keepdims=True)
            if self.stressed is not None:
                towards = np.einsum("ik,kl->il", risk, self.stressed)
            against = risk * towards
        usual = risk * np.einsum("ik,kl->il", risk, self.today)
        square = (1.0 - self.weight) * usual + self.weight * against
        whole = self.netted(risk)[:, None]
        return np.asarray(
            np.divide(square, whole, out=np.zeros_like(square), where=whole > 0))

    def _stressed(self, risk: Floats) -> Floats:
        if self.adverse:
            return np.asarray(np.sum(np.abs(risk), axis=1) ** 2)
        if self.stressed is None:
            return np.asarray(np.sum(risk, axis=1) ** 2)
        return _quadratic(risk, self.stressed)


def _quadratic(risk: Floats, matrix: Floats) -> Floats:
    """Return y' M y of every row, in a fixed order of summation whatever the number of threads."""
    return np.asarray(np.sum(np.einsum("ik,kl->il", risk, matrix) * risk, axis=1))


def model_margin(risk: Floats, converging: Converging, offset: Floats | float) -> Floats:
    """Return offset x netted + (1 - offset) x gross of every row, in units of risk."""
    gross = np.sum(np.abs(risk), axis=1)
    if not np.any(offset):
        return np.asarray(gross)
    return np.asarray(offset * converging.netted(risk) + (1.0 - offset) * gross)


def carried_margin(risk: Floats, converging: Converging, offset: Floats | float) -> Floats:
    """Return what of the model's margin each risk (n, k) carries; rows add up to the margin."""
    share = np.broadcast_to(np.asarray(offset, dtype=np.float64), (len(risk),))[:, None]
    gross = (1.0 - share) * np.abs(risk)
    return np.asarray(gross + share * converging.carried(risk) if np.any(offset) else gross)


def owed(model: Floats, obligations: Obligations | None) -> Floats:
    """Return the requirement of every row: the model itself where nothing calibrates it."""
    if obligations is None:
        return model
    return np.asarray(obligations.fixed + obligations.scale * model)
