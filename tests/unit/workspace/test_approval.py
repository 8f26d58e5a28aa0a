from dataclasses import replace
from decimal import Decimal

import pytest

from workstation.base.problem import UnusableInputError
from workstation.cli.main import main
from workstation.projects.audit import appended
from workstation.reports.standing import Status
from workstation.workspace.approval import decide, new_version, standing_of
from workstation.workspace.edits import SetQuantity
from workstation.workspace.session import Session, sample_books


@pytest.fixture(scope="module")
def computed():
    session = Session.from_file(sample_books()[1])
    session.run = session.review()
    return session


@pytest.fixture
def session(computed):
    fresh = Session.of(computed.state())
    fresh.approvals = ()
    return fresh


def approved(session):
    decide(session, Status.REVIEWED, "Ann Maker")
    decide(session, Status.APPROVED, "Ben Checker", "until June")
    return session


def test_a_review_goes_from_draft_over_reviewed_to_approved(session):
    assert session.standing.status is Status.DRAFT
    assert decide(session, Status.REVIEWED, " Ann  Maker ").status is Status.REVIEWED
    standing = decide(session, Status.APPROVED, "Ben Checker", "until June")
    assert [(d.author, d.status, d.conditions) for d in standing.decisions] == [
        ("Ann Maker", Status.REVIEWED, ""), ("Ben Checker", Status.APPROVED, "until June")]
    assert [entry.action for entry in session.audit[-2:]] == ["reviewed", "approved"]


def test_a_draft_is_not_approved(session):
    with pytest.raises(UnusableInputError, match="nobody has marked"):
        decide(session, Status.APPROVED, "Ben")


@pytest.mark.parametrize("name", [
    "Ann Maker", "ANN MAKER", " ann  maker ", "Ａnn Maker", "Maker, Ann", "ann.maker", "Änn Mákèr"])
def test_who_prepared_a_review_may_not_approve_it(session, name):
    decide(session, Status.REVIEWED, "Ann Maker")
    with pytest.raises(UnusableInputError, match="may not approve"):
        decide(session, Status.APPROVED, name)
    assert session.standing.status is Status.REVIEWED


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "x" * 200])
def test_a_decision_needs_a_name(session, name):
    with pytest.raises(UnusableInputError, match="name"):
        decide(session, Status.REVIEWED, name)


def test_an_approved_review_is_read_only_until_a_new_version(session):
    assert session.locked == ""
    approved(session)
    assert "choose New version" in session.locked
    with pytest.raises(UnusableInputError, match="read-only"):
        decide(session, Status.REVIEWED, "Cid")
    new_version(session)
    assert session.locked == ""
    assert session.standing.status is Status.DRAFT
    assert session.project_path is None
    assert "approved by Ben Checker" in session.audit[-1].detail


def test_a_result_that_changed_since_is_a_draft_again(session):
    decide(session, Status.REVIEWED, "Ann")
    where = session.book.positions[0].where
    SetQuantity(session, where, Decimal(1)).apply()
    session.run = session.review()
    assert session.standing.status is Status.DRAFT


def test_a_decision_without_its_entry_in_the_chain_does_not_count(session):
    approved(session)
    assert standing_of(session.approvals, (), session.run).status is Status.DRAFT
    forged = (replace(session.approvals[0], author="Someone"), session.approvals[1])
    assert standing_of(forged, session.audit, session.run).status is Status.DRAFT
    broken = (replace(session.audit[0], detail="x"), *session.audit[1:])
    assert standing_of(session.approvals, broken, session.run).status is Status.DRAFT


def test_an_approval_forged_by_the_preparer_does_not_count(session):
    approved(session)
    own = replace(session.approvals[1], author="Ann Maker")
    detail = session.audit[-1].detail.replace("Ben Checker", "Ann Maker")
    trail = appended(session.audit[:-1], session.audit[-1].at, "someone", "approved", detail)
    assert standing_of((session.approvals[0], own), trail, session.run).status is Status.REVIEWED


def test_decisions_are_kept_in_the_project(session, tmp_path):
    path = tmp_path / "a.crossmargin"
    approved(session).save(path)
    again = Session.from_file(path)
    assert again.standing == session.standing
    assert again.standing.status is Status.APPROVED
    assert again.pack().standing == session.standing


def test_the_command_takes_decisions(session, tmp_path, capsys):
    path = tmp_path / "a.crossmargin"
    session.save(path)
    assert main(["approve", str(path), "--as", "Ann"]) == 2
    assert main(["approve", str(path), "--as", "Ann", "--to", "reviewed"]) == 0
    assert main(["approve", str(path), "--as", "ann"]) == 2
    assert main(["approve", str(path), "--as", "Ben"]) == 0
    assert main(["revise", str(path), "--out", str(path)]) == 2
    assert main(["revise", str(path), "--out", str(tmp_path / "b.crossmargin")]) == 0
    said = capsys.readouterr()
    assert "approved by Ben" in said.out
    assert "may not approve" in said.err
    assert "Traceback" not in said.err
    assert Session.from_file(path).standing.status is Status.APPROVED
    assert Session.from_file(tmp_path / "b.crossmargin").standing.status is Status.DRAFT
    assert main(["approve", str(sample_books()[0]), "--as", "Ann"]) == 2
