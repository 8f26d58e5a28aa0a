"""Distance to a call: closed forms where there are any, search where there are none."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from tests.rules.securities_books import ACCOUNT, EXPIRY, ON, bond, book, market, option, stock
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms
from workstation.measures.distance import IN_CALL, first_shortfall, moved, unit_moves
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.volatility import implied_volatilities
from workstation.rulebooks import registry
from workstation.workspace import standing
from workstation.workspace.standing import DistanceCache

D = Decimal


def stands(cash, *positions, rows=(), account_type=AccountType.REG_T, cache=None):
    account = replace(ACCOUNT, cash=D(cash), account_type=account_type)
    made = replace(book(positions, *(rows or (market(),))), accounts=(account,))
    holdings, rules = resolve(made), RuleSet(ON)
    silos = registry.silos(made, holdings, rules)
    found, = standing.standing(made, holdings, implied_volatilities(holdings).volatility, silos,
                               rules, cache)
    return found


def test_long_and_short_stock_against_the_closed_form():
    long = stands(-5000, stock(100, 100)).distance
    assert float(long.down) == pytest.approx(5000 / 0.75 / 10000 - 1, abs=1e-3)
    assert long.up is None
    short = stands(15000, stock(-100, 100)).distance
    assert float(short.up) == pytest.approx(15000 / 1.3 / 10000 - 1, abs=1e-3)
    assert short.nearest == short.up


def test_portfolio_margin_against_the_closed_form():
    found = stands(-60000, stock(1000, 100), account_type=AccountType.PORTFOLIO_MARGIN).distance
    assert float(found.down) == pytest.approx(60000 / 0.85 / 100000 - 1, abs=1e-3)


def test_a_leveraged_fund_moves_by_its_factor():
    found = stands(-2500, stock(100, 100), rows=(market(leverage=3),)).distance
    # Maintenance is three times 25 %: the call comes at a price of 100, at once.
    assert float(found.down) == pytest.approx((2500 / 0.25 / 10000 - 1) / 3, abs=1e-3)
    assert unit_moves(resolve(book([stock(1, 100)], market(leverage=-2)))).tolist() == [-2]


def test_at_the_distance_found_the_account_is_in_call_and_just_inside_it_is_not():
    held = [stock(300, 100), option(-3, "C", 110, 2), option(-5, "P", 90, 2)]
    made = replace(book(held, market()), accounts=(replace(ACCOUNT, cash=D(-15500)),))
    holdings, rules = resolve(made), RuleSet(ON)
    vol = implied_volatilities(holdings).volatility
    found = stands(-15500, *held).distance
    move = float(found.down)
    assert -0.3 < move < 0

    def excess(move):
        after, profit = moved(holdings, vol, np.full(len(holdings), move))
        answer = registry.account_margin(made.accounts[0], after, rules)
        equity = -15500 + 30000 - 600 - 1000 + profit
        return (equity - float(answer.maintenance.amount) + float(answer.on_maintenance.credited)
                - float(answer.on_maintenance.valued_down))

    assert excess(move) < 0
    assert excess(move + 0.002) > 0


def test_moved_prices_are_the_profits():
    held = [stock(100, 100), option(2, "C", 105, 3), bond(1000, 99)]
    holdings = resolve(book(held, market()))
    vol = implied_volatilities(holdings).volatility
    after, profit = moved(holdings, vol, unit_moves(holdings) * -0.1)
    before_value = sum(float(p.value) for p in holdings.positions)
    assert profit == pytest.approx(sum(float(p.value) for p in after.positions) - before_value)
    assert after.positions[0].price == 90
    assert after.positions[2] is holdings.positions[2]
    assert after.market.underlying("XYZ").price == 90
    assert resolve(replace(book(held, market()), positions=after.positions,
                           market=after.market)).price == pytest.approx(after.price)


def test_futures_gains_reach_equity_without_being_positions_of_value():
    future = Position("A1", Instrument("ESZ6", AssetClass.FUTURE, "ES", multiplier=D(50),
                                       terms=FutureTerms("ES", EXPIRY)), D(1), D(5000), "")
    found = stands(30000, future, rows=(market(5000, "ES"),), account_type=AccountType.FUTURES)
    if found.distance.note != IN_CALL:
        required = float(found.tests[0].required.amount)
        assert float(found.distance.down) == pytest.approx(
            -(30000 - required) / 250000, abs=1e-3)


def test_an_account_in_call_and_one_that_cannot_move():
    called = stands(-9000, stock(100, 100)).distance
    assert (called.down, called.note) == (0, IN_CALL)
    still = stands(0, bond(1000, 99)).distance
    assert still.nearest is None
    assert still.note


def test_a_remembered_distance_is_searched_again_only_after_an_edit(monkeypatch):
    calls = []
    real = standing.distance_of
    monkeypatch.setattr(standing, "distance_of", lambda *a: calls.append(1) or real(*a))
    cache = DistanceCache()
    first = stands(-5000, stock(100, 100), cache=cache)
    assert stands(-5000, stock(100, 100), cache=cache) == first
    assert len(calls) == 1
    stands(-5000, stock(101, 100), cache=cache)
    assert len(calls) == 2
    monkeypatch.setattr(standing, "MOST_POSITIONS", 0)
    assert "not searched" in stands(-5000, stock(101, 100), cache=cache).distance.note


def test_search_finds_the_first_of_several_crossings():
    assert first_shortfall(lambda m: 0.05 - abs(m), -1) == pytest.approx(-0.05, abs=1e-3)
    assert first_shortfall(lambda m: 1.0, 1) is None
    found = first_shortfall(lambda m: (m - 0.05) * (m - 0.4) + 1e-3, 1)
    assert found == pytest.approx(0.0528, abs=1e-3)
