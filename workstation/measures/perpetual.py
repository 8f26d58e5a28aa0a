"""Perpetual futures: profit, liquidation and funding, in closed form.

`side` is +1 long and -1 short; sizes are positive. Linear contracts are sized in the coin and
settle in the quote currency; inverse contracts are sized in dollars and settle in the coin.
"""

from __future__ import annotations


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
                      maintenance_rate: float = 0.0, deduction: float = 0.0) -> float:
    """Return the mark at which equity equals maintenance margin; without a rate, bankruptcy.

    P = (wallet + deduction - side Q entry) / (Q (rate - side))
    """
    return (wallet + deduction - side * size * entry) / (size * (maintenance_rate - side))


def funding_rate(premium: float, interest: float, clamp: float) -> float:
    """Return the rate of one interval: premium + interest less premium, held to +-clamp."""
    return premium + min(max(interest - premium, -clamp), clamp)


def funding_payment(side: int, size: float, oracle: float, rate: float) -> float:
    """Return what the holder pays: side x size x oracle price x rate."""
    return side * size * oracle * rate
