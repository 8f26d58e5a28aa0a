"""Versions of a design: kept with a note, restored, saved; the shipped one never changes."""

from decimal import Decimal

import pytest

from workstation.base.problem import UnusableInputError
from workstation.harmonised.design import shipped
from workstation.workspace.design_versions import (
    DescribeDesign,
    KeepVersion,
    RestoreVersion,
    changed_knobs,
    history,
)
from workstation.workspace.edits import SetKnob
from workstation.workspace.session import Session, sample_books

HARROW = next(p for p in sample_books() if p.stem == "harrow_long_short")
NAME = "single-account-scan"
KNOB = "offsets.product_group"


@pytest.fixture
def session():
    return Session.from_file(HARROW)


def test_versions_are_kept_restored_and_undone(session):
    original = shipped()[NAME]
    assert [v.design for v in history(session, NAME)] == [original]
    SetKnob(session, NAME, KNOB, "0.25").apply()
    keep = KeepVersion(session, NAME, "narrower offsets")
    keep.apply()
    assert session.design(NAME).version == f"{original.version}-1"
    SetKnob(session, NAME, KNOB, "0").apply()
    assert session.design(NAME).version == f"{original.version}-1+edited"
    KeepVersion(session, NAME, "none at all").apply()
    assert [v.note for v in history(session, NAME)][1:] == ["narrower offsets", "none at all"]
    restore = RestoreVersion(session, NAME, f"{original.version}-1")
    restore.apply()
    assert session.design(NAME).number(KNOB) == Decimal("0.25")
    restore.revert()
    assert session.design(NAME).number(KNOB) == 0
    RestoreVersion(session, NAME, original.version).apply()
    assert session.design(NAME) == original
    assert len(session.design_versions) == 2
    assert shipped()[NAME] == original


def test_keeping_can_be_undone(session):
    SetKnob(session, NAME, KNOB, "0.25").apply()
    before = session.designs, session.design_versions
    keep = KeepVersion(session, NAME, "narrower offsets")
    keep.apply()
    keep.revert()
    assert (session.designs, session.design_versions) == before


def test_differences_name_the_knobs_that_depart_from_the_shipped_file(session):
    assert changed_knobs(session.design(NAME)) == ()
    before = shipped()[NAME].knobs[KNOB]
    SetKnob(session, NAME, KNOB, "0.25").apply()
    assert changed_knobs(session.design(NAME)) == ((KNOB, before, Decimal("0.25")),)


def test_versions_and_words_are_saved_with_the_review(session, tmp_path):
    DescribeDesign(session, NAME, notes="for the committee", citation="own proposal").apply()
    SetKnob(session, NAME, KNOB, "0.25").apply()
    KeepVersion(session, NAME, "narrower offsets").apply()
    again = Session.from_file(session.save(tmp_path / "client.crossmargin"))
    assert history(again, NAME)[1].note == "narrower offsets"
    assert history(again, NAME)[1].author
    assert again.design(NAME).notes == "for the committee"
    assert again.design(NAME).citation == "own proposal"
    RestoreVersion(again, NAME, shipped()[NAME].version).apply()
    assert again.design(NAME) == shipped()[NAME]


def test_what_cannot_be_kept_or_restored_is_said(session):
    with pytest.raises(UnusableInputError, match="needs a note"):
        KeepVersion(session, NAME, "  ")
    with pytest.raises(UnusableInputError, match="there is no version '9'"):
        RestoreVersion(session, NAME, "9")
    with pytest.raises(UnusableInputError, match="needs a citation"):
        DescribeDesign(session, NAME, notes="", citation=" ")
