"""What must hold for any strategy-margined book."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.pairing import one_class
from tests.rules.securities_books import (
    ACCOUNT,
    ON,
    D,
    lines,
    option,
    portfolio_margin,
    reg_t_margin,
    stock,
    strategy_margin,
)
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.finra_4210 import strategy

EXPIRIES = (date(2026, 7, 17), date(2026, 8, 21), date(2027, 6, 18))


@st.composite
def options(draw):
    right, strike = draw(st.sampled_from("CP")), draw(st.sampled_from(range(80, 125, 5)))
    inside = max(0, (100 - strike) * (1 if right == "C" else -1))
    # One price a series, so that rows of one series cannot disagree.
    price = inside + 1 + abs(strike - 100) % 3
    return option(draw(st.integers(-4, 4).filter(bool)), right, strike, price,
                  draw(st.sampled_from(EXPIRIES)), style=draw(
                      st.sampled_from(("american",) * 4 + ("european",))))


def holdings(shares=(-300, -100, 100, 250, 400)):
    some = st.sampled_from(shares).map(lambda n: [stock(n, 100)])
    return st.tuples(st.lists(options(), max_size=6), some | st.just([])).map(
        lambda pair: pair[0] + pair[1])


SOME = settings(max_examples=60, deadline=None)


def _alone(positions):
    """Return the sum of every series margined alone, after closing longs against shorts."""
    net = {}
    for position in positions:
        net[position.instrument] = net.get(position.instrument, D(0)) + position.quantity
    prices = {position.instrument: position for position in positions}
    return sum(strategy_margin(replace(prices[instrument], quantity=quantity)).maintenance.amount
               for instrument, quantity in net.items() if quantity)


@SOME
@given(holdings())
def test_pairing_never_costs_more_and_the_ledger_adds_up(positions):
    answer = strategy_margin(*positions)
    alone = _alone(positions)
    assert answer.maintenance.amount <= alone
    assert alone + sum(row.amount for row in answer.offsets) == answer.maintenance.amount
    assert all(row.would_save > 0 and row.reason for row in answer.offsets
               if row.status == "denied")


@SOME
@given(holdings(), options().filter(lambda position: position.quantity > 0))
def test_a_long_option_never_costs_more_than_its_premium(positions, hedge):
    before = strategy_margin(*positions).maintenance.amount
    assert strategy_margin(*positions, hedge).maintenance.amount <= before + hedge.value


@SOME
@given(holdings(), st.randoms(use_true_random=False))
def test_order_of_positions_is_irrelevant(positions, random):
    shuffled = list(positions)
    random.shuffle(shuffled)
    assert lines(strategy_margin(*shuffled).maintenance) == lines(
        strategy_margin(*positions).maintenance)


@SOME
@given(holdings())
def test_doubling_never_more_than_doubles(positions):
    once = strategy_margin(*positions).maintenance.amount
    doubled = [position.resized(position.quantity * 2) for position in positions]
    assert strategy_margin(*doubled).maintenance.amount <= 2 * once


@SOME
@given(st.lists(options(), min_size=1, max_size=2), st.sampled_from((0, -200, 200)))
def test_doubling_doubles_simple_books(legs, shares):
    positions = [*legs, stock(shares, 100)]
    once = strategy_margin(*positions).maintenance.amount
    doubled = [position.resized(position.quantity * 2) for position in positions]
    assert strategy_margin(*doubled).maintenance.amount == 2 * once


@SOME
@given(holdings())
def test_net_is_gross_less_the_premium_of_shorts(positions):
    answer = strategy_margin(*positions)
    net = {}
    for position in positions:
        net[position.instrument] = net.get(position.instrument, D(0)) + position.quantity
    prices = {position.instrument: position.price for position in positions}
    premium = sum(-quantity * prices[i] * 100 for i, quantity in net.items()
                  if quantity < 0 and i.option is not None)
    assert answer.gross - answer.net == premium


@SOME
@given(holdings(shares=(100, 400)))
def test_regulation_t_keeps_the_maintenance_of_4210(positions):
    answer = reg_t_margin(*positions)
    assert answer.maintenance.amount == strategy_margin(*positions).maintenance.amount
    assert answer.initial.amount >= answer.maintenance.amount


@settings(max_examples=25, deadline=None)
@given(holdings())
def test_portfolio_margin_of_the_whole_is_below_its_parts(positions):
    whole = portfolio_margin(*positions)
    if not whole.complete:
        return
    parts = sum(portfolio_margin(position).maintenance.amount for position in positions)
    assert whole.maintenance.amount <= parts + D("0.01")


def _partitions(items):
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for chosen in range(1 << len(rest)):
        block = [first] + [item for n, item in enumerate(rest) if chosen >> n & 1]
        left = [item for n, item in enumerate(rest) if not chosen >> n & 1]
        for others in _partitions(left):
            yield [block, *others]


def _charged(block, alone):
    """Return what the rule asks of some single contracts as one strategy; None if it is none."""
    shorts = [leg for leg in block if leg.quantity < 0]
    longs = [leg for leg in block if leg.quantity > 0]
    if len(block) == 1:
        return alone[block[0].instrument]
    if len(shorts) == len(block) == 2 and len({leg.instrument.option.right for leg in shorts}) == 2:
        first, second = shorts
        greater = max(shorts, key=lambda leg: (alone[leg.instrument], leg.value))
        return alone[greater.instrument] - (second if greater is first else first).value
    terms = [leg.instrument.option for leg in block]
    if any(sum(leg.quantity for leg in block if leg.instrument.option.right == right)
           for right in "CP") or len({each.style for each in terms}) > 1:
        return None
    if (max(leg.instrument.expiry for leg in shorts)
            > min(leg.instrument.expiry for leg in longs)):
        return None
    prices = [D(0), *(each.strike for each in terms)]
    worst = min(sum(leg.quantity * leg.instrument.option.intrinsic(at) for leg in block)
                for at in prices)
    uncovered = sum(alone[leg.instrument] for leg in shorts)
    return sum(leg.value for leg in longs) + min(uncovered, max(D(0), -worst * 100))


def _single(legs):
    """Return one contract of each distinct series."""
    by_series = {leg.instrument: leg.resized(D(1) if leg.quantity > 0 else D(-1)) for leg in legs}
    return [leg for leg in by_series.values() if leg.instrument.expiry != EXPIRIES[2]]


@settings(max_examples=80, deadline=None)
@given(st.lists(options(), min_size=1, max_size=6).map(_single).filter(lambda x: 0 < len(x) < 6))
def test_pairing_is_the_cheapest_of_all_partitions(legs):
    """Up to five legs the search is exact: four-leg forms are all weighed."""
    alone = {leg.instrument: strategy_margin(leg).maintenance.amount for leg in legs}
    plans = ([_charged(block, alone) for block in plan] for plan in _partitions(legs))
    best = min(sum(plan) for plan in plans if None not in plan)
    assert strategy_margin(*legs).maintenance.amount == best


def test_a_class_of_a_thousand_legs_is_paired_and_explained():
    holdings = one_class()
    answer = strategy.margin(ACCOUNT, holdings, RuleSet(ON))
    assert len(holdings) == 1000
    assert answer.complete
