"""Cleared swaps: ladder, past moves, tails, and futures moved beside the swaps."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.crif import CrifRow
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import SwapTerms
from workstation.market.history import History
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import parse_edition
from workstation.rulebooks.cleared_swaps.ladder import (
    Vertex,
    ladder_of,
    moves,
    on_known_vertices,
    profits,
)
from workstation.rulebooks.cleared_swaps.simulation import Settings, scaled_moves, simulated
from workstation.rulebooks.cleared_swaps.with_futures import best_move
from workstation.rulebooks.registry import margin

TODAY = date(2026, 3, 2)
FIVE, TEN = Vertex("USD", "5y"), Vertex("USD", "10y")
ACCOUNT = Account("C", AccountType.CLEARED_SWAPS)
SETTINGS = Settings.of(RuleSet(TODAY).edition("cleared_swaps"))


def history(days=600, seed=4, factors=("USD 5y", "USD 10y")):
    steps = np.random.default_rng(seed).normal(0, 0.0005, (len(factors), days))
    levels = 0.04 + np.cumsum(steps, axis=1)
    dates = tuple(TODAY - timedelta(days=days - i) for i in range(days))
    return History(dates, factors, tuple(map(tuple, levels.tolist())))


def row(tenor, amount, currency="USD", sub="OIS"):
    return CrifRow("C", "RatesFX", "Risk_IRCurve", currency, "", tenor, sub, amount)


def of(book):
    return margin(book, resolve(book), RuleSet(TODAY), "silos").of_account("C")


def test_ladder_nets_sub_curves_and_leaves_other_risks_out():
    rows = [row("5y", 10.0), row("5y", -4.0, sub="Libor3m"),
            CrifRow("C", "RatesFX", "Risk_FX", "EUR", usd=9.0)]
    assert ladder_of(rows) == {FIVE: 6.0}


def test_a_vertex_without_history_is_split_between_its_neighbours():
    known, lost = on_known_vertices(
        {Vertex("USD", "15y"): 8.0, Vertex("SEK", "5y"): 1.0, Vertex("USD", "3y"): 2.0},
        history(10))
    assert known == {TEN: 8.0, FIVE: 2.0}
    assert lost == ["SEK"]


def test_moves_are_in_basis_points_and_skip_gaps():
    levels = History(tuple(TODAY + timedelta(days=i) for i in range(5)), ("USD 5y",),
                     ((0.04, 0.041, None, 0.043, 0.044),))
    assert moves(levels, [FIVE], 1)[0] == pytest.approx([10, 10])
    assert moves(levels, [FIVE], 3)[0] == pytest.approx([30, 30])


def test_profits_with_gamma():
    moved = np.array([[10.0, -10.0]])
    assert profits({FIVE: 3.0}, [FIVE], moved, {FIVE: 0.2}).tolist() == [40, -20]


def test_moves_are_never_scaled_below_the_floor_nor_above_the_cap():
    rng = np.random.default_rng(1)
    moved = np.vstack([rng.normal(0, np.r_[np.full(200, 1.0), np.full(100, 20.0)])])
    factor = scaled_moves(moved, SETTINGS) / moved
    assert factor.min() >= 1 - 1e-12
    assert factor.max() == pytest.approx(3)


def test_margin_mixes_the_two_tails():
    plain, scaled = -np.arange(1.0, 1001.0), -2 * np.arange(1.0, 1001.0)
    got = simulated(plain, scaled, replace(SETTINGS, confidence=0.99, stress_weight=0.25))
    assert (got.plain, got.scaled) == (990, 1980)
    assert got.margin == pytest.approx(0.75 * 1980 + 0.25 * 990)


def test_account_from_rows_and_from_its_own_swap():
    market = Market(history=history())
    found = of(Book("b", TODAY, (ACCOUNT,), (), market, crif=(row("5y", 1000.0),)))
    moved = moves(market.history, [FIVE], 5)
    expected = simulated(1000 * moved[0], 1000 * scaled_moves(moved, SETTINGS)[0], SETTINGS)
    assert float(found.maintenance.amount) == pytest.approx(expected.margin + 250)
    assert [p.label for p in found.maintenance.parts][-1] == "Liquidity add-on (estimate)"
    swap = Position("C", Instrument("IRS", AssetClass.CLEARED_SWAP, "USD IRS", terms=SwapTerms(
        Decimal(1_000_000), Decimal("0.04"), "receive", date(2031, 3, 1))), Decimal(1), None, "P!2")
    own = of(Book("b", TODAY, (ACCOUNT,), (swap,), market))
    assert own.regime == "cleared-swaps-var"
    assert own.complete
    assert own.maintenance.amount > 0


def test_without_history_the_account_says_so():
    for market, what in ((Market(), "no history of USD rates"),
                         (Market(history=history(100)), "fewer than 250")):
        found = of(Book("b", TODAY, (ACCOUNT,), (), market, crif=(row("5y", 1.0),)))
        assert found.maintenance.amount == 0
        assert what in found.excluded[0].what


def tail(profit):
    return max(0.0, float(np.sort(-profit)[-3]))


def test_futures_that_hedge_the_swaps_are_moved():
    moved = np.random.default_rng(2).normal(0, 10, 500)
    got = best_move(1000.0 * moved, 50.0 * moved, -100, 300.0, tail)
    assert got.contracts == -20
    assert got.together == pytest.approx(80 * 300)
    assert got.offset == pytest.approx(tail(1000 * moved) + 100 * 300 - 24_000)


@settings(max_examples=40, deadline=None)
@given(st.integers(-60, 60), st.floats(-2000, 2000), st.floats(0, 500))
def test_the_search_finds_the_best_number_and_never_costs(contracts, dv01, outright):
    moved = np.random.default_rng(3).normal(0, 10, 200)
    swaps, future = dv01 * moved, 50.0 * moved
    got = best_move(swaps, future, contracts, outright, tail)
    sign = 1 if contracts >= 0 else -1
    every = [tail(swaps + sign * n * future) + outright * (abs(contracts) - n)
             for n in range(abs(contracts) + 1)]
    assert got.together == pytest.approx(min(every))
    assert got.offset >= 0


def test_a_credit_add_on_is_a_line_of_its_own_where_one_is_set():
    book = Book("b", TODAY, (ACCOUNT,), (), Market(history=history()), crif=(row("5y", 1e4),))
    overlay = parse_edition("""rule = "Cleared swaps margin"
edition = "own"
effective = 2020-01-01
source = "own"
[parameter.credit_share]
value = 0.1
unit = "of the tails"
paragraph = ""
standing = "house"
""", Path("own.toml"))
    plain = of(book).maintenance
    with_credit = margin(book, resolve(book), RuleSet(TODAY, (overlay,)), "silos").of_account(
        "C").maintenance
    added = with_credit.parts[-1]
    assert added.label == "Credit add-on (estimate)"
    assert added.amount == (plain.parts[0].amount + plain.parts[1].amount) * Decimal("0.1")
    assert with_credit.amount == plain.amount + added.amount
