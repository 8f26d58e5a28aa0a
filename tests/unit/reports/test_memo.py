import os
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.reports.pdf_text import pages
from tests.unit.results.made_run import made_run
from workstation.base.explain import leaf
from workstation.base.money import accounting
from workstation.base.problem import Problem
from workstation.book.book import Exclusion
from workstation.measures.requirement import Offset
from workstation.reports import ink
from workstation.reports.memo import memo_bytes, write_memo
from workstation.reports.memo_results import data_hash, proposal
from workstation.reports.paper import fitted, page_size, printable
from workstation.reports.waterfall import ticks, waterfall
from workstation.results.margin_tables import BridgeRow
from workstation.workspace.session import Session, sample_books

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def run():
    made = made_run()
    today = replace(made.designs[0].margin, status="current law")
    return replace(made, designs=(replace(made.designs[0], margin=today), *made.designs[1:]))


@pytest.fixture(scope="module")
def text(run):
    return " ".join(pages(memo_bytes(run)))


def test_the_memo_says_what_is_asked_today_and_under_each_design(run, text):
    assert "Meridian Macro LP" in text
    assert "1,650,061" in text
    assert "single account scan" in text
    assert "1,320,048" in text
    assert "20.0 %" in text
    assert data_hash(run)[:16] in text


def test_the_memo_names_silos_offsets_collateral_and_cascade(text):
    for said in ("PB-1 Prime brokerage", "finra-4210-strategy", "incomplete: 1 excluded",
                 "correlation under stress below 0.60", "denied", "granted", "45,000",
                 "Free after haircut: 582,120", "amplification 1.24",
                 "2. FCM-1 calls",
                 "calls on the client 1, together 350,000; on other participants 0"):
        assert said in text


def test_the_memo_never_hides_what_is_missing_or_to_confirm(text):
    assert "INCOMPLETE: 2 positions are excluded from every total" in text
    assert "BTC: no price" in text
    assert "fill in the price column" in text
    assert "2: es_rate, btc_rate" in text
    assert "ab" * 32 in text


def test_every_page_carries_its_number_the_date_and_the_editions(run):
    printed = pages(memo_bytes(run))
    assert 1 <= len(printed) <= 3
    for number, page in enumerate(printed, start=1):
        assert f"page {number} of {len(printed)}" in page
        assert "as of 2026-03-02 · editions: FINRA 4210 2026-06-04" in page
        assert "DRAFT" in page


def test_an_approved_memo_is_not_a_draft(run):
    assert "DRAFT" not in " ".join(pages(memo_bytes(run, approved=True)))


def test_the_same_run_gives_the_same_bytes_in_another_process(run):
    code = ("import sys; from tests.unit.results.made_run import made_run; "
            "from workstation.reports.memo import memo_bytes; "
            "sys.stdout.buffer.write(memo_bytes(made_run()))")
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True,
                             env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"},
                             check=True)
    assert process.stdout == memo_bytes(made_run())


@pytest.mark.parametrize(("page", "box"), [("A4", "595.27"), ("Letter", "612")])
def test_paper(run, page, box):
    assert re.search(rf"/MediaBox \[ 0 0 {box}".encode(), memo_bytes(run, page))


def test_unknown_paper_is_refused():
    with pytest.raises(ValueError, match="A3"):
        page_size("A3")


def crowded(run):
    offsets = tuple(
        Offset("group", (f"UND{i}", "an underlying " * 8), "denied", "why & <b> " * 100,
               Decimal(0), would_save=Decimal(i)) for i in range(60))
    accounts = tuple(replace(run.book.accounts[i % 4], account_id=f"ACC-{i}", name="name " * 12)
                     for i in range(80))
    excluded = tuple(Exclusion("P" * 90, "what " * 90, "remedy " * 90) for _ in range(300))
    names = tuple(f"parameter_{i}" for i in range(200))
    return replace(
        run, book=replace(run.book, accounts=accounts, name="<Client> & " * 12),
        silos=replace(run.silos, excluded=excluded),
        designs=(run.designs[0], replace(run.designs[1], ledger=offsets)),
        editions=tuple(replace(e, unverified=names) for e in run.editions * 8))


def test_a_crowded_review_stays_readable(run):
    printed = pages(memo_bytes(crowded(run)))
    assert len(printed) <= 8
    text = " ".join(printed)
    assert "288 more are in the workbook, sheet Excluded." in text
    assert "55 smaller offsets are in the workbook" in text
    assert "and 194 more" in text
    assert "<Client> &" in text


def test_a_bare_review_still_makes_a_memo(run):
    bare = replace(run, designs=(), cascade=None, editions=(), inputs=(),
                   silos=replace(run.silos, accounts=(), excluded=()),
                   book=replace(run.book, accounts=(), positions=()),
                   collateral=replace(run.collateral, lots=()))
    text = " ".join(pages(memo_bytes(bare)))
    assert "No cascade was run." in text
    assert "The book names no collateral lots." in text
    assert "INCOMPLETE" not in text


