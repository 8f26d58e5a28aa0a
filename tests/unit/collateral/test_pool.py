"""The collateral report of a book: values, haircuts and their sources, deadlines, problems."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.base.vocabulary import AssetClass
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot, Lien
from workstation.book.positions import Position
from workstation.collateral.pool import report
from workstation.collateral.report import LotState
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import BondTerms
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet

TODAY = date(2026, 11, 20)
RULES = RuleSet(TODAY)


def lot(name="L1", quantity="1000", price="1", asset_class="cash", haircut=None, **more):
    cut = None if haircut is None else Decimal(haircut)
    symbol = more.pop("symbol", "USD")
    return CollateralLot(name, "A1", symbol, asset_class, Decimal(quantity), Decimal(price),
                         haircut=cut, where=f"Collateral!A{name[1:]}", **more)


def reported(*lots, liens=(), positions=(), fx=None, requirement=None, as_of=TODAY):
    book = Book("test", as_of, lots=lots, liens=tuple(liens), positions=positions,
                market=Market(fx=fx or {}))
    return report(book, RULES if as_of == TODAY else RuleSet(as_of), requirement)


def test_values_by_state_and_free_value_after_haircut():
    answer = reported(lot(quantity="1000", price="10", haircut="0.05"),
                      liens=[Lien("L1", Decimal(400), "CCP")])
    by_state = dict(answer.value_by_state)
    assert by_state[LotState.FREE] == 6000
    assert by_state[LotState.PLEDGED] == 4000
    assert answer.free_value == Decimal(6000) * Decimal("0.95")
    assert answer.encumbrance_ratio == Decimal("0.4")
    assert answer.lots[0].secured_parties == ("CCP",)
    assert answer.lots[0].haircut_source == "file"


@pytest.mark.parametrize(("asset_class", "symbol", "haircut", "standing"), [
    ("treasury", "UST 10Y", "0.04", "sourced"),     # maturity not stated: longest band
    ("agency", "FNMA", "0.08", "sourced"),
    ("equity", "AAPL", "0.25", "sourced"),
    ("etf", "GLD", "0.15", "sourced"),
    ("etf", "SPY", "0.25", "unverified"),
    ("crypto", "BTC", "0.20", "sourced"),
    ("stablecoin", "USDC", "0.02", "sourced"),
])
def test_schedule_haircuts_by_kind(asset_class, symbol, haircut, standing):
    [row] = reported(lot(asset_class=asset_class, symbol=symbol)).lots
    assert row.haircut == Decimal(haircut)
    assert row.haircut_cite is not None
    assert row.haircut_cite.standing == standing
    assert row.haircut_source.startswith("schedule")


@pytest.mark.parametrize(("maturity", "haircut"), [
    (date(2027, 11, 19), "0.005"), (date(2027, 11, 20), "0.02"),
    (date(2031, 11, 18), "0.02"), (date(2031, 11, 20), "0.04")])
def test_bond_maturity_comes_from_the_positions(maturity, haircut):
    bond = Instrument("T 4 31", AssetClass.TREASURY, "UST-5Y", terms=BondTerms(maturity))
    held = Position("A1", bond, Decimal(1), Decimal(100), "Positions!A2")
    answer = reported(lot(asset_class="treasury", symbol="T 4 31"), positions=(held,))
    assert answer.lots[0].haircut == Decimal(haircut)


def test_digital_haircuts_start_with_their_edition():
    before = reported(lot(asset_class="crypto", symbol="BTC"), as_of=date(2026, 3, 19))
    assert before.lots[0].haircut == 1
    assert "no haircut" in before.problems[0].what
    on = reported(lot(asset_class="crypto", symbol="BTC"), as_of=date(2026, 3, 20))
    assert on.lots[0].haircut == Decimal("0.20")


def test_other_currency_takes_the_addon_and_the_rate():
    answer = reported(lot(asset_class="treasury", currency="EUR"), fx={"EUR": Decimal("1.25")})
    [row] = answer.lots
    assert row.haircut == Decimal("0.12")
    assert row.haircut_cite.standing == "unverified"
    assert row.market_value == 1250
    unknown = reported(lot(asset_class="treasury", currency="EUR"))
    assert unknown.free_value == 0
    assert "exchange rate" in unknown.problems[0].what


@pytest.mark.parametrize(("word", "state"), [
    ("in transit", LotState.IN_TRANSIT), ("Ineligible", LotState.INELIGIBLE),
    ("segregated", LotState.SEGREGATED), ("SEG_4d(a)", LotState.FREE)])
def test_segregation_column_sets_quantity_aside_or_names_a_place(word, state):
    [row] = reported(lot(segregation=word, custodian="Bank"),
                     liens=[Lien("L1", Decimal(300), "CCP")]).lots
    assert row.quantity_in(state) == 700
    assert row.quantity_in(LotState.PLEDGED) == 300
    assert row.location == ("Bank, SEG_4d(a)" if state is LotState.FREE else "Bank")


def test_free_value_by_deadline_is_cumulative():
    answer = reported(lot("L1", "20"), lot("L2", "40", settlement_lag=1),
                      lot("L3", "60", settlement_lag=1), lot("L4", "30", settlement_lag=3))
    assert answer.free_by_lag == ((0, 20), (1, 120), (2, 120), (3, 150))


def test_problems_name_lot_cell_and_rule():
    answer = reported(
        lot("L1", "100"), lot("L1", "5"), lot("L2", "-3"), lot("L3", haircut="5"),
        liens=[Lien("L1", Decimal(70), "A"), Lien("L1", Decimal(40), "B", where="Liens!A3"),
               Lien("L9", Decimal(1), "C", where="Liens!A4"),
               Lien("L3", Decimal(1), "D", reuse=Decimal(50), where="Liens!A5")])
    said = {p.where: p.what for p in answer.problems}
    assert "exceeds available 30" in said["Liens!A3"]
    assert "not in the Collateral sheet" in said["Liens!A4"]
    assert "re-use share 50" in said["Liens!A5"]
    assert "named twice" in said["Collateral!A1"]
    assert "quantity -3" in said["Collateral!A2"]
    assert "not between 0 and 1" in said["Collateral!A3"]
    assert [row.lot for row in answer.lots] == ["L1", "L3"]


def test_no_lots_and_the_requirement_sentence():
    empty = reported()
    assert empty.encumbrance_ratio is None
    assert empty.free_value == 0
    assert empty.problems == ()
    [note] = reported(lot(quantity="500"), requirement=Decimal(1000)).problems
    assert note.severity == "info"
    assert "50%" in note.what


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 50), st.integers(0, 400),
                          st.sampled_from(["", "in transit", "ineligible", "segregated"])),
                max_size=6))
def test_values_by_state_add_up_to_market_value(rows):
    lots = [lot(f"L{i}", str(q), str(p), haircut="0.1", segregation=word)
            for i, (q, p, _, word) in enumerate(rows)]
    liens = [Lien(f"L{i}", Decimal(n), "PB") for i, (_, _, n, _) in enumerate(rows)]
    answer = reported(*lots, liens=liens)
    assert sum(v for _, v in answer.value_by_state) == sum(row.market_value for row in answer.lots)
    for row in answer.lots:
        assert sum(q for _, q in row.states) == row.quantity
    assert answer.free_value == answer.free_by_lag[-1][1]
