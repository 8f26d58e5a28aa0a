"""What the search weighs a hedge at is what its paragraph charges."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.securities_books import (
    ACCOUNT,
    ON,
    D,
    book,
    market,
    option,
    stock,
    strategy_margin,
)
from workstation.book.resolve import resolve
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.finra_4210 import forms, strategy
from workstation.rulebooks.finra_4210.f_hedges import Basis
from workstation.rulebooks.finra_4210.intake import take_in


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from((-1, 1)), st.sampled_from("CP"),
                          st.sampled_from((3, 8, 10, 12, 15))), min_size=1, max_size=6,
                unique_by=lambda leg: leg[1:]),
       st.sampled_from((1, 4, 10, 30)), st.sampled_from((1, 3)))
def test_the_saving_weighed_is_the_saving_charged(legs, spot, leverage):
    held = [option(side, right, strike, D(1) + strike % 4) for side, right, strike in legs]
    made = book([*held, stock(300, spot), stock(-200, spot)], market(spot, leverage=leverage))
    holdings = resolve(made).of_account("A1")
    basis = strategy.maintenance_basis(holdings, RuleSet(ON))
    assert isinstance(basis, Basis)
    intake = take_in(holdings, ACCOUNT.account_id)
    built = strategy._legs(intake.options, intake.stocks, D(100), basis)
    found = forms.recognised(built, basis)
    kinds = set()
    for place in range(len(found.columns)):
        form = found.form(place)
        if form.kind != forms.SPREAD:
            kinds.add(form.kind)
            charged = forms.explained(built, form.kind, form.legs, D(1), basis).amount
            alone = sum(built.alone[leg] for leg in form.legs)
            assert form.saving == float(alone - charged)
    assert forms.SAME_SECURITY in kinds


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-3, 3).filter(bool), st.sampled_from("CP"),
                          st.sampled_from(range(85, 120, 5))), min_size=2, max_size=7,
                unique_by=lambda leg: leg[1:]))
def test_largest_saving_first_is_shown_and_never_cheaper(legs):
    held = [option(n, right, strike, 1 + abs(strike - 100) + max(
        0, (100 - strike) * (1 if right == "C" else -1))) for n, right, strike in legs]
    answer = strategy_margin(*held)
    node = answer.maintenance.parts[0]
    shown = {name: D(text.replace(",", "")) for name, text in node.inputs}
    if not answer.offsets or all(row.status == "denied" for row in answer.offsets):
        return
    assert shown["every leg alone"] >= shown["largest saving first"] >= node.amount


def test_a_greedy_pairing_that_costs_more_is_named():
    held = [option(1, "C", 100, 6), option(-1, "C", 105, 3), option(1, "C", 110, 2),
            option(-1, "C", 95, 9)]
    node = strategy_margin(*held).maintenance.parts[0]
    assert dict(node.inputs)["largest saving first"]