def test_the_memo_argues_the_first_proposal(run):
    assert proposal(run).margin.name == "single-account-scan"
    assert proposal(replace(run, designs=run.designs[:1])).margin.name == "today"
    assert proposal(replace(run, designs=())) is None


def test_a_design_that_asks_for_more_is_shown_in_parentheses(run):
    outcome = run.designs[1]
    bridge = replace(outcome.bridge, steps=(replace(outcome.bridge.steps[0], amount=Decimal(500)),),
                     end=outcome.bridge.silos + 500)
    margin = replace(outcome.margin, requirement=leaf("x", bridge.end))
    dearer = replace(outcome, bridge=bridge, margin=margin)
    assert "(500)" in " ".join(pages(memo_bytes(replace(run, designs=(dearer,)))))


def test_writing_replaces_the_file_whole(run, tmp_path):
    path = tmp_path / "memo.pdf"
    path.write_bytes(b"old")
    write_memo(run, path)
    assert path.read_bytes() == memo_bytes(run)
    assert [item.name for item in tmp_path.iterdir()] == ["memo.pdf"]


def test_texts_are_put_in_the_characters_of_the_fonts():
    assert printable("−5 ≥ 3\n→  é €") == "-5 >= 3 -> é €"
    assert printable("Ω") == "?"
    assert fitted("a long name of an account", 40, 8).endswith("…")
    assert fitted("short", 400, 8) == "short"


@pytest.mark.parametrize(("low", "high"), [(0.0, 3.2e6), (-500.0, 1200.0), (0.0, 1.0),
                                           (0.0, 9.9e11)])
def test_ticks_are_round_and_inside(low, high):
    marks = ticks(low, high)
    assert 3 <= len(marks) <= 7
    assert low <= marks[0] < marks[-1] <= high
    assert 0.0 in marks


def rectangles(drawing):
    from reportlab.graphics.shapes import Rect

    return [shape for shape in drawing.contents if isinstance(shape, Rect)]


def test_bars_of_the_waterfall_meet():
    rows = (BridgeRow("Stand-alone", "level", Decimal(100), Decimal(100), ""),
            BridgeRow("Offsets", "step", Decimal(-40), Decimal(60), ""),
            BridgeRow("Today, silos", "level", Decimal(60), Decimal(60), ""),
            BridgeRow("Add-ons", "step", Decimal(20), Decimal(80), ""),
            BridgeRow("Design", "level", Decimal(80), Decimal(80), ""))
    first, offset, today, addon, design = rectangles(waterfall(rows, {}, 500))
    assert offset.x + offset.width == pytest.approx(first.x + first.width)
    assert offset.x == pytest.approx(today.x + today.width)
    assert addon.x == pytest.approx(today.x + today.width)
    assert addon.x + addon.width == pytest.approx(design.x + design.width)
    assert design.width == pytest.approx(first.width * 0.8)
    assert offset.fillColor != addon.fillColor


def test_texts_and_states_can_be_read_on_paper():
    for colour in (ink.TEXT, ink.MUTED, ink.ACCENT, ink.GRANTED, ink.PARTIAL, ink.DENIED,
                   ink.EXCLUDED):
        assert ink.contrast(colour, ink.WHITE) >= 4.5
        assert ink.contrast(colour, ink.HEADER) >= 4.5
    for colour in ink.SILOS.values():
        assert ink.contrast(colour, ink.WHITE) >= 3
        assert ink.contrast(ink.on(colour), colour) >= 4
    assert ink.contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_the_memo_names_each_accounts_excess_and_calls():
    kept = Session.from_file(sample_books()[0]).review()
    said = " ".join(pages(memo_bytes(kept)))
    assert "Equity and calls by account" in said
    for status in kept.statuses:
        assert accounting(status.excess) in said
    status = kept.statuses[0]
    test = status.tests[0]
    short = replace(test, condition="", call=leaf("Maintenance call", Decimal("77123")),
                    excess=Decimal("-77123"))
    called = replace(kept, statuses=(replace(status, tests=(short, *status.tests[1:])),))
    said = " ".join(pages(memo_bytes(called)))
    assert f"{test.name} call" in said
    assert "77,123" in said
    assert "(77,123)" in said


def test_the_memo_names_doubts_of_the_data_and_no_trivia(run):
    problems = tuple(Problem(f"Market!A{i}", "a price is odd", "mend it", "warning")
                     for i in range(12))
    said = " ".join(pages(memo_bytes(replace(run, problems=(
        Problem("Positions!A1", "taken from the file", "", "info"), *problems)))))
    assert "warning: Market!A0: a price is odd; mend it." in said
    assert "mend it.." not in said
    assert "in the workbook, sheet Problems" in said
    assert "taken from the file" not in said
