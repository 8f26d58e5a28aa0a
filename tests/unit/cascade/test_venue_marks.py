"""A factor that leaves its index at one venue: who is marked there, and what it adds up to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.cascade.accounts import account, ground_of, share
from tests.unit.cascade.test_dynamic import MECHANICS, MEDIUM, SCENE
from tests.unit.cascade.test_settlement import IN_TURN, PAIRS, TWO
from workstation.base.problem import UnusableInputError
from workstation.base.vocabulary import AccountType
from workstation.cascade.dynamic import run
from workstation.cascade.dynamic_client import Asked, dynamic_cascade
from workstation.cascade.venue_marks import checked

MARKS = st.lists(st.floats(0.5, 1.5), min_size=8, max_size=8)


def test_two_accounts_by_hand():
    """Both hold 1,000 at 100 against 88,000 of debt and owe a tenth; at A's venue it is 97.

    A: 97,000 - 88,000 = 9,000 against 9,700; it sells (10,670 - 9,000) / 10,670 = 156.514 at 97.
    The buyer has what is worth 100. B stands at 100 and is not called.
    """
    scene = replace(TWO, positions=np.array([[1000.0, 0.0], [1000.0, 0.0]]), relief=None,
                    cash=np.array([-88000.0, -88000.0]), marks=np.array([[0.97, 1.0], [1.0, 1.0]]))
    out = run(scene, np.zeros(2), replace(IN_TURN, path=None))
    first = out.steps[0]
    assert first.equity.tolist() == pytest.approx([9000.0, 12000.0])
    assert first.margin.tolist() == pytest.approx([9700.0, 10000.0])
    assert first.calls.tolist() == pytest.approx([700.0, 0.0])
    assert first.traded.tolist() == pytest.approx([-156.513590, 0.0])
    assert out.cash.tolist() == pytest.approx([-88000.0 + 15181.818182, -88000.0])
    assert out.provider_positions.tolist() == pytest.approx([156.513590, 0.0])
    assert out.provider_cash == pytest.approx(-15181.818182)
    assert out.direct_loss.tolist() == pytest.approx([3000.0, 0.0])
    assert out.total_loss.tolist() == pytest.approx([3000.0, 0.0])


@settings(max_examples=60)
@given(MARKS, st.floats(-0.5, 2.0), st.integers(0, 30), st.integers(1, 6))
def test_inventory_cash_and_value_are_conserved(marks, multiple, lag, parts):
    marked = np.array(marks).reshape(4, 2)
    scene = replace(SCENE, relief=PAIRS, marks=marked, settlement=np.array([lag, lag, 0, 0]))
    out = run(scene, multiple * MEDIUM, replace(MECHANICS, ramp=parts))
    left = out.positions / marked
    assert np.sum(left, axis=0) + out.provider_positions == pytest.approx(
        np.sum(SCENE.positions, axis=0), abs=1e-9)
    assert np.sum(out.cash) + out.provider_cash == pytest.approx(np.sum(SCENE.cash), rel=1e-12)
    provider = out.provider_cash + out.provider_positions @ out.prices
    apart = float(np.sum((marked - 1.0) * left * out.prices))
    whole = np.sum(SCENE.cash) + np.sum(SCENE.positions, axis=0) @ out.prices
    assert np.sum(out.equity) + provider - apart == pytest.approx(whole, rel=1e-9, abs=1e-4)


@given(st.floats(-0.5, 2.0))
def test_a_mark_at_the_index_is_the_run_without(multiple):
    plain, same = (run(replace(SCENE, relief=PAIRS, marks=marks), multiple * MEDIUM, MECHANICS)
                   for marks in (None, np.ones((4, 2))))
    assert plain.prices.tolist() == same.prices.tolist()
    assert plain.equity.tolist() == same.equity.tolist()
    assert plain.provider_positions.tolist() == same.provider_positions.tolist()


def test_a_sale_at_a_marked_venue_moves_the_index_by_its_quantity():
    """The same quantity sold elsewhere moves it as far; what it brings is a tenth less."""
    scene = replace(SCENE, positions=SCENE.positions[:1], cash=np.array([-1e6]))
    there = replace(scene, marks=np.array([[0.9, 0.9]]))
    at_index, marked = (run(s, MEDIUM, MECHANICS) for s in (scene, there))
    assert marked.prices == pytest.approx(at_index.prices, rel=1e-12)
    assert marked.proceeds == pytest.approx(0.9 * at_index.proceeds, rel=1e-12)


ACCOUNTS = (account("A", -70000), account("V", -28000, "Deep", AccountType.CRYPTO_VENUE))
HELD = (share("A", "AAA", 1000), share("V", "BTC", 1))


def _ground(*moves):
    _, _, ground = ground_of(ACCOUNTS, HELD, {"A": 15000, "V": 20000})
    return replace(ground, venue_moves=checked(ground, moves))


def test_the_result_names_who_is_called_for_the_mark_alone():
    shock = {"AAA": -0.01}
    without = dynamic_cascade(_ground(), shock, "custom")
    nothing = dynamic_cascade(_ground(("deep", "btc", 0.0)), shock, "custom")
    got = dynamic_cascade(_ground(("deep", "btc", -0.3)), shock, "custom")
    assert without.calls == nothing.calls == ()
    assert without.steps == nothing.steps
    assert {call.account for call in got.calls} == {"V"}
    assert "Called only because of them: V." in got.assumptions
    assert got.causes[0].factor == "BTC"
    assert got.causes[0].move == pytest.approx(-0.3)
    by_name = {row.account: row for row in got.account_outcomes}
    assert float(by_name["V"].direct_loss) == pytest.approx(15000)
    assert float(by_name["A"].direct_loss) == pytest.approx(1000)
    assert sum(float(f.direct_loss) for f in got.factor_outcomes) == pytest.approx(16000)
    assert all(abs(residual) < 1e-3 for _, residual in got.invariants)


def test_a_venue_whose_fund_pays_still_adds_up():
    got = dynamic_cascade(_ground(("Deep", "BTC", -0.7)), {"AAA": -0.01}, "custom")
    assert got.steps[1].equity[0] < got.steps[0].equity[0]
    assert "Called only because of them: V." in got.assumptions
    assert all(abs(residual) < 1e-3 for _, residual in got.invariants)


def test_under_a_design_nothing_stands_at_a_venue():
    got = dynamic_cascade(_ground(("Deep", "BTC", -0.7)), {"AAA": -0.01}, "custom",
                          [Asked("one", "One", 15000)], "one")
    assert float(got.direct_loss) == pytest.approx(1000)
    assert any("reach nobody here" in line for line in got.assumptions)


@pytest.mark.parametrize(("move", "sentence"), [
    (("Dep", "BTC", -0.1), "no venue or firm is called 'Dep'"),
    (("Deep", "BTCC", -0.1), "no factor held at Deep is called 'BTCC'"),
    (("Deep", "AAA", -0.1), "no factor held at Deep is called 'AAA'"),
    (("Deep", "BTC", -1.0), "BTC at Deep would have no price")])
def test_what_nobody_holds_is_refused_with_the_nearest_names(move, sentence):
    with pytest.raises(UnusableInputError) as refused:
        _ground(move)
    [problem] = refused.value.problems
    assert sentence in problem.what
    if move[0] == "Dep":
        assert "perhaps Deep" in problem.remedy


def test_one_factor_at_one_venue_moves_once():
    with pytest.raises(UnusableInputError, match="twice"):
        _ground(("Deep", "BTC", -0.1), ("deep", "BTC", -0.2))
