"""Strategy-based margin in a second, plain writing: every partition of single contracts is tried.

A unit is ("S", side, price) for a hundred shares or ("O", side, right, strike, premium, expiry,
style) for one contract of a hundred; `side` is 1 or -1.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

LOT = 100


@dataclass(frozen=True)
class Terms:
    """What the amounts depend on beside the units."""

    spot: float
    percentage: float
    floor: float
    leverage: float
    late: object
    """The expiry beyond nine months."""
    initial: bool

    def stock(self, side, price):
        value = price * LOT
        if side > 0:
            kept = min(1.0, 0.25 * self.leverage) * value
            return max(0.5 * value, kept) if self.initial else kept
        kept = max(2.5 * LOT, value) if price < 5 else max(
            5.0 * LOT, min(1.0, 0.3 * self.leverage) * value)
        return max(1.5 * value, value + kept) if self.initial else kept

    def ahead(self, option):
        return (self.spot - option[3]) if option[2] == "C" else (option[3] - self.spot)

    def inside(self, option):
        return LOT * max(0.0, self.ahead(option))

    def outside(self, option):
        return LOT * max(0.0, -self.ahead(option))

    def uncovered(self, option):
        base = self.spot if option[2] == "C" else option[3]
        share = LOT * self.percentage * self.leverage * self.spot - self.outside(option)
        return LOT * option[4] + max(share, LOT * self.floor * self.leverage * base)

    def alone(self, unit):
        if unit[0] == "S":
            return self.stock(unit[1], unit[2])
        if unit[1] < 0:
            return self.uncovered(unit)
        return LOT * unit[4] * (0.75 if unit[5] == self.late else 1.0)


def greatest_loss(options):
    def payoff(price):
        return LOT * sum(o[1] * max(0.0, (price - o[3]) if o[2] == "C" else (o[3] - price))
                         for o in options)

    return max(0.0, -min(payoff(price) for price in (0.0, *(o[3] for o in options))))


def spread(options, terms):
    """Charge a spread: as many longs as shorts of each right, one style, shorts first to expire."""
    longs, shorts = ([o for o in options if o[1] == side] for side in (1, -1))
    even = all(sum(o[1] for o in options if o[2] == right) == 0 for right in "CP")
    if not (longs and shorts and even) or len({o[6] for o in options}) > 1:
        return None
    if max(o[5] for o in shorts) > min(o[5] for o in longs):
        return None
    return LOT * sum(o[4] for o in longs) + min(
        sum(map(terms.uncovered, shorts)), greatest_loss(options))


def straddle(options, terms):
    if [o[1] for o in options] != [-1, -1] or {o[2] for o in options} != {"C", "P"}:
        return None
    one, other = sorted(options, key=lambda o: (terms.uncovered(o), -o[4]))
    return terms.uncovered(other) + LOT * one[4]


def long_box(options, _):
    by = {(o[2], o[1]): o for o in options}
    if len(options) != 4 or len(by) != 4 or any(o[6] != "european" for o in options) or (
            len({o[5] for o in options}) > 1):
        return None
    low, high = by["C", 1][3], by["C", -1][3]
    if not low < high or (by["P", -1][3], by["P", 1][3]) != (low, high):
        return None
    return 0.5 * LOT * (high - low) + LOT * (by["C", -1][4] + by["P", -1][4])


def one_hedge(stock, option, terms):
    """Stock and one option: covered by a short, or hedged by a long (maintenance alone)."""
    side, price = stock[1:]
    right = "C" if side > 0 else "P"
    if option[1] < 0 and option[2] == right:
        if side < 0:
            return terms.stock(side, price) + terms.inside(option)
        return terms.stock(side, min(price, option[3]) if terms.inside(option) else price)
    if option[1] > 0 and option[2] != right and not terms.initial:
        return LOT * option[4] + min(
            0.1 * LOT * option[3] + terms.outside(option), terms.stock(side, price))
    return None


def two_hedges(stock, options, terms):
    """Conversion, reverse conversion or collar: a long and a short of one expiry and style."""
    side, kept = stock[1], sorted(options, key=lambda o: -o[1])
    long, short = kept
    wanted = ("P", "C") if side > 0 else ("C", "P")
    alike = long[5:] == short[5:] and (long[1], short[1]) == (1, -1)
    if terms.initial or not alike or (long[2], short[2]) != wanted:
        return None
    if long[3] == short[3]:
        more = terms.inside(short) if side < 0 else 0.0
        return 0.1 * LOT * long[3] + more + LOT * long[4]
    if side > 0 and long[3] < short[3]:
        return LOT * long[4] + min(0.1 * LOT * long[3] + terms.outside(long),
                                   terms.stock(1, short[3]))
    return None


def together(units, terms):
    """Return the least a recognised strategy of exactly these units costs; None for none."""
    if len(units) == 1:
        return terms.alone(units[0])
    stocks, options = ([u for u in units if u[0] == kind] for kind in "SO")
    if not stocks:
        found = [spread(options, terms), long_box(options, terms)]
        found += [straddle(options, terms)] if len(options) == 2 else []
    elif len(stocks) == 2 and not options:
        found = [0.05 * LOT * stocks[0][2] if stocks[0][1] != stocks[1][1] else None]
    elif len(stocks) == 1 and len(options) in (1, 2):
        found = [one_hedge(stocks[0], options[0], terms) if len(options) == 1 else
                 two_hedges(stocks[0], options, terms)]
    else:
        found = []
    return min((cost for cost in found if cost is not None), default=None)


@dataclass(frozen=True)
class Partitions:
    """Every way to split the units into recognised strategies."""

    units: tuple
    terms: Terms

    @cached_property
    def costs(self):
        places, found = range(len(self.units)), {}
        for size in range(1, len(self.units) + 1):
            for chosen in combinations(places, size):
                cost = together([self.units[i] for i in chosen], self.terms)
                if cost is not None:
                    found[sum(1 << i for i in chosen)] = cost
        return found

    def least(self):
        best = [0.0] + [float("inf")] * ((1 << len(self.units)) - 1)
        for mask in range(1, len(best)):
            lowest, rest = mask & -mask, mask & (mask - 1)
            part = rest
            while True:
                cost = self.costs.get(part | lowest)
                if cost is not None:
                    best[mask] = min(best[mask], cost + best[rest ^ part])
                if not part:
                    break
                part = (part - 1) & rest
        return best[-1]
