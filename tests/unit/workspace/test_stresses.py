"""Stresses of a session: the full calculation each time, and attribution behind a run."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.harmonised.books import account, book, stock
from workstation.book.collateral import CollateralLot
from workstation.harmonised.design import shipped
from workstation.lab.reverse import CALL, SHORT, SPENT, UNCOVERED
from workstation.lab.scenarios import custom
from workstation.lab.stress import stressed
from workstation.workspace.beneath import MOST_POSITIONS, beneath_of
from workstation.workspace.branch_edits import make_change, start_branch
from workstation.workspace.session import Session, sample_books
from workstation.workspace.stress import Stress
from workstation.workspace.stresses import (
    after_shocks,
    held_moves,
    reverse,
    shock_of,
    stress_question,
)
from workstation.workspace.what_if_text import read_operation

BOOKS = {p.stem: p for p in sample_books()}


@pytest.fixture(scope="module")
def session():
    made = Session.from_file(BOOKS["meridian_macro"])
    made.run = made.review()
    return made


def levered(free="20000"):
    """1,000 shares of SPY at 500 on 400,000 borrowed in a Regulation T account, and free bills."""
    of = book([stock("A", "SPY", 1000, "etf")],
              [account("A", "reg_t", cash=Decimal(-350_000)), account("B", "reg_t")])
    made = Session(replace(of, lots=(CollateralLot(
        "L", "B", "BIL", "treasury", Decimal(free), Decimal(1), haircut=Decimal(0)),)))
    made.designs = (shipped()["single-account-scan"],)
    return made


def test_a_levered_account_breaks_where_a_pencil_says():
    found = {(r.event, r.account or r.regime): r for r in reverse(
        stress_question(levered(), custom({"SPX": -0.1})))}
    # equity 150,000 - 50,000 m against 25 % of 500,000 - 50,000 m: 25,000 = 37,500 m
    called = found[CALL, "A"]
    assert called.multiple == pytest.approx(25_000 / 37_500, abs=1e-3)
    assert dict(called.moves)["SPX"] == pytest.approx(-0.0667, abs=1e-3)
    assert called.why.endswith("of maintenance under Regulation T")
    # the call 37,500 m - 25,000 passes 20,000 of free bills
    assert found[UNCOVERED, "today, silos"].multiple == pytest.approx(45_000 / 37_500, abs=1e-3)
    # the client with its bills: 170,000 - 50,000 m against 125,000 - 12,500 m
    assert found[SHORT, "today, silos"].multiple == pytest.approx(45_000 / 37_500, abs=1e-3)
    # the scan asks 8 %: 170,000 - 50,000 m against 40,000 - 4,000 m
    assert found[SHORT, "single-account-scan"].multiple == pytest.approx(
        130_000 / 46_000, abs=1e-3)
    assert found[SPENT, ""].multiple is None


def test_no_multiple_is_the_review_itself(session):
    question = stress_question(session)
    still = after_shocks(question, [("none", custom({}))])[0]
    assert still.silos == still.silos_before == session.run.silos.maintenance.amount
    assert still.loss == 0
    assert dict(still.designs) == {
        d.margin.name: d.margin.requirement.amount for d in session.run.designs
        if d.margin.name != "today"}
    assert still.free == session.run.collateral.free_value
    assert [a.account_id for a in still.accounts] == [s.account_id for s in session.run.statuses]


def test_every_figure_is_that_of_a_review_of_the_stressed_book(session):
    shock = custom({"SPX": -0.2, "BTC": -0.4}, "down")
    found = after_shocks(stress_question(session), [("own", shock)])[0]
    again = Session(stressed(session.book, shock, session.rule_set())).review()
    assert found.silos == again.silos.maintenance.amount
    assert found.calls == sum(s.call for s in again.statuses)
    assert dict(found.designs)["full-netting"] == (
        again.design("full-netting").margin.requirement.amount)
    assert found.free == again.collateral.free_value


def test_the_reviews_own_stress_is_the_direction():
    assert shock_of(Stress()).name == "2020-03-12 Covid A, 1d"
    assert shock_of(Stress(multiplier=2.0)).name == "2020-03-12 Covid A, 1d x 2"
    own = shock_of(Stress(shocks=(("SPX", -0.1),), multiplier=2.0))
    assert own.moves == {"SPX": -0.2}


def test_moves_are_of_the_books_own_roots(session):
    moves = dict(held_moves(stress_question(session)))
    assert set(moves) <= {e.root for e in session.run.exposures}
    assert abs(moves["BTC"]) > abs(moves["SPX"])


def test_what_a_shock_does_not_touch_has_no_direction():
    assert reverse(stress_question(levered(), custom({"BTC": -0.3}))) == ()


def test_what_lies_beneath_follows_the_branch_shown():
    made = Session.from_file(BOOKS["meridian_macro"])
    start_branch(made, "try").apply()
    make_change(made, read_operation("close on ETH", made.book)).apply()
    made.run = made.review()
    found = beneath_of(made, made.run).of("single-account-scan")
    assert found is not None
    assert not any(row.underlying == "ETH" for row in found.holdings)


def test_levers_and_holdings_add_up(session):
    beneath = beneath_of(session, session.run)
    for item in beneath.attribution:
        outcome = session.run.design(item.design)
        steps = outcome.bridge.steps
        assert sum(s.amount for s in item.levers) == sum(s.amount for s in steps[1:])
        risk = outcome.margin.requirement.parts[0]
        assert float(sum(row.euler for row in item.holdings)) == pytest.approx(
            float(risk.amount), rel=1e-9)
    assert beneath.of("today") is None
    assert session.pack().beneath == beneath
    assert session.pack().beneath is session.pack().beneath


def test_a_large_book_leaves_reverse_stress_out_and_says_so(session):
    many = replace(session.run.book, positions=session.run.book.positions[:1] * (
        MOST_POSITIONS + 1))
    beneath = beneath_of(Session(session.book), replace(session.run, book=many, designs=()))
    assert beneath.reverse == ()
    assert "crossmargin stress" in beneath.note


def test_no_equity_is_claimed_where_cash_is_not_stated():
    of = levered().book
    silent = replace(of, accounts=tuple(replace(a, cash=Decimal(0), cash_stated=False)
                                        for a in of.accounts))
    question = stress_question(Session(silent), custom({"SPX": -0.1}))
    found = reverse(question)
    assert {r.event for r in found} <= {CALL}
    assert not any(r.account == "A" for r in found)
    assert not after_shocks(question, [("own", question.first)])[0].cash_stated
