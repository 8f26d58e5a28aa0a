from pathlib import Path

from workstation.reports.summary import summary_text
from workstation.workspace.designs import find_design
from workstation.workspace.session import Session

BOOK = Path(__file__).resolve().parents[3] / "resources" / "books" / "larkfield_income.xlsx"


def test_a_design_without_its_history_says_why_it_is_incomplete():
    session = Session.from_file(BOOK)
    session.designs = (find_design("stressed-es"),)
    run = session.review()
    reason = run.designs[0].margin.excluded[0].what
    assert reason.split()[0] in summary_text(run)
    assert " ".join(reason.split()[:4]) in " ".join(summary_text(run).split())
