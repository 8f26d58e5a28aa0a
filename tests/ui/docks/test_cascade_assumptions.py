"""What a cascade is run with beside its scenario: kept, told in a line, changed in a form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from tests.ui.docks import sample
from workstation.cascade.episodes import preset_names
from workstation.market.history import History
from workstation.ui.docks.cascade import CascadeDock
from workstation.workspace.stress import Stress

KEPT = Stress("2020-03-12 Covid A", 1.5, (), "dynamic", "silos", paths=200_000, seed=2**40,
              minutes=12.5, replay=("2026-01-06", "2026-01-07"), failed_firm="Birch Clearing",
              credit_line=1_234_567.89)
DAYS = tuple(date(2026, 1, day) for day in (5, 6, 7, 8))


def reviewed(stress, history=None):
    run = sample.run()
    market = replace(run.book.market, history=history or History(DAYS, ("SPX",), ((1.0,) * 4,)))
    book = replace(run.book, market=market)
    session = SimpleNamespace(stress=stress, book=book, overlays=())
    return session, replace(run, book=book)


@pytest.fixture
def docked(shown):
    def dock_of(stress, history=None):
        dock = shown(CascadeDock())
        session, run = reviewed(stress, history)
        dock.show_session(session)
        dock.offer_scenarios(preset_names())
        dock.show_run(run)
        return dock, session, run

    return dock_of


def asked(dock, qtbot, act):
    with qtbot.waitSignal(dock.cascade_requested) as told:
        act()
    return told.args[0]


def test_running_again_keeps_everything_a_project_stored(docked, qtbot):
    dock, _, _ = docked(KEPT)
    assert asked(dock, qtbot, dock.button.click) == KEPT, (
        "even what the fields cannot show: cents, half minutes, a seed beyond 32 bits")
    dock.multiplier.setValue(2.0)
    assert asked(dock, qtbot, dock.button.click) == replace(KEPT, multiplier=2.0)


def test_the_line_tells_every_value(docked):
    dock, _, _ = docked(KEPT)
    assert dock.controls.assumptions.line.text() == (
        "Credit line 1,234,568 USD; Birch Clearing has failed; replays 2026-01-06 to 2026-01-07; "
        "200,000 drawn paths, seed 1099511627776; the shock arrives over 12.5 minutes; "
        "sells the same share of everything")
    assert not dock.controls.scenario.isEnabled(), "a replay stands in for the scenario"


def test_edits_are_announced_together_when_the_form_closes(docked, qtbot):
    dock, _, _ = docked(Stress("2020-03-12 Covid A", mode="dynamic"))
    form = dock.controls.assumptions
    form.credit.clear()
    qtbot.keyClicks(form.credit, "25m")
    form.firm.setCurrentIndex(form.firm.findText("Alder Prime"))
    form.firm.activated.emit(form.firm.currentIndex())
    form.paths.setValue(2_000)
    form.seed.setValue(7)
    form.minutes.setValue(60)
    form.replay.setChecked(True)
    assert form.line.text().endswith("(not run yet)")
    assert asked(dock, qtbot, form.button.menu().aboutToHide.emit) == Stress(
        "2020-03-12 Covid A", mode="dynamic", paths=2_000, seed=7, minutes=60.0,
        replay=("2026-01-06", "2026-01-08"), failed_firm="Alder Prime", credit_line=25e6)


def test_a_run_that_ends_meanwhile_leaves_what_is_being_edited(docked):
    dock, session, run = docked(Stress("2020-03-12 Covid A", mode="dynamic"))
    form = dock.controls.assumptions
    form.paths.setValue(2_000)
    dock.show_run(run)
    assert form.stress.paths == 2_000
    session.stress = replace(session.stress, seed=9)
    dock.show_run(run)
    assert form.stress == session.stress, "another stress was run, or an edit undone"
    assert form.paths.value() == 0


def test_an_amount_that_cannot_be_read_is_said_and_not_taken(docked, qtbot):
    dock, _, _ = docked(Stress("2020-03-12 Covid A", mode="dynamic"))
    form = dock.controls.assumptions
    qtbot.keyClicks(form.credit, "-5")
    form.settle()
    assert "amount of 0 or more" in dock.notice.text()
    assert form.stress.credit_line is None
    form.credit.selectAll()
    qtbot.keyClicks(form.credit, "5")
    form.settle()
    assert form.stress.credit_line == 5.0
    assert not dock.notice.text()


def test_own_shocks_become_the_scenario_and_unknown_factors_are_refused(docked, qtbot):
    dock, _, _ = docked(Stress("2020-03-12 Covid A"))
    form = dock.controls.assumptions
    qtbot.keyClicks(form.shocks, "SPX=-10%; BTC=-0.3")
    stress = asked(dock, qtbot, form.button.menu().aboutToHide.emit)
    assert stress == Stress("2020-03-12 Covid A", shocks=(("SPX", -0.1), ("BTC", -0.3)))
    assert dock.scenario.currentText() == "Own shocks"
    form.shocks.selectAll()
    qtbot.keyClicks(form.shocks, "NOWHERE=-10%")
    form.button.menu().aboutToHide.emit()
    assert "no factor is called 'NOWHERE'" in dock.notice.text()


def test_own_shocks_stay_typed_while_a_scenario_is_looked_at(docked, qtbot):
    dock, session, run = docked(Stress("2020-03-12 Covid A", shocks=(("SPX", -0.1),)))
    assert dock.scenario.currentText() == "Own shocks"
    dock.scenario.setCurrentIndex(0)
    session.stress = asked(dock, qtbot, dock.button.click)
    assert session.stress.shocks == ()
    dock.show_run(run)
    assert dock.controls.assumptions.shocks.text() == "SPX=-10%"
    dock.scenario.setCurrentIndex(dock.scenario.findText("Own shocks"))
    assert asked(dock, qtbot, dock.button.click).shocks == (("SPX", -0.1),)


def test_own_shocks_without_any_are_asked_for(docked):
    dock, _, _ = docked(Stress("2020-03-12 Covid A"))
    dock.scenario.setCurrentIndex(dock.scenario.findText("Own shocks"))
    dock.button.click()
    assert "Type your own shocks" in dock.notice.text()


def test_without_a_history_nothing_can_be_replayed(docked):
    dock, _, _ = docked(Stress("2020-03-12 Covid A", mode="dynamic"), History())
    form = dock.controls.assumptions
    assert not form.replay.isEnabled()
    assert "no History sheet" in form.replay.toolTip()
    assert form.paths.isEnabled()
    dock.controls.mode.setCurrentIndex(0)
    assert not form.paths.isEnabled()
    assert "read step by step only" in form.line.text()
