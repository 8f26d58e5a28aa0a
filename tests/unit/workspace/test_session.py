import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from workstation.base.problem import UnusableInputError
from workstation.projects.recovery import recovery_path
from workstation.workspace.edits import MoveAccount, SetKnob, SetPrice, SetQuantity, SetUnderlying
from workstation.workspace.review import Stress
from workstation.workspace.session import Session, sample_books
from workstation.workspace.state import _stress, contents
from workstation.workspace.storage import autosave, recovered, recovered_unsaved

MACRO = next(p for p in sample_books() if p.stem == "meridian_macro")
HARROW = next(p for p in sample_books() if p.stem == "harrow_long_short")


@pytest.fixture
def session():
    return Session.from_file(HARROW)


def where_of(session, symbol):
    return next(p.where for p in session.book.positions if p.instrument.symbol == symbol)


def test_a_quantity_edit_changes_the_requirement_and_reverting_restores_it(session):
    before = session.review()
    edit = SetQuantity(session, where_of(session, "AAPL"), Decimal(84000))
    edit.apply()
    during = session.review()
    edit.revert()
    after = session.review()
    assert during.silos.maintenance.amount > before.silos.maintenance.amount
    assert after == before


def test_a_price_edit_moves_the_market_row_taken_from_that_position(session):
    where = where_of(session, "AAPL")
    SetPrice(session, where, Decimal(300)).apply()
    assert session.position(where).price == Decimal(300)
    row = session.book.market.underlying("AAPL")
    assert row is not None
    assert row.price == (Decimal(300) if row.where == where else Decimal("268.4"))


def test_moving_a_position_moves_its_requirement(session):
    where = where_of(session, "KO")
    before = session.review().silos.of_account("HL-PM")
    MoveAccount(session, where, "HL-PM").apply()
    after = session.review().silos.of_account("HL-PM")
    assert session.position(where).account_id == "HL-PM"
    assert after.maintenance.amount > before.maintenance.amount
    with pytest.raises(KeyError):
        MoveAccount(session, where, "nowhere")


def test_a_missing_underlying_price_can_be_given_and_taken_back(session):
    from dataclasses import replace

    rows = {k: v for k, v in session.book.market.underlyings.items() if k != "XOM"}
    session.replace_market(replace(session.book.market, underlyings=rows))
    assert not session.review().complete
    edit = SetUnderlying(session, "XOM", price=Decimal("118.7"))
    edit.apply()
    assert session.review().complete
    edit.revert()
    assert not session.review().complete
    with pytest.raises(ValueError, match="must be above zero"):
        SetUnderlying(session, "XOM", price=Decimal(0))
    with pytest.raises(ValueError, match="give its price first"):
        SetUnderlying(session, "XOM", iv=Decimal("0.2"))


def test_a_knob_edit_changes_the_design_and_reverts(session):
    before = session.review().design("single-account-scan").margin.requirement.amount
    edit = SetKnob(session, "single-account-scan", "offsets.product_group", "0")
    edit.apply()
    assert session.review().design("single-account-scan").margin.requirement.amount >= before
    edit.revert()
    assert session.review().design("single-account-scan").margin.requirement.amount == before


def test_a_review_reopens_with_the_same_numbers_without_and_with_computing(session, tmp_path):
    SetQuantity(session, where_of(session, "TSLA"), Decimal(-4000)).apply()
    session.run = session.review()
    path = session.save(tmp_path / "harrow.crossmargin")
    reopened = Session.from_file(path)
    assert reopened.run == session.run
    assert reopened.review() == session.run
    assert reopened.book == session.book
    assert reopened.audit[-1].action == "saved"


def test_a_saved_review_keeps_edited_designs_and_the_stress(session, tmp_path):
    SetKnob(session, "single-account-scan", "offsets.product_group", "0.5").apply()
    holder = next(p.account_id for p in session.book.positions if p.instrument.symbol == "TSLA")
    firm = next(a.firm for a in session.book.accounts if a.account_id == holder)
    session.stress = type(session.stress)(
        multiplier=1.5, mode="dynamic", venue_moves=((firm, "TSLA", -0.05),))
    session.run = session.review()
    reopened = Session.from_file(session.save(tmp_path / "edited.crossmargin"))
    assert reopened.design("single-account-scan").knobs == session.design(
        "single-account-scan").knobs
    assert reopened.stress == session.stress


