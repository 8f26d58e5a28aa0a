"""Reverse stress: the first multiple at which each event begins, against sums done by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.lab.reverse import CALL, GRID, SHORT, SPENT, UNCOVERED, reverse_stress
from workstation.measures.stressed import AfterShock, CalledAccount


def after(equity, silos, *, free=None, excess=None, call=0, designs=()):
    accounts = () if excess is None else (CalledAccount(
        "A", "reg-t", "Maintenance", Decimal(str(equity)), Decimal(str(silos)),
        Decimal(str(excess)), Decimal(str(call))),)
    return AfterShock(
        "s", "direction", Decimal(100), Decimal(str(equity)), Decimal(50), Decimal(str(silos)),
        tuple((n, Decimal(str(v))) for n, v in designs), accounts,
        None if free is None else Decimal(str(free)))


def by_event(found):
    return {(r.event, r.regime): r for r in found}


def test_straight_lines_meet_where_a_pencil_says():
    # equity 100 - 40 m against 60: 1; against 20 + 10 m: 80 / 50; nothing left: 2.5
    found = by_event(reverse_stress("down", lambda m: after(
        100 - 40 * m, 60, excess=40 - 40 * m, call=max(0.0, 40 * m - 40),
        free=30, designs=(("d", 20 + 10 * m),)), [("SPX", -0.1)]))
    assert found[SHORT, "today, silos"].multiple == pytest.approx(1.0, abs=1e-3)
    assert found[SHORT, "d"].multiple == pytest.approx(1.6, abs=1e-3)
    assert found[CALL, "today, silos"].multiple == pytest.approx(1.0, abs=1e-3)
    assert found[UNCOVERED, "today, silos"].multiple == pytest.approx(1.75, abs=1e-3)
    assert found[SPENT, ""].multiple == pytest.approx(2.5, abs=1e-3)
    moves = dict(found[SHORT, "d"].moves)
    assert moves["SPX"] == pytest.approx(-0.16, abs=1e-4)
    assert found[SHORT, "d"].why.startswith("equity 36 against 36 of the requirement of d")


def test_events_are_sorted_and_what_never_happens_comes_last():
    found = reverse_stress("up", lambda m: after(100 - 10 * m, 95, free=1000), [])
    assert [(r.event, r.multiple is None) for r in found] == [
        (SHORT, False), (UNCOVERED, True), (SPENT, True)]
    assert found[-1].searched == GRID[-1]


def test_what_holds_before_any_move_is_said_as_zero():
    found = by_event(reverse_stress("any", lambda m: after(40, 60), []))
    assert found[SHORT, "today, silos"].multiple == 0.0


def test_the_first_of_two_crossings_counts():
    # short between 0.5 and 1.1, sound again, short from 2.2 on
    def left(m):
        return -5 if 0.5 < m < 1.1 or m > 2.2 else 5

    found = by_event(reverse_stress("wave", lambda m: after(60 + left(m), 60), []))
    assert found[SHORT, "today, silos"].multiple == pytest.approx(0.5, abs=2e-3)


@given(st.floats(0.05, 2.95), st.floats(1.0, 1000.0), st.floats(0.2, 3.0))
def test_curves_are_narrowed_to_a_thousandth_in_few_steps(root, scale, power):
    tried = []

    def evaluate(m):
        tried.append(m)
        gap = root ** power - m ** power
        return after(60 + scale * gap, 60)

    found = by_event(reverse_stress("curve", evaluate, []))
    multiple = found[SHORT, "today, silos"].multiple
    assert root - 1e-9 <= multiple <= root + 1.1e-3
    assert len(tried) <= len(GRID) + 24
