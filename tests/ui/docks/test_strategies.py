"""The strategies dock: filters, the explanation of a pair, and why another was denied."""

from __future__ import annotations

import pytest

from workstation.ui.docks.strategies import StrategiesDock
from workstation.ui.theme import tokens
from workstation.workspace.session import Session, sample_books


@pytest.fixture(scope="module")
def income():
    return Session.from_file(next(p for p in sample_books() if "larkfield" in p.stem)).review()


@pytest.fixture(scope="module")
def macro():
    return Session.from_file(next(p for p in sample_books() if "macro" in p.stem)).review()


def rows(dock):
    return [dock.table.model.row_at(n) for n in range(dock.table.model.rowCount())]


def test_a_pair_is_explained_and_leads_to_its_position(shown, income, qtbot):
    dock = shown(StrategiesDock())
    dock.show_run(income)
    assert len(rows(dock)) == 5
    with qtbot.waitSignal(dock.position_chosen) as got:
        dock.table.view.selectRow(0)
    assert got.args[0].startswith("Positions!")
    assert dock.detail.currentWidget() is dock.explain
    assert rows(dock)[0].label == dock.explain.model.index(0, 0).data()


def test_other_kinds_are_a_choice_away_and_refusals_are_told(shown, macro):
    dock = shown(StrategiesDock())
    dock.show_run(macro)
    kinds = [dock.kind.itemData(n) for n in range(dock.kind.count())]
    assert "between underlyings" in kinds
    dock.decision.setCurrentIndex(dock.decision.findData("denied"))
    dock.decision.activated.emit(1)
    assert rows(dock)
    assert {row.decision for row in rows(dock)} == {"denied"}
    dock.table.view.selectRow(0)
    assert dock.detail.currentWidget() is dock.refusal
    assert rows(dock)[0].reason.split()[0] in dock.refusal.toPlainText()


def test_finding_narrows_the_list(shown, income):
    dock = shown(StrategiesDock())
    dock.show_run(income)
    dock.search.setText("collar")
    assert [row.underlying for row in rows(dock)] == ["JPM"]


def test_the_pair_looked_at_stays_when_figures_change(shown, income, palette):
    dock = shown(StrategiesDock())
    dock.show_run(income)
    dock.table.view.selectRow(1)
    before = dock._chosen.legs
    dock.show_run(income)
    dock.apply_theme(palette)
    assert dock._chosen.legs == before
    assert not dock.grab().isNull()


def test_an_underlying_is_explained_with_what_alternatives_would_cost(shown, income):
    dock = shown(StrategiesDock())
    dock.show_run(income)
    dock.tables.setCurrentIndex(1)
    assert dock.shown_table() is dock.pairings.model
    dock.pairings.view.selectRow(0)
    assert dock.detail.currentWidget() is dock.explain
    assert dock.explain.model.index(0, 0).data() == dock.pairings.model.row_at(0).underlying
    assert "every leg alone" in dock.explain.detail.toPlainText()
    dock.show_run(income)
    dock.apply_theme(tokens())
    assert dock.detail.currentWidget() is dock.explain
    assert "every leg alone" in dock.explain.detail.toPlainText()
