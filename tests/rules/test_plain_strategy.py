"""The least requirement against every partition of single contracts, on small random books."""

import random
from datetime import date

import pytest

from tests.rules.plain_strategy import Partitions, Terms
from tests.rules.securities_books import market, option, reg_t_margin, stock, strategy_margin
from workstation.base.vocabulary import UnderlyingClass

FRONT, BACK, LATE = date(2026, 7, 17), date(2026, 8, 21), date(2027, 6, 18)
CLASSES = ((UnderlyingClass.EQUITY, 0.20, 0.10), (UnderlyingClass.BROAD_INDEX_HIGH_CAP, 0.15, 0.10))
MOST_UNITS = 8
BOOKS = 120


def random_options(draw, spot):
    """Distinct series at, in and out of the money, a contract or two of each."""
    seen, found = set(), []
    for _ in range(draw.randint(0, 5)):
        strike = round(spot * draw.choice((0.6, 0.8, 0.9, 0.95, 1, 1, 1.05, 1.1, 1.2, 1.5)), 2)
        series = (strike, draw.choice("CP"), draw.choice((FRONT, FRONT, FRONT, BACK, LATE)),
                  draw.choice(("american",) * 4 + ("european",)))
        if series in seen:
            continue
        seen.add(series)
        worth = max(0.0, (spot - strike) if series[1] == "C" else (strike - spot))
        premium = round(worth + spot * draw.choice((0.002, 0.01, 0.03, 0.06)), 2)
        found.append((draw.choice((1, -1, 1, -1, 2, -2)), *series, premium))
    return found


def random_book(draw, spot):
    positions, units = [], []
    for quantity, strike, right, expiry, style, premium in random_options(draw, spot):
        positions.append(option(quantity, right, strike, premium, expiry, style=style))
        side = 1 if quantity > 0 else -1
        units += [("O", side, right, strike, premium, expiry, style)] * abs(quantity)
    for shares in draw.choice(((), (100,), (-100,), (200,), (-200,), (100, -100), (100, -200))):
        positions.append(stock(shares, spot))
        units += [("S", 1 if shares > 0 else -1, spot)] * (abs(shares) // 100)
    return positions, tuple(units)


@pytest.mark.parametrize("initial", [False, True], ids=["maintenance", "initial"])
def test_no_partition_costs_less(initial):
    checked = 0
    for seed in range(BOOKS):
        draw = random.Random(seed)
        spot, leverage = draw.choice((100, 50, 20, 8, 4)), draw.choice((1, 1, 1, 2, 3))
        kind, percentage, floor = draw.choice(CLASSES)
        positions, units = random_book(draw, spot)
        if not 0 < len(units) <= MOST_UNITS:
            continue
        rows = (market(spot, kind=kind, leverage=leverage),)
        if initial:
            found = reg_t_margin(*positions, rows=rows).initial.amount
        else:
            found = strategy_margin(*positions, rows=rows).maintenance.amount
        terms = Terms(spot, percentage, floor, leverage, LATE, initial)
        assert float(found) == pytest.approx(Partitions(units, terms).least(), rel=1e-9), seed
        checked += 1
    assert checked > BOOKS / 2
