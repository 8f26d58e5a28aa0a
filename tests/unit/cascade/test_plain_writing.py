"""A second, plain writing of the models from their equations, against the product's."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from scipy.integrate import quad

from workstation.cascade.clearing import clear, distress_impact, linear_spread, single_hit
from workstation.cascade.deleveraging import (
    BalanceSheets,
    ThresholdBank,
    leverage_targeting,
    threshold_rounds,
)
from workstation.cascade.dynamic import Mechanics, Scene, run


def root(x):
    return math.copysign(math.sqrt(abs(x)), x)


def paid(price, k, done, traded):
    """Average of p exp(k (g(x) - g(a))) over the slice, by adaptive quadrature split at 0."""
    if traded == 0 or k == 0:
        return price
    inner = [0.0] if done * (done + traded) < 0 else []
    found = quad(lambda x: math.exp(k * (root(x) - root(done))), done, done + traded,
                 points=inner or None, epsabs=1e-12, epsrel=1e-12, limit=400)
    return price * found[0] / traded


def to_sell(book, how, held, cash, price, sigma, w):
    """Steps 3 and 4 for one person: the share of its holdings it has to sell."""
    every = range(len(price))
    equity = cash + sum(held[k] * price[k] for k in every)
    risk = [held[k] * price[k] * sigma[k] for k in every]
    square = sum(risk[k] * risk[j] * ((1 - w) * book["rho"][k][j] + w)
                 for k in every for j in every)
    margin = how["z"] * math.sqrt(how["h"]) * (how["offset"] * math.sqrt(max(square, 0.0)) + (
        1 - how["offset"]) * sum(abs(x) for x in risk))
    due, target = how["mm"] * margin, how["mm"] * margin * (1 + how["buf"])
    if due - equity <= 1e-12:
        return 0.0
    return 1.0 if equity <= 0 else min(max((target - equity) / target, 0.0), 1.0)


def priced(book, how, k, price, volume, net):
    """Step 8 for one asset: the next price, and the price paid."""
    if how["law"] == "kyle":
        move = math.copysign(min(abs(net) * price / how["depth"][k], 0.9), net) if net else 0.0
        return price * (1 + move), price * (1 + 0.5 * move)
    slope = how["Y"] * book["sig"][k] / math.sqrt(book["adv"][k])
    moved = price * math.exp(slope * (root(volume + net) - root(volume)))
    return max(moved, how["floor"] * book["p0"][k]), paid(price, slope, volume, net)


def halts(how, start, price, halted, gone):
    """Step 5: each asset once, when it has lost the level."""
    for k in range(len(price)):
        if how["level"] and not gone[k] and 1 - price[k] / start[k] >= how["level"]:
            gone[k], halted[k] = True, how["halt"]


def plain(book, shock, how):
    """Steps 1 to 9 of the simulator, one person and one asset at a time, without a vector."""
    q, cash, start = [list(row) for row in book["q"]], list(book["c"]), list(book["p0"])
    people, assets = range(len(q)), range(len(start))
    price = [start[k] * (1 + shock[k]) for k in assets]
    returns, sigma = [math.log(1 + s) for s in shock], list(book["sig"])
    volume, halted, gone = [0.0] * len(start), [0] * len(start), [False] * len(start)
    provider, steps, going = 0.0, 0, True
    while going:
        steps += 1
        if how["procyc"]:
            sigma = [math.sqrt(how["lam"] * sigma[k] ** 2 + (1 - how["lam"]) * returns[k] ** 2)
                     for k in assets]
        fall = max(1 - price[k] / start[k] for k in assets)
        w = min(max((fall - how["w"][0]) / (how["w"][1] - how["w"][0]), 0.0), 1.0)
        theta = [to_sell(book, how, q[i], cash[i], price, sigma, w) for i in people]
        halts(how, start, price, halted, gone)
        gross = [sum(theta[i] * abs(q[i][k]) for i in people) for k in assets]
        going = sum(gross) >= 1e-10 or any(halted)
        for k in assets if going else ():
            fill = 0.0 if halted[k] or not gross[k] else min(
                1.0, how["part"] * book["adv"][k] / 10 / gross[k])
            trades = [-fill * theta[i] * q[i][k] for i in people]
            net = sum(trades)
            following, at = priced(book, how, k, price[k], volume[k], net)
            for i in people:
                cash[i] -= trades[i] * at
                q[i][k] += trades[i]
            provider += net * at
            volume[k] += net
            returns[k], price[k] = math.log(following / price[k]), following
        halted = [max(left - 1, 0) for left in halted]
    return {"steps": steps, "prices": price, "q": q, "provider": provider,
            "equity": [cash[i] + sum(q[i][k] * price[k] for k in assets) for i in people]}


def drawn(seed):
    rng = np.random.default_rng(seed)
    people, assets = rng.integers(1, 6), rng.integers(1, 5)
    loads = rng.normal(size=(assets, 2))
    covariance = loads @ loads.T + np.eye(assets)
    deviation = np.sqrt(np.diag(covariance))
    prices, sigma = rng.uniform(10, 900, assets), rng.uniform(0.01, 0.06, assets)
    values = rng.uniform(0, 1e5, (people, assets)) * rng.choice([1.0, -1.0], (people, assets),
                                                                p=[0.75, 0.25])
    cash = rng.uniform(0.05, 0.3, people) * np.abs(values).sum(axis=1) - values.sum(axis=1)
    book = {"q": values / prices, "c": cash, "p0": prices, "sig": sigma,
            "rho": covariance / np.outer(deviation, deviation),
            "adv": rng.uniform(2e5, 3e6, assets) / prices}
    how = {"Y": rng.choice([0.0, 1.0]), "z": 3.0, "h": rng.choice([1.0, 2.0]), "lam": 0.94,
           "part": rng.uniform(0.05, 1.0), "mm": 1.0, "buf": 0.1, "offset": rng.choice([0, 0.5, 1]),
           "w": (0.0, 0.1), "floor": 0.01, "procyc": bool(rng.integers(2)),
           "law": str(rng.choice(["sqrt", "sqrt", "kyle"])), "depth": rng.uniform(2e6, 2e7, assets),
           "level": rng.choice([0.0, 0.07]), "halt": int(rng.integers(1, 4))}
    return book, rng.uniform(-0.2, 0.03, assets), how


@pytest.mark.parametrize("seed", range(60))
def test_the_dynamic_cascade_is_its_equations(seed):
    book, shock, how = drawn(seed)
    scene = Scene(*(np.array(book[name]) for name in ("q", "c", "p0", "sig", "rho", "adv")))
    got = run(scene, shock, Mechanics(
        how["Y"], how["z"], how["h"], how["lam"], how["part"], how["mm"], how["buf"], how["offset"],
        how["w"], how["floor"], how["procyc"], how["law"], how["depth"],
        halt_level=how["level"] or None, halt_steps=how["halt"]))
    wanted = plain(book, shock, how)
    assert len(got.steps) == wanted["steps"]
    assert got.prices == pytest.approx(wanted["prices"], rel=1e-8)
    assert got.equity == pytest.approx(wanted["equity"], rel=1e-7, abs=1e-4)
    assert got.positions.tolist() == pytest.approx(np.array(wanted["q"]), rel=1e-7, abs=1e-7)
    assert got.provider_cash == pytest.approx(wanted["provider"], rel=1e-7, abs=1e-4)


@pytest.mark.parametrize("seed", range(30))
def test_clearing_with_default_costs_is_the_best_of_all_sets_of_defaults(seed):
    """Greatest payments: of every set of defaulters that is consistent, the one that pays most."""
    rng = np.random.default_rng(seed)
    n, alpha, beta = 4, *rng.uniform(0.4, 1.0, 2)
    owed = np.round(rng.uniform(0, 10, (n, n)) * (rng.random((n, n)) < 0.6), 2)
    np.fill_diagonal(owed, 0.0)
    outside = np.round(rng.uniform(0, 6, n), 2)
    due = owed.sum(axis=1)
    shares = np.divide(owed, due[:, None], out=np.zeros_like(owed), where=due[:, None] > 0)
    best = None
    for failed in product([False, True], repeat=n):
        out = np.array(failed)
        matrix, right = np.eye(n), np.where(out, alpha * outside, due)
        matrix[out] -= beta * shares.T[out]
        try:
            payments = np.linalg.solve(matrix, right)
        except np.linalg.LinAlgError:
            continue
        means = outside + shares.T @ payments
        if ((means < due - 1e-9) == out).all() and (best is None or payments.sum() > best.sum()):
            best = payments
    assert best is not None
    assert clear(owed, outside, alpha, beta).payments == pytest.approx(best, abs=1e-9)


def test_distress_by_hand():
    """B loses half its buffer when A fails, C a quarter when B does, A all when C does."""
    claims, buffer = np.array([[0, 0, 8.0], [2.0, 0, 0], [0, 1.0, 0]]), np.array([4.0, 4.0, 4.0])
    impact = distress_impact(claims, buffer)
    start = np.array([0.4, 0.0, 0.0])
    # A 0.4 -> B 0.5 x 0.4 = 0.2 -> C 0.25 x 0.2 = 0.05 -> A + 1.0 x 0.05; then only linear goes on.
    assert single_hit(impact, start) == pytest.approx([0.45, 0.2, 0.05])
    turn = 0.5 * 0.25 * 1.0
    assert linear_spread(impact, start) == pytest.approx(
        np.array([0.4, 0.2, 0.05]) / (1.0 - turn))


def test_leverage_targeting_by_hand():
    """One bank, two assets: 90 of debt on 10 of equity loses 1, so it sells 9 by weight."""
    got = leverage_targeting(BalanceSheets(np.array([100.0]), np.array([10.0]),
                                           np.array([[0.5, 0.5]])),
                             np.array([1e-3, 2e-3]), np.array([0.02, 0.0]))
    assert got.sales == pytest.approx([4.5, 4.5])
    assert got.price_drop == pytest.approx([0.0045, 0.009])
    assert got.second_loss == pytest.approx([50 * 0.0045 + 50 * 0.009])
    assert got.aggregate_vulnerability == pytest.approx(0.0675)


@pytest.mark.parametrize("floor", [None, 0.5])
def test_threshold_deleveraging_by_hand(floor):
    """100 of assets on 4: -1.5 % leaves 2.5 and leverage 39.4; back to 30 takes 23.5 of sales."""
    first, *_ = threshold_rounds(ThresholdBank(100.0, 0.0, 4.0, 33.0, 30.0), 20_000.0, 0.015, 0.5,
                                 floor)
    assert first.leverage == pytest.approx(98.5 / 2.5)
    assert first.sale == pytest.approx(98.5 - 30 * 2.5)
    sale = 23.5
    impact = sale / 20_000 if floor is None else (
        (1 - 0.5 / 0.985) * (1 - math.exp(-sale / ((1 - 0.5) * 20_000))))
    assert first.impact == pytest.approx(impact)
    assert first.equity_after == pytest.approx(2.5 - 75.0 * impact - 0.5 * 23.5 * impact)
