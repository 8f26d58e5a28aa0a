"""Leisen-Reimer trees with escrowed cash dividends: readable twin of `tree.h`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from workstation.kernels.normal import SMALLEST, log_of

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Index: TypeAlias = NDArray[np.intp]

DIVIDEND_STEPS = 101
MOST_DEVIATION = 12.0  # above it an American value equals its bound to nine digits
LEAST_TREE_DEVIATION = 1e-8
FURTHEST_TREE = 40.0  # standard deviations beyond which nothing random is left
JUST_BEFORE = 1e-9


@dataclass(frozen=True, slots=True)
class Terms:
    """One option: `when` and `amount` are its cash dividends up to expiry, in order."""

    strike: float
    years: float
    rate: float
    carry: float
    sign: float
    when: Floats
    amount: Floats

    def escrow(self, now: float) -> float:
        """Return the value at `now` of the dividends after it."""
        later = self.when > now
        return float(np.sum(self.amount[later] * np.exp(-self.rate * (self.when[later] - now))))


NO_DIVIDENDS = np.zeros(0)


def tree_values(spot: Floats, strike: Floats, years: Floats, rate: Floats, carry: Floats,
                volatility: Floats, is_call: Bools, price_moves: Floats,
                volatility_factors: Floats, first: Index, dividend_years: Floats,
                dividend_amounts: Floats, out: Floats, steps: int = DIVIDEND_STEPS,
                extrapolate: bool = True) -> None:
    """out[i, s] = American value; spot less the escrowed dividends is what diffuses.

    Option i pays dividends first[i] to first[i + 1]. Two trees of n = `steps` and m = a third are
    extrapolated, (n V_n - m V_m)/(n - m), unless told otherwise.
    """
    for i in range(len(spot)):
        paid = slice(first[i], first[i + 1])
        terms = Terms(max(strike[i], 0.0), max(years[i], 0.0), rate[i], carry[i],
                      1.0 if is_call[i] else -1.0, dividend_years[paid], dividend_amounts[paid])
        out[i] = option_row(terms, spot[i] * (1.0 + price_moves[i]),
                            volatility[i] * volatility_factors[i], steps, extrapolate)


def option_row(terms: Terms, moved: Floats, sigma: Floats, steps: int,
               extrapolate: bool) -> Floats:
    """Return one option's values at several spots and volatilities."""
    spot = np.maximum(moved - terms.escrow(0.0), 0.0)
    sv = np.minimum(sigma * np.sqrt(terms.years), MOST_DEVIATION)
    drift = log_of(spot) - log_of(terms.strike) + terms.carry * terms.years
    random = (sv >= LEAST_TREE_DEVIATION) & (
        np.abs(drift) + 0.5 * sv * sv <= FURTHEST_TREE * sv)
    value = np.array([_certain_value(price, terms) for price in spot])
    if random.any():
        cells = spot[random], drift[random], sv[random]
        grown, few = _tree(*cells, terms, steps), steps // 3 | 1
        if extrapolate:
            grown = (steps * grown - few * _tree(*cells, terms, few)) / (steps - few)
        now = terms.sign * (spot[random] - terms.strike + terms.escrow(0.0))
        value[random] = np.maximum(grown, now)
    return value


def _tree(spot: Floats, drift: Floats, sv: Floats, terms: Terms, steps: int) -> Floats:
    dt = terms.years / steps
    growth, discount = np.exp(terms.carry * dt), np.exp(-terms.rate * dt)
    d1 = drift / sv + 0.5 * sv
    (p1, q1), (p2, q2) = _branches(d1, steps), _branches(d1 - sv, steps)
    up, down = growth * p1 / p2, growth * q1 / q2
    rise, spread = np.sqrt(up * down)[:, None], np.sqrt(up / down)[:, None]
    kept = _kept(terms, steps)

    def payoff(step: int) -> Floats:
        heights = 2.0 * np.arange(step + 1) - step
        return np.asarray(terms.sign * (spot[:, None] * rise**step * spread**heights
                                        - terms.strike + kept[step]))

    value = np.maximum(payoff(steps), 0.0)
    for step in range(steps - 1, -1, -1):
        hold = discount * (p2[:, None] * value[:, 1:] + q2[:, None] * value[:, :-1])
        value = np.maximum(hold, payoff(step))
    return np.asarray(value[:, 0])


def _kept(terms: Terms, steps: int) -> Floats:
    """Return the dividends still to come by step.

    Exercise pays best just before a dividend (calls) or just after it (puts), between two steps:
    the interest on the strike from the step to the dividend is counted in.
    """
    times = np.arange(steps + 1) * (terms.years / steps)
    kept = np.array([terms.escrow(now) for now in times])
    for step in range(steps):
        between = terms.when[(terms.when > times[step]) & (terms.when <= times[step + 1])]
        if len(between) and terms.sign > 0:
            kept[step] += terms.strike * max(
                0.0, -np.expm1(-terms.rate * (between[0] - times[step])))
        elif len(between):
            kept[step + 1] -= terms.strike * max(
                0.0, np.expm1(terms.rate * (times[step + 1] - between[-1])))
    return kept


def _branches(z: Floats, steps: int) -> tuple[Floats, Floats]:
    """Return Peizer-Pratt up and down probabilities, the smaller one to full precision."""
    scaled = z / (steps + 1.0 / 3.0 + 0.1 / (steps + 1.0))
    e = np.exp(-scaled * scaled * (steps + 1.0 / 6.0))
    small = 0.5 * e / (1.0 + np.sqrt(1.0 - e))
    return np.where(z > 0, 1.0 - small, small), np.where(z > 0, small, 1.0 - small)


def _certain_value(spot: float, terms: Terms) -> float:
    """Return the best exercise without randomness: now, at expiry, at a dividend, at the peak."""
    yielded = (terms.rate - terms.carry) * spot
    with np.errstate(over="ignore"):
        ratio = terms.rate * terms.strike / yielded if yielded else 0.0
        inside = terms.carry and 0 < ratio < 1 / SMALLEST
        peak = float(log_of(ratio)) / terms.carry if inside else 0.0
    times = [0.0, terms.years, *([peak] if 0 < peak < terms.years else [])]
    moments = [(t, t) for t in times] + [(t, t) for t in terms.when] + [
        (t, t - JUST_BEFORE) for t in terms.when]
    payoffs = (terms.sign * (spot * np.exp((terms.carry - terms.rate) * t)
                             - (terms.strike - terms.escrow(known)) * np.exp(-terms.rate * t))
               for t, known in moments)
    return max(0.0, *(float(payoff) for payoff in payoffs))
