"""Drive the import preview in a real window with keyboard and pointer; exits 0 if all was right.

python -m tests.ui.real_import FOLDER   (needs a display)

An unknown layout is refused, previewed, told its header and columns, corrected in a cell, saved as
a profile and opened; the next file of the same layout opens at once; a changed file is taken into
the open review and taken back by undo.
"""

import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit

from tests.ui.real_window import settled, spin, wait_for
from workstation.ui.application import application
from workstation.ui.main_window import MainWindow
from workstation.workspace.settings import Settings

ODD = ("Statement of an invented bank\n\nAccount,Code,How many,Worth each,Worth all\n"
       "PB-1,AAPL,100,268.40,26840.00\nPB-1,MSFT,-5O,412.50,-20625.00\n"
       "PB-1,SPY,40,671.20,26848.00\n")


def key(widget, *keys):
    for each in keys:
        QTest.keyClick(widget, each)


def preview_of(window, steps=0):
    wizard = window.importing.wizard
    return wizard is not None and wizard.preview is not None and (
        len(wizard.preview.recipe.steps) == steps and wizard.preview.recipe == wizard.recipe)


def choose_by_keyboard(window, wizard, column, words, steps):
    """Pick a field in a column's chooser by typing the start of its name."""
    chooser = wizard.choosers.choosers()[column][0]
    chooser.setFocus()
    QTest.mouseClick(chooser, Qt.MouseButton.LeftButton)
    spin(0.1)
    popup = chooser.view()
    QTest.keyClicks(popup, words)
    key(popup, Qt.Key.Key_Return)
    wait_for(lambda: preview_of(window, steps), f"column {column} as {words}")


def type_into_cell(window, wizard, row, column, text, steps):
    index = wizard.model.index(row, column)
    wizard.view.scrollTo(index)
    at = wizard.view.visualRect(index).center()
    for press in (QTest.mouseClick, QTest.mouseDClick):
        press(wizard.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    editor = next(w for w in wizard.view.viewport().findChildren(QLineEdit) if w.isVisible())
    editor.selectAll()
    QTest.keyClicks(editor, text)
    key(editor, Qt.Key.Key_Return)
    wait_for(lambda: preview_of(window, steps), f"cell {row},{column} as {text}")


def name_profile(name):
    """Answer the question for a profile's name as soon as it is asked."""
    def answer():
        dialog = next((w for w in QApplication.topLevelWidgets()
                       if isinstance(w, QInputDialog) and w.isVisible()), None)
        if dialog is None:
            QTimer.singleShot(50, answer)
            return
        field = dialog.findChild(QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, name)
        key(field, Qt.Key.Key_Return)

    QTimer.singleShot(50, answer)


def open_by_preview(window, path):
    window.opening.asking.file_to_open = lambda: path
    window.commands["file.import"].trigger()  # without a window manager no shortcut arrives
    wait_for(lambda: window.importing.wizard is not None
             and window.importing.wizard.preview is not None, f"the preview of {path.name}")
    return window.importing.wizard


def main(folder):
    app = application()
    window = MainWindow(Settings(folder / "settings"))
    window.opening.asking.unsaved = lambda name: "discard"
    window.setGeometry(0, 0, 1600, 1000)
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    odd, later = folder / "odd.csv", folder / "later.csv"
    odd.write_text(ODD, "utf-8")
    later.write_text(ODD.replace("-5O", "-60").replace("-20625", "-24750"), "utf-8")

    window.opening.open_path(odd)
    wait_for(lambda: "no position table" in window.banner.words.text(), "the refusal")
    wizard = open_by_preview(window, odd)
    spin(0.2)
    wizard.header.setFocus()
    wizard.header.selectAll()
    QTest.keyClicks(wizard.header, "3")
    key(wizard.header, Qt.Key.Key_Tab)
    wait_for(lambda: preview_of(window, 1), "the header row")
    choose_by_keyboard(window, wizard, 2, "quan", 2)
    choose_by_keyboard(window, wizard, 3, "pric", 3)
    choose_by_keyboard(window, wizard, 4, "market v", 4)
    print("columns chosen:", wizard.summary.text())
    type_into_cell(window, wizard, 4, 2, "-50", 5)
    assert "every total agrees" in wizard.summary.text(), wizard.summary.text()
    assert "3 positions" in wizard.summary.text()
    wizard.grab().save(str(folder / "wizard.png"))
    name_profile("Invented bank")
    QTest.mouseClick(wizard.save_profile, Qt.MouseButton.LeftButton)
    wait_for(lambda: "Saved the profile" in window.banner.words.text(), "the profile")
    QTest.mouseClick(wizard.open_new, Qt.MouseButton.LeftButton)
    wait_for(lambda: window.desk.run is not None, "the figures")
    settled(window)
    assert [float(p.quantity) for p in window.desk.book.positions] == [100, -50, 40]
    print("opened with", len(window.desk.book.positions), "positions")

    wizard = open_by_preview(window, later)
    assert "Invented bank" in wizard.title.text()
    assert wizard.tabs.tabText(3) == "Changes (1)", wizard.tabs.tabText(3)
    before = window.desk.book
    QTest.mouseClick(wizard.update_open, Qt.MouseButton.LeftButton)
    wait_for(lambda: window.desk.book is not before, "the import")
    settled(window)
    assert [float(p.quantity) for p in window.desk.book.positions] == [100, -60, 40]
    window.commands["edit.undo"].trigger()
    settled(window)
    assert window.desk.book is before
    print("updated by profile and taken back")
    assert window.close()
    app.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
