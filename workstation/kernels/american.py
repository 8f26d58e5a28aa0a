"""American options over rows of scenarios: readable twin of `american.h`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from workstation.kernels.european import european_values
from workstation.kernels.exercise import Scheme, boundary, premium, scheme
from workstation.kernels.normal import log_of
from workstation.kernels.tree import NO_DIVIDENDS, Terms, option_row

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

MOST_DIRECT = 24  # distinct volatilities of a row solved one by one; more are interpolated
FALLBACK_STEPS = 151
MOST_DRIFT = 0.75  # |r - q| sqrt(T) / sigma up to which the fixed point converges
DEVIATIONS = (1e-4, 3.0)  # sigma sqrt(T) for which the boundary is solved
LEAST_INTEREST = 1e-9  # r T below it: early exercise adds less than that of strike
NARROW, WIDEST = 0.45, 0.05
BIGGEST_RATIO = 1e200


@dataclass(frozen=True, slots=True)
class Normal:
    """The put of strike 1 an option comes to: a call changes rate with yield, spot with strike."""

    rate: float
    dividend: float
    years: float

    @property
    def carry(self) -> float:
        """Growth of the put's spot a year."""
        return self.rate - self.dividend

    def never_early(self) -> bool:
        """Say whether there is no interest to earn by exercise before expiry."""
        if self.rate * self.years > LEAST_INTEREST:
            return False
        return self.dividend >= (0.0 if self.rate >= 0 else self.rate)

    def inside(self, sigma: Floats) -> Bools:
        """Say for which volatilities the boundary is solved."""
        sv, root = sigma * np.sqrt(self.years), np.sqrt(self.years)
        found = ((abs(self.carry) * root <= MOST_DRIFT * sigma) & (sv >= DEVIATIONS[0])
                 & (sv <= DEVIATIONS[1]) & (self.rate * self.years > LEAST_INTEREST))
        return np.asarray(found, dtype=np.bool_)


def american_values(spot: Floats, strike: Floats, years: Floats, rate: Floats, carry: Floats,
                    volatility: Floats, is_call: Bools, price_moves: Floats,
                    volatility_factors: Floats, out: Floats, audit: bool = False) -> None:
    """out[i, s] = European value + premium, by the exercise boundary; by trees where it is unsafe.

    `audit` solves the boundary more finely (5e-7 of strike instead of 6e-6).
    """
    european_values(spot, strike, years, rate, carry, volatility, is_call, price_moves,
                    volatility_factors, out)
    for i in range(len(spot)):
        dividend, life = rate[i] - carry[i], max(years[i], 0.0)
        normal = Normal(dividend, rate[i], life) if is_call[i] else Normal(rate[i], dividend, life)
        if normal.never_early():
            continue
        moved = np.maximum(spot[i] * (1.0 + price_moves[i]), 0.0)
        sigma, floor = volatility[i] * volatility_factors[i], max(strike[i], 0.0)
        solved, levels, last = _levels(normal, sigma, scheme(audit))
        if solved.any():
            out[i, solved] = _above(out[i, solved], moved[solved], floor, bool(is_call[i]), normal,
                                    sigma[solved], levels, last, scheme(audit))
        if not solved.all():
            terms = Terms(floor, life, rate[i], carry[i], 1.0 if is_call[i] else -1.0,
                          NO_DIVIDENDS, NO_DIVIDENDS)
            grown = option_row(terms, moved[~solved], sigma[~solved], FALLBACK_STEPS, True)
            out[i, ~solved] = np.maximum(grown, out[i, ~solved])


def _above(european: Floats, moved: Floats, strike: float, is_call: bool, normal: Normal,
           sigma: Floats, levels: Floats, last: Floats, table: Scheme) -> Floats:
    """Add the premium; past the boundary what exercise pays."""
    top, bottom = (strike, moved) if is_call else (moved, strike)
    ratio = np.minimum(np.asarray(top) / np.maximum(bottom, 1e-300), BIGGEST_RATIO)
    added = premium(ratio, normal.rate, normal.dividend, normal.years, sigma, levels, table)
    exercised = moved - strike if is_call else strike - moved
    value = np.maximum(european + (moved if is_call else strike) * np.maximum(added, 0.0),
                       exercised)
    return np.where(log_of(ratio) <= last, np.maximum(exercised, 0.0), value)


def _levels(normal: Normal, sigma: Floats, table: Scheme) -> tuple[Bools, Floats, Floats]:
    """Return which cells have a boundary, their ln B at the integral's points and at T."""
    solved = normal.inside(sigma)
    if not solved.any():
        return solved, np.zeros((len(table.outer_root), 0)), np.zeros(0)
    distinct, place = np.unique(sigma[solved], return_inverse=True)
    if len(np.unique(sigma)) <= MOST_DIRECT:
        levels, last = _solved(normal, distinct, table)
        return solved, levels[:, place], last[place]
    high = distinct[-1]
    low = max(distinct[0], high * WIDEST)
    middle = 0.5 * np.log(high * low)
    half = max(0.5 * np.log(high / low), 1e-6)
    rung = (log_of(sigma) - middle) / half
    solved &= rung >= -1.0 - JUST_BELOW
    kind = int(half > NARROW)
    levels, last = _solved(normal, np.exp(middle + half * table.rungs[kind]), table)
    powers = np.vander(rung[solved], len(table.rungs[kind]), increasing=True).T
    carried = table.rung_matrices[kind]
    return solved, levels @ carried.T @ powers, last @ carried.T @ powers


JUST_BELOW = 1e-9


def _solved(normal: Normal, sigma: Floats, table: Scheme) -> tuple[Floats, Floats]:
    found = boundary(np.full(len(sigma), normal.rate), np.full(len(sigma), normal.dividend),
                     np.full(len(sigma), normal.years), sigma, table)
    return (found.top - np.maximum(table.outer_matrix @ found.gap, 0.0),
            found.top - found.gap[-1])
