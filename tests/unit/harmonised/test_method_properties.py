"""The properties every method must have (scan, historical and simulated), over random books."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.harmonised.books import (
    AS_OF,
    assessed,
    book,
    correlated,
    option,
    perpetual,
    silos,
    stock,
)
from tests.unit.harmonised.test_scan_properties import scan_only
from workstation.harmonised.design import shipped, with_knob
from workstation.offsets.ledger import is_across_silos, ledger
from workstation.offsets.waterfall import bridge
from workstation.parameters.ruleset import RuleSet

METHODS = ("scan", "historical", "simulated")
RULES = RuleSet(AS_OF)
HISTORY = correlated({"SPX": 0.95, "QQQ": 0.9, "IWM": 0.8, "BTC": 0.4, "ETH": 0.4})
ALIKE = correlated({"SPX": 1.0, "QQQ": 1.0, "IWM": 1.0, "BTC": 1.0})
OFFSETS = ("same_underlying", "product_group", "asset_class", "book")
every_method = pytest.mark.parametrize("method", METHODS)
some = settings(max_examples=12, deadline=None)


def design(method, offset="1"):
    """Return full netting by a method, offsets capped at a share, without charges for size."""
    chosen = with_knob(scan_only(shipped()["full-netting"]), "method", method)
    chosen = with_knob(with_knob(chosen, "copula.draws", 400), "tests.required", False)
    for name in OFFSETS:
        chosen = with_knob(chosen, f"offsets.{name}", offset)
    return chosen if Decimal(offset) else with_knob(chosen, "legal.scope", "account")


def on_one_root(owner, size):
    return [stock(owner, "SPY", size), option(owner, "SPX", "P", "4900", size, "120"),
            option(owner, "SPX", "C", "5100", size, "110")]


@st.composite
def holdings(draw, one_account_each=False, one_root=False):
    made = []
    for i in range(draw(st.integers(2, 6))):
        owner = f"A{i}" if one_account_each else draw(st.sampled_from(["A", "B"]))
        size = draw(st.integers(-300, 300).filter(bool))
        others = [] if one_root else [stock(owner, "QQQ", size), stock(owner, "IWM", size),
                                      perpetual(owner, "ETH", size, "3000")]
        made.append(draw(st.sampled_from([*on_one_root(owner, size), *others])))
    return [replace(p, where=f"P!{i}") for i, p in enumerate(made)]


def asked(positions, chosen, of=HISTORY):
    return float(assessed(book(positions, history=of), chosen).scan_risk.amount)


@every_method
@some
@given(positions=holdings())
def test_doubling_every_position_doubles_the_requirement(method, positions):
    doubled = [p.resized(2 * p.quantity) for p in positions]
    assert asked(doubled, design(method)) == pytest.approx(
        2 * asked(positions, design(method)), rel=1e-9, abs=1e-6)


@every_method
@some
@given(data=st.data())
def test_without_offsets_it_is_the_sum_of_stand_alones(method, data):
    # drawn points belong to the factors of a book: alone and together they are those of one root
    positions = data.draw(holdings(one_account_each=True, one_root=method == "simulated"))
    chosen = design(method, "0")
    alone = sum(asked([p], chosen) for p in positions)
    assert asked(positions, chosen) == pytest.approx(alone, rel=1e-9, abs=1e-6)


@every_method
@some
@given(sizes=st.lists(st.integers(1, 300), min_size=3, max_size=3))
def test_long_books_at_correlation_one_ask_for_the_gross_sum(method, sizes):
    positions = [replace(stock("A", name, size), where=f"P!{name}")
                 for name, size in zip(("SPY", "QQQ", "IWM"), sizes, strict=True)]
    chosen = with_knob(design(method), "copula.stress_weight", 1)
    gross = sum(asked([p], chosen, ALIKE) for p in positions)
    assert asked(positions, chosen, ALIKE) == pytest.approx(gross, rel=1e-6)


@every_method
@some
@given(positions=holdings(), random=st.randoms(use_true_random=False))
def test_the_order_of_positions_does_not_matter(method, positions, random):
    mixed = list(positions)
    random.shuffle(mixed)
    assert asked(mixed, design(method)) == pytest.approx(
        asked(positions, design(method)), rel=1e-9, abs=1e-6)


@every_method
@some
@given(positions=holdings())
def test_parts_bridge_and_ledger_add_up_to_the_requirement(method, positions):
    a = assessed(book(positions, history=HISTORY), design(method, "0.5"))
    for _, node in a.scan_risk.walk():
        if node.parts and node.combine == "sum":
            assert node.amount == sum((p.amount for p in node.parts), Decimal(0))
    waterfall = bridge(a, Decimal(0))
    assert waterfall.end == a.margin.requirement.amount
    assert waterfall.silos + sum(s.amount for s in waterfall.steps) == waterfall.end
    told = sum((r.amount for r in ledger(a, RULES) if is_across_silos(r)), Decimal(0))
    assert told == sum(s.amount for s in waterfall.steps[1:6])


@some
@given(positions=holdings())
def test_today_is_the_silos_and_no_method_changes_it(positions):
    of = book(positions, history=HISTORY)
    today = silos(of, "0.1337")
    for method in METHODS:
        chosen = with_knob(with_knob(shipped()["today"], "two_model.first", method),
                           "copula.draws", 400)
        assert assessed(of, chosen, today).margin.requirement == today.maintenance
