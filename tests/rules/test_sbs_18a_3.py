"""Security-based swaps: the grid, its netting, equity swaps, threshold, and bad input."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import SwapTerms
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import parse_edition
from workstation.rulebooks.registry import account_margin, regime_of
from workstation.rulebooks.sbs.swaps import months_between

ON = date(2026, 6, 15)
ACCOUNT = Account("S1", AccountType.SBS)
D = Decimal
MILLION = D(1_000_000)
GRANTED = """rule = "Rule 18a-3"
edition = "house"
effective = 2000-01-01
source = "test"
[parameter.house_threshold_granted]
value = 1
unit = "1 = granted"
paragraph = "(c)(1)(iii)(H)"
standing = "house"
"""


def cds(side, millions, years=5, spread=90, entity="Acme", kind=AssetClass.CDS,
        where="Positions!A2", **more):
    terms = SwapTerms(D(millions) * MILLION, pay_receive=side,
                      maturity=date(ON.year + years, ON.month, ON.day), reference_entity=entity,
                      spread_bp=None if spread is None else D(str(spread)), **more)
    return Position("S1", Instrument(f"CDS {entity}", kind, entity, terms=terms), D(1), None, where)


def equity_swap(quantity, price=100, symbol="XYZ", terms=None):
    return Position("S1", Instrument(f"TRS {symbol}", AssetClass.SECURITY_BASED_SWAP, symbol,
                                     terms=terms), D(quantity), D(price), "Positions!A9")


def answered(*positions, rows=(), overlays=()):
    book = Book("t", ON, (ACCOUNT,), positions, Market({row.symbol: row for row in rows}))
    return account_margin(ACCOUNT, resolve(book).of_account("S1"), RuleSet(ON, overlays))


@pytest.mark.parametrize(("years", "spread", "percent"), [
    (0, 100, "1"), (0, 101, "2"), (1, 300, "3.5"), (2, 301, "10"), (3, 401, "15"),
    (4, 501, "20"), (5, 699, "22.5"), (6, 700, "30"), (7, 100, "8.5"), (10, 5000, "50"),
])
def test_the_grid_by_maturity_and_spread(years, spread, percent):
    assert answered(cds("receive", 10, years, spread)).maintenance.amount == (
        10 * MILLION * D(percent) / 100)


def test_a_buyer_of_protection_pays_half():
    assert answered(cds("pay", 10)).maintenance.amount == 10 * MILLION * D("0.055") / 2


def test_the_sign_says_the_side_where_the_column_does_not():
    bought = Position("S1", Instrument("C", AssetClass.CDS, "C", terms=SwapTerms(
        maturity=date(2031, 6, 15), spread_bp=D(90))), 5 * MILLION, None, "Positions!A2")
    answer = answered(bought)
    assert answer.maintenance.amount == 5 * MILLION * D("0.055") / 2
    assert "sign of the quantity" in str([n.inputs for _, n in answer.maintenance.walk()])


def test_one_entity_nets_in_its_cell_and_only_there():
    flat = answered(cds("pay", 10), cds("receive", 10, where="Positions!A3"))
    assert flat.maintenance.amount == 0
    apart = answered(cds("pay", 10), cds("receive", 10, years=1, where="Positions!A3"))
    assert apart.maintenance.amount == 10 * MILLION * (D("0.055") / 2 + D("0.015"))
    assert not apart.offsets


def test_other_names_match_at_half_and_the_ledger_adds_up():
    answer = answered(cds("receive", 10, entity="Acme"),
                      cds("pay", 4, entity="Bolt", where="Positions!A3"))
    share = D("0.055")
    assert answer.maintenance.amount == share * (6 + 4 * D("0.5")) * MILLION
    alone = share * (10 + 4 * D("0.5")) * MILLION
    assert alone + sum(row.amount for row in answer.offsets) == answer.maintenance.amount


def test_an_index_takes_two_thirds_and_meets_no_single_name():
    answer = answered(cds("receive", 10, kind=AssetClass.CDS_INDEX, entity="CDX"),
                      cds("pay", 10, where="Positions!A3"))
    assert answer.maintenance.amount == 10 * MILLION * (D("0.0367") + D("0.0275"))


def test_equity_swaps_net_by_underlying_and_take_the_range_of_their_class():
    rows = (Underlying("SPX", D(100), underlying_class=UnderlyingClass.BROAD_INDEX_HIGH_CAP),)
    answer = answered(equity_swap(1000), equity_swap(-400), equity_swap(50, symbol="SPX"),
                      rows=rows)
    assert answer.maintenance.amount == D("0.15") * 60_000 + D("0.10") * 5_000
    short = answered(equity_swap(1, terms=SwapTerms(D(500), pay_receive="pay")))
    assert short.maintenance.amount == 75
    assert "short" in short.maintenance.parts[0].parts[0].label


def test_the_threshold_is_shown_and_comes_off_only_where_granted(tmp_path):
    held = cds("receive", 2000, spread=90)  # 5.5 % of two billion
    due = 2000 * MILLION * D("0.055")
    assert answered(held).maintenance.amount == due
    granted = parse_edition(GRANTED, tmp_path / "house.toml")
    assert answered(held, overlays=(granted,)).maintenance.amount == due - 50 * MILLION
    small = answered(cds("receive", 1), overlays=(granted,))
    assert small.maintenance.amount == 0
    assert "below it" in dict(answered(cds("receive", 1)).maintenance.inputs)["minimum transfer"]


def test_everything_in_the_grid_is_marked_to_confirm():
    doubtful = answered(cds("pay", 1)).maintenance.unverified()
    assert doubtful
    assert {cite.rule for cite in doubtful} == {"Rule 18a-3"}


def test_what_lacks_its_terms_is_excluded_with_a_remedy():
    bare = Position("S1", Instrument("C", AssetClass.CDS, "C"), D(1), None, "Positions!A4")
    gone = cds("pay", 1, years=-1, where="Positions!A5")
    stray = Position("S1", Instrument("S", AssetClass.EQUITY, "S"), D(1), D(1), "Positions!A6")
    answer = answered(bare, gone, stray, cds("receive", 1))
    assert [item.where for item in answer.excluded] == [
        "Positions!A4", "Positions!A5", "Positions!A6"]
    assert all(item.remedy for item in answer.excluded)
    assert answer.maintenance.amount == MILLION * D("0.055")


def test_the_account_type_leads_to_the_regime():
    assert regime_of(ACCOUNT) == "sbs-18a-3"


@given(st.lists(st.tuples(st.sampled_from(("pay", "receive")), st.integers(1, 50),
                          st.integers(1, 12), st.integers(1, 900), st.sampled_from("AB")),
                max_size=6))
def test_netting_never_costs_more_and_doubling_doubles(rows):
    held = [cds(side, size, years, spread, entity) for side, size, years, spread, entity in rows]
    whole = answered(*held).maintenance.amount
    assert whole <= sum(answered(each).maintenance.amount for each in held)
    assert answered(*held, *held).maintenance.amount == 2 * whole
    assert answered(*reversed(held)).maintenance.amount == whole


def test_whole_months():
    assert months_between(date(2026, 1, 31), date(2026, 2, 28)) == 0
    assert months_between(ON, date(2027, 6, 15)) == 12
