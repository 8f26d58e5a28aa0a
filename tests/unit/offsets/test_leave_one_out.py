"""Risk without each holding, walked up one path, equals the risk of trees grown without it."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.harmonised.books import assessed, book, correlated, future, option, stock
from workstation.harmonised.design import shipped, with_knob
from workstation.harmonised.revaluation import in_outcomes, without_history
from workstation.harmonised.tree import scan_requirement
from workstation.measures.tails import Tail
from workstation.offsets.attribution import contributions

HISTORY = correlated({"SPX": 0.97, "QQQ": 0.95, "IWM": 0.9, "BTC": 0.5, "ETH": 0.45}, 500)
DESIGNS = ("single-account-scan", "full-netting", "crypto-included", "crypto-separate",
           "stable-offsets-only", "stressed-es", "filtered-hs-apc", "two-model")
HELD = (
    stock("PM", "SPY", 1, "etf"), stock("PM2", "SPY", 1, "etf"), stock("PM", "QQQ", 1, "etf"),
    stock("PM", "IWM", 1, "etf"), stock("PM", "AAPL", 1), stock("PM2", "MSFT", 1),
    stock("PM", "IBIT", 1, "etp"), stock("PM", "ETH", 1, "crypto"),
    future("F", "ES", "SPX", 1, 50, "5000"), option("PM", "SPY", "P", "480", 1, "6"),
    option("PM", "SPY", "C", "520", 1, "5"), option("PM2", "AAPL", "C", "210", 1, "4"))
SIZES = st.lists(st.integers(-900, 900), min_size=len(HELD), max_size=len(HELD))


def held(sizes):
    scale = [1, 1, 1, 1, 1, 1, 5, 2, 0.02, 0.05, 0.05, 0.05]
    return [replace(p, quantity=Decimal(round(q * k)), where=f"A{n}")
            for n, (p, q, k) in enumerate(zip(HELD, sizes, scale, strict=True)) if round(q * k)]


def designed(name, **knobs):
    made = shipped()[name]
    if "copula.draws" in made.knobs:
        made = with_knob(made, "copula.draws", 200)
    for knob, value in knobs.items():
        made = with_knob(made, knob.replace("__", "."), value)
    return made


def regrown(a, row):
    """Return the requirement of trees grown from everything but one position."""
    rows = [tuple(r for r in members if r != row) for members in a.slots.rows]
    kept = [i for i, members in enumerate(rows) if members]
    profile = a.slots.profile.copy()
    slot = next(i for i, members in enumerate(a.slots.rows) if row in members)
    profile[slot] -= a.scan.pnl[row] if a.revalued is None else in_outcomes(
        a.revalued, a.scan.root[[row]], a.revalued.pnl[[row]])[0]
    apart = a.revalued is not None and without_history(a.scan, a.revalued.simulation)[row]
    rest = replace(a.slots, leg=a.slots.leg[kept], account=a.slots.account[kept],
                   unit=a.slots.unit[kept], profile=profile[kept],
                   alone=a.slots.alone - a.scan.alone[row] * apart,
                   rows=tuple(rows[i] for i in kept),
                   standing=tuple(a.slots.standing[i] for i in kept))
    return scan_requirement(a.scan, rest, a.rates)


@settings(max_examples=25, deadline=None)
@given(SIZES, st.sampled_from(DESIGNS), st.booleans(), st.sampled_from([0.0, 0.6, 1.0]))
def test_released_is_what_regrown_trees_need_less(sizes, name, tested, group):
    positions = held(sizes)
    if not positions:
        return
    a = assessed(book(positions, history=HISTORY), designed(
        name, tests__required=tested, offsets__product_group=group))
    assert not a.refused
    whole = scan_requirement(a.scan, a.slots, a.rates)
    for row, found in enumerate(contributions(a)):
        if found.released is None:
            continue
        assert float(found.released) == pytest.approx(
            whole - regrown(a, row), rel=1e-9, abs=1e-6), (name, found)


@settings(max_examples=20, deadline=None)
@given(SIZES, st.sampled_from(DESIGNS))
def test_euler_shares_of_positions_add_up_to_the_risk(sizes, name):
    positions = held(sizes)
    if not positions:
        return
    a = assessed(book(positions, history=HISTORY), designed(name))
    assert not a.refused
    whole = scan_requirement(a.scan, a.slots, a.rates)
    shares = sum(float(row.euler) for row in contributions(a) if row.euler is not None)
    assert shares == pytest.approx(whole, rel=1e-9, abs=1e-4)


def test_figures_stand_in_book_order_and_name_their_cell():
    positions = [*held([100] * len(HELD)), replace(stock("PM", "GONE", 5), price=None)]
    rows = contributions(assessed(book(positions, history=HISTORY), "full-netting"))
    assert [row.where for row in rows] == [p.where for p in positions]
    assert (rows[-1].euler, rows[-1].released) == (None, None)
    assert all(row.released is not None for row in rows[:-1])
    assert contributions(assessed(book(positions, history=HISTORY), "today")) == ()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.floats(0, 1), st.booleans(), st.integers(0, 2**32 - 1))
def test_a_tail_without_each_row_is_the_tail_of_what_is_left(outcomes, share, weighted, seed):
    rng = np.random.default_rng(seed)
    profits, brought = rng.normal(size=outcomes), rng.normal(size=(4, outcomes))
    chances = rng.uniform(0.1, 1, outcomes)
    tail = Tail(share, chances / chances.sum() if weighted else None)
    found = tail.losses_without(profits, brought)
    for loss, row in zip(found, brought, strict=True):
        assert loss == pytest.approx(tail.loss(profits - row), rel=1e-9, abs=1e-12)
