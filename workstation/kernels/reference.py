"""Plain-numpy twins of the compiled kernels; tests hold the two equal."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Index: TypeAlias = NDArray[np.intp]

FURTHEST = 38.0  # standard deviations beyond which N(x) is 0 or 1 in double precision
LEAST = 1e-100
SMALLEST = 1e-300
TREE_STEPS = 151
MOST_DEVIATION = 12.0  # above it an American value equals its bound to nine digits
LEAST_TREE_DEVIATION = 1e-8
FURTHEST_TREE = 40.0  # standard deviations beyond which nothing random is left
# N(-x) e^(x^2/2) = P(x)/Q(x) for x >= 0, rising powers; absolute error in N below 3e-17.
TAIL_P = (0.50000000000000002287, 0.50231360203629307506, 0.25451114765293789437,
          0.077013383666861423158, 0.014475493992480349241, 0.0015906901155400008491,
          0.00008009301027146989706)
TAIL_Q = (1.0, 1.8025117648754621651, 1.4472186031651113134, 0.67344578474219701765,
          0.19707244982103609213, 0.036482346481433807455, 0.0039874211725600566202,
          0.00020075972287771817663)


def aggregate(unit_pnl: Floats, quantity: Floats, first: Index, out: Floats) -> None:
    """out[g, s] += sum of quantity[i] * unit_pnl[i, s] for i in first[g]:first[g+1]."""
    for group, (start, stop) in enumerate(zip(first[:-1], first[1:], strict=True)):
        out[group] += quantity[start:stop] @ unit_pnl[start:stop]


def normal_cdf(x: Floats) -> Floats:
    """Return the standard normal distribution function."""
    far = np.clip(np.abs(x), 0.0, FURTHEST)
    tail = np.exp(-0.5 * far * far) * _polynomial(TAIL_P, far) / _polynomial(TAIL_Q, far)
    return np.asarray(np.where(x > 0, 1.0 - tail, tail))


def european_values(spot: Floats, strike: Floats, years: Floats, rate: Floats, carry: Floats,
                    volatility: Floats, is_call: Bools, price_moves: Floats,
                    volatility_factors: Floats, out: Floats) -> None:
    """out[i, s] = e^(-rT) w (F N(w d1) - K N(w d2)), w = +1 for calls and -1 for puts.

    F = max(S (1 + move), 0) e^(carry T), sv = sigma factor sqrt(T), d1 = ln(F/K)/sv + sv/2,
    d2 = d1 - sv; without volatility or time the discounted forward intrinsic value.
    """
    sign, life = np.where(is_call, 1.0, -1.0)[:, None], np.maximum(years, 0.0)[:, None]
    growth, floor = 1.0 + price_moves, np.maximum(strike, 0.0)[:, None]
    forward = np.maximum(spot, 0.0)[:, None] * np.maximum(growth, 0.0) * np.exp(
        carry[:, None] * life)
    sv = (np.maximum(volatility, 0.0)[:, None] * np.sqrt(life)
          * np.maximum(volatility_factors, 0.0))
    distance = (_log(spot) - _log(strike))[:, None] + carry[:, None] * life + _log(growth)
    d1 = distance / np.maximum(sv, LEAST) + 0.5 * sv
    value = sign * (forward * _probability(sign * d1) - floor * _probability(sign * (d1 - sv)))
    out[...] = np.exp(-rate[:, None] * life) * np.maximum(value, 0.0)


def american_values(spot: Floats, strike: Floats, years: Floats, rate: Floats, carry: Floats,
                    volatility: Floats, is_call: Bools, price_moves: Floats,
                    volatility_factors: Floats, out: Floats, steps: int = TREE_STEPS) -> None:
    """out[i, s] = (n V_n - m V_m)/(n - m), Leisen-Reimer trees of n = `steps` and m = a third.

    The European formula where early exercise cannot pay: calls with carry >= rate >= 0, puts with
    carry <= rate <= 0; nowhere below it. Without volatility the best of exercising now, at expiry
    or in between.
    """
    european_values(spot, strike, years, rate, carry, volatility, is_call, price_moves,
                    volatility_factors, out)
    held = np.where(is_call, (rate >= 0) & (carry >= rate), (rate <= 0) & (carry <= rate))
    for i in np.flatnonzero(~held):
        sign, life = 1.0 if is_call[i] else -1.0, max(years[i], 0.0)
        moved = np.maximum(spot[i] * (1.0 + price_moves[i]), 0.0)
        sv = np.minimum(volatility[i] * volatility_factors[i] * np.sqrt(life), MOST_DEVIATION)
        drift = _log(moved) - _log(strike[i]) + carry[i] * life
        random = (sv >= LEAST_TREE_DEVIATION) & (
            np.abs(drift) + 0.5 * sv * sv <= FURTHEST_TREE * sv)
        terms = (max(strike[i], 0.0), life, rate[i], carry[i], sign)
        early = np.array([_certain_value(price, *terms) for price in moved])
        if random.any():
            early[random] = _extrapolated(moved[random], drift[random], sv[random], terms, steps)
        out[i] = np.maximum(early, out[i])


def _extrapolated(spot: Floats, drift: Floats, sv: Floats,
                  terms: tuple[float, float, float, float, float], steps: int) -> Floats:
    """Return the value two trees point to, never below exercising now."""
    few = steps // 3 | 1
    fine, coarse = (_tree(spot, drift, sv, *terms, count) for count in (steps, few))
    strike, _, _, _, sign = terms
    return np.maximum((steps * fine - few * coarse) / (steps - few), sign * (spot - strike))


def _tree(spot: Floats, drift: Floats, sv: Floats, strike: float, years: float, rate: float,
          carry: float, sign: float, steps: int) -> Floats:
    """Return Leisen-Reimer values of one option at several spots and volatilities."""
    dt = years / steps
    growth, discount = np.exp(carry * dt), np.exp(-rate * dt)
    d1 = drift / sv + 0.5 * sv
    (p1, q1), (p2, q2) = _branches(d1, steps), _branches(d1 - sv, steps)
    up, down = growth * p1 / p2, growth * q1 / q2
    rise, spread = np.sqrt(up * down)[:, None], np.sqrt(up / down)[:, None]

    def payoff(step: int) -> Floats:
        heights = 2.0 * np.arange(step + 1) - step
        return np.asarray(sign * (spot[:, None] * rise**step * spread**heights - strike))

    value = np.maximum(payoff(steps), 0.0)
    for step in range(steps - 1, -1, -1):
        hold = discount * (p2[:, None] * value[:, 1:] + q2[:, None] * value[:, :-1])
        value = np.maximum(hold, payoff(step))
    return np.asarray(value[:, 0])


def _branches(z: Floats, steps: int) -> tuple[Floats, Floats]:
    """Return Peizer-Pratt up and down probabilities, the smaller one to full precision."""
    scaled = z / (steps + 1.0 / 3.0 + 0.1 / (steps + 1.0))
    e = np.exp(-scaled * scaled * (steps + 1.0 / 6.0))
    small = 0.5 * e / (1.0 + np.sqrt(1.0 - e))
    return np.where(z > 0, 1.0 - small, small), np.where(z > 0, small, 1.0 - small)


def _certain_value(spot: float, strike: float, years: float, rate: float, carry: float,
                   sign: float) -> float:
    """Return the best exercise without randomness: now, at expiry, or where the payoff peaks."""
    times = [0.0, years]
    yielded = (rate - carry) * spot
    with np.errstate(over="ignore"):
        ratio = rate * strike / yielded if yielded else 0.0
        peak = _log(ratio) / carry if carry and 0 < ratio < 1 / SMALLEST else 0.0
    times += [float(peak)] if 0 < peak < years else []
    payoffs = (sign * (spot * np.exp((carry - rate) * t) - strike * np.exp(-rate * t))
               for t in times)
    return max(0.0, *(float(payoff) for payoff in payoffs))


def _probability(x: Floats) -> Floats:
    """Return N(x), exactly 0 or 1 beyond every distance that matters."""
    return np.where(x >= FURTHEST, 1.0, np.where(x <= -FURTHEST, 0.0, normal_cdf(x)))


def _log(x: Floats | float) -> Floats:
    return np.log(np.maximum(x, SMALLEST))


def _polynomial(rising: tuple[float, ...], x: Floats) -> Floats:
    total = np.zeros_like(x)
    for coefficient in reversed(rising):
        total = total * x + coefficient
    return total
