import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
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
from workstation.reports.charts.scale import ticks
from workstation.reports.charts.shapes import Box
from workstation.reports.charts.waterfall import waterfall
from workstation.reports.dossier.blocks import Field, Grid, Report, Section, text_cell
from workstation.reports.dossier.memo import SECTIONS, memo
from workstation.reports.dossier.pack import Pack, data_hash, proposal
from workstation.reports.memo import memo_bytes
from workstation.reports.paper import page_size
from workstation.reports.pdf.fonts import (
    fitted,
    printable,
    runs,
    scripts_lost,
    width_of,
    wrapped,
)
from workstation.reports.pdf.render import pdf_bytes
from workstation.reports.standing import Decision, Standing, Status
from workstation.results.margin_tables import BridgeRow
from workstation.workspace.session import Session, sample_books

ROOT = Path(__file__).resolve().parents[3]
TITLES = ("Cover", "Decision", "Relationship", "Book", "Margin by regime", "Explain",
          "Change since the last review", "Stress", "Collateral", "Liquidity and cascade",
          "Exceptions and breaches", "Data quality", "Appendices")


@pytest.fixture(scope="module")
def run():
    made = made_run()
    today = replace(made.designs[0].margin, status="current law")
    return replace(made, designs=(replace(made.designs[0], margin=today), *made.designs[1:]))


def printed(run, **around):
    return pages(memo_bytes(Pack(run, **around)))


@pytest.fixture(scope="module")
def text(run):
    return " ".join(printed(run))


def test_the_memo_has_its_thirteen_sections_in_order(text):
    assert len(SECTIONS) == 13
    places = [text.index(f"{number}. {title}") for number, title in enumerate(TITLES, 1)]
    assert places == sorted(places)


def test_the_first_page_answers_the_committee(run):
    first = printed(run)[0]
    for said in ("Posts today (USD)", "1,650,061", "Would post (USD)", "1,320,048", "Saving (USD)",
                 "20.0 %", "Why", "What can go wrong", "What is incomplete",
                 "INCOMPLETE: 2 positions are excluded from every total", "Draft: not reviewed",
                 data_hash(run)[:16]):
        assert said in first


def test_the_memo_names_silos_offsets_collateral_and_cascade(text):
    for said in ("PB-1 Prime brokerage", "FINRA 4210 strategies", "incomplete: 1",
                 "correlation under stress below 0.60", "denied", "granted", "45,000",
                 "Free after haircut: 582,120", "amplification 1.24", "FCM-1 calls",
                 "calls on the client 1, together 350,000; on other participants 0"):
        assert said in text


def test_the_memo_never_hides_what_is_missing_or_to_confirm(text):
    for said in ("BTC: no price", "fill in the price column", "es rate, btc rate", "ab" * 32,
                 "No earlier review was given.", "write them in the template",
                 "No house editions are laid over the rules"):
        assert said in text


def test_every_page_carries_its_number_the_date_the_hash_and_the_editions(run):
    found = printed(run)
    for number, page in enumerate(found, start=1):
        assert f"page {number} of {len(found)}" in page
        assert "as of 2026-03-02" in page
        assert "editions: FINRA 4210 2026-06-04" in page
        assert data_hash(run)[:16] in page
        assert "DRAFT" in page


def test_an_approved_memo_is_not_a_draft_and_says_who_approved(run):
    at = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    standing = Standing(Status.APPROVED, (
        Decision("Ann Maker", at, Status.REVIEWED), Decision("Ben Checker", at, Status.APPROVED,
                                                             "until June")))
    said = " ".join(printed(run, standing=standing))
    assert "DRAFT" not in said
    assert "Approved by Ben Checker, 2026-03-03 09:30 UTC" in said
    assert "Ann Maker" in said
    assert "until June" in said


def test_the_same_run_gives_the_same_bytes_in_another_process(run):
    code = ("import sys; from tests.unit.results.made_run import made_run; "
            "from workstation.reports.dossier.pack import Pack; "
            "from workstation.reports.memo import memo_bytes; "
            "sys.stdout.buffer.write(memo_bytes(Pack(made_run())))")
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True,
                             env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"},
                             check=True)
    assert process.stdout == memo_bytes(Pack(made_run()))


@pytest.mark.parametrize(("page", "box"), [("A4", "595.27"), ("Letter", "612")])
def test_paper(run, page, box):
    assert re.search(rf"/MediaBox \[ 0 0 {box}".encode(), memo_bytes(Pack(run), page))


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
    found = printed(crowded(run))
    assert len(found) <= 40
    text = " ".join(found)
    assert "240 more are in the workbook, sheet Exceptions." in text
    assert "48 smaller ones, and every test in full: workbook" in text
    assert "parameter 79 and 120 more, in the" in text
    assert "<Client> &" in text


def test_a_bare_review_still_makes_a_memo(run):
    bare = replace(run, designs=(), cascade=None, editions=(), inputs=(), statuses=(), scans=(),
                   silos=replace(run.silos, accounts=(), excluded=()),
                   book=replace(run.book, accounts=(), positions=()),
                   collateral=replace(run.collateral, lots=()))
    text = " ".join(printed(bare))
    for said in ("No cascade was run", "The book names no collateral lots",
                 "The file holds no positions", "No design was computed",
                 "No rule edition was read", "No account has equity"):
        assert said in text
    assert "INCOMPLETE" not in text
    for number, title in enumerate(TITLES, 1):
        assert f"{number}. {title}" in text


