"""Unpaid calls between the client, its firms and the clearing house, cleared after the run."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from tests.unit.cascade.accounts import account, ground_of, share
from workstation.cascade.dynamic_client import dynamic_cascade
from workstation.cascade.network import HOUSE, unpaid
from workstation.cascade.obligors import Obligor

BASE = {"recovery_own": 1.0, "recovery_income": 1.0}


def row(name, firm, owner="Client", **more):
    return Obligor(name, owner, firm, {}, 0.0, 0.0, **more)


def played(rows, equity, capital=(), **values):
    """Return as much of a played run as clearing reads: rows, final equity and assumptions."""
    known = {**BASE, **values}
    ground = SimpleNamespace(
        value=known.__getitem__,
        edition={"firm_capital": SimpleNamespace(rows=tuple(capital))})
    return SimpleNamespace(rows=tuple(rows), ground=ground,
                           outcome=SimpleNamespace(equity=np.array(equity, dtype=float)))


def by_name(found):
    return {node.participant: node for node in found}


FUTURES = row("F", "North", cleared=True)
MARGIN = row("M", "South")


def test_nothing_is_cleared_where_nobody_is_below_zero():
    assert unpaid(played((FUTURES, MARGIN), (10.0, 0.0))) == ()


def test_the_client_pays_from_its_other_accounts_and_its_firm_pays_the_rest():
    """100 short at North, 60 left at South; North states 25: the clearing house is 15 short."""
    found = by_name(unpaid(played((FUTURES, MARGIN), (-100.0, 60.0),
                                  ({"firm": "North", "capital": 25},))))
    assert found["Client"].due == 100
    assert found["Client"].paid == 60
    assert found["Client"].defaulted
    assert found["North"].received == 60
    assert found["North"].paid == 85
    assert found["North"].defaulted
    assert (found[HOUSE].claims, found[HOUSE].received) == (100, 85)
    assert not found[HOUSE].defaulted


def test_enough_elsewhere_or_enough_capital_leaves_nobody_short():
    rich = by_name(unpaid(played((FUTURES, MARGIN), (-100.0, 160.0))))
    assert not any(node.defaulted for node in rich.values())
    assert rich[HOUSE].received == 100
    carried = by_name(unpaid(played((FUTURES, MARGIN), (-100.0, 60.0),
                                    ({"firm": "North", "capital": 40},))))
    assert carried["Client"].defaulted
    assert not carried["North"].defaulted
    assert carried[HOUSE].received == 100


def test_default_costs_take_their_share_of_what_is_recovered():
    """Rogers-Veraart: the client recovers 0.5 x 60, North 0.5 x 25 + 0.8 x 30."""
    found = by_name(unpaid(played((FUTURES, MARGIN), (-100.0, 60.0),
                                  ({"firm": "North", "capital": 25},),
                                  recovery_own=0.5, recovery_income=0.8)))
    assert float(found["Client"].paid) == pytest.approx(30.0)
    assert float(found["North"].paid) == pytest.approx(12.5 + 24.0)


def test_distress_spreads_by_claim_over_means_once():
    """DebtRank: North loses 100 of 400 it can pay from, a quarter of which reaches the house."""
    found = by_name(unpaid(played((FUTURES,), (-100.0,), ({"firm": "North", "capital": 400},))))
    assert found["Client"].distress == 1.0
    assert found["North"].distress == pytest.approx(0.25)
    assert found[HOUSE].distress == pytest.approx(0.25), "it states no means: any claim is all"
    assert found["North"].stated
    assert not found[HOUSE].stated


def test_other_participants_owe_their_lenders_and_venues_bear_their_own():
    rows = (row("V", "Coinhouse", venue="Coinhouse"), row("fund", "fund", owner="fund"),
            replace(MARGIN, exempt=True))
    found = by_name(unpaid(played(rows, (-5.0, -30.0, -1.0))))
    assert set(found) == {"fund", "lenders of fund"}
    assert found["lenders of fund"].claims == 30
    assert found["lenders of fund"].received == 0


def test_order_of_rows_changes_nothing():
    rows, equity = (FUTURES, MARGIN, row("G", "North")), (-100.0, 60.0, -7.0)
    capital = ({"firm": "North", "capital": 25},)
    found = by_name(unpaid(played(rows, equity, capital)))
    other = by_name(unpaid(played(rows[::-1], equity[::-1], capital)))
    assert set(found) == set(other)
    for name, node in found.items():
        assert float(node.paid) == pytest.approx(float(other[name].paid))
        assert node.defaulted == other[name].defaulted


def test_a_run_that_ends_below_zero_clears_what_is_left():
    """100,000 of shares on 70,000 of debit fall by half: 20,000 short, nothing elsewhere."""
    _, _, ground = ground_of((account("A", -70_000),), (share("A", "AAA", 1_000),), {"A": 25_000})
    found = dynamic_cascade(ground, {"AAA": -0.5}, "custom")
    nodes = by_name(found.network)
    assert nodes["Client"].defaulted
    assert nodes["Client"].due == nodes["North"].claims >= 20_000
    assert nodes["North"].received == 0
    assert sum(row.amount for row in found.borne) == nodes["Client"].due
    assert dynamic_cascade(ground, {"AAA": -0.01}, "custom").network == ()
