from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox

from tests.ui.test_application import MACRO
from workstation.ui.export_dialog import PARTS, USUAL, ExportDialog
from workstation.workspace.pack import WRITERS
from workstation.workspace.session import Session


@pytest.fixture
def saved(window, qtbot, tmp_path):
    with qtbot.waitSignal(window.desk.run_changed, timeout=20000):
        window.opening.open_path(MACRO)
    window.opening.asking.save_given = tmp_path / "macro.crossmargin"
    assert window.opening.save_as()
    return window


def decided(window, name, action):
    window.opening.asking.decision_given = (name, "")
    window.commands[f"review.{action}"].trigger()
    return window.banner.text()


def test_a_review_is_approved_by_another_than_its_preparer(saved, tmp_path):
    assert "nobody has marked" in decided(saved, "Ann", "approve")
    assert "Reviewed by Ann" in decided(saved, "Ann", "mark_reviewed")
    assert "may not approve" in decided(saved, " ann", "approve")
    assert "Approved by Ben" in decided(saved, "Ben", "approve")
    stored = Session.from_file(tmp_path / "macro.crossmargin")
    assert [d.author for d in stored.standing.decisions] == ["Ann", "Ben"]


def test_an_approved_review_refuses_edits_and_offers_a_new_version(saved, qtbot, tmp_path):
    decided(saved, "Ann", "mark_reviewed")
    decided(saved, "Ben", "approve")
    first = saved.desk.book.positions[0]
    saved.desk.edit_position(first.where, "quantity", Decimal(7))
    assert "approved by Ben and is read-only" in saved.banner.text()
    assert saved.banner.remedy.text() == "New version"
    assert saved.desk.book.positions[0] == first
    assert not saved.desk.stack.canUndo()
    saved.banner.remedy.click()
    assert "draft of a new version" in saved.banner.text()
    with qtbot.waitSignal(saved.desk.run_changed, timeout=20000):
        saved.desk.edit_position(first.where, "quantity", Decimal(7))
    assert saved.desk.book.positions[0].quantity == 7
    assert Session.from_file(tmp_path / "macro.crossmargin").locked


def test_an_approved_file_says_so_when_it_is_opened(saved, qtbot, tmp_path):
    decided(saved, "Ann", "mark_reviewed")
    decided(saved, "Ben", "approve")
    with qtbot.waitSignal(saved.desk.run_changed, timeout=20000):
        saved.opening.open_path(tmp_path / "macro.crossmargin")
    qtbot.waitUntil(lambda: "approved by Ben" in saved.banner.text(), timeout=5000)


def test_the_export_writes_what_was_chosen(saved, qtbot, tmp_path):
    asking = saved.opening.asking
    asking.folder_given = tmp_path / "pack"
    asking.pack_given = {"parts": ("explain.pdf",), "notices": True,
                         "previous": tmp_path / "macro.crossmargin"}
    with qtbot.waitSignal(saved.opening.rested, timeout=60000):
        saved.commands["file.export_pack"].trigger()
    assert [path.name for path in (tmp_path / "pack").iterdir()] == ["explain.pdf"]
    assert "Wrote explain.pdf" in saved.banner.text()


def test_a_template_that_does_not_parse_gets_a_sentence(saved, qtbot, tmp_path):
    template = tmp_path / "firm.toml"
    template.write_text("firm = ", "utf-8")
    saved.opening.asking.folder_given = tmp_path / "pack"
    saved.opening.asking.pack_given = {"template": template}
    with qtbot.waitSignal(saved.opening.rested, timeout=60000):
        saved.commands["file.export_pack"].trigger()
    assert "not TOML" in saved.banner.text()
    assert not (tmp_path / "pack").exists()


def test_a_folder_that_cannot_be_written_gets_a_sentence(saved, qtbot, tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    saved.opening.asking.folder_given = tmp_path / "file" / "pack"
    with qtbot.waitSignal(saved.opening.rested, timeout=60000):
        saved.commands["file.export_pack"].trigger()
    assert "choose another folder" in saved.banner.text()


def test_the_dialog_writes_only_with_a_part_and_a_folder(qtbot, tmp_path):
    dialog = ExportDialog("Letter", "firm.toml")
    qtbot.addWidget(dialog)
    assert not dialog.write.isEnabled()
    assert "folder" in dialog.hint.text()
    dialog.folder.line.setText(str(tmp_path))
    assert dialog.write.isEnabled()
    choice = dialog.choice()
    assert (choice.folder, choice.parts, choice.page) == (tmp_path, USUAL, "Letter")
    assert str(choice.template) == "firm.toml"
    assert choice.previous is None
    for box in dialog.parts.values():
        box.setChecked(False)
    assert not dialog.write.isEnabled()
    dialog.notices.setChecked(True)
    assert dialog.write.isEnabled()
    assert dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel) is not None


def test_the_dialog_offers_every_part_there_is():
    assert {name for name, *_ in PARTS} == set(WRITERS)


def test_enter_without_a_folder_keeps_the_dialog_and_with_one_writes(qtbot):
    dialog = ExportDialog("A4")
    qtbot.addWidget(dialog)
    dialog.open()
    QTest.keyClick(dialog.folder.line, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClicks(dialog.folder.line, "out")
    QTest.keyClick(dialog.folder.line, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert dialog.result() == ExportDialog.DialogCode.Accepted
