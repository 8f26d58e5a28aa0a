"""What must hold for every portfolio, drawn at random from the synthetic file."""

import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.span_fixture import CONTRACTS, PA2, calculator, contract, held
from workstation.rulebooks.span.portfolio import Portfolio

quantities = st.integers(-40, 40).filter(bool)
books = st.dictionaries(st.integers(0, len(CONTRACTS) - 1), quantities, min_size=1, max_size=8)
CLASSES = st.sampled_from(["HRP", "NHRP", "member"])


def calculate(positions, account_class="HRP"):
    return calculator(PA2).risk(Portfolio("R", account_class, tuple(positions)))


def positions(book, factor=1):
    return [contract(index, quantity * factor) for index, quantity in book.items()]


def figures(answer):
    return (answer.maintenance.amount, answer.initial.amount, answer.net_option_value,
            answer.commodities, answer.formed, answer.denied)


@settings(max_examples=60, deadline=None)
@given(books, st.randoms(use_true_random=False))
def test_the_order_of_lines_is_irrelevant(book, shuffler: random.Random):
    lines = positions(book)
    shuffled = list(lines)
    shuffler.shuffle(shuffled)
    assert figures(calculate(lines)) == figures(calculate(shuffled))


@settings(max_examples=60, deadline=None)
@given(books, st.integers(0, len(CONTRACTS) - 1), st.integers(1, 30))
def test_a_contract_and_its_opposite_change_nothing(book, index, size):
    lines = positions(book)
    more = [*lines, contract(index, size), contract(index, -size)]
    assert figures(calculate(lines)) == figures(calculate(more))


@settings(max_examples=60, deadline=None)
@given(books, CLASSES)
def test_nothing_is_negative_and_floors_hold(book, account_class):
    answer = calculate(positions(book), account_class)
    assert answer.complete
    assert answer.maintenance.amount >= 0
    assert answer.initial.amount >= answer.maintenance.amount
    for item in answer.commodities:
        assert item.risk >= item.short_option_minimum >= 0
        assert item.risk == max(item.before_minimum, item.short_option_minimum)
        assert item.scan == sum(max(Decimal(0), *scan.losses) for scan in item.scans)
    assert answer.maintenance.amount == max(0, answer.maintenance_risk - answer.net_option_value)
    assert answer.initial.amount == max(0, answer.initial_risk - answer.net_option_value)


@settings(max_examples=60, deadline=None)
@given(books)
def test_a_basket_is_never_above_its_legs_plus_spread_charges(book):
    answer = calculate(positions(book))
    alone = sum(calculate([line]).maintenance_risk for line in positions(book))
    charges = sum(item.intra + item.spot for item in answer.commodities)
    assert answer.maintenance_risk <= alone + charges + len(book)


@settings(max_examples=60, deadline=None)
@given(books, st.integers(2, 9))
def test_k_times_a_portfolio_needs_k_times_the_margin(book, factor):
    one = calculate(positions(book))
    many = calculate(positions(book, factor))
    # A spread count rounds in its fourth decimal; a delta of 62,500 makes that about 3 dollars.
    allowed = Decimal(15 * factor * (1 + len(one.formed)))
    assert abs(many.maintenance_risk - factor * one.maintenance_risk) <= allowed
    cents = Decimal("0.005") * (factor + 1) * len(one.commodities)
    assert abs(many.net_option_value - factor * one.net_option_value) <= cents


@settings(max_examples=60, deadline=None)
@given(books)
def test_every_unmatched_delta_has_a_reason(book):
    answer = calculate(positions(book))
    left = {(item.code, month): delta for item in answer.commodities
            for month, delta in item.month_deltas}
    for spread in answer.formed:
        for part in spread.legs:
            assert abs(part.after) <= abs(part.before)
    for item in answer.unmatched:
        assert item.reason
        assert abs(item.delta) <= abs(left[item.commodity, item.month])
    open_codes = {code for (code, _), delta in left.items() if delta}
    touched = {part.commodity for s in answer.formed for part in s.legs} | {
        code for d in answer.denied for code in d.commodities}
    assert open_codes <= touched
    assert all(d.reason and d.detail for d in answer.denied)


@settings(max_examples=60, deadline=None)
@given(books)
def test_deltas_are_conserved(book):
    """What a commodity starts with is what spreads took plus what is left."""
    answer = calculate(positions(book))
    for item in answer.commodities:
        left = sum(u.delta for u in answer.unmatched if u.commodity == item.code)
        taken = sum(part.before - part.after for s in answer.formed for part in s.legs
                    if part.commodity == item.code)
        assert item.net_delta == left + taken


@settings(max_examples=100, deadline=None)
@given(books)
def test_no_month_s_delta_is_left_without_a_reason(book):
    """Month by month: what spreads did not take is listed, once, each with its reason."""
    answer = calculate(positions(book))
    listed = {(u.commodity, u.month): u for u in answer.unmatched}
    assert len(listed) == len(answer.unmatched)
    touched = {part.commodity for s in answer.formed for part in s.legs}
    for item in answer.commodities:
        for month, delta in item.month_deltas:
            if delta and item.code not in touched:
                assert listed[item.code, month].delta == delta
                assert listed[item.code, month].reason


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(16, len(CONTRACTS) - 1), st.integers(1, 40), min_size=1,
                       max_size=6))
def test_long_options_never_need_more_than_their_premium(book):
    answer = calculate(positions(book))
    assert answer.initial.amount <= answer.net_option_value


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(1, 40))
def test_a_hedged_basket_is_below_its_legs_where_a_credit_exists(equity, tech):
    lines = [held("EQ", "202609", equity), held("NT", "202609", -tech)]
    answer = calculate(lines)
    alone = sum(calculate([line]).maintenance.amount for line in lines)
    assert answer.formed
    assert answer.maintenance.amount < alone


@settings(max_examples=40, deadline=None)
@given(books)
def test_the_explanation_adds_up_to_every_component(book):
    answer = calculate(positions(book))
    for tree, amount in ((answer.maintenance, answer.maintenance.amount),
                         (answer.initial, answer.initial.amount)):
        leaves = [node for _, node in tree.walk() if not node.parts]
        assert leaves
        assert tree.amount == amount
    scans = [node.amount for _, node in answer.maintenance.walk() if "scan, scenario" in node.label
             and node.combine == "max"]
    assert sorted(scans) == sorted(s.scan_risk for i in answer.commodities for s in i.scans)


@settings(max_examples=40, deadline=None)
@given(books)
def test_a_gross_account_never_needs_less_than_a_net_one(book):
    """Save the spread charges that only a netted account pays, and a dollar of rounding each."""
    portfolio = Portfolio("G", "HRP", tuple(positions(book)))
    net, gross = (calculator(PA2).risk(replace(portfolio, omnibus=omnibus))
                  for omnibus in (False, True))
    charges = sum(item.intra + item.spot for item in net.commodities)
    assert sum(i.scan for i in gross.commodities) >= sum(i.scan for i in net.commodities)
    assert not any(item.inter_credit for item in gross.commodities)
    assert gross.maintenance_risk + charges + 5 >= net.maintenance_risk
