"""A margin history kept with a review: saved, read again on opening, undone, and never missed."""

from dataclasses import replace

import pytest

from tests.unit.workspace.test_spreads import session
from workstation.base.problem import UnusableInputError
from workstation.workspace.edits import SetMarginHistory
from workstation.workspace.margin_sources import FOLDER, read_kept_margins, read_margin_source
from workstation.workspace.session import Session

TEXT = "symbol,date,initial,maintenance\nEQ,20200101,11,10\nEQ,20200302,16.5,15\n"


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "margins.csv"
    path.write_text(TEXT, "utf-8")
    return read_margin_source(path)


def test_a_saved_review_opens_with_its_history(source, tmp_path):
    made = session()
    SetMarginHistory(made, source).apply()
    made.save(tmp_path / "f.crossmargin")
    again = Session.from_file(tmp_path / "f.crossmargin")
    assert again.margin_histories == source.histories
    assert again.margin_histories.symbols == ("EQ",)
    assert again.inputs == ()
    assert again.input_problems == ()
    again.save()
    assert Session.from_file(tmp_path / "f.crossmargin").margin_source == source


def test_a_review_without_one_has_none(tmp_path):
    session().save(tmp_path / "f.crossmargin")
    assert Session.from_file(tmp_path / "f.crossmargin").margin_histories is None


def test_loading_is_undone(source):
    made = session()
    load = SetMarginHistory(made, source)
    assert load.label == "Load margins.csv"
    load.apply()
    assert made.margin_histories is not None
    load.revert()
    assert made.margin_histories is None
    assert SetMarginHistory(made, None).label == "Remove the margin history"


def test_no_figure_depends_on_it(source):
    made = session()
    before = made.review()
    SetMarginHistory(made, source).apply()
    assert made.review() == before


def test_one_this_version_cannot_read_is_a_problem(source):
    bad = replace(source.file, content=b"symbol,date\n")
    found, (problem,) = read_kept_margins([bad])
    assert found is None
    assert problem.where == "margins.csv line 1"
    assert "initial" in problem.what
    assert source.file.name == f"{FOLDER}margins.csv"


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(UnusableInputError, match="cannot be read as a margin history"):
        read_margin_source(tmp_path / "none.csv")
