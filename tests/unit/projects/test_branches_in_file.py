"""What-if branches and design versions in the project file, and files from before them."""

from decimal import Decimal

import pytest

from tests.unit.projects.test_project_file import AT, made_contents, refused, tampered
from tests.unit.results.made_run import made_book
from workstation.book.what_if import Branch, BranchStep, CombineWith, ScaleBy, Selection
from workstation.projects.contents import StoredVersion
from workstation.projects.load import load_project
from workstation.projects.save import save_project


@pytest.fixture
def path(tmp_path):
    return tmp_path / "client.crossmargin"


def test_a_file_of_version_1_opens_without_branches_and_is_left_as_it_is(path):
    save_project(path, made_contents())
    tampered(path, "DROP TABLE branch", "DROP TABLE design_version", "PRAGMA user_version = 1")
    before = path.read_bytes()
    assert load_project(path) == made_contents()
    assert path.read_bytes() == before


def test_branches_and_design_versions_come_back_and_cannot_be_changed_unnoticed(path):
    step = BranchStep(ScaleBy(Selection("symbol", "SPY", "PM"), Decimal("0.5")), "ann", AT)
    combine = BranchStep(CombineWith("other.xlsx", "00", -1, made_book()), "ann", AT, counts=False)
    kept = made_contents(
        branches=(Branch("half", "ann", AT, steps=(step, combine)),
                  Branch("more", "bob", AT, "half", "agreed")),
        design_versions=(StoredVersion("mine", "2", AT, "ann", "wider", "name = 'mine'"),))
    save_project(path, kept)
    assert load_project(path) == kept
    tampered(path, "UPDATE design_version SET note = 'narrower'")
    assert "not what was saved" in refused(path)
    save_project(path, kept)
    tampered(path, "UPDATE branch SET content = x'00'")
    assert "not what was saved" in refused(path)
