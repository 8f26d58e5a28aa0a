"""A book opened with risk-parameter files: dated by them where it states no date."""

from datetime import date

import pytest

from tests.rules.span_fixture import CSV, PA2
from workstation.base.problem import UnusableInputError
from workstation.cli.main import main
from workstation.importers.reading import NO_DATE
from workstation.reports.standing import Status
from workstation.workspace.approval import decide
from workstation.workspace.opening import open_with_files
from workstation.workspace.session import Session

DAY = date(2026, 6, 15)


def said(session, text):
    return [p for p in session.problems if text in p.what]


def test_a_book_without_a_date_is_of_the_files_date_and_says_so():
    session = open_with_files(CSV, [PA2])
    assert session.book.as_of == DAY
    (problem,) = said(session, NO_DATE)
    assert problem.what == f"{NO_DATE}; 2026-06-15 of {PA2.name} was taken"
    assert problem.severity == "warning"
    assert problem in session.review().problems


def test_without_files_today_is_taken_and_said():
    (problem,) = said(open_with_files(CSV, []), NO_DATE)
    assert problem.what.endswith("(today) was taken")


def test_a_date_given_stays_and_the_other_one_is_said():
    session = open_with_files(CSV, [PA2], date(2026, 6, 12))
    assert session.book.as_of == date(2026, 6, 12)
    (problem,) = said(session, "the risk parameters are of 2026-06-15")
    assert "the review is as of 2026-06-12" in problem.what
    assert problem in session.review().problems


def test_the_date_a_file_states_is_not_replaced(tmp_path):
    lines = CSV.read_text("utf-8").splitlines()
    path = tmp_path / "dated.csv"
    path.write_text("\n".join([f"date,{lines[0]}", *(f"20260612,{line}" for line in lines[1:])]),
                    "utf-8")
    session = open_with_files(path, [PA2])
    assert session.book.as_of == date(2026, 6, 12)
    assert not said(session, NO_DATE)


def test_an_approved_review_refuses_files(tmp_path):
    session = open_with_files(CSV, [PA2])
    session.run = session.review()
    session.save(tmp_path / "f.crossmargin")
    for name, status in (("A", Status.REVIEWED), ("B", Status.APPROVED)):
        decide(session, status, name)
    session.save()
    with pytest.raises(UnusableInputError, match="approved by B"):
        open_with_files(tmp_path / "f.crossmargin", [PA2])
    assert Session.from_file(tmp_path / "f.crossmargin").risk_files


@pytest.mark.parametrize("command", [
    ["review", "--out", "{out}"], ["margin"], ["collateral"], ["what-if", "--do", "close EQU26"],
    ["batch"]])
def test_every_command_on_a_book_takes_files(tmp_path, capsys, command):
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "f.csv").write_bytes(CSV.read_bytes())
    name, *rest = [part.format(out=tmp_path / "out") for part in command]
    target = folder if name == "batch" else folder / "f.csv"
    extra = ["--out", str(tmp_path / "packs"), "--workers", "1"] if name == "batch" else []
    status = main([name, str(target), *rest, *extra, "--params-file", str(PA2)])
    assert status == 0, capsys.readouterr().out
