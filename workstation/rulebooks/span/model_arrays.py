"""Risk arrays by repricing, for comparison only: an exchange's arrays are taken from its file.

Black-76 arrays come within about one percent; composite deltas do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from workstation.rulebooks.span.contracts import SCENARIOS

PRICE_MOVES = (0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3)
"""Thirds of the price scan range in scenarios 1 to 14; volatility is up, down in turn."""
THIRDS = 3.0


@dataclass(frozen=True, slots=True)
class OptionOnFuture:
    """A European option on a future; rate and volatility are decimals a year."""

    right: str
    forward: float
    strike: float
    years: float
    volatility: float
    rate: float
    value_factor: float


@dataclass(frozen=True, slots=True)
class ScanRanges:
    """Price scan range in price units, volatility scan range, extreme move and look-ahead."""

    price: float
    volatility: float
    extreme_multiplier: float
    extreme_cover: float
    look_ahead: float = 0.0


def black_76(option: OptionOnFuture) -> float:
    """Return the value of one unit: exp(-rT) (F N(d1) - K N(d2)) for a call."""
    forward, strike = option.forward, option.strike
    sign = 1.0 if option.right == "C" else -1.0
    spread = option.volatility * math.sqrt(max(option.years, 0.0))
    if spread <= 0 or forward <= 0:
        return math.exp(-option.rate * option.years) * max(sign * (forward - strike), 0.0)
    d1 = math.log(forward / strike) / spread + spread / 2.0
    d2 = d1 - spread
    return math.exp(-option.rate * option.years) * sign * (
        forward * _normal(sign * d1) - strike * _normal(sign * d2))


def _normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def future_array(price_scan: float, ranges: ScanRanges) -> tuple[float, ...]:
    """Return the losses of one long future: whole money, half away from zero.

    `price_scan` is the price scan range in money a contract.
    """
    moves = [move / THIRDS for move in PRICE_MOVES]
    extreme = ranges.extreme_multiplier * ranges.extreme_cover
    return tuple(rounded(-move * price_scan) for move in (*moves, extreme, -extreme))


def option_array(option: OptionOnFuture, ranges: ScanRanges) -> tuple[float, ...]:
    """Return the losses of one long option in the sixteen scenarios, not rounded.

    loss = -(V(F + move, volatility, T - look-ahead) - V) x value factor x cover of extreme moves
    """
    today = black_76(option)
    losses = []
    for scenario in range(SCENARIOS):
        ordinary = scenario < len(PRICE_MOVES)
        share = (PRICE_MOVES[scenario] / THIRDS if ordinary else
                 ranges.extreme_multiplier * (1 if scenario % 2 == 0 else -1))
        shift = (ranges.volatility * (1 if scenario % 2 == 0 else -1)) if ordinary else 0.0
        moved = OptionOnFuture(
            option.right, option.forward + share * ranges.price, option.strike,
            option.years - ranges.look_ahead, option.volatility + shift, option.rate,
            option.value_factor)
        cover = 1.0 if ordinary else ranges.extreme_cover
        losses.append(-(black_76(moved) - today) * option.value_factor * cover)
    return tuple(losses)


def rounded(value: float) -> float:
    """Round to whole money, half away from zero."""
    whole = math.floor(abs(value) + 0.5)
    return math.copysign(whole, value) if whole else 0.0