def test_saving_without_a_name_says_what_to_do(session):
    with pytest.raises(UnusableInputError, match="choose a name with Save as"):
        session.save()


@pytest.mark.parametrize("path", sample_books(), ids=lambda p: p.stem)
def test_every_sample_client_is_margined_in_full_and_reconciles(path):
    run = Session.from_file(path).review()
    assert run.complete
    today = run.design("today")
    assert today.margin.requirement.amount == run.silos.maintenance.amount
    alone = sum(row.amount for row in run.stand_alone)
    for outcome in run.designs:
        assert outcome.bridge.stand_alone == alone
        assert outcome.bridge.end == outcome.margin.requirement.amount
    assert [p.sentence() for p in run.problems if p.severity == "error"] == []


def test_the_order_of_positions_does_not_move_the_totals():
    from dataclasses import replace

    session = Session.from_file(MACRO)
    before = session.review()
    session.book = replace(session.book, positions=tuple(reversed(session.book.positions)))
    after = session.review()
    assert after.silos.maintenance.amount == before.silos.maintenance.amount
    for one, other in zip(before.designs, after.designs, strict=True):
        assert float(one.margin.requirement.amount) == pytest.approx(
            float(other.margin.requirement.amount), rel=1e-9)


def test_a_save_that_fails_is_not_in_the_trail(session, tmp_path):
    before = session.audit
    with pytest.raises(UnusableInputError):
        session.save(tmp_path / "no such folder" / "r.crossmargin")
    assert session.audit == before
    assert session.project_path is None
    session.save(tmp_path / "r.crossmargin")
    assert [entry.action for entry in session.audit] == ["imported", "saved"]


def test_a_saved_review_is_not_moved_to_another_date_in_silence(session, tmp_path):
    path = session.save(tmp_path / "r.crossmargin")
    same = Session.from_file(path, as_of=session.book.as_of)
    assert same.book == session.book
    with pytest.raises(UnusableInputError, match="this review is as of"):
        Session.from_file(path, as_of=date(2020, 1, 2))


def test_a_stress_kept_by_an_older_version_reads_with_what_it_did_not_know(session, tmp_path):
    session.stress = Stress("own", 2.0, (("SPX", -0.1),), paths=7, seed=3)
    state = session.state()
    kept = contents(state).scenarios[0]
    assert _stress(kept.text) == session.stress
    old = json.dumps({"scenario": "own", "multiplier": 2.0, "shocks": [["SPX", -0.1]]})
    assert _stress(old) == replace(session.stress, paths=0, seed=Stress().seed)
    assert _stress(json.dumps({**json.loads(old), "of a newer version": 1})).scenario == "own"


def test_the_autosave_comes_back_as_a_session(session, tmp_path):
    path = session.save(tmp_path / "r.crossmargin")
    position = session.book.positions[0]
    session.replace_position(replace(position, quantity=position.quantity + 1))
    assert autosave(session, recovery_path) == recovery_path(path)
    again = recovered(path)
    assert again is not None
    assert again.book == session.book
    assert again.project_path == path
    session.save()
    assert recovered(path) is None


def test_a_review_never_saved_comes_back_from_where_it_was_kept(session, tmp_path):
    session.project_path = None
    kept = autosave(session, lambda project: tmp_path / f"{project}.crossmargin")
    assert kept.name == "None.crossmargin"
    again = recovered_unsaved(kept)
    assert (again.book, again.project_path) == (session.book, None)


def test_a_file_somebody_else_saved_to_is_not_written_over(session, tmp_path):
    path = session.save(tmp_path / "r.crossmargin")
    other = Session.from_file(path)
    other.save()
    with pytest.raises(UnusableInputError, match="another window saved this review"):
        session.save()
    assert Session.from_file(path).audit == other.audit
    assert session.save(path) == path, "a name given on purpose replaces it"
    session.save()


def test_a_review_is_saved_under_the_ending_it_is_opened_by(session, tmp_path):
    assert session.save(tmp_path / "fund v1.2").name == "fund v1.2.crossmargin"
    assert session.save(tmp_path / "notes.txt").name == "notes.txt.crossmargin"
    assert session.save(tmp_path / "R.CROSSMARGIN").name == "R.CROSSMARGIN"


def test_an_account_that_could_not_be_margined_has_no_standing(session):
    from dataclasses import replace

    session.replace_market(replace(session.book.market, currency="EUR"))
    run = session.review()
    assert len(run.excluded) >= len(session.book.positions)
    assert run.statuses == ()
