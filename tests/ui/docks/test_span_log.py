"""The spreads dock: the log by account and status, files beside it, figures told in full."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.rules.span_fixture import PA2, calculator, loaded, portfolios
from workstation.results.spreads import DENIED, FORMED, spread_rows, spread_table
from workstation.ui.docks.span_log import NO_FILES, UNLOADED, SpanLogDock


@pytest.fixture(scope="module")
def answers():
    return [calculator().risk(portfolio) for portfolio in portfolios().values()]


@pytest.fixture(scope="module")
def spreads(answers):
    return tuple(row for answer in answers for row in spread_rows(answer))


@pytest.fixture
def dock(shown, run, spreads):
    made = shown(SpanLogDock())
    made.show_session(SimpleNamespace(risk_files=(loaded(PA2),), margin_histories=None,
                                      book=run.book))
    made.show_run(replace(run, spreads=spreads))
    return made


def rows(dock):
    return [dock.log.model.row_at(n) for n in range(dock.log.model.rowCount())]


def test_without_spreads_or_files_it_says_how_to_get_them(shown, run):
    made = shown(SpanLogDock())
    made.show_session(SimpleNamespace(risk_files=(), margin_histories=None, book=run.book))
    made.show_run(run)
    assert made.is_empty


def test_futures_without_a_file_are_told_what_forms_spreads(shown, run, monkeypatch):
    monkeypatch.setattr(SpanLogDock, "has_content", lambda *_: True)
    made = shown(SpanLogDock())
    made.show_session(SimpleNamespace(risk_files=(), margin_histories=None, book=run.book))
    made.show_run(replace(run, spreads=()))
    assert made.notice.text() == UNLOADED


def test_every_spread_of_the_calculation_is_listed_in_its_order(dock, answers, spreads):
    assert tuple(rows(dock)) == spreads == tuple(spread_table(answers).rows)
    assert len(spreads) == sum(len(a.formed) + len(a.denied) for a in answers)
    formed = sum(row.status == FORMED for row in spreads)
    assert 0 < formed < len(spreads)
    assert f"Formed {formed}" in dock.figures.accessibleDescription()


def test_credits_stand_below_nought_and_charges_above(answers, spreads):
    charged = sum(item.amount for a in answers for item in a.formed if not item.is_credit)
    credited = sum(item.amount for a in answers for item in a.formed if item.is_credit)
    assert charged > 0
    assert credited > 0
    assert sum(row.amount for row in spreads) == charged - credited


def test_it_is_filtered_by_account_status_and_words(dock, spreads):
    account = next(row.account for row in spreads if row.status == DENIED)
    dock.show_account(account)
    dock.status.setCurrentIndex(dock.status.findData(DENIED))
    dock.status.activated.emit(0)
    shown = rows(dock)
    assert shown == [r for r in spreads if r.account == account and r.status == DENIED]
    dock.search.setText(shown[0].reason)
    assert shown[0] in rows(dock)
    dock.search.setText("no such leg anywhere")
    assert rows(dock) == []


def test_choosing_an_account_announces_it(dock, qtbot):
    dock.account.setCurrentIndex(1)
    with qtbot.waitSignal(dock.account_chosen) as told:
        dock.account.activated.emit(1)
    assert told.args == [dock.account.itemData(1)]


def test_a_chosen_row_is_told_in_full(dock):
    numbers = {row.status: n for n, row in enumerate(rows(dock))}
    dock.log.view.selectRow(numbers[DENIED])
    assert rows(dock)[numbers[DENIED]].reason in dock.notice.text()
    dock.log.view.selectRow(numbers[FORMED])
    assert "before" in dock.notice.text()


def test_the_files_are_browsed_with_their_cycle(dock):
    dock.tables.setCurrentIndex(1)
    assert dock.shown_table().table.name == "Risk-parameter files"
    assert dock.shown_table().rowCount() == sum(
        len(item.commodities) for item in loaded(PA2).organisations)
    assert loaded(PA2).organisations[0].snapshot in dock.figures.accessibleDescription()


def test_figures_without_their_files_say_so(dock):
    dock.show_session(SimpleNamespace(risk_files=(), margin_histories=None, book=dock.run.book))
    assert dock.notice.text() == NO_FILES
    assert dock.contents.model.rowCount() == 0


def test_the_log_is_exported_as_shown(dock, tmp_path, spreads):
    dock.export_csv(tmp_path / "spreads.csv")
    text = (tmp_path / "spreads.csv").read_text("utf-8-sig")
    assert len(text.splitlines()) == len(spreads) + 1


@pytest.mark.parametrize("size", [(900, 600), (420, 180)])
def test_it_shows_in_both_palettes(dock, palette, size):
    dock.resize(*size)
    dock.apply_theme(palette)
    assert not dock.grab().isNull()
