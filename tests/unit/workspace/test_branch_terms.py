"""What-if changes of rules, parameters, correlations and knobs: the base's terms stay."""

from decimal import Decimal

import pytest

from workstation.base.problem import UnusableInputError
from workstation.base.vocabulary import BASE
from workstation.harmonised.design import shipped
from workstation.results.what_if_tables import rule_changes
from workstation.workspace.branch_edits import (
    drop_change,
    make_change,
    show_branch,
    start_branch,
    switch_change,
)
from workstation.workspace.session import Session, sample_books
from workstation.workspace.what_if_text import read_operation

BOOKS = {p.stem: p for p in sample_books()}


@pytest.fixture
def session():
    made = Session.from_file(BOOKS["meridian_macro"])
    made.designs = (shipped()["today"], shipped()["stable-offsets-only"])
    start_branch(made, "try").apply()
    return made


def do(session, text):
    make_change(session, read_operation(text, session.book)).apply()


def contracts(session, product):
    """Contracts held short of one futures product."""
    return -sum(p.quantity for p in session.base.positions
                if getattr(p.instrument.terms, "product", "") == product)


def test_a_rate_moves_the_margin_by_contracts_times_the_difference(session):
    was = session.rule_set().edition("futures_rates")["ES"].rows[0]["short"]
    do(session, f"parameter futures_rates ES short to {was + 1000}")
    run, base = session.review(), session.review_base()
    rise = run.silos.maintenance.amount - base.silos.maintenance.amount
    assert rise == 1000 * contracts(session, "ES") > 0
    row = next(r for r in rule_changes(base, run).rows if r.item == "Published futures margin")
    assert row.after == f"{row.current} + what-if ES short {was + 1000} (was {was})"


def test_changes_of_one_table_add_up_and_the_base_keeps_its_rates(session):
    do(session, "parameter futures_rates ES short to 30000")
    do(session, "parameter futures_rates ES long to 31000")
    row = session.rule_set().edition("futures_rates")["ES"].rows[0]
    assert (row["short"], row["long"]) == (30000, 31000)
    switch_change(session, 0, counts=False).apply()
    assert session.rule_set().edition("futures_rates")["ES"].rows[0]["short"] != 30000
    drop_change(session, 1).apply()
    show_branch(session, BASE).apply()
    assert "what-if" not in session.rule_set().edition("futures_rates").edition


def test_a_list_and_a_single_number_are_changed_by_place_and_by_name(session):
    edition = session.rule_set().edition("finra_4210")
    name = next(n for n, p in edition.values.items()
                if isinstance(p.raw, list) and p.raw == [Decimal("-0.08"), Decimal("0.06")])
    do(session, f"parameter finra_4210 {name} 1 to -10%")
    assert session.rule_set().edition("finra_4210")[name].numbers == (
        Decimal("-0.1"), Decimal("0.06"))
    do(session, "parameter futures_rates initial_ratio_hrp to 1.2")
    assert session.rule_set().edition("futures_rates")["initial_ratio_hrp"].value == Decimal("1.2")


def test_an_earlier_edition_gives_its_own_requirement(session):
    do(session, "edition futures_rates to 2022-02")
    run, base = session.review(), session.review_base()
    assert run.silos.of_account("MM-FUT").maintenance.amount != (
        base.silos.of_account("MM-FUT").maintenance.amount)
    assert run.silos.of_account("MM-PM").maintenance.amount == (
        base.silos.of_account("MM-PM").maintenance.amount)
    assert ("Published futures margin", "2026-05", "2022-02") in {
        (r.item, r.current, r.after) for r in rule_changes(base, run).rows}


def test_all_editions_of_a_date(session):
    do(session, "edition all to 2013-06-01")
    assert session.rule_set().edition("finra_4210").edition == "2013-01-23"
    # a rule without an edition then stands as it is
    assert session.rule_set().edition("futures_rates").edition == "2026-05"


def test_a_correlation_by_hand_decides_the_offset(session):
    do(session, "correlation SPY BTC to 0.95")  # a fund stands for the risk it tracks
    run, base = session.review(), session.review_base()

    def row(of):
        return next(o for o in of.design("stable-offsets-only").ledger
                    if sorted(o.between) == ["crypto", "equity"])

    assert row(base).status == "denied"
    now = row(run)
    assert now.status == "partial"
    # g = (0.95 - rho_stress_min) / (1 - rho_stress_min)
    least = shipped()["stable-offsets-only"].rate("tests.rho_stress_min")
    assert f"{(0.95 - least) / (1 - least):.0%} of a gain counts" in now.reason
    assert ("correlation taken by hand", "0.95") in now.tests
    assert run.design("today").margin.version == base.design("today").margin.version
    assert "correlation SPY BTC to 0.95" in run.design("stable-offsets-only").margin.version


def test_a_knob_is_turned_in_one_design_or_in_all(session):
    do(session, "knob tests.rho_min to 20% in stable-offsets-only")
    assert session.terms().design("stable-offsets-only").number("tests.rho_min") == Decimal("0.2")
    assert session.design("stable-offsets-only").number("tests.rho_min") != Decimal("0.2")
    do(session, "knob legal.scope to account")
    assert session.terms().design("stable-offsets-only").choice("legal.scope") == "account"
    assert session.terms().design("today") == shipped()["today"]


@pytest.mark.parametrize(("text", "says"), [
    ("parameter futures_rates EX short to 1", "no parameter 'EX'"),
    ("parameter futurs_rates ES short to 1", "did you mean futures_rates"),
    ("parameter futures_rates ES to 1", "name one of its number columns: long, short"),
    ("parameter futures_rates VX long to 1", "3 rows of that name"),
    ("parameter futures_rates initial_ratio_hrp long to 1", "is one number"),
    ("parameter futures_rates ES short to much", "a number was expected"),
    ("edition futures_rates to 1999", "it has 2022-02"),
    ("edition all to yesterday", "is not a date"),
    ("correlation SPX BTC to 1.2", "from -1 to 1"),
    ("correlation SPX SPY to 0.2", "the same risk"),
    ("correlation SPX DOGE to 0.2", "no position of the book has the risk of DOGE"),
    ("knob tests.rho_mim to 0.2", "did you mean tests.rho_min"),
    ("knob tests.rho_min to 3", "from -1 to 1"),
    ("knob tests.rho_min to 0.2 in nowhere", "no design 'nowhere'"),
])
def test_refusals_say_what_and_change_nothing(session, text, says):
    with pytest.raises(UnusableInputError, match=says):
        do(session, text)
    assert session.branch.steps == ()


def test_terms_are_kept_in_the_project_file_and_the_base_keeps_its_editions(session, tmp_path):
    do(session, "parameter futures_rates ES short to 30000")
    do(session, "edition finra_4210 to 2013-01-23")
    do(session, "correlation SPX BTC to 0.5")
    do(session, "knob tests.rho_min to 0.2")
    session.run = session.review()
    said = [str(s.operation) for s in session.branch.steps]
    requirement = session.run.silos.maintenance.amount
    again = Session.from_file(session.save(tmp_path / "kept.crossmargin"))
    assert again.rule_set().edition("finra_4210").edition == "2026-06-04"
    show_branch(again, "try").apply()
    assert [str(s.operation) for s in again.branch.steps] == said
    assert again.rule_set().edition("finra_4210").edition == "2013-01-23"
    assert again.review().silos.maintenance.amount == requirement
    for text in said:
        assert str(read_operation(text, again.book)) == text
