"""Portfolio margin and risk-based haircuts against a plain second writing, on random books.

Ten points, losses whole, gains of a class group at 90 % against others of its product group and
at nothing across product groups, the contract minimum by portfolio group.
"""

import math
import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from tests.rules.securities_books import ON, book, market, option, stock
from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.resolve import resolve
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.finra_4210 import portfolio
from workstation.rulebooks.rbh_15c3_1a import haircuts

HIGH, BROAD, NARROW, CRYPTO, EQUITY = (
    UnderlyingClass.BROAD_INDEX_HIGH_CAP, UnderlyingClass.BROAD_INDEX,
    UnderlyingClass.NARROW_INDEX, UnderlyingClass.CRYPTO, UnderlyingClass.EQUITY)
# symbol: class, price, leverage, class group, product group
UNDERLYINGS = {
    "SPX": (HIGH, 5000, 1, "SPX", "high"), "SPY": (HIGH, 500, 1, "SPX", "high"),
    "DIA": (HIGH, 400, 1, "DJX", "high"), "OEX": (HIGH, 2400, 1, "OEX", "high"),
    "QQQ": (BROAD, 480, 1, "NDX", "other"), "IWM": (BROAD, 210, 1, "RUT", "other"),
    "XYZ": (EQUITY, 100, 1, "XYZ", "XYZ"), "ABC": (EQUITY, 30, 1, "ABC", "ABC"),
    "SOX": (NARROW, 5000, 1, "SOX", "SOX"), "IBIT": (CRYPTO, 50, 1, "IBIT", "IBIT"),
    "TQQQ": (BROAD, 70, 3, "TQQQ", "TQQQ"), "SH": (HIGH, 40, -1, "SH", "SH")}
INDICES = {"high": "broad indices", "other": "broad indices"}
RULES = {
    portfolio: ({HIGH: (-0.08, 0.06), BROAD: (-0.10, 0.10)}, 0.375),
    haircuts: ({HIGH: (-0.10, 0.10), BROAD: (-0.15, 0.15)}, 0.25)}
EXPIRIES = (date(2026, 7, 17), date(2026, 12, 18))
RATE, POINTS, BOOKS = 0.04, 5, 80


def european(spot, strike, years, volatility, dividend, *, call):
    forward, deviation = spot * math.exp((RATE - dividend) * years), volatility * math.sqrt(years)
    d1 = math.log(forward / strike) / deviation + deviation / 2

    def normal(x):
        return 0.5 * math.erfc(-x / math.sqrt(2))

    value = forward * normal(d1) - strike * normal(d1 - deviation)
    return math.exp(-RATE * years) * (value if call else value - forward + strike)


def moves_of(symbol, ranges):
    kind, _, leverage, *_ = UNDERLYINGS[symbol]
    low, high = (end * leverage for end in ranges.get(kind, (-0.15, 0.15)))
    return [low * n / POINTS for n in range(POINTS, 0, -1)] + [
        high * n / POINTS for n in range(1, POINTS + 1)]


def random_positions(draw, symbol, dividend, moves):
    """Yield positions of one underlying with their profits at the ten points."""
    spot = UNDERLYINGS[symbol][1]
    if draw.random() < 0.7:
        shares = draw.choice((-300, -100, 100, 250, 1000))
        yield stock(shares, spot, symbol, AssetClass.ETF), [shares * spot * m for m in moves], 0
    for _ in range(draw.randint(0, 3)):
        strike, call = round(spot * draw.choice((0.9, 0.95, 1, 1.05, 1.1)), 2), draw.random() < 0.5
        expiry, contracts = draw.choice(EXPIRIES), draw.choice((-10, -3, -1, 1, 2, 5))
        terms = (strike, (expiry - ON).days / 365, draw.uniform(0.12, 0.6), dividend)
        price = european(spot, *terms, call=call)
        yield (option(contracts, "C" if call else "P", strike, price, expiry, symbol, "european"),
               [100 * contracts * (european(spot * (1 + m), *terms, call=call) - price)
                for m in moves], 100 * abs(contracts))


def requirement(profits, units, minimum):
    """Aggregate profits of class groups, keyed by (class group, product group)."""
    groups, least = defaultdict(lambda: [0.0] * 2 * POINTS), defaultdict(float)
    for (_, product), values in profits.items():
        place = INDICES.get(product, product), product
        groups[place] = [a + (b if b < 0 else 0.9 * b)
                         for a, b in zip(groups[place], values, strict=True)]
    for (_, product), size in units.items():
        least[INDICES.get(product, product)] += minimum * size
    losses = defaultdict(lambda: [0.0] * 2 * POINTS)
    for (whole, _), values in groups.items():
        losses[whole] = [a + min(b, 0.0) for a, b in zip(losses[whole], values, strict=True)]
    return sum(max(-min(values), least[name], 0.0) for name, values in losses.items())


@pytest.mark.parametrize("rulebook", RULES, ids=["4210(g)", "15c3-1a"])
def test_both_writings_agree(rulebook):
    ranges, minimum = RULES[rulebook]
    for seed in range(BOOKS):
        draw = random.Random(seed)
        positions, rows = [], []
        profits, units = defaultdict(lambda: [0.0] * 2 * POINTS), defaultdict(float)
        for symbol in draw.sample(sorted(UNDERLYINGS), draw.randint(1, 6)):
            kind, spot, leverage, *group = UNDERLYINGS[symbol]
            dividend = draw.choice((0.0, 0.01, 0.02))
            rows.append(market(spot, symbol, kind, leverage, dividend_yield=Decimal(str(dividend))))
            for held, gained, size in random_positions(draw, symbol, dividend,
                                                       moves_of(symbol, ranges)):
                positions.append(held)
                key = tuple(group)
                profits[key] = [a + b for a, b in zip(profits[key], gained, strict=True)]
                units[key] += size
        account = Account("A1", AccountType.PORTFOLIO_MARGIN)
        holdings = resolve(book(positions, *rows)).of_account("A1")
        answer = rulebook.margin(account, holdings, RuleSet(ON))
        assert not answer.excluded
        assert float(answer.maintenance.amount) == pytest.approx(
            requirement(profits, units, minimum), rel=1e-6, abs=1e-4), seed
