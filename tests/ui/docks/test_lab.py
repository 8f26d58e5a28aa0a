"""The lab dock: designs chosen, findings shown, dimmed when the book has moved on."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from workstation.harmonised.design import shipped
from workstation.lab.basis import basis_table, draws
from workstation.lab.result import (
    BookFindings,
    Coverage,
    DesignFindings,
    Dynamics,
    Findings,
    Protection,
)
from workstation.ui.docks.lab import OUTDATED, LabDock
from workstation.ui.plots import frontier
from workstation.workspace.laboratory import lab_designs, lab_question, laboratory
from workstation.workspace.session import Session, sample_books

STRESS = "2020-03-12 Covid A"
D = Decimal


def found(name, saving, amplification, uncovered=0, refusal="", status="proposal", told=()):
    dynamics = () if refusal else (Dynamics(
        f"{STRESS}, 1d", True, D(100), D(50), None if amplification is None else D(amplification),
        0.0, D(uncovered), (), None, 3.0),)
    coverage = None if refusal else Coverage(
        "2025-12-15 to 2026-11-11, every 2 dates", 119, 2, 0.01, 0.3, 0.9, "green", 40.0,
        date(2026, 3, 17), 1.0, ("USDC",))
    return DesignFindings(
        name, name.title(), "1", status, "scan", True, refusal, D(1000) * (1 - D(saving)),
        D(1000) * D(saving), D(saving), told, coverage, None, dynamics, (),
        Protection((), (), D(5), D(7)))


FINDINGS = Findings("0.1.0", STRESS, (BookFindings(
    "Invented", date(2026, 11, 13), "USD", D(1200), D(1000), "2024-11-18 to 2026-11-13", (
        found("today", "0", "1.05", status="current law"),
        found("full-netting", "0.9", "1.30", 400, status="experiment",
              told=(("draws", "4,000 evenly spread, seed 1"),)),
        found("stable", "0.4", "1.05"),
        found("stable-too", "0.4", "1.05", 100),
        found("broken", "0", None, refusal="no history of BTC"),
        found("calm", "0.2", None))),))


@pytest.fixture(scope="module")
def session():
    return Session.from_file(next(p for p in sample_books() if "macro" in p.stem))


@pytest.fixture
def dock(shown, run, session):
    made = shown(LabDock(), 900, 640)
    made.show_session(session)
    made.show_run(run)
    return made


@pytest.fixture
def answered(dock, session):
    dock.show_findings(FINDINGS, lab_question(session, ("today", "full-netting"), STRESS, 500))
    return dock


def words(dock):
    dock.canvas.redraw()
    return [item.text() for item in dock.canvas.scene().items() if hasattr(item, "text")]


def test_every_shipped_design_is_offered_and_chosen(dock):
    assert set(dock.controls.chosen) == set(shipped())
    assert dock.controls.choose.text() == "10 designs"


def test_it_leaves_room_for_its_neighbours(answered):
    least = answered.minimumSizeHint()
    assert least.width() <= 500
    assert least.height() <= 350


def test_it_asks_for_the_designs_chosen_and_can_be_stopped(dock, qtbot):
    dock.controls.choose_designs(("today", "stable-offsets-only"))
    dock.controls.days.setValue(250)
    with qtbot.waitSignal(dock.experiment_requested) as asked:
        dock.controls.button.click()
    assert asked.args == [("today", "stable-offsets-only"), STRESS, 250]
    assert not dock.controls.button.isEnabled()
    dock.show_working(0.5, "Replaying")
    assert dock.controls.progress.value() == 500
    with qtbot.waitSignal(dock.experiment_cancelled):
        dock.controls.stop.click()
    dock.show_stopped("")
    assert "Stopped" in dock.notice.text()
    assert dock.controls.button.isEnabled()


def test_without_a_design_it_cannot_be_run(dock):
    dock.controls.choose_designs(())
    assert not dock.controls.button.isEnabled()
    assert "Choose a design" in dock.controls.button.toolTip()


def test_findings_say_their_window_and_seed(answered):
    told = answered.figures.accessibleDescription()
    assert "Data window 2024-11-18 to 2026-11-13" in told
    assert "Draws and seed 4,000 evenly spread, seed 1" in told
    assert "Replayed 2025-12-15 to 2026-11-11" in told


def test_a_book_without_history_is_said_to_run_on_a_synthetic_one(dock, session):
    market = replace(session.book.market, history=type(session.book.market.history)())
    bare = Session(replace(session.book, market=market))
    question = lab_question(bare, ("today",), STRESS, 500)
    assert question.synthetic
    assert question.settings.history.dates
    dock.show_findings(FINDINGS, question)
    assert "Data window, synthetic" in dock.figures.accessibleDescription()


def test_refused_designs_stand_hatched_below_with_the_reason(answered):
    said = words(answered)
    assert "Broken: refused, no history of BTC" in said
    assert "Calm: nothing lost, nothing amplified" in said
    assert "Full-Netting, 400 uncovered" in said
    assert "Stable" in said


def test_marks_grow_with_the_loss_left_uncovered(answered):
    answered.canvas.redraw()
    discs = sorted(item.rect().width() for item in answered.canvas.scene().items()
                   if type(item).__name__ == "QGraphicsEllipseItem")
    assert len(discs) == 4
    assert discs[0] == discs[1] == 2 * frontier.LEAST_RADIUS
    assert discs[3] == 2 * frontier.MOST_RADIUS
    assert discs[2] == pytest.approx(frontier.LEAST_RADIUS + frontier.MOST_RADIUS)


def test_names_stand_apart_where_designs_coincide():
    heights = frontier._spread([10.0, 11.0, 11.0, 200.0], 14.0, 0.0, 210.0)
    assert heights == [10.0, 24.0, 38.0, 200.0]
    low = frontier._spread([198.0, 199.0, 200.0], 14.0, 0.0, 210.0)
    assert low == [175.0, 189.0, 203.0]


def test_the_summary_names_every_design(answered):
    told = answered.canvas.accessibleDescription()
    assert told.startswith(f"Saving against amplification under {STRESS}: Full-Netting, 400 "
                           "uncovered: saves 90.0%, amplification 1.300")
    assert "Broken: refused" in told


def test_tables_hold_every_design_and_what_it_rests_on(answered):
    assert answered.shown_table().rowCount() == 6
    rows = basis_table(FINDINGS).rows
    assert ("full-netting", "draws", "4,000 evenly spread, seed 1") in [
        (r.design, r.about, r.basis) for r in rows]
    assert [r.basis for r in rows if r.design == "broken"] == ["1, proposal", "no history of BTC"]
    assert draws(FINDINGS.books[0]) == "4,000 evenly spread, seed 1"


def test_findings_of_an_earlier_state_are_dimmed_until_it_returns(answered, session, run):
    place = session.book.positions[0]
    answered.show_session(session)
    assert answered.notice.text() == ""
    session.replace_position(place.resized(place.quantity * 2))
    answered.show_session(session)
    assert answered.notice.text() == OUTDATED
    session.replace_position(place)
    answered.show_run(run)
    assert answered.notice.text() == ""


def test_another_client_puts_the_findings_away(answered, session):
    answered.show_session(Session(session.book))
    assert answered.findings is None
    assert answered.export.isHidden()


def test_evidence_is_written_with_topics_and_basis(answered, tmp_path):
    for name in ("evidence.csv", "evidence.xlsx"):
        answered.write_evidence(tmp_path / name)
    with (tmp_path / "evidence.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {"topic", "basis"} <= set(rows[0])
    assert any("seed 1" in row["basis"] for row in rows)
    assert (tmp_path / "evidence.xlsx").read_bytes()[:2] == b"PK"


def test_a_mark_selects_its_design(answered, qtbot):
    with qtbot.waitSignal(answered.design_chosen) as chosen:
        answered.canvas.chosen.emit("full-netting")
    assert chosen.args == ["full-netting"]


@pytest.mark.parametrize("size", [(900, 600), (420, 260), (300, 120)])
def test_it_draws_at_every_size_and_in_both_palettes(answered, palette, size):
    answered.resize(*size)
    answered.apply_theme(palette)
    assert words(answered)
    assert not answered.grab().isNull()


def test_the_lab_answers_what_was_asked(session):
    question = lab_question(session, ("today", "crypto-separate", "unknown"), STRESS, 60)
    assert [d.name for d in question.designs] == [
        d.name for d in lab_designs(session) if d.name in ("today", "crypto-separate")]
    findings = laboratory(session, question)
    today, apart = findings.books[0].designs
    assert today.saving == 0
    assert apart.requirement + apart.saving == findings.books[0].silos
