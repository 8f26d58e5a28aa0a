"""The questions of the window: where dialogs start, what names are completed to."""

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from workstation.base.files import with_ending
from workstation.ui.asking import Asking
from workstation.ui.export_dialog import ExportDialog


@pytest.fixture
def asking(qtbot, settings):
    window = QWidget()
    qtbot.addWidget(window)
    return Asking(window, settings)


@pytest.fixture
def saving(monkeypatch):
    """The analyst types a path into the dialog for saving; what it started with is kept."""
    seen = {}

    def answer(path):
        monkeypatch.setattr(QFileDialog, "exec", lambda dialog: seen.update(
            folder=dialog.directory().absolutePath(), name=dialog.selectedFiles()[0]) or True)
        picked = QFileDialog.selectedFiles
        monkeypatch.setattr(QFileDialog, "selectedFiles", lambda dialog: (
            [str(path)] if "folder" in seen else picked(dialog)))
        return seen

    return answer


def test_the_next_dialog_starts_where_the_last_one_ended(asking, settings, monkeypatch, tmp_path):
    started = []
    chosen = tmp_path / "clients" / "a.xlsx"
    chosen.parent.mkdir()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda _, title, start, kinds: (
        started.append(start) or (str(chosen), "")))
    assert asking.file_to_open() == chosen
    asking.file_to_open()
    assert started == ["", str(chosen.parent)]
    chosen.parent.rmdir()
    asking.file_to_open()
    assert started[-1] == "", "a folder that is gone is not offered"


def test_a_name_gets_its_ending_and_asks_before_it_replaces(asking, saving, monkeypatch, tmp_path):
    settings_start = tmp_path / "fund.crossmargin"
    seen = saving(tmp_path / "fund v1.2")
    assert asking.file_to_save("Save", settings_start, "") == tmp_path / "fund v1.2.crossmargin"
    assert seen["folder"] == str(tmp_path)
    (tmp_path / "fund v1.2.crossmargin").touch()
    buttons = QMessageBox.StandardButton
    for answer, expected in ((buttons.No, None), (buttons.Yes, tmp_path / "fund v1.2.crossmargin")):
        monkeypatch.setattr(QMessageBox, "question", lambda *_, a=answer: a)
        assert asking.file_to_save("Save", settings_start, "") == expected


def test_the_export_offers_what_was_chosen_last(asking, settings, monkeypatch, tmp_path):
    def write(dialog):
        dialog.folder.line.setText(str(tmp_path / "packs"))
        dialog.page.setCurrentText("Letter")
        return True

    monkeypatch.setattr(ExportDialog, "exec", write)
    assert asking.pack().folder == tmp_path / "packs"
    monkeypatch.setattr(ExportDialog, "exec", lambda dialog: True)
    again = asking.pack()
    assert (again.folder, again.page) == (tmp_path / "packs", "Letter")


@pytest.mark.parametrize(("name", "ending", "expected"), [
    ("a", ".xlsx", "a.xlsx"), ("a.b", ".xlsx", "a.b.xlsx"), ("a.XLSX", ".xlsx", "a.XLSX"),
    ("a.csv", "", "a.csv")])
def test_endings(tmp_path, name, ending, expected):
    assert with_ending(tmp_path / name, ending).name == expected
