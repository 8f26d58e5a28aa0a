"""Add-ons, buffers, floors and caps against figures worked out by hand."""

import math
from datetime import date
from decimal import Decimal

import pytest

from tests.unit.harmonised.books import account, assessed, book, future, option, silos, stock
from workstation.base.explain import Explained
from workstation.harmonised.design import shipped, with_knob

DESIGN = shipped()["single-account-scan"]


def line(tree: Explained, label: str) -> Explained:
    return next(node for _, node in tree.walk() if node.label.startswith(label))


def hedged():
    return book([stock("A", "SPY", 1000, "etf"), future("F", "ES", "SPX", -1, 50, "5000")],
                [account("A"), account("F", "futures")])


def test_the_basis_charge_is_on_the_matched_amount():
    answer = assessed(hedged(), DESIGN)
    basis = line(answer.margin.requirement, "Basis, SPX")
    assert float(basis.amount) == pytest.approx(0.005 * 250_000)
    assert dict(basis.inputs)["matched"] == "250,000"
    assert basis.cite.standing == "house"
    assert "basis.equity" in basis.cite.paragraph


def test_the_basis_charge_never_exceeds_what_netting_saves():
    design = with_knob(DESIGN, "basis.equity", 0.25)
    answer = assessed(hedged(), design)
    alone = 0.08 * 500_000 + 0.06 * 250_000
    assert float(answer.scan_risk.amount + answer.add_ons.amount) == pytest.approx(alone)


def test_one_wrapper_has_no_basis():
    answer = assessed(book([stock("A", "SPY", 1000, "etf"), stock("B", "SPY", -500, "etf")]),
                      DESIGN)
    assert answer.add_ons.amount == 0


def test_concentration_follows_the_square_root_rule():
    answer = assessed(book([stock("A", "AAPL", 1100)]), DESIGN)
    daily, excess, volume, price = 0.3 / math.sqrt(252), 1000.0, 1000.0, 200.0
    expected = daily * math.sqrt(excess / volume) * excess * price
    found = line(answer.margin.requirement, "Concentration, AAPL")
    assert float(found.amount) == pytest.approx(expected, abs=1e-6)
    assert assessed(book([stock("A", "AAPL", 100)]), DESIGN).add_ons.amount == 0


def test_short_options_pay_at_least_the_minimum():
    far = option("A", "SPY", "P", "300", -10, "0.01")
    answer = assessed(book([far]), DESIGN)
    assert float(answer.scan_risk.amount + answer.add_ons.amount) == pytest.approx(
        0.375 * 100 * 10, abs=1e-6)
    assert far.instrument.terms.expiry > date(2026, 3, 2)


def test_buffer_cap_and_floor_are_lines_of_their_own():
    of = hedged()
    today = silos(of, "0.5")
    design = with_knob(with_knob(with_knob(
        DESIGN, "buffer.rate", 0.25), "cap.reduction", 0.4), "floor.largest_silo", 0.9)
    answer = assessed(of, design, today)
    before = answer.scan_risk.amount + answer.add_ons.amount
    buffer = line(answer.limits, "Anti-procyclicality buffer").amount
    cap = line(answer.limits, "Cap on the reduction").amount
    floor = line(answer.limits, "Floor at the largest silo").amount
    assert buffer == before / 4
    gross = Decimal("0.08") * 500_000 + Decimal("0.06") * 250_000
    assert before + buffer + cap == Decimal("0.6") * gross
    assert answer.margin.requirement.amount == Decimal("0.9") * 250_000
    assert floor > 0


def test_excluded_positions_stay_excluded_and_make_the_answer_incomplete():
    orphan = option("A", "NONE", "C", "10", 1, "1")
    answer = assessed(book([stock("A", "SPY", 10, "etf"), orphan]), DESIGN).margin
    assert not answer.complete
    assert [e.where for e in answer.excluded] == [orphan.where]
    assert answer.excluded[0].remedy


def test_an_empty_book_needs_nothing():
    answer = assessed(book([], [account("A")]), DESIGN)
    assert answer.margin.requirement.amount == 0
