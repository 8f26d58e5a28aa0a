"""Claims on a lot: the partition always adds up, and what does not fit is refused whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from workstation.book.collateral import CollateralLot, Lien
from workstation.collateral.graph import Aside, partition
from workstation.collateral.pool import set_aside
from workstation.collateral.report import LotState

PARTIES = ("PB", "BANK", "CCP", "LENDER")


def lot(quantity=1000):
    return CollateralLot("L1", "A1", "UST", "treasury", Decimal(quantity), Decimal(10))


def lien(quantity, party, parent="", reuse="0", kind="pledge", seniority=1):
    return Lien("L1", Decimal(quantity), party, type=kind, parent=parent, reuse=Decimal(reuse),
                seniority=seniority)


def states(split):
    return {state.name: quantity for state, quantity in split.states if quantity}


def test_partition_of_pledge_title_transfer_and_transit():
    split = partition(lot(), [lien(400, "CCP"), lien(300, "PB", reuse="1", kind="title_transfer"),
                              lien(120, "LENDER", parent="PB")], Aside(in_transit=Decimal(50)))
    assert states(split) == {"FREE": 250, "PLEDGED": 400, "REUSABLE": 180, "REUSED": 120,
                             "IN_TRANSIT": 50}


def test_claim_beyond_the_lot_is_refused_with_what_was_available():
    split = partition(lot(100), [lien(70, "A"), lien(40, "B")])
    [refusal] = split.refused
    assert "exceeds available 30" in refusal.what
    assert refusal.available == 30
    assert "the whole lot is taken as claimed" in refusal.what
    assert states(split) == {"PLEDGED": 100}


def test_an_over_claimed_lot_leaves_nothing_to_a_junior_claim():
    split = partition(lot(100), [lien(60, "A"), lien(70, "B"), lien(20, "C")])
    assert [(r.lien.secured_party, r.available) for r in split.refused] == [("B", 40), ("C", 0)]
    assert states(split) == {"PLEDGED": 100}


def test_the_rest_of_an_over_claimed_lot_is_not_set_aside_twice():
    held = lot(100)
    claims = [lien(70, "A"), lien(40, "B")]
    assert set_aside(replace(held, segregation="in transit"), claims) == Aside()


def test_the_senior_claim_is_served_first():
    split = partition(lot(100), [lien(70, "junior", seniority=2), lien(60, "senior")])
    assert [r.lien.secured_party for r in split.refused] == ["junior"]


def test_reuse_above_cap_names_the_cap_and_what_is_left():
    claims = [lien(80, "A", reuse="0.5"), lien(10, "X", parent="A"), lien(50, "Y", parent="A")]
    [refusal] = partition(lot(100), claims).refused
    assert "above re-use cap 40" in refusal.what
    assert refusal.available == 30


def test_locked_segregation_allows_no_reuse():
    claims = [lien(80, "A", reuse="1", kind="seg_lock"), lien(1, "X", parent="A")]
    split = partition(lot(100), claims)
    assert states(split) == {"FREE": 20, "SEGREGATED": 80}
    assert "cap 0" in split.refused[0].what


def test_a_lot_coming_back_is_a_cycle_even_when_stated_in_reverse():
    claims = [lien(5, "PB", parent="BANK"), lien(5, "BANK", parent="PB", reuse="1"),
              lien(5, "PB", reuse="1")]
    [refusal] = partition(lot(), claims).refused
    assert "cycle" in refusal.what
    home = partition(lot(), [lien(5, "PB", reuse="1"), lien(5, "A1", parent="PB")])
    assert "cycle" in home.refused[0].what


def test_later_hops_change_no_state():
    first = [lien(100, "PB", reuse="1"), lien(60, "BANK", parent="PB", reuse="1")]
    longer = [*first, lien(60, "CCP", parent="BANK")]
    assert states(partition(lot(), first)) == states(partition(lot(), longer))


def test_orphan_and_nonpositive_claims_are_refused():
    split = partition(lot(), [lien(5, "X", parent="NOBODY"), lien(0, "Y")])
    assert {r.lien.secured_party for r in split.refused} == {"X", "Y"}
    assert states(split) == {"FREE": 1000}


CLAIM = st.builds(
    lien, st.integers(-5, 700), st.sampled_from(PARTIES), st.sampled_from(("", "", *PARTIES)),
    st.sampled_from(("0", "0.25", "0.5", "1")),
    st.sampled_from(("pledge", "title_transfer", "statutory", "seg_lock")), st.integers(1, 3))


@given(st.lists(CLAIM, max_size=12), st.integers(0, 200))
def test_states_add_up_are_never_negative_and_lose_no_claim(claims, transit):
    split = partition(lot(), claims, Aside(in_transit=Decimal(transit)))
    assert sum(quantity for _, quantity in split.states) == 1000
    assert all(quantity >= 0 for _, quantity in split.states)
    assert {state for state, _ in split.states} == set(LotState)
    assert len(split.accepted) + len(split.refused) == len(claims)
    own = sum(claim.quantity for claim in split.accepted if not claim.parent)
    assert own + transit <= 1000


@given(st.lists(CLAIM, max_size=8))
def test_reuse_never_exceeds_the_cap_of_its_parents(claims):
    split = partition(lot(), claims)
    for party in PARTIES:
        reused = sum(c.quantity for c in split.accepted if c.parent == party)
        cap = sum(c.quantity * c.reuse for c in split.accepted
                  if c.secured_party == party and c.type != "seg_lock")
        assert reused <= cap
