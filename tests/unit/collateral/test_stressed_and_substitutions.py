"""Lots re-priced in the scenario, substitutions one for one, flows and measures of the sample."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.collateral.measures import substitution
from workstation.collateral.report import LotState
from workstation.collateral.substitutions import proposals
from workstation.results.encumbrance_flow import flows
from workstation.results.encumbrance_measures import measures
from workstation.results.mobility_tables import runway_rows
from workstation.workspace.session import Session
from workstation.workspace.stress import Stress

BOOK = Path(__file__).parents[3] / "resources" / "books" / "meridian_macro.xlsx"


@pytest.fixture(scope="module")
def reviewed():
    session = Session.from_file(BOOK)
    session.stress = Stress("custom", 1.0, (("BTC", -0.5), ("SPX", -0.1)))
    return session.review()


def test_free_lots_are_worth_less_in_the_scenario_by_move_haircut_and_wrong_way(reviewed):
    """BTC -50 %, haircut 20 % doubled, long bitcoin in the book: 1 - .5 x .4 of it counts."""
    rows = {row.lot: row for row in reviewed.collateral.stressed}
    coin = rows["L4"]
    assert coin.wrong_way
    assert coin.haircut == Decimal("0.40")
    free = coin.free_now / Decimal("0.8")
    assert float(coin.free_stressed) == pytest.approx(float(free) * 0.5 * 0.6 * 0.8)
    assert "falls with the book" in coin.why
    fund = rows["L2"]
    assert float(fund.free_stressed) == pytest.approx(float(fund.free_now) / 0.85 * 0.9 * 0.7)


def test_the_runway_is_measured_with_the_stressed_values(reviewed):
    rows = runway_rows(reviewed)
    assert all(row.free_stressed < row.free for row in rows)
    last = sum(row.free_stressed for row in reviewed.collateral.stressed)
    assert rows[-1].free_stressed == last
    assert [row.left for row in rows] == [row.free_stressed - row.stressed for row in rows]


def test_flows_conserve_every_lot(reviewed):
    """What leaves a lot is its market value; what enters a claim leaves it to a party."""
    every = flows(reviewed)
    for lot in reviewed.collateral.lots:
        out = sum(f.value for f in every if f.lot == lot.lot and f.hop == 0)
        assert float(out) == pytest.approx(float(lot.market_value))
        claimed = sum(f.value for f in every if f.lot == lot.lot and f.hop == 1)
        free = sum(f.value for f in every if f.lot == lot.lot and f.hop == 0
                   and f.target in map(str, LotState) and f.target != "segregated")
        assert float(claimed + free) == pytest.approx(float(lot.market_value))
    assert [f.target for f in every if f.hop == 2] == ["Bank of Carrow"]


def test_allocation_frees_what_is_pledged_for_nothing(reviewed):
    today, cheapest, liquid, *designs = measures(reviewed)
    assert today.ratio == reviewed.collateral.encumbrance_ratio
    assert cheapest.encumbered < today.encumbered
    assert liquid.arrangement == "Today, most liquid kept first"
    assert liquid.liquid_free >= cheapest.liquid_free
    assert all(design.encumbered <= cheapest.encumbered for design in designs)
    assert today.longest_chain == 2
    assert today.multiplier > 1


SHARES = st.lists(st.floats(0.0, 100.0), min_size=4, max_size=4)


@given(SHARES, SHARES, st.lists(st.floats(0.0, 0.5), min_size=4, max_size=4),
       st.lists(st.floats(0.001, 0.01), min_size=4, max_size=4))
def test_a_substitution_keeps_the_cover_and_its_savings_add_up(now, best, cuts, costs):
    before, after, haircut, cost = (np.array(x) for x in (now, best, cuts, costs))
    found = proposals(list("abcd"), ["O"], before[:, None], after[:, None], haircut[:, None], cost)
    for row in found:
        assert row.saving > 0
        old = [(row.released, Decimal(float(haircut["abcd".index(row.release)])))]
        if row.deliver:
            new = [(row.delivered, Decimal(float(haircut["abcd".index(row.deliver)])))]
            answer = substitution(Decimal(0), old, new)
            assert float(answer.value_after) == pytest.approx(float(answer.value_before), abs=0.05)
        assert float(row.released) <= max(before["abcd".index(row.release)]
                                          - after["abcd".index(row.release)], 0) + 0.01


def test_without_shocks_nothing_is_stressed(reviewed):
    session = Session.from_file(BOOK)
    session.stress = replace(Stress(), replay=("2020-01-01", "2020-01-02"))
    assert session.stress.moves == {}
