"""What the search weighs a hedge at is what its paragraph charges."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.securities_books import ACCOUNT, ON, D, book, market, option, stock
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
