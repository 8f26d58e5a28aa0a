"""Tickets, buffers and liquidity kept first: against the linear programme and against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.unit.collateral.test_duality import made
from workstation.collateral.allocation import Lots, Obligations, allocate
from workstation.collateral.wishes import Buffer, Wishes, allocate_with

SHELF = Lots(("cash", "bond", "share"), np.array([100.0, 100.0, 100.0]),
             np.array([0.004, 0.001, 0.006]), np.zeros(3))
DUE = Obligations(("A", "B"), np.array([60.0, 30.0]), np.zeros(2))
CUTS = np.array([[0.0, 0.0], [0.1, 0.1], [0.25, 1.0]])


@pytest.mark.parametrize("seed", range(0, 40, 3))
def test_without_wishes_it_is_the_linear_programme(seed):
    lots, due, haircuts, caps = made(seed)
    plain, wished = allocate(lots, due, haircuts, caps), allocate_with(
        lots, due, haircuts, Wishes(), caps)
    assert wished.shortfall.sum() == pytest.approx(plain.shortfall.sum(), abs=1e-6)
    if plain.feasible:
        assert wished.cost == pytest.approx(plain.cost, rel=1e-6, abs=1e-9)


def test_a_buffer_stays_free():
    plain = allocate_with(SHELF, DUE, CUTS, Wishes())
    assert plain.free.tolist() == pytest.approx([100.0, 0.0, 100.0])
    kept = allocate_with(SHELF, DUE, CUTS, Wishes(buffers=(Buffer((1,), 50.0),)))
    assert kept.free[1] == pytest.approx(50.0)
    assert kept.free[0] == pytest.approx(55.0)
    assert kept.cost > plain.cost
    short = allocate_with(SHELF, DUE, CUTS, Wishes(buffers=(Buffer((0, 1, 2), 280.0),)))
    assert not short.feasible


def test_the_most_liquid_stays_free_first_whatever_it_costs():
    found = allocate_with(SHELF, DUE, CUTS, Wishes(liquid=(0, 1)))
    given = found.given
    assert given[2, 0] == pytest.approx(80.0), "shares cover all of A"
    assert given[:2].sum() == pytest.approx(30.0), "cash is worth more than bonds at B"
    assert found.cost > allocate_with(SHELF, DUE, CUTS, Wishes()).cost


def test_tickets_are_nothing_or_large_enough_as_scipy_finds_them():
    """The same mixed-integer programme written out for scipy's own interface."""
    wishes = Wishes(least_ticket=40.0, ticket_cost=0.05)
    found = allocate_with(SHELF, DUE, CUTS, wishes)
    for ticket in found.given[found.given > 1e-6]:
        assert ticket >= 40.0 - 1e-6
    pairs = [(lot, due) for lot in range(3) for due in range(2) if CUTS[lot, due] < 1]
    count = len(pairs)
    cost = [SHELF.cost[lot] for lot, _ in pairs] + [0.05] * count
    rows, low, high = [], [], []
    for lot in range(3):
        rows.append([float(p[0] == lot) for p in pairs] + [0.0] * count)
        low.append(-np.inf)
        high.append(100.0)
    for due in range(2):
        rows.append([(1 - CUTS[p]) * (p[1] == due) for p in pairs] + [0.0] * count)
        low.append(DUE.requirement[due])
        high.append(np.inf)
    for n in range(count):
        for size, (least, most) in ((100.0, (-np.inf, 0.0)), (40.0, (0.0, np.inf))):
            row = [0.0] * (2 * count)
            row[n], row[count + n] = 1.0, -size
            rows.append(row)
            low.append(least)
            high.append(most)
    theirs = milp(cost, constraints=LinearConstraint(rows, low, high),
                  integrality=[0] * count + [1] * count,
                  bounds=Bounds(0, [np.inf] * count + [1] * count))
    assert found.feasible
    assert found.cost == pytest.approx(theirs.fun, rel=1e-6)


@pytest.mark.parametrize("seed", range(1, 12))
def test_every_allocation_keeps_its_limits(seed):
    lots, due, haircuts, caps = made(seed)
    wishes = Wishes(least_ticket=2.0, ticket_cost=0.001, liquid=(0,))
    found = allocate_with(lots, due, haircuts, wishes, caps)
    covered = ((1 - haircuts) * found.given).sum(axis=0)
    assert np.all(covered + found.shortfall >= due.requirement - 1e-5)
    assert np.all(found.free >= -1e-6)
    assert np.all(found.given[haircuts >= 1] == 0)
    assert np.all((found.given < 1e-6) | (found.given > 2.0 - 1e-5))
    for cap in caps:
        group = ((1 - haircuts[list(cap.lots), cap.obligation])
                 * found.given[list(cap.lots), cap.obligation]).sum()
        assert group <= cap.share * due.requirement[cap.obligation] + 1e-5
