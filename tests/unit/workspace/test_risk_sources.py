"""Risk-parameter files saved with a review: read again on opening, said where they are missing."""

from dataclasses import replace

import pytest

from tests.rules.span_fixture import PA2, SPN, loaded
from tests.unit.workspace.test_spreads import session
from workstation.workspace import risk_sources
from workstation.workspace.edits import SetRiskFiles
from workstation.workspace.risk_sources import FOLDER, NOT_STORED, read_kept, read_source
from workstation.workspace.session import Session


@pytest.fixture
def saved(tmp_path):
    """A futures review computed with a file whose bytes are kept."""
    made = session()
    made.keep_bytes([read_source(PA2)])
    made.run = made.review()
    made.save(tmp_path / "futures.crossmargin")
    return made


def test_an_opened_review_computes_the_same_with_its_file(saved):
    again = Session.from_file(saved.project_path)
    assert [file.sha256 for file in again.risk_files] == [loaded(PA2).sha256]
    assert [file.name for file in again.risk_files] == [PA2.name]
    assert again.inputs == ()
    assert again.input_problems == ()
    assert again.review() == saved.run


def test_a_file_taken_away_is_not_saved_and_not_missed(saved):
    SetRiskFiles(saved, ()).apply()
    saved.run = saved.review()
    saved.save()
    again = Session.from_file(saved.project_path)
    assert again.risk_files == ()
    assert again.input_problems == ()


def test_it_is_saved_again_from_an_opened_review(saved):
    again = Session.from_file(saved.project_path)
    again.save()
    assert len(Session.from_file(saved.project_path).risk_files) == 1


def test_a_file_too_large_to_keep_is_said_until_it_is_loaded_again(tmp_path, monkeypatch):
    monkeypatch.setattr(risk_sources, "LARGEST", 1)
    made = session()
    source = read_source(PA2)
    assert source.file is None
    made.keep_bytes([source])
    made.run = made.review()
    made.save(tmp_path / "large.crossmargin")
    again = Session.from_file(made.project_path)
    (problem,) = again.input_problems
    assert problem.where == PA2.name
    assert problem.what == NOT_STORED
    monkeypatch.undo()
    again.keep_bytes([read_source(PA2)])
    SetRiskFiles(again, (loaded(PA2),)).apply()
    again.save()
    assert Session.from_file(made.project_path).input_problems == ()


def test_a_kept_file_that_cannot_be_read_is_a_problem_and_others_are_used():
    good = read_source(SPN).file
    bad = replace(good, name=f"{FOLDER}../../elsewhere.pa2", content=b"nothing of the kind")
    found, problems = read_kept([bad, good])
    assert [source.parameters.name for source in found] == [SPN.name]
    assert "elsewhere.pa2" in problems[0].where
    assert problems[0].remedy
