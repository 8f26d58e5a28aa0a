"""Starting, the smoke run, bugs said in a sentence, and recovery after a crash."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.ui.conftest import SAMPLES, Answers
from workstation.ui.main_window import MainWindow
from workstation.ui.mishap import report_mishaps

ROOT = Path(__file__).resolve().parents[2]
MACRO = SAMPLES / "meridian_macro.xlsx"


def start(tmp_path, *arguments):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT),
                   "CROSSMARGIN_SETTINGS": str(tmp_path)}
    code = ("import sys; from pathlib import Path; from workstation.ui.application import main; "
            "path = Path(sys.argv[1]) if len(sys.argv) > 1 else None; "
            "sys.exit(main(path, smoke=True))")
    return subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment,
                          capture_output=True, text=True, timeout=90, check=False)


def test_smoke_reviews_the_sample_and_leaves(tmp_path):
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr


def test_smoke_says_when_a_file_cannot_be_used(tmp_path):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"not a workbook")
    done = start(tmp_path, str(broken))
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr


def test_the_same_drive_works_without_a_screen(tmp_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "tests.ui.real_window", str(tmp_path)],
                          cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "dropped by event" in done.stdout


def test_a_bug_is_written_to_a_report_and_said(window, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    report_mishaps(window.banner)
    try:
        raise RuntimeError("a bug")
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    assert "Internal error (RuntimeError)" in window.banner.text()
    report = next(tmp_path.glob("crossmargin-report-*.txt"))
    assert "RuntimeError: a bug" in report.read_text()


@pytest.fixture
def saved(window, qtbot, tmp_path):
    """The macro fund, saved as a project."""
    with qtbot.waitSignal(window.desk.run_changed, timeout=20000):
        window.opening.open_path(MACRO)
    window.opening.asking.save_given = tmp_path / "macro.crossmargin"
    assert window.opening.save_as()
    return window


def test_unsaved_changes_are_kept_and_recovered(saved, qtbot, settings, tmp_path):
    project = tmp_path / "macro.crossmargin"
    first = saved.desk.book.positions[0]
    with qtbot.waitSignal(saved.desk.run_changed, timeout=20000):
        saved.desk.edit_position(first.where, "quantity", Decimal(7))
    kept = saved.desk.run
    saved.opening.autosave.keep()
    qtbot.waitUntil(lambda: saved.opening.autosave._task is None, timeout=10000)
    again = MainWindow(settings)
    again.opening.asking = Answers(tmp_path)
    qtbot.addWidget(again, before_close_func=lambda w: w.desk.stack.clear())
    with qtbot.waitSignal(again.opening.opened, timeout=20000):
        again.opening.open_path(project)
    assert again.desk.book.positions[0].quantity == first.quantity
    assert "was not closed properly" in again.banner.text()
    assert not again.banner._enough.isActive()
    with qtbot.waitSignal(again.opening.opened, timeout=20000):
        again.banner.remedy.click()
    assert again.desk.book.positions[0].quantity == 7
    assert again.desk.run == kept
    assert not again.desk.stack.isClean()


def test_discarded_changes_are_not_offered_again(saved, qtbot, tmp_path):
    first = saved.desk.book.positions[0]
    with qtbot.waitSignal(saved.desk.run_changed, timeout=20000):
        saved.desk.edit_position(first.where, "quantity", Decimal(7))
    saved.opening.autosave.keep()
    qtbot.waitUntil(lambda: saved.opening.autosave._task is None, timeout=10000)
    assert len(list(tmp_path.glob("macro.crossmargin*"))) == 2
    assert saved.close()
    assert [p.name for p in tmp_path.glob("macro.crossmargin*")] == ["macro.crossmargin"]


def test_the_pack_is_written_from_the_window(saved, qtbot, tmp_path):
    saved.opening.asking.folder_given = tmp_path / "pack"
    with qtbot.waitSignal(saved.opening.rested, timeout=60000):
        saved.commands["file.export_pack"].trigger()
    assert "Wrote" in saved.banner.text()
    assert {p.name for p in (tmp_path / "pack").iterdir()} == {
        "review.json", "review.xlsx", "memo.pdf", "memo.html"}
