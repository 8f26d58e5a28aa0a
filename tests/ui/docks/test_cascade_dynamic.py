"""The cascade played step by step: mode and regime, halts shaded, player, tables that have rows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QToolTip

from tests.ui.docks import sample
from workstation.base.problem import Problem
from workstation.cascade.result import (
    HaltSpan,
    MonteCarlo,
    Quantile,
    RegimeOutcome,
    Tipping,
    Trigger,
)
from workstation.ui.docks.cascade import CascadeDock, marks, shades
from workstation.ui.docks.cascade_player import told
from workstation.workspace.stress import Stress


def played():
    before = sample.cascade()
    steps = tuple(
        replace(step, margins=(14e6, 30e6, 1e6), halted=(step.step == 1, False, False))
        for step in before.steps)
    regime = RegimeOutcome(
        "silos", "Today, silos", *map(Decimal, (9, 0, 0, 0, 3, 2, 1, 4, 5)), Decimal("1.25"),
        Decimal("0.01"), 6, False, 0.61)
    return replace(
        before, mode="dynamic", steps=steps, step_minutes=15.0, comparison=(regime,),
        halts=(HaltSpan("US equities, level 1", ("SPX",), 1, 1),),
        tipping=(Tipping("client: first call", 0.6117, 3.0),
                 Tipping("client: equity below zero", None, 3.0)))


@pytest.fixture
def dynamic(run):
    return replace(run, cascade=played(),
                   triggers=(Trigger("SPX", "call", "PB-1", -0.041, 6426.5, 4.3, "SPX"),))


def test_mode_and_regime_are_those_of_the_run_and_can_be_asked_for(shown, dynamic, qtbot):
    dock = shown(CascadeDock())
    dock.offer_scenarios(("2020-03-12 Covid A",))
    dock.show_run(dynamic)
    assert dock.controls.mode.currentText() == "Step by step"
    assert dock.controls.under.isEnabled()
    dock.controls.under.setCurrentIndex(1)
    with qtbot.waitSignal(dock.cascade_requested) as asked:
        dock.button.click()
    design = dock.controls.under.currentData()
    assert design != "silos"
    assert asked.args == [Stress("2020-03-12 Covid A", mode="dynamic", under=design)]
    dock.controls.mode.setCurrentIndex(0)
    assert not dock.controls.under.isEnabled()


def test_tables_show_when_they_have_rows(shown, run, dynamic):
    dock = shown(CascadeDock())

    def visible():
        return {dock.tables.tabText(n) for n in range(dock.tables.count())
                if dock.tables.isTabVisible(n)}

    dock.show_run(run)
    assert not {"Regimes", "Halts", "Next calls"} & visible()
    dock.show_run(dynamic)
    assert {"Regimes", "Halts", "Tipping", "Next calls"} <= visible()
    assert "Sources" not in visible()
    tipping = dock.measures["Tipping"].model.table
    assert tipping.text(0, 1) == "0.61 x"
    assert tipping.text(1, 2) == "not up to 3 times the shock"
    assert dock.measures["Next calls"].model.table.text(0, 3) == "(4.1 %)"


def test_drawn_shocks_are_tabled(shown, dynamic):
    drawn = MonteCarlo(7, 500, (Quantile(0.99, Decimal(553069)),), Decimal(1200), 0.12, 0.03, 0.0,
                       45.0)
    dock = shown(CascadeDock())
    dock.show_run(replace(dynamic, cascade=replace(dynamic.cascade, monte_carlo=drawn)))
    table = dock.measures["Drawn"].model.table
    assert table.about == "500 paths drawn from seed 7."
    assert (table.text(0, 1), table.text(0, 2)) == ("12.0 %", "")
    assert (table.text(4, 1), table.text(4, 2)) == ("99.0 %", "553,069")


def test_halts_are_shaded_and_told_under_the_pointer(shown, dynamic):
    dock = shown(CascadeDock())
    dock.show_run(dynamic)
    [shade] = shades(dynamic.cascade)
    assert (shade.first, shade.last) == (1, 2)
    box = dock.chart().getPlotItem().getViewBox()
    dock.chart().scene().sigMouseMoved.emit(box.mapViewToScene(QPointF(1.0, 90.0)))
    assert "US equities, level 1" in QToolTip.text()
    QToolTip.hideText()


def test_halts_that_overlap_are_one_shade():
    spans = (HaltSpan("level 1", ("SPX",), 1, 1), HaltSpan("level 3", ("SPX",), 1, 4),
             HaltSpan("own", ("AAPL",), 7, 1))
    found = shades(replace(played(), halts=spans))
    assert [(s.first, s.last, s.name) for s in found] == [(1, 5, "level 1, level 3"),
                                                          (7, 8, "own")]


def test_every_step_with_a_call_has_a_tick(dynamic):
    found = marks(dynamic.cascade)
    assert [(tick.step, tick.participant) for tick in found] == [
        (1, "Meridian Macro LP"), (2, "risk parity")]


def test_the_player_tells_the_step_and_plays_to_the_end(shown, dynamic, qtbot):
    dock = shown(CascadeDock())
    dock.show_run(dynamic)
    player = dock.player
    assert player.slider.value() == 5
    player.slider.setValue(1)
    assert player.told.text() == (
        "Step 1 (the shock), equity 13,000,000, margin 14,000,000, call 1,200,000, "
        "1 factor halted")
    assert dock.paths._cursor.value() == 1
    assert "30 min" in told(dynamic.cascade, 3)
    player.play.click()
    assert player.play.text() == "Pause"
    qtbot.waitUntil(lambda: player.slider.value() == 5, timeout=3000)
    qtbot.waitUntil(lambda: not player.play.isChecked(), timeout=1000)
    assert player.play.text() == "Play"
    player.play.click()
    assert player.slider.value() == 0, "played again from the start"
    dock.show_run(None)
    qtbot.waitUntil(lambda: not player.play.isChecked(), timeout=1000)


def test_a_refused_cascade_says_why_and_leaves_the_controls(shown, dynamic):
    dock = shown(CascadeDock())
    refused = replace(dynamic.cascade, steps=(), factors=(), participants=(), calls=(), halts=(),
                      comparison=(), tipping=(), triggers=(), invariants=(), assumptions=(),
                      problems=(Problem("Market, AAA", "annual_volatility is below zero",
                                        "correct the Market sheet", "error"),))
    dock.show_run(replace(dynamic, cascade=refused))
    assert not dock.is_empty
    assert "annual_volatility is below zero" in dock.notice.text()
    dock.show_run(dynamic)
    assert not dock.notice.text()
