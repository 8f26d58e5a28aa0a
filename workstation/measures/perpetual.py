"""Perpetual futures: profit, liquidation and funding, in closed form.

`side` is +1 long and -1 short; sizes are positive. Linear contracts are sized in the coin and
settle in the quote currency; inverse contracts are sized in dollars and settle in the coin.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

DAYS_A_YEAR = 365.0


def linear_profit(side: int, size: float, entry: float, mark: float) -> float:
    """Return unrealised profit: side x size x (mark - entry)."""
    return side * size * (mark - entry)


def inverse_profit(side: int, contracts: float, entry: float, mark: float) -> float:
    """Return unrealised profit in the coin: side x contracts x (1/entry - 1/mark)."""
    return side * contracts * (1.0 / entry - 1.0 / mark)


def inverse_scenario_profit(coins: float, move: float) -> float:
    """Return profit in the coin of a signed position of `coins`: q m / (1 + m)."""
    return coins * move / (1.0 + move)


def liquidation_price(side: int, size: float, entry: float, wallet: float,
                      maintenance_rate: float = 0.0, deduction: float = 0.0,
                      beside: float = 0.0) -> float:
    """Return the mark at which equity equals maintenance margin; without a rate, bankruptcy.

    P = (wallet + deduction - (side Q + B) entry) / (Q (rate - side) - B), where B coins held
    beside the position gain and lose with the mark; infinite where no mark changes equity
    """
    steepness = size * (maintenance_rate - side) - beside
    if not steepness:
        return math.inf
    return (wallet + deduction - (side * size + beside) * entry) / steepness


def liquidation_price_from_equity(side: int, size: float, mark: float, equity: float,
                                  maintenance: float, rate: float) -> float:
    """Return the liquidation price seen from today's equity and maintenance margin.

    P = mark - side (equity - maintenance) / size / (1 - rate side)
    """
    return mark - side * (equity - maintenance) / size / (1.0 - rate * side)


def inverse_liquidation_price(side: int, contracts: float, entry: float, wallet: float,
                              maintenance_rate: float = 0.0, deduction: float = 0.0
                              ) -> float | None:
    """Return the mark at which an inverse position is liquidated; None where no price does it.

    wallet and deduction in the coin: P = N (rate + side) / (wallet + deduction + side N / entry)
    """
    backing = wallet + deduction + side * contracts / entry
    price = contracts * (maintenance_rate + side) / backing if backing else -1.0
    return price if price > 0 else None


def funding_rate(premium: float, interest: float, clamp: float) -> float:
    """Return the rate of one interval: premium + interest less premium, held to +-clamp."""
    return premium + min(max(interest - premium, -clamp), clamp)


def funding_payment(side: int, size: float, oracle: float, rate: float) -> float:
    """Return what the holder pays: side x size x oracle price x rate."""
    return side * size * oracle * rate


def funding_accrued(side: int, size: float, oracles: Sequence[float], rates: Sequence[float]
                    ) -> float:
    """Return what the holder paid over past intervals: the sum of each interval's payment."""
    return sum(funding_payment(side, size, oracle, rate)
               for oracle, rate in zip(oracles, rates, strict=True))


def funding_projection(side: int, size: float, oracle: float, rate: float, intervals: int,
                       persistence: float = 1.0, resting_rate: float = 0.0) -> tuple[float, ...]:
    """Return cumulative payments ahead, one an interval, at an unchanged oracle price.

    rate_k = resting + (rate - resting) x persistence^k; persistence 1 keeps today's rate
    """
    paid, found = 0.0, []
    for step in range(intervals):
        expected = resting_rate + (rate - resting_rate) * persistence**step
        paid += funding_payment(side, size, oracle, expected)
        found.append(paid)
    return tuple(found)


def unsettled_move(annual_volatility: float, days: float) -> float:
    """Return one standard deviation of the price over days without settlement, as a share.

    volatility x sqrt(days / 365); crypto trades every day
    """
    return annual_volatility * math.sqrt(days / DAYS_A_YEAR)
