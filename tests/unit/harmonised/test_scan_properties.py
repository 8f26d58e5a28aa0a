"""The properties that every hierarchical scan must have, over random books."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.unit.harmonised.books import (
    account,
    assessed,
    book,
    correlated,
    future,
    option,
    perpetual,
    silos,
    stock,
)
from workstation.harmonised.design import shipped, with_knob
from workstation.harmonised.levels import Level
from workstation.harmonised.rates import Rates
from workstation.harmonised.scan import scan_points
from workstation.harmonised.tree import scan_requirement, trees

HISTORY = correlated({"SPX": 0.97, "QQQ": 0.97, "IWM": 0.9, "AAPL": 0.9, "MSFT": 0.9,
                      "IBIT": 0.95, "ETH": 0.93, "GLD": 0.2})
SHARES = st.sampled_from(["SPY", "QQQ", "IWM", "AAPL", "MSFT", "IBIT", "GLD"])
SIZES = st.integers(-900, 900).filter(bool)


@st.composite
def holdings(draw, least=1, most=9, one_account_each=False):
    made = []
    for i in range(draw(st.integers(least, most))):
        owner = f"A{i}" if one_account_each else draw(st.sampled_from(["A", "B", "C"]))
        size = draw(SIZES)
        made.append(draw(st.sampled_from([
            stock(owner, draw(SHARES), size),
            future(owner, "ES", "SPX", size, 50, "5000"),
            perpetual(owner, "ETH", size, "3000"),
            option(owner, "SPY", draw(st.sampled_from("CP")),
                   draw(st.sampled_from(["480", "500", "530"])), size, "10")])))
    return [replace(p, where=f"P!{i}") for i, p in enumerate(made)]


def scan_only(design):
    """Switch off whatever depends on size rather than on offsets."""
    for knob, value in (("concentration.adv_share", 0), ("short_option_minimum", 0),
                        ("cap.reduction", 1), ("floor.largest_silo", 0)):
        design = with_knob(design, knob, value)
    for kind in ("equity", "crypto", "rates", "credit", "commodity", "currency", "cash"):
        design = with_knob(design, f"basis.{kind}", 0)
    return design


def no_offsets():
    design = scan_only(shipped()["full-netting"])
    for knob in ("same_underlying", "product_group", "asset_class", "book"):
        design = with_knob(design, f"offsets.{knob}", 0)
    return with_knob(design, "legal.scope", "account")


CONSERVATIVE = scan_only(shipped()["single-account-scan"])
OPEN = with_knob(with_knob(CONSERVATIVE, "offsets.asset_class", 0.8), "offsets.book", 0.5)


def required(positions, design=CONSERVATIVE):
    return float(assessed(book(positions, history=HISTORY), design).margin.requirement.amount)


def test_scan_points_are_equidistant_without_zero():
    assert scan_points(0.08, 0.06, 10) == pytest.approx(
        [-0.08, -0.064, -0.048, -0.032, -0.016, 0.012, 0.024, 0.036, 0.048, 0.06])


@settings(max_examples=30, deadline=None)
@given(holdings())
def test_doubling_every_position_doubles_the_requirement(positions):
    doubled = [p.resized(2 * p.quantity) for p in positions]
    assert required(doubled, OPEN) == pytest.approx(2 * required(positions, OPEN), rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(holdings(one_account_each=True))
def test_without_offsets_and_one_account_a_position_it_is_the_sum_of_stand_alones(positions):
    alone = sum(required([p], no_offsets()) for p in positions)
    assert required(positions, no_offsets()) == pytest.approx(alone, rel=1e-9, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(SHARES, st.integers(1, 900)), min_size=1, max_size=8))
def test_long_only_books_pay_the_gross_sum_whatever_offsets(longs):
    positions = [replace(stock("A", s, q), where=f"P!{i}") for i, (s, q) in enumerate(longs)]
    assessment = assessed(book(positions), scan_only(shipped()["full-netting"]))
    gross = crossed_gross(positions)
    assert float(assessment.margin.requirement.amount) == pytest.approx(gross, rel=1e-9)
    assert assessment.scan.gross == pytest.approx(gross, rel=1e-9)


def crossed_gross(positions):
    down = {"SPY": 0.08, "QQQ": 0.10, "IWM": 0.10, "AAPL": 0.15, "MSFT": 0.15, "IBIT": 0.25,
            "GLD": 0.10}
    return sum(float(p.value) * down[p.instrument.symbol] for p in positions)


@settings(max_examples=30, deadline=None)
@given(holdings(least=2), st.randoms(use_true_random=False))
def test_the_order_of_positions_does_not_matter(positions, random):
    mixed = list(positions)
    random.shuffle(mixed)
    assert required(mixed, OPEN) == pytest.approx(required(positions, OPEN), rel=1e-9, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(holdings(least=2), st.data())
def test_granting_one_more_offset_never_raises_the_requirement(positions, data):
    a = assessed(book(positions, history=HISTORY), OPEN)
    sets = [(level, siblings) for tree in a.trees for level, siblings in tree.nodes
            if len(siblings) > 1 and level is not Level.SAME_UNDERLYING]
    assume(sets)
    level, siblings = data.draw(st.sampled_from(sets))
    one, other = data.draw(st.permutations([node.index for node in siblings]))[:2]
    key = (level, min(one, other), max(one, other))
    before = a.rates.pair(level, one, other)
    more = a.rates.switching({key: data.draw(st.floats(before, 1.0))})
    base = scan_requirement(a.scan, a.slots, a.rates.switching({key: before}))
    assert scan_requirement(a.scan, a.slots, more) <= base * (1 + 1e-12) + 1e-9


@settings(max_examples=40, deadline=None)
@given(holdings(least=2), st.sampled_from(list(Level)), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_ceiling_never_raises_the_requirement(positions, level, one, other):
    a = assessed(book(positions), "full-netting")
    low, high = sorted((one, other))
    base = {Level.SAME_UNDERLYING: 1.0, Level.PRODUCT_GROUP: 0.7, Level.ASSET_CLASS: 0.4,
            Level.BOOK: 0.2}
    requirements = [scan_requirement(a.scan, a.slots, Rates({**base, level: share}))
                    for share in (low, high)]
    assert requirements[1] <= requirements[0] * (1 + 1e-12) + 1e-9


@settings(max_examples=30, deadline=None)
@given(holdings())
def test_full_netting_is_the_worst_point_of_the_plain_sum(positions):
    a = assessed(book(positions), scan_only(shipped()["full-netting"]))
    expected = max(0.0, -a.scan.pnl.sum(axis=0).min())
    assert float(a.margin.requirement.amount) == pytest.approx(expected, rel=1e-9, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(holdings())
def test_the_tree_of_amounts_equals_the_scan_it_explains(positions):
    a = assessed(book(positions, history=HISTORY), OPEN)
    plain = sum(tree.requirement for tree in trees(a.scan, a.slots, a.rates))
    assert float(a.scan_risk.amount) == pytest.approx(plain, rel=1e-9, abs=1e-6)
    assert a.margin.requirement.amount == (
        a.scan_risk.amount + a.add_ons.amount + a.limits.amount)


@settings(max_examples=20, deadline=None)
@given(holdings())
def test_today_repeats_the_silos_exactly(positions):
    of = book(positions)
    today = silos(of, "0.1337")
    answer = assessed(of, "today", today).margin
    assert answer.requirement == today.maintenance
    assert answer.requirement.amount == sum(
        (a.maintenance.amount for a in today.accounts), Decimal(0))


def test_accounts_of_an_ineligible_type_stand_apart():
    accounts = [account("A"), account("V", "crypto_venue", venue="deribit")]
    positions = [stock("A", "IBIT", 1000, "etp"), perpetual("V", "BTC", -0.5, "90000")]
    of = book(positions, accounts)
    apart = assessed(of, CONSERVATIVE)
    assert float(apart.scan_risk.amount) == pytest.approx(0.25 * (50_000 + 45_000))
    together = assessed(of, with_knob(CONSERVATIVE, "legal.ineligible_accounts", []))
    assert float(together.scan_risk.amount) == pytest.approx(0.25 * 5_000)


def test_programmes_let_margin_cross_inside_one_programme_only():
    design = with_knob(CONSERVATIVE, "legal.scope", "programmes")
    positions = [stock("A", "SPY", 100, "etf"), future("B", "ES", "SPX", -1, 50, "5000"),
                 stock("C", "SPY", -100, "etf")]
    accounts = [account("A", programme="p"), account("B", programme="p"), account("C")]
    answer = assessed(book(positions, accounts), design)
    assert float(answer.scan_risk.amount) == pytest.approx(0.06 * 200_000 + 0.06 * 50_000)


def test_ineligible_products_and_classes_stand_apart_inside_their_account():
    positions = [stock("A", "IBIT", 1000, "etp"), perpetual("A", "BTC", -0.5, "90000")]
    for knob, value in (("listed.ineligible_products", ["perpetual"]),
                        ("listed.ineligible_classes", ["crypto"])):
        answer = assessed(book(positions), with_knob(CONSERVATIVE, knob, value))
        expected = 0.25 * (50_000 + 45_000) if "products" in knob else 0.25 * 5_000
        assert float(answer.scan_risk.amount) == pytest.approx(expected)


def test_a_root_that_rises_as_its_group_falls_pairs_by_meaning():
    positions = [stock("A", "VXX", 1000, "etf"), stock("A", "SPY", 1, "etf")]
    a = assessed(book(positions), "full-netting")
    vix = a.scan.holdings.positions.index(positions[0])
    assert a.scan.moves[vix, 0] == pytest.approx(0.60)
    assert np.all(np.diff(a.scan.moves[vix]) < 0)


def test_leverage_multiplies_the_move_and_never_loses_more_than_everything():
    positions = [stock("A", "TQQQ", 10, "etf"), stock("A", "BITX", 10, "etf")]
    design = with_knob(CONSERVATIVE, "scan.crypto_large.down", 0.6)
    pnl = assessed(book(positions), design).scan.pnl
    assert pnl[0, 0] == pytest.approx(-0.30 * 1000)
    assert pnl[1, 0] == pytest.approx(-1000)
