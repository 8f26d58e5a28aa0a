"""European options: readable twins of `european.h`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from workstation.kernels.normal import FURTHEST, SMALLEST, density, log_of, probability

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

LEAST = 1e-100


def european_values(spot: Floats, strike: Floats, years: Floats, rate: Floats, carry: Floats,
                    volatility: Floats, is_call: Bools, price_moves: Floats,
                    volatility_factors: Floats, out: Floats) -> None:
    """out[i, s] = e^(-rT) w (F N(w d1) - K N(w d2)), w = +1 for calls and -1 for puts.

    F = max(S (1 + move), 0) e^(carry T), sv = sigma factor sqrt(T), d1 = ln(F/K)/sv + sv/2,
    d2 = d1 - sv; without volatility or time the discounted forward intrinsic value.
    """
    sign, life = np.where(is_call, 1.0, -1.0)[:, None], np.maximum(years, 0.0)[:, None]
    floor = np.maximum(strike, 0.0)[:, None]
    forward, d1, sv = _distances(spot, strike, life, carry, volatility, price_moves,
                                 volatility_factors)
    value = sign * (forward * probability(sign * d1) - floor * probability(sign * (d1 - sv)))
    out[...] = np.exp(-rate[:, None] * life) * np.maximum(value, 0.0)


def european_pnl(spot: Floats, strike: Floats, years: Floats, rate: Floats, carry: Floats,
                 volatility: Floats, is_call: Bools, size: Floats, price_moves: Floats,
                 volatility_factors: Floats, out: Floats) -> None:
    """out[i, s] = size (value - value where nothing has moved)."""
    _gains(european_values, (spot, strike, years, rate, carry, volatility, is_call), size,
           price_moves, volatility_factors, out)


def inverse_values(spot: Floats, strike: Floats, years: Floats, rate: Floats, carry: Floats,
                   volatility: Floats, is_call: Bools, price_moves: Floats,
                   volatility_factors: Floats, out: Floats) -> None:
    """out[i, s] = European value / (S (1 + move)): what a coin-settled option is worth in coin.

    A put on a worthless coin would be worth infinitely many: spot and every 1 + move are positive.
    """
    european_values(spot, strike, years, rate, carry, volatility, is_call, price_moves,
                    volatility_factors, out)
    out /= spot[:, None] * (1.0 + price_moves)


def inverse_pnl(spot: Floats, strike: Floats, years: Floats, rate: Floats, carry: Floats,
                volatility: Floats, is_call: Bools, size: Floats, price_moves: Floats,
                volatility_factors: Floats, out: Floats) -> None:
    """out[i, s] = size (value in coin - value in coin where nothing has moved)."""
    _gains(inverse_values, (spot, strike, years, rate, carry, volatility, is_call), size,
           price_moves, volatility_factors, out)


def european_greeks(spot: Floats, strike: Floats, years: Floats, rate: Floats, carry: Floats,
                    volatility: Floats, is_call: Bools, price_moves: Floats,
                    volatility_factors: Floats, out: Floats) -> None:
    """out[0:4, i, s]: delta, gamma, vega (volatility up by 1.00), theta (a year).

    Without volatility or time delta is a step, gamma and vega are 0.
    """
    sign, life = np.where(is_call, 1.0, -1.0)[:, None], np.maximum(years, 0.0)[:, None]
    forward, d1, sv = _distances(spot, strike, life, carry, volatility, price_moves,
                                 volatility_factors)
    interest, growth = rate[:, None], np.exp(carry[:, None] * life)
    discount = np.exp(-interest * life)
    moved, paid = forward / growth, discount * growth
    n1, n2 = probability(sign * d1), probability(sign * (d1 - sv))
    bell = np.where((sv > 0) & (np.abs(d1) < FURTHEST), density(d1), 0.0)
    change = paid * moved * bell
    per_root = np.divide(0.5, np.sqrt(life), out=np.zeros_like(life), where=life > 0)
    out[0] = sign * paid * n1
    out[1] = paid * bell / np.maximum(moved * sv, SMALLEST)
    out[2] = change * np.sqrt(life)
    out[3] = sign * ((interest - carry[:, None]) * paid * moved * n1
                     - interest * discount * np.maximum(strike, 0.0)[:, None] * n2)
    out[3] -= change * volatility[:, None] * volatility_factors * per_root


def bachelier_values(forward: Floats, strike: Floats, years: Floats, rate: Floats,
                     volatility: Floats, is_call: Bools, price_shifts: Floats,
                     volatility_factors: Floats, out: Floats) -> None:
    """out[i, s] = e^(-rT) (w (F - K) N(w d) + v phi(d)), d = (F - K)/v, v = sigma factor sqrt(T).

    F is the forward plus the absolute shift and may be negative; sigma is in price units a year.
    """
    sign, life = np.where(is_call, 1.0, -1.0)[:, None], np.maximum(years, 0.0)[:, None]
    v = (np.maximum(volatility, 0.0)[:, None] * np.sqrt(life)
         * np.maximum(volatility_factors, 0.0))
    ahead = sign * (forward[:, None] + price_shifts - strike[:, None])
    d = np.clip(ahead / np.maximum(v, LEAST), -FURTHEST, FURTHEST)
    value = np.where(np.abs(d) >= FURTHEST, ahead, ahead * probability(d) + v * density(d))
    out[...] = np.exp(-rate[:, None] * life) * np.maximum(value, 0.0)


def _gains(price: Callable[..., None], terms: tuple[Floats | Bools, ...], size: Floats,
           price_moves: Floats, volatility_factors: Floats, out: Floats) -> None:
    base = np.empty((len(size), 1))
    price(*terms, np.zeros((len(size), 1)), np.ones((len(size), 1)), base)
    price(*terms, price_moves, volatility_factors, out)
    out[...] = size[:, None] * (out - base)


def _distances(spot: Floats, strike: Floats, life: Floats, carry: Floats, volatility: Floats,
               price_moves: Floats, volatility_factors: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the moved forward, d1 and the random deviation."""
    growth = 1.0 + price_moves
    forward = np.maximum(spot, 0.0)[:, None] * np.maximum(growth, 0.0) * np.exp(
        carry[:, None] * life)
    sv = (np.maximum(volatility, 0.0)[:, None] * np.sqrt(life)
          * np.maximum(volatility_factors, 0.0))
    distance = (log_of(spot) - log_of(strike))[:, None] + carry[:, None] * life + log_of(growth)
    return forward, distance / np.maximum(sv, LEAST) + 0.5 * sv, sv
