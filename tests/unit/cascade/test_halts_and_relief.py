"""Circuit breakers in force, halts on the client's run, and how calls are shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.cascade.accounts import MARKET, TODAY, account, ground_of, share
from workstation.base.resources import resource_root
from workstation.base.vocabulary import UnderlyingClass
from workstation.cascade.circuit_breakers import breakers, faults
from workstation.cascade.dynamic_client import dynamic_cascade
from workstation.cascade.halts import Breaker, HaltClock
from workstation.cascade.relief import Pools, Relief, meet
from workstation.market.market import Underlying
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import parse_edition, read_edition

EDITION = resource_root() / "parameters" / "circuit_breakers" / "2013-04-08.toml"
WITH_INDEX = replace(MARKET, underlyings={**MARKET.underlyings, "SPX": Underlying(
    "SPX", Decimal(6000), adv=Decimal(40000), annual_volatility=Decimal("0.16"),
    underlying_class=UnderlyingClass.BROAD_INDEX_HIGH_CAP)})


def test_levels_are_those_of_the_market():
    found = breakers(RuleSet(TODAY), ("AAA", "BTC", "SPX"),
                     {"AAA": "equity", "BTC": "crypto", "SPX": "equity"}, ("AAA",), 26)
    assert [(b.level, b.steps, b.watched, b.halted) for b in found] == [
        (0.07, 1, 2, (0, 2)), (0.13, 1, 2, (0, 2)), (0.20, None, 2, (0, 2)), (0.05, 1, 0, (0,))]


def test_before_the_first_edition_nothing_halts():
    assert breakers(RuleSet(date(2008, 10, 15)), ("SPX",), {"SPX": "equity"}, (), 26) == ()


def test_overlapping_levels_are_named():
    assert faults(read_edition(EDITION)) == ()
    text = EDITION.read_text("utf-8").replace("level = 0.13", "level = 0.07")
    [fault] = faults(parse_edition(text, EDITION))
    assert "level 2" in fault.what
    assert "overlaps" in fault.what
    wrong = EDITION.read_text("utf-8").replace("level = 0.05", "level = 1.5")
    assert len(faults(parse_edition(wrong, EDITION))) == 1


def test_a_breaker_goes_off_once_and_level_three_lasts_to_the_end_of_the_day():
    clock = HaltClock((Breaker("M", 0.07, 1, 0, (0, 1)), Breaker("M", 0.20, None, 0, (1,))), 26,
                      np.zeros(2, dtype=np.int64))
    clock.start(np.array([0.08, 0.0]), 3)
    assert clock.now.tolist() == [True, True]
    clock.pass_step()
    clock.start(np.array([0.25, 0.0]), 4)
    assert clock.left.tolist() == [0, 22]
    assert [halt.steps for halt in clock.happened] == [1, 22]


def test_halted_shares_wait_while_crypto_sells_and_the_orphan_is_reported():
    held = (share("A", "AAA", 1000), share("A", "BTC", 1))
    _, _, ground = ground_of((account("A", -125000),), held, {"A": 20000}, market=WITH_INDEX)
    got = dynamic_cascade(ground, {"AAA": -0.12, "BTC": -0.2, "SPX": -0.08}, "custom")
    first, second = got.steps[1], got.steps[2]
    names = {name: k for k, name in enumerate(got.factors)}
    assert first.halted[names["AAA"]]
    assert not first.halted[names["BTC"]]
    assert second.sold[names["AAA"]] == 0
    assert second.sold[names["BTC"]] > 0
    assert float(got.orphaned) == pytest.approx(88000)
    assert {h.market for h in got.halts} == {"US equities, level 1", "US shares, limit down"}


AMOUNTS = st.lists(st.floats(0.0, 1e6), min_size=5, max_size=5)


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.permutations(range(5)))
def test_calls_are_met_by_what_there_is_whatever_the_order(equity, required, free, order):
    owner, firm = np.array([0, 0, 0, 0, 1]), np.array([0, 0, 1, 2, 3])
    worth, owed, lots = map(np.array, (equity, required, free))
    relief = Relief(owner, firm, lots, np.ones(5))
    met = meet(relief, Pools.of(relief, 5), worth, owed)
    after = worth + met.excess + met.collateral
    assert np.sum(met.excess) == pytest.approx(0.0, abs=1e-6)
    assert np.sum(met.collateral) == pytest.approx(0.0, abs=1e-6)
    assert met.excess[4] == met.collateral[4] == 0.0, "nobody helps another owner"
    assert np.all(after[worth >= owed] >= owed[worth >= owed] - 1e-6), "no donor goes short"
    assert np.all(-np.minimum(met.collateral, 0.0) <= lots + 1e-6)
    assert np.all(after <= np.maximum(worth, owed) + 1e-6), "no call is met twice"
    turned = list(order)
    other = Relief(owner[turned], firm[turned], lots[turned], np.ones(5))
    again = meet(other, Pools.of(other, 5), worth[turned], owed[turned])
    assert again.excess == pytest.approx(met.excess[turned], abs=1e-6)
    assert again.collateral == pytest.approx(met.collateral[turned], abs=1e-6)
