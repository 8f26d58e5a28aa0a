"""Risk-parameter files in the window: loaded undoably, browsed, refused without harm."""

import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.rules.span_fixture import CSV, PA2, loaded
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms
from workstation.results.risk_files_table import reading, risk_contents_table
from workstation.ui.risk_files import NONE_LOADED, NOT_KEPT, RiskFilesDialog
from workstation.workspace.session import Session

DAY = date(2026, 6, 15)


def future(code, quantity):
    terms = FutureTerms(code, date(2026, 9, 18))
    return Position("F-1", Instrument(code, AssetClass.FUTURE, code, "USD", Decimal(50), terms),
                    Decimal(quantity), Decimal(100), f"Positions!{code}")


@pytest.fixture
def futures(window, qtbot):
    """The window on an account of futures that only a risk-parameter file margins."""
    account = Account("F-1", AccountType.FUTURES, firm="Carrier", cash=Decimal(900_000),
                      risk_profile="hrp")
    session = Session(Book("Futures only", DAY, (account,), (future("EQ", 10), future("NT", -4))))
    with qtbot.waitSignal(window.desk.run_changed, timeout=10000):
        window.desk.adopt(session)
    return window


def load(window, qtbot, *paths):
    window.opening.asking.load_given = list(paths)
    with qtbot.waitSignal(window.desk.run_changed, timeout=10000):
        window.risk_files.ask_and_load()
    qtbot.waitUntil(lambda: window.desk.is_current, timeout=10000)


def test_a_file_margins_the_futures_it_has_and_can_be_undone(futures, qtbot):
    assert not futures.desk.run.complete
    load(futures, qtbot, PA2)
    run = futures.desk.run
    assert run.complete
    assert run.silos.maintenance.amount == 88269
    assert {scan.portfolio for scan in run.scans} == {"EQX", "NQX"}
    assert PA2.name in {item.name for item in run.inputs}
    assert "combined commodities" in futures.banner.text()
    scan = futures.docks.bring("scan")
    assert scan.profile.points[-1] == "16"
    with qtbot.waitSignal(futures.desk.run_changed, timeout=10000):
        futures.desk.stack.undo()
    assert not futures.desk.run.complete
    assert futures.desk.run.stand_alone[0].amount is None
    assert scan.is_empty


def test_loading_a_file_again_replaces_it_and_removing_takes_all(futures, qtbot):
    load(futures, qtbot, PA2)
    load(futures, qtbot, PA2)
    assert len(futures.risk_files.loaded) == 1
    with qtbot.waitSignal(futures.desk.run_changed, timeout=10000):
        futures.risk_files.remove()
    assert futures.risk_files.loaded == ()
    assert futures.desk.stack.undoText() == "Use no risk-parameter files"


def test_a_file_that_is_something_else_changes_nothing(futures, qtbot, tmp_path):
    stranger = tmp_path / "notes.spn"
    stranger.write_text("nothing of the kind", "utf-8")
    with qtbot.waitSignal(futures.opening.refused, timeout=5000):
        futures.take([stranger])
    assert "notes.spn" in futures.banner.text()
    assert futures.desk.stack.count() == 0


def test_without_a_review_it_says_what_comes_first(window):
    window.take([PA2])
    assert "Open a client file first" in window.banner.text()


def test_the_contents_can_be_browsed(qtbot):
    dialog = RiskFilesDialog((loaded(PA2),))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.model.rowCount() == len(loaded(PA2).organisations[0].commodities)
    assert loaded(PA2).organisations[0].snapshot in dialog.words.text()
    dialog.search.setText("EQ")
    assert 0 < dialog.model.rowCount() <= len(loaded(PA2).organisations[0].commodities)
    with qtbot.waitSignal(dialog.load_wanted):
        dialog.load.click()


def test_an_empty_list_says_what_a_file_would_change(qtbot):
    dialog = RiskFilesDialog(())
    qtbot.addWidget(dialog)
    assert dialog.words.text() == NONE_LOADED
    assert not dialog.remove.isEnabled()


def test_every_contract_is_counted_once():
    file = loaded(PA2)
    rows = risk_contents_table((file,)).rows
    held = {n for c in file.organisations[0].commodities.values() for n in c.families}
    series = [n for n, s in enumerate(file.organisations[0].series) if s.family in held]
    contracts = sum(int(n in series) for n in file.organisations[0].contracts.series)
    assert sum(row.contracts for row in rows) == contracts
    assert sum(row.months for row in rows) == len(series)
    broken = replace(file, skipped={"type 9": 3})
    assert "3 of other kinds passed over" in reading(broken)


def test_a_saved_review_brings_its_file_along(futures, qtbot, tmp_path):
    load(futures, qtbot, PA2)
    assert NOT_KEPT not in futures.banner.text()
    futures.desk.session.save(tmp_path / "kept.crossmargin")
    again = Session.from_file(tmp_path / "kept.crossmargin")
    with qtbot.waitSignal(futures.desk.run_changed, timeout=10000):
        futures.desk.adopt(again)
    assert [file.name for file in futures.risk_files.loaded] == [PA2.name]
    dock = futures.docks.bring("span_log")
    assert dock.contents.model.rowCount() > 0
    assert dock.log.model.rowCount() == len(again.run.spreads)


def test_a_file_too_large_to_be_saved_is_said(futures, qtbot, monkeypatch):
    monkeypatch.setattr("workstation.workspace.risk_sources.LARGEST", 1)
    load(futures, qtbot, PA2)
    assert NOT_KEPT in futures.banner.text()


def test_a_file_brings_in_futures_no_table_sizes(window, qtbot):
    with qtbot.waitSignal(window.desk.run_changed, timeout=20000):
        window.desk.adopt(Session.from_file(CSV, as_of=DAY))
    assert len(window.desk.run.excluded) == 42
    load(window, qtbot, PA2)
    assert window.desk.run.excluded == ()
    assert "Contract sizes brought in 42 positions" in window.banner.text()
    assert not any("no column was read as a price" in p.what for p in window.desk.session.problems)
    assert window.desk.run.silos.maintenance.amount == Decimal("751439.25")
    assert len(window.desk.positions.rows) == 47
    with qtbot.waitSignal(window.desk.run_changed, timeout=20000):
        window.desk.stack.undo()
    assert len(window.desk.run.excluded) == 42
    assert len(window.desk.positions.rows) == 5


def test_a_zipped_file_dropped_on_an_open_review_is_loaded(futures, qtbot, tmp_path):
    path = tmp_path / "xmc.20260615.s.pa2.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(PA2, PA2.name)
    with qtbot.waitSignal(futures.desk.run_changed, timeout=20000):
        futures.take([path])
    assert futures.desk.run.complete
