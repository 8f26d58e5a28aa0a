"""The page of one risk: figures, bars that announce their row, and sizes it must draw at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workstation.ui.docks.one_risk import OneRiskDock
from workstation.workspace.session import Session, sample_books


@pytest.fixture(scope="module")
def crypto():
    return Session.from_file(next(p for p in sample_books() if "crypto" in p.stem)).review()


@pytest.fixture
def dock(shown, crypto):
    made = shown(OneRiskDock())
    made.show_run(crypto)
    return made


def words(canvas):
    canvas.redraw()
    return [item.text() for item in canvas.scene().items() if hasattr(item, "text")]


def test_the_risk_in_most_silos_is_shown_first(dock):
    assert dock.root.currentData() == "BTC"
    assert "3 silos" in dock.root.currentText()
    said = words(dock.canvas)
    assert "Net" in said
    assert any(text.startswith("fund, ") for text in said)
    assert "Long" in dock.figures.accessibleDescription()


def test_another_risk_is_a_choice_away_and_stays(dock, crypto):
    assert dock.root.count() >= 2
    dock.root.setCurrentIndex(1)
    dock.root.activated.emit(1)
    other = dock.root.currentData()
    dock.show_run(crypto)
    assert dock.root.currentData() == other
    dock.show_risk("BTC")
    assert dock.root.currentData() == "BTC"


def test_a_bar_selects_its_row_and_announces_its_account(dock, qtbot):
    with qtbot.waitSignal(dock.account_chosen) as got:
        dock.canvas.chosen.emit("2")
    assert got.args == [dock.table.model.table.rows[2].account]


def test_the_largest_are_drawn_and_the_others_counted(shown, crypto):
    item = next(e for e in crypto.exposures if e.root == "BTC")
    many = tuple(replace(item, account_id=f"A-{n}") for n in range(45))
    made = shown(OneRiskDock())
    made.show_run(replace(crypto, exposures=many))
    assert "5 more are in the table" in made.notice.text()
    assert len(made.table.model.table.rows) == 45


def test_without_exposures_it_says_what_would_be_here(shown, crypto):
    made = shown(OneRiskDock())
    made.show_run(replace(crypto, exposures=()))
    assert made.is_empty


@pytest.mark.parametrize("size", [(1000, 800), (500, 260), (280, 140)])
def test_it_draws_at_every_size_and_in_both_palettes(dock, palette, size):
    dock.resize(*size)
    dock.apply_theme(palette)
    assert words(dock.canvas)
