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
from workstation.ui.shelf import Shelf
from workstation.workspace.session import Session

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


CRASH = """
import os, sys
from decimal import Decimal
from pathlib import Path
from tests.ui.real_window import wait_for
from workstation.ui.application import application
from workstation.ui.main_window import MainWindow
from workstation.workspace.settings import Settings
app = application()
window = MainWindow(Settings(Path(sys.argv[1])))
window.show()
window.opening.open_path(Path(sys.argv[2]))
wait_for(lambda: window.desk.is_current, "the figures")
first = window.desk.book.positions[0]
window.desk.edit_position(first.where, "quantity", Decimal(7))
wait_for(lambda: window.desk.is_current, "the figures")
keeping = window.opening.recovering.autosave
keeping.keep()
wait_for(lambda: keeping._task is None, "the autosave")
os._exit(9)
"""


def crash(settings_folder, path):
    """Edit a file in a window of its own process, which dies after the autosave."""
    done = subprocess.run([sys.executable, "-c", CRASH, str(settings_folder), str(path)],
                          cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen",
                                         "PYTHONPATH": str(ROOT)},
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 9, done.stderr


def test_unsaved_changes_are_kept_and_recovered(saved, qtbot, settings, tmp_path):
    project = tmp_path / "macro.crossmargin"
    first = saved.desk.book.positions[0]
    crash(tmp_path / "settings", project)
    with qtbot.waitSignal(saved.opening.opened, timeout=20000):
        saved.opening.open_path(project)
    assert saved.desk.book.positions[0].quantity == first.quantity
    assert "was not closed properly" in saved.banner.text()
    assert not saved.banner._enough.isActive()
    with qtbot.waitSignal(saved.opening.opened, timeout=20000):
        saved.banner.remedy.click()
    assert saved.desk.book.positions[0].quantity == 7
    assert saved.desk.run is not None
    assert not saved.desk.stack.isClean()
    assert saved.opening.save()
    assert [p.name for p in tmp_path.glob("macro.crossmargin*")] == ["macro.crossmargin"]


def test_a_review_never_saved_is_kept_and_recovered(window, qtbot, tmp_path):
    crash(tmp_path / "settings", MACRO)
    shelf = tmp_path / "settings" / "unsaved"
    assert len(list(shelf.glob("*.crossmargin"))) == 1
    window.opening.recovering.offer_unsaved()
    assert "a review that was not saved was kept" in window.banner.text()
    with qtbot.waitSignal(window.opening.opened, timeout=20000):
        window.banner.remedy.click()
    assert window.desk.book.positions[0].quantity == 7
    assert window.desk.session.project_path is None
    assert window.isWindowModified()
    other = Shelf(tmp_path / "settings")
    assert not other.left(), "this window works on it now"
    window.opening.asking.save_given = tmp_path / "rescued"
    assert window.opening.save()
    assert (tmp_path / "rescued.crossmargin").exists()
    assert not list(shelf.iterdir())


def test_changes_another_window_has_not_saved_are_not_offered(saved, qtbot, settings, tmp_path):
    project = tmp_path / "macro.crossmargin"
    edit_first(saved, qtbot)
    saved.opening.recovering.autosave.keep()
    qtbot.waitUntil(lambda: saved.opening.recovering.autosave._task is None, timeout=10000)
    again = MainWindow(settings)
    again.opening.asking = Answers(tmp_path)
    qtbot.addWidget(again, before_close_func=lambda w: w.desk.stack.clear())
    with qtbot.waitSignal(again.opening.opened, timeout=20000):
        again.opening.open_path(project)
    assert "open in another window, with changes that are not saved" in again.banner.text()


def test_a_window_never_writes_over_what_another_saved(saved, qtbot, settings, tmp_path):
    project = tmp_path / "macro.crossmargin"
    other = Session.from_file(project)
    other.save()
    edit_first(saved, qtbot)
    assert not saved.opening.save()
    assert "another window saved this review after it was opened here" in saved.banner.text()
    assert saved.isWindowModified()
    assert Session.from_file(project).audit == other.audit
    saved.opening.asking.save_given = tmp_path / "mine v1.2"
    saved.banner.remedy.click()
    assert (tmp_path / "mine v1.2.crossmargin").exists()
    assert not saved.isWindowModified()


def edit_first(window, qtbot):
    with qtbot.waitSignal(window.desk.run_changed, timeout=20000):
        window.desk.edit_position(window.desk.book.positions[0].where, "quantity", Decimal(7))


def test_discarded_changes_are_not_offered_again(saved, qtbot, tmp_path):
    first = saved.desk.book.positions[0]
    with qtbot.waitSignal(saved.desk.run_changed, timeout=20000):
        saved.desk.edit_position(first.where, "quantity", Decimal(7))
    saved.opening.recovering.autosave.keep()
    qtbot.waitUntil(lambda: saved.opening.recovering.autosave._task is None, timeout=10000)
    assert len(list(tmp_path.glob("macro.crossmargin.recovery"))) == 1
    assert saved.close()
    assert [p.name for p in tmp_path.glob("macro.crossmargin*")] == ["macro.crossmargin"]


def test_the_pack_is_written_from_the_window(saved, qtbot, tmp_path):
    saved.opening.asking.folder_given = tmp_path / "pack"
    with qtbot.waitSignal(saved.opening.rested, timeout=60000):
        saved.commands["file.export_pack"].trigger()
    assert "Wrote" in saved.banner.text()
    assert {p.name for p in (tmp_path / "pack").iterdir()} == {
        "review.json", "review.xlsx", "memo.pdf", "memo.html"}