def test_no_section_is_ever_empty(run):
    for made in (run, replace(run, designs=(), cascade=None, editions=(), inputs=())):
        assert all(section.blocks for section in memo(Pack(made)).sections)


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
    assert "(500)" in " ".join(printed(replace(run, designs=(dearer,))))


def test_texts_are_put_in_the_characters_of_the_fonts():
    assert printable("−5 ≥ 3\n→  é €") == "-5 >= 3 -> é €"
    assert printable("Ω Ж Ş") == "Ω Ж Ş"
    assert printable("ﬁ ①") == "ﬁ 1"
    assert printable("عربي") == "????"
    assert [font for font, _ in runs(printable("ABC 東京かな"))] == [
        "CrossmarginSans", "HeiseiKakuGo-W5"]
    assert runs("한국")[0][0] == "HYGothic-Medium"


def test_names_are_cut_to_their_room_and_hashes_broken():
    assert fitted("a long name of an account", 40, 8).endswith("…")
    assert width_of(fitted("a long name of an account", 40, 8), 8) <= 40
    assert fitted("short", 400, 8) == "short"
    lines = wrapped("ab" * 32, 60, 8, 20)
    assert "".join(lines) == "ab" * 32
    assert all(width_of(line, 8) <= 60 for line in lines)
    assert wrapped("one two three four five six", 40, 8, 2)[-1].endswith("…")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("book", sample_books(), ids=lambda path: path.stem)
def test_every_headline_number_can_be_read_out_of_the_pdf(book, tmp_path):
    kept = Session.from_file(book).review()
    (tmp_path / "memo.pdf").write_bytes(memo_bytes(Pack(kept)))
    said = subprocess.run(["pdftotext", "-layout", tmp_path / "memo.pdf", "-"], check=True,
                          capture_output=True, text=True).stdout
    amounts = [kept.silos.maintenance.amount, kept.silos.initial.amount,
               kept.collateral.free_value, kept.cascade.direct_loss, kept.cascade.total_loss,
               *(status.equity.amount for status in kept.statuses),
               *(status.excess for status in kept.statuses if status.excess is not None),
               *(account.maintenance.amount for account in kept.silos.accounts)]
    for outcome in kept.designs:
        if outcome.margin.status != "current law" or outcome.saving:
            amounts += [outcome.margin.requirement.amount, outcome.saving]
    for amount in amounts:
        assert accounting(amount).strip("()") in said, amount


@pytest.mark.parametrize(("low", "high"), [(0.0, 3.2e6), (-500.0, 1200.0), (0.0, 1.0),
                                           (0.0, 9.9e11)])
def test_ticks_are_round_and_inside(low, high):
    marks = ticks(low, high)
    assert 3 <= len(marks) <= 7
    assert low <= marks[0] < marks[-1] <= high
    assert 0.0 in marks


def rectangles(picture):
    return [shape for shape in picture.shapes if isinstance(shape, Box)]


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
    assert offset.fill != addon.fill


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
    said = " ".join(printed(kept))
    assert "Equity and calls by account" in said
    for status in kept.statuses:
        assert accounting(status.excess) in said
    status = kept.statuses[0]
    test = status.tests[0]
    short = replace(test, condition="", call=leaf("Maintenance call", Decimal("77123")),
                    excess=Decimal("-77123"))
    called = replace(kept, statuses=(replace(status, tests=(short, *status.tests[1:])),))
    said = " ".join(printed(called))
    assert f"{test.name} call" in said
    assert "77,123" in said
    assert "(77,123)" in said


def test_the_memo_names_doubts_of_the_data_gravest_first(run):
    problems = tuple(Problem(f"Market!A{i}", "a price is odd", "mend it", "warning")
                     for i in range(30))
    said = " ".join(printed(replace(run, problems=(
        Problem("Positions!A1", "taken from the file", "", "info"), *problems))))
    assert "a price is odd" in said
    assert "in the workbook, sheet Problems" in said
    assert "taken from the file" not in said


def test_a_long_table_under_its_heading_leaves_no_page_empty():
    rows = tuple((text_cell(f"line {n}"),) for n in range(200))
    report = Report(title="Client", kind="Report", subject="", author="", status="Approved",
                    sections=(Section("Long", (Grid((Field("Line", 1.0),), rows),)),), footer=("",),
                    currency="USD")
    first = pages(pdf_bytes(report))[0]
    assert "Long" in first
    assert "line 20" in first


def test_tests_of_an_account_without_stated_cash_are_not_called_met():
    macro = next(p for p in sample_books() if p.stem == "meridian_macro")
    run = Session.from_file(macro).settled()
    assert "all met now" in " ".join(printed(run))
    status = replace(run.statuses[0], cash_stated=False)
    doubtful = replace(run, statuses=(status, *run.statuses[1:]))
    words = " ".join(printed(doubtful))
    assert "all met now" not in words
    assert f"not known for {status.account_id}: cash not stated" in " ".join(words.split())


def test_scripts_that_cannot_be_set_are_named_with_where_their_text_is(run):
    named = replace(run, book=replace(run.book, name="شركة Alpha กองทุน"))
    first = printed(named)[0]
    assert "Letters of the scripts Arabic, Thai cannot be set on paper" in first
    assert "the workbook and the web page have the original text" in first
    assert scripts_lost(["é Ω Ж 東京 한국", "−5 → √"]) == ()
    assert "cannot be set on paper" not in printed(run)[0]

