"""Cleared credit default swaps in the portfolio-margin programme, by hand from the grid."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.rules.test_sbs_18a_3 import MILLION, ON, cds, equity_swap
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.resolve import resolve
from workstation.harmonised.eligibility import AccountLocations
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import parse_edition
from workstation.rulebooks.registry import account_margin, regime_of
from workstation.rulebooks.sbs.cleared_programme import opposed
from workstation.rulebooks.sbs.swaps import take_in

D = Decimal
ACCOUNT = Account("S1", AccountType.CROSS_MARGIN, programme="ICE-CDS")
RULES = RuleSet(ON)
INDEX = AssetClass.CDS_INDEX
NAME, INDEX_SHARE = D("0.055"), D("0.0367")  # five years up to 100 bp; two thirds of it, rounded
NOTHING = """rule = "Cross-margin programmes"
edition = "house"
effective = 2000-01-01
source = "test"
[parameter.ice_cds_index_offset]
value = 0
unit = "of the smaller amount"
paragraph = ", ICE Clear Credit"
standing = "house"
"""


def answered(*positions, overlays=(), account=ACCOUNT):
    book = Book("t", ON, (account,), positions, Market({}))
    return account_margin(account, resolve(book).of_account("S1"), RuleSet(ON, overlays))


def test_the_programme_names_the_rulebook_and_the_location():
    assert regime_of(ACCOUNT) == "ice-cds"
    assert AccountLocations(RULES).location(ACCOUNT) == "cleared-swaps account, CEA 4d(f)"


def test_index_protection_sold_against_a_name_bought():
    """3.67 % of 100 million sold; 2.75 % of 40 bought; half of the smaller off."""
    answer = answered(cds("receive", 100, entity="CDX.IG", kind=INDEX), cds("pay", 40))
    index, name = 100 * MILLION * INDEX_SHARE, 40 * MILLION * NAME / 2
    assert answer.maintenance.amount == index + name - name / 2
    assert answer.initial.amount == answer.maintenance.amount
    (offset,) = answer.offsets
    assert (offset.status, offset.amount) == ("granted", -name / 2)
    assert any(cite.standing == "unverified" for cite in answer.maintenance.unverified())


@pytest.mark.parametrize("positions", [
    (cds("receive", 100, entity="CDX.IG", kind=INDEX), cds("receive", 40)),
    (cds("receive", 100, entity="CDX.IG", kind=INDEX), cds("pay", 40, years=10)),
    (cds("receive", 100, entity="CDX.IG", kind=INDEX), cds("pay", 40, spread=450)),
    (cds("receive", 100), cds("pay", 40, entity="Other")),
])
def test_one_side_or_other_cells_grant_nothing_more_than_the_grid(positions):
    answer = answered(*positions)
    assert list(opposed(take_in(resolve(Book("t", ON, (ACCOUNT,), positions, Market({})))
                                .of_account("S1"), "S1").credit,
                        RULES.edition("sbs_18a_3"))) == []
    bilateral = answered(*positions, account=replace(ACCOUNT, account_type=AccountType.SBS))
    assert answer.maintenance.amount == bilateral.maintenance.amount


def test_a_house_that_grants_nothing_says_what_it_would_save():
    positions = cds("receive", 100, entity="CDX.IG", kind=INDEX), cds("pay", 40)
    answer = answered(*positions, overlays=[parse_edition(NOTHING, "overlay")])
    (offset,) = answer.offsets
    assert (offset.status, offset.would_save) == ("denied", 40 * MILLION * NAME / 2)
    assert answer.maintenance.amount == 100 * MILLION * INDEX_SHARE + 40 * MILLION * NAME / 2


def test_what_is_no_credit_default_swap_stays_outside_by_name():
    answer = answered(cds("pay", 40), equity_swap(10))
    assert "credit default swaps alone" in answer.excluded[0].what


def test_another_programme_has_no_margin_of_its_own_and_says_so():
    answer = answered(cds("pay", 40), account=replace(ACCOUNT, programme="ficc-cme"))
    assert "ficc-cme" in answer.excluded[0].what
    assert "ice-cds" in answer.excluded[0].remedy
