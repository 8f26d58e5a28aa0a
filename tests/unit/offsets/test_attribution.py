"""Euler shares add up to the risk; marginal figures are true leave-one-out differences."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.harmonised.books import assessed, book, correlated, future, stock
from workstation.harmonised.design import shipped, with_knob
from workstation.offsets.attribution import ROUNDING, attribution

HISTORY = correlated({"SPX": 0.97, "QQQ": 0.95, "BTC": 0.5}, 500)
METHODS = ("scan", "historical", "simulated")


def macro(sizes=(1000, -900, 2000, -1)):
    positions = [stock("PM", "SPY", 1, "etf"), stock("PM", "QQQ", 1, "etf"),
                 stock("PM", "IBIT", 1, "etp"), future("F", "ES", "SPX", 1, 50, "5000")]
    return [replace(p, quantity=Decimal(q)) for p, q in zip(positions, sizes, strict=True)]


def design(method, base="single-account-scan"):
    return with_knob(with_knob(shipped()[base], "method", method), "copula.draws", 400)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-2000, 2000), min_size=4, max_size=4), st.sampled_from(METHODS),
       st.sampled_from(["single-account-scan", "full-netting"]))
def test_euler_shares_add_up_to_the_risk(sizes, method, base):
    a = assessed(book(macro(sizes), history=HISTORY), design(method, base))
    rows = attribution(a)
    assert float(sum(row.euler for row in rows)) == pytest.approx(
        float(a.scan_risk.amount), rel=1e-9, abs=1e-4)
    assert all(abs(row.euler) < Decimal("0.0001") for row in rows if row.name == ROUNDING)


def test_a_hedge_brings_less_than_nothing_and_closing_it_costs():
    a = assessed(book([macro()[0], macro()[3]]), "full-netting")
    by_name = {row.name: row for row in attribution(a)}
    assert by_name["SPX future"].euler == Decimal(-20_000)
    assert by_name["SPX future"].marginal == Decimal(-20_000)
    assert by_name["SPY cash"].euler == Decimal(40_000)
    assert by_name["SPY cash"].marginal == Decimal(5_000)


def test_marginal_is_the_difference_without_the_holding():
    whole, rest = assessed(book(macro()), "full-netting"), assessed(book(macro()[1:]),
                                                                    "full-netting")
    row = next(r for r in attribution(whole) if r.name == "SPY cash")
    assert float(row.marginal) == pytest.approx(
        float(whole.scan_risk.amount - rest.scan_risk.amount), abs=1e-6)


def test_today_is_not_attributed():
    assert attribution(assessed(book(macro()), "today")) == ()
