"""The risk matrix against a plain second writing, options and dampened extremes included."""

import math
import random

import pytest

from workstation.rulebooks.crypto.deribit_groups import grouped
from workstation.rulebooks.crypto.deribit_matrix import (
    MatrixFuture,
    MatrixOption,
    MatrixPack,
    Pair,
)
from workstation.rulebooks.crypto.shocks import VolatilityShock

EXTENDED = (-0.66, -0.33, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0)
UP, DOWN, LEAST, SHORT, LONG = 0.5, 0.25, 0.5, 0.3, 0.13
PAIRS = 150


def normal(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def black(forward, strike, years, volatility, call):
    deviation = volatility * math.sqrt(years)
    d1 = math.log(forward / strike) / deviation + deviation / 2
    value = forward * normal(d1) - strike * normal(d1 - deviation)
    return value if call else value - forward + strike


def shocked(volatility, years, state):
    days = years * 365
    power = (30 / max(days, 1)) ** (SHORT if days <= 30 else LONG)
    if state == "up":
        return max(volatility * (1 + UP * power), LEAST)
    return volatility * max(0.0, 1 - DOWN * power) if state == "down" else volatility


def profit(pair, move, state):
    """Return the profit of all contracts, in coin where the pair settles in it."""
    found = sum(f.coins * (move / (1 + move) if pair.inverse else f.mark * move)
                for f in pair.futures)
    for o in pair.options:
        forward = o.forward * (1 + move)
        after = black(forward, o.strike, o.years, shocked(o.volatility, o.years, state), o.is_call)
        before = black(o.forward, o.strike, o.years, o.volatility, o.is_call)
        found += o.quantity * (after / forward - before / o.forward if pair.inverse
                               else after - before)
    return found


def worst_case(pair):
    pack, unit, totals = pair.pack, pair.in_settlement, []

    def counted(x):
        return min(x * pack.offset_share, pack.most_offset_usd * unit) if x > 0 else x

    for state in ("down", "same", "up"):
        totals += [counted(profit(pair, pack.price_range * n / 4, state)) for n in range(-4, 5)]
    for move in EXTENDED:
        end = math.copysign(pack.price_range, move)
        share = pack.price_range / abs(move)
        relief = (max(abs(move) / pack.price_range, 1) - 1) * pack.dampener_usd * unit
        if pair.inverse:
            share, relief = share * (1 + move) / (1 + end), relief / (1 + end)
        x = counted(profit(pair, move, "up") * share)
        totals.append(x - math.copysign(min(relief, abs(x)), x))
    return round(max(0.0, -min(totals)), 9)


def shocks(pair):
    pack, deltas = pair.pack, {}
    for f in pair.futures:
        deltas[f.years] = deltas.get(f.years, 0.0) + f.coins
    for o in pair.options:
        deviation = o.volatility * math.sqrt(o.years)
        d1 = math.log(o.forward / o.strike) / deviation + deviation / 2
        own = normal(d1) - (0 if o.is_call else 1)
        deltas[o.years] = deltas.get(o.years, 0.0) + o.quantity * own
    roll = sum(abs(d) * max(pack.least_annual_move, math.exp(pack.annual_move_risk * t) - 1)
               for t, d in deltas.items())
    net = abs(sum(deltas.values()))
    beyond = max(net - pack.delta_threshold_usd / pair.index, 0.0) * pack.delta_slope
    delta = min(beyond, pack.most_delta_shock) * net
    return (roll + delta) * (1.0 if pair.inverse else pair.index)


def random_pair(draw):
    index = draw.choice((60_000.0, 1_950.0))
    pack = MatrixPack(
        draw.choice((0.16, 0.18)), 4, VolatilityShock(UP, DOWN, LEAST, SHORT, LONG, 1.0, 30.0),
        EXTENDED, 1.0, draw.choice((25e3, 1e5, 2e5)), draw.choice((0.01, 0.005)),
        draw.choice((0.075, 0.05)), 0.1, draw.choice((1e5, 2e7)), draw.choice((5e-5, 4e-6, 1e-3)),
        draw.choice((0.0, 0.4, 0.6)), draw.choice((0.0, 1e3, 2e7)))
    futures = tuple(MatrixFuture(
        f"future {n}", draw.choice((-20.0, -3.0, 1.0, 2.5, 40.0)), index * draw.uniform(0.99, 1.02),
        draw.choice((0.0, 0.0, 0.1, 0.5))) for n in range(draw.randint(0, 3)))
    options = tuple(MatrixOption(
        f"option {n}", draw.choice((-10.0, -2.0, 1.0, 5.0)),
        float(round(index * draw.uniform(0.6, 1.6))), draw.random() < 0.5,
        draw.choice((2 / 365, 20 / 365, 90 / 365, 1.0)), draw.uniform(0.2, 1.2),
        index * draw.uniform(0.99, 1.03)) for n in range(draw.randint(0 if futures else 1, 4)))
    return Pair("BTC", draw.choice(("BTC", "USD")), index, pack, futures, options)


def test_both_writings_agree():
    for seed in range(PAIRS):
        pair = random_pair(random.Random(seed))
        (group,) = grouped([pair], 1.0, cross=False)
        assert group.loss == pytest.approx(worst_case(pair), abs=2e-9, rel=1e-9), seed
        assert group.margin == pytest.approx(worst_case(pair) + shocks(pair), abs=1e-8,
                                             rel=1e-9), seed
