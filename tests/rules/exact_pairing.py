"""The least requirement of one underlying, as one integer programme solved by scipy.

Written from the rule, not from the product: single contracts, dollars in float64, equity options.
A group of spread legs of one style stands under a day T: its shorts expire on or before T, its
longs on or after. Greatest losses are sub-additive, so one group for each style and day is enough:
any valid spread fits one of them, and two of one day cost no more as one.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

SIZE = 100.0


@dataclass(frozen=True)
class Leg:
    """An option of one series: signed contracts, premium and strike a share, expiry ordinal."""

    right: str
    strike: float
    expiry: int
    quantity: int
    premium: float
    style: str = "american"
    loan: bool = False
    """More than nine months to expiry."""

    @property
    def short(self):
        return self.quantity < 0

    def uncovered(self, spot):
        out = max(0.0, self.strike - spot if self.right == "C" else spot - self.strike)
        base = spot if self.right == "C" else self.strike
        return SIZE * (self.premium + max(0.20 * spot - out, 0.10 * base))

    def alone(self, spot):
        if self.short:
            return self.uncovered(spot)
        return SIZE * self.premium * (0.75 if self.loan else 1.0)

    def payoff(self, at):
        ahead = at - self.strike if self.right == "C" else self.strike - at
        return SIZE * max(0.0, ahead)


def stock_cost(price, short):
    """Return maintenance of 100 shares by (c)(1), (c)(2) and (c)(3)."""
    if not short:
        return 0.25 * SIZE * price
    if price < 5:
        return SIZE * max(2.5, price)
    return SIZE * max(5.0, 0.30 * price)


def fixed_forms(legs, spot, lots):
    """Yield (legs used, lots of stock used, cost) of straddles and hedged stock."""
    places = range(len(legs))
    calls = [i for i in places if legs[i].short and legs[i].right == "C"]
    puts = [i for i in places if legs[i].short and legs[i].right == "P"]
    for i, j in product(calls, puts):
        a, b = legs[i].uncovered(spot), legs[j].uncovered(spot)
        of_call, of_put = SIZE * legs[i].premium, SIZE * legs[j].premium
        other = of_put if a > b else of_call if b > a else max(of_call, of_put)
        yield (i, j), 0, max(a, b) + other
    if lots > 0:
        yield from _long_stock(legs, spot, calls)
    elif lots < 0:
        yield from _short_stock(legs, spot, puts)


def _inside(leg, spot):
    return leg.payoff(spot)


def _outside(leg, spot):
    return SIZE * max(0.0, leg.strike - spot if leg.right == "C" else spot - leg.strike)


def _together(a, b):
    return a.expiry == b.expiry and a.style == b.style


def _long_stock(legs, spot, calls):
    puts = [i for i, leg in enumerate(legs) if not leg.short and leg.right == "P"]
    for i in calls:
        yield (i,), 1, stock_cost(min(spot, legs[i].strike), short=False)
    for i in puts:
        put = legs[i]
        hedged = 0.10 * SIZE * put.strike + _outside(put, spot)
        yield (i,), 1, min(hedged, stock_cost(spot, short=False)) + SIZE * put.premium
        for j in calls:
            call = legs[j]
            if not _together(put, call) or put.strike > call.strike:
                continue
            if put.strike == call.strike:
                cost = 0.10 * SIZE * put.strike
            else:
                cost = min(hedged, 0.25 * SIZE * call.strike)
            yield (i, j), 1, cost + SIZE * put.premium


def _short_stock(legs, spot, puts):
    calls = [i for i, leg in enumerate(legs) if not leg.short and leg.right == "C"]
    for i in puts:
        yield (i,), 1, stock_cost(spot, short=True) + _inside(legs[i], spot)
    for i in calls:
        call = legs[i]
        hedged = 0.10 * SIZE * call.strike + _outside(call, spot)
        yield (i,), 1, min(hedged, stock_cost(spot, short=True)) + SIZE * call.premium
        for j in puts:
            if _together(call, legs[j]) and call.strike == legs[j].strike:
                cost = 0.10 * SIZE * call.strike + _inside(legs[j], spot)
                yield (i, j), 1, cost + SIZE * call.premium


class _Programme:
    """Collects variables (cost, whether whole) and rows of the programme."""

    def __init__(self, rows):
        self.cost, self.whole, self.entries = [], [], []
        self.low, self.high = [-np.inf] * len(rows), list(rows)

    def variable(self, cost, uses=(), whole=True):
        place = len(self.cost)
        self.cost.append(cost)
        self.whole.append(whole)
        self.entries += [(row, place, units) for row, units in uses]
        return place

    def row(self, entries, low, high):
        place = len(self.low)
        self.entries += [(place, column, units) for column, units in entries]
        self.low.append(low)
        self.high.append(high)

    def least(self):
        rows, columns, units = zip(*self.entries, strict=True)
        matrix = csr_array((units, (rows, columns)), shape=(len(self.low), len(self.cost)))
        found = milp(np.array(self.cost), constraints=LinearConstraint(
            matrix, np.array(self.low), np.array(self.high)), bounds=Bounds(0, np.inf),
            integrality=np.array(self.whole, dtype=int), options={"mip_rel_gap": 0.0})
        assert found.success, found.message
        return found.fun


def least_requirement(legs, spot, lots=0):
    """Return the least maintenance of options and `lots` of 100 shares, gross of premium."""
    alone = [leg.alone(spot) for leg in legs]
    of_stock = stock_cost(spot, short=lots < 0)
    base = sum(abs(leg.quantity) * cost for leg, cost in zip(legs, alone, strict=True))
    base += abs(lots) * of_stock
    last = len(legs)
    problem = _Programme([abs(leg.quantity) for leg in legs] + [abs(lots)])
    for used, shares, cost in fixed_forms(legs, spot, lots):
        saved = sum(alone[i] for i in used) + shares * of_stock - cost
        if saved > 0:
            problem.variable(-saved, [(i, 1) for i in used] + ([(last, 1)] if shares else []))
    for style in sorted({leg.style for leg in legs}):
        for day in sorted({leg.expiry for leg in legs if leg.short}):
            _group(problem, legs, alone, style, day)
    return base if not problem.cost else base + problem.least()


def _group(problem, legs, alone, style, day):
    inside = [i for i, leg in enumerate(legs) if leg.style == style and (
        leg.expiry <= day if leg.short else leg.expiry >= day)]
    if not any(legs[i].short for i in inside) or all(legs[i].short for i in inside):
        return
    column = {i: problem.variable(
        -alone[i] + (0.0 if legs[i].short else SIZE * legs[i].premium), [(i, 1)]) for i in inside}
    loss = problem.variable(1.0, whole=False)
    sign = {i: -1 if legs[i].short else 1 for i in inside}
    for right in "CP":
        same = [(column[i], sign[i]) for i in inside if legs[i].right == right]
        if same:
            problem.row(same, 0, 0)
    for at in [0.0, *sorted({legs[i].strike for i in inside})]:
        payoff = [(column[i], sign[i] * legs[i].payoff(at)) for i in inside]
        problem.row([*payoff, (loss, 1.0)], 0, np.inf)
