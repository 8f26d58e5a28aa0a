"""Strong duality, complementary slackness and warm re-solves on 200 random allocations."""

from __future__ import annotations

import numpy as np
import pytest

from workstation.collateral.allocation import Cap, Lots, Obligations, Standing, allocate, waterfall

CASES = 200


def made(seed):
    random = np.random.default_rng(seed)
    lots, due = int(random.integers(2, 25)), int(random.integers(1, 7))
    value = random.lognormal(3.0, 1.0, lots)
    cuts = random.uniform(0.0, 0.4, (lots, due))
    haircuts = np.where(random.random((lots, due)) < 0.3, 1.0, cuts)
    asked = random.uniform(0.0, 1.6, due) * value.sum() / due * 0.5
    caps = [] if seed % 2 else [
        Cap(o, tuple(range(o, lots, 3)), float(random.uniform(0.2, 0.8)))
        for o in range(due) if random.random() < 0.4]
    return (Lots(tuple(f"L{n}" for n in range(lots)), value, random.uniform(0.001, 0.01, lots),
                 random.integers(0, 3, lots).astype(float)),
            Obligations(tuple(f"O{o}" for o in range(due)), asked,
                        random.integers(0, 3, due).astype(float)), haircuts, caps)


@pytest.mark.parametrize("block", range(4))
def test_the_cost_equals_the_price_of_what_is_asked_less_the_worth_of_the_lots(block):
    feasible = 0
    for seed in range(block * CASES // 4, (block + 1) * CASES // 4):
        lots, due, haircuts, caps = made(seed)
        got = allocate(lots, due, haircuts, caps)
        counted = (1.0 - haircuts) * got.given
        met = counted.sum(axis=0)
        scale = 1.0 + lots.market_value.sum()
        assert np.all(met + got.shortfall >= due.requirement - 1e-7 * scale)
        assert np.all(got.free >= -1e-7 * scale)
        late = lots.settlement_lag[:, None] > due.deadline[None, :]
        assert not got.given[late | (haircuts >= 1.0)].any()
        for cap in caps:
            assert counted[list(cap.lots), cap.obligation].sum() <= (
                cap.share * due.requirement[cap.obligation] + 1e-7 * scale)
        if not got.feasible:
            assert got.shortfall.sum() > 0
            continue
        feasible += 1
        limits = [cap.share * due.requirement[cap.obligation] for cap in caps]
        worth = (got.requirement_price @ due.requirement - got.lot_price @ lots.market_value
                 - got.cap_price @ np.array(limits, float))
        assert got.cost == pytest.approx(worth, rel=1e-6, abs=1e-7)
        assert np.all(got.requirement_price >= -1e-9)
        assert np.all(got.lot_price >= -1e-9)
        assert np.all(got.lot_price * got.free <= 1e-5 * scale)
    assert feasible > 10


@pytest.mark.parametrize("seed", range(20))
def test_a_warm_answer_is_the_cold_one(seed):
    lots, due, haircuts, caps = made(seed)
    standing = Standing(lots, due, haircuts, caps)
    standing.allocation()
    standing.require(0, float(due.requirement[0]) * 1.1)
    standing.hold(1, float(lots.market_value[1]) * 0.5)
    warm = standing.allocation()
    asked, value = due.requirement.copy(), lots.market_value.copy()
    asked[0], value[1] = asked[0] * 1.1, value[1] * 0.5
    cold = allocate(Lots(lots.names, value, lots.cost, lots.settlement_lag),
                    Obligations(due.names, asked, due.deadline), haircuts, caps)
    assert warm.feasible == cold.feasible
    assert warm.cost == pytest.approx(cold.cost, rel=1e-7, abs=1e-7)
    assert warm.shortfall.sum() == pytest.approx(cold.shortfall.sum(), rel=1e-7, abs=1e-6)


def test_a_price_is_what_one_more_unit_costs():
    checked = 0
    for seed in range(60):
        lots, due, haircuts, caps = made(seed)
        standing = Standing(lots, due, haircuts, caps)
        before = standing.allocation()
        step = 1e-4 * float(due.requirement[0])
        standing.require(0, float(due.requirement[0]) + step)
        after = standing.allocation()
        if before.feasible and after.feasible and not caps:
            slope = (after.cost - before.cost) / step
            assert slope >= before.requirement_price[0] - 1e-6
            checked += slope == pytest.approx(before.requirement_price[0], rel=1e-3, abs=1e-7)
    assert checked > 5


def test_cheapest_first_never_does_better_than_the_programme():
    worse = 0
    for seed in range(100):
        lots, due, haircuts, caps = made(seed)
        best = allocate(lots, due, haircuts, caps)
        cost, short = waterfall(lots, due, haircuts, caps)
        assert short.sum() >= best.shortfall.sum() - 1e-6
        if best.feasible and not short.any():
            assert cost >= best.cost - 1e-7
            worse += cost > best.cost * (1 + 1e-6)
    assert worse > 5


def test_cheapest_first_takes_what_another_needs():
    lots = Lots(("cash", "bill"), np.array([100.0, 100.0]), np.array([0.001, 0.002]), np.zeros(2))
    due = Obligations(("any", "cash only"), np.array([100.0, 100.0]), np.array([0.0, 1.0]))
    cost, short = waterfall(lots, due, np.array([[0.0, 0.0], [0.0, 1.0]]))
    assert (cost, list(short)) == (pytest.approx(0.1), [0.0, 100.0])
    assert allocate(lots, due, np.array([[0.0, 0.0], [0.0, 1.0]])).feasible
