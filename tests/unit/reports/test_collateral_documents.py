"""`collateral --json` holds what the window shows: the same rows as its tables, on real books."""

from __future__ import annotations

from pathlib import Path

import pytest

from workstation.parameters.store import parse_edition
from workstation.reports.review_documents import collateral_document
from workstation.results.encumbrance_flow import flow_table
from workstation.results.encumbrance_measures import measures_table, proposals_table
from workstation.results.mobility_tables import runway_table, stressed_lots_table
from workstation.workspace.session import Session, sample_books

BOOK = next(path for path in sample_books() if "macro" in path.stem)


@pytest.fixture(scope="module")
def reviewed():
    run = Session.from_file(BOOK).review()
    return run, collateral_document(run)


@pytest.mark.parametrize(("name", "table", "amounts"), [
    ("flow", flow_table, {"market_value": "value"}),
    ("runway", runway_table, {"free_under_stress": "free_stressed", "left_under_stress": "left"}),
    ("stressed_lots", stressed_lots_table, {"free_under_stress": "free_stressed"}),
    ("measures", measures_table, {"encumbered": "encumbered", "liquid_free": "liquid_free"}),
])
def test_rows_are_those_of_the_windows_tables(reviewed, name, table, amounts):
    run, document = reviewed
    rows = table(run).rows
    assert rows
    assert len(document[name]) == len(rows)
    for written, shown in zip(document[name], rows, strict=True):
        for key, field in amounts.items():
            assert written[key] == float(getattr(shown, field))


def test_every_design_has_its_measures_and_proposals_save(reviewed):
    run, document = reviewed
    named = [row["arrangement"] for row in document["measures"]]
    assert named == ["As pledged today", *(p["title"] for p in document["allocation"]["plans"])]
    proposals = document["allocation"]["present"]["proposals"]
    assert len(proposals) == len(proposals_table(run).rows)
    assert all(proposal["saving_a_year"] > 0 for proposal in proposals)


def test_what_enters_a_claim_leaves_it_for_its_secured_party(reviewed):
    _, document = reviewed
    into = sum(f["market_value"] for f in document["flow"] if f["hop"] == 1)
    claims = {f["from"] for f in document["flow"] if f["hop"] == 1}
    out = sum(f["market_value"] for f in document["flow"] if f["hop"] == 0 and f["to"] in claims)
    assert into == pytest.approx(out)


def test_wishes_of_an_overlay_are_told():
    folder = Path("resources/parameters/allocation")
    [shipped] = sorted(folder.glob("*.toml"))[-1:]
    text = shipped.read_text(encoding="utf-8").replace(
        '[parameter.least_ticket]\nvalue = 0', '[parameter.least_ticket]\nvalue = 250000')
    session = Session.from_file(BOOK)
    session.overlays = (parse_edition(text, shipped),)
    found = collateral_document(session.review())["allocation"]
    assert "at least 250,000 of a lot to an obligation" in found["wishes"]
    assert "silos-wishes" in [plan["regime"] for plan in found["plans"]]
