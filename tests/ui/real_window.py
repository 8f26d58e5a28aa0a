"""Drive a real window as an analyst would; prints what it saw and exits 0 if all was right.

python -m tests.ui.real_window FOLDER   (needs a display; a drag uses xdotool where there is one)
"""

import re
import shutil
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QEventLoop, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTreeView

from workstation.ui.application import application
from workstation.ui.main_window import MainWindow
from workstation.workspace.session import sample_books
from workstation.workspace.settings import Settings

PATIENCE = 30.0
SETTLE = 0.15


class Source(QLabel):
    """Stands for the file manager: pressing it starts a drag of a file."""

    def __init__(self, path):
        super().__init__(path.name)
        self.path = path
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)

    def mouseMoveEvent(self, event):  # noqa: N802 - the name is Qt's
        drag, data = QDrag(self), QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self.path))])
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)


def spin(seconds):
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def wait_for(truth, what):
    end = time.monotonic() + PATIENCE
    while not truth():
        assert time.monotonic() < end, f"waited in vain for {what}"
        spin(0.02)


def drag_with_mouse(window, path):
    """Carry the file with the pointer of the display; False where it never arrived."""
    if shutil.which("xdotool") is None or QApplication.platformName() != "xcb":
        return False
    source = Source(path)
    source.setGeometry(1620, 100, 200, 60)
    source.show()
    spin(SETTLE)
    steps = ["mousemove 1700 130", "mousedown 1", "mousemove 1690 140", "mousemove 1600 300",
             "mousemove 800 500", "mousemove 600 520", "mousemove 590 525"]
    dropped = []
    window.opening.working.connect(dropped.append)

    def pointer(step):
        subprocess.Popen(["xdotool", *step.split()])  # not run(): the drag needs this event loop

    for number, step in enumerate([*steps, "mouseup 1"]):
        QTimer.singleShot(200 * (number + 1), window, lambda s=step: pointer(s))
    spin(0.2 * (len(steps) + 4))
    source.close()
    return bool(dropped)


def drop_by_event(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(600, 500), copy, data, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(600, 500), copy, data, left, none))


def amount(text):
    digits = Decimal(re.sub(r"[^\d.]", "", text))
    return -digits if text.startswith("(") else digits


def silo_total(window):
    return amount(window.headline.buttons[0].amount.text())


def silo_table_total(window):
    """The maintenance column of the silo table in the Margin dock, added up as shown."""
    model = window.docks.bring("margin").table.model
    column = next(i for i in range(model.columnCount()) if model.columns[i].field == "maintenance")
    return sum(amount(model.index(r, column).data()) for r in range(model.rowCount()))


def expand_tree(window):
    """Open every branch of the explanation by keyboard; returns how many lines are shown."""
    tree = window.docks.bring("margin").findChild(QTreeView)
    tree.setFocus()
    tree.setCurrentIndex(tree.model().index(0, 0))
    QTest.keyClick(tree, Qt.Key.Key_Asterisk)
    spin(SETTLE)
    index, lines = tree.model().index(0, 0), 0
    while index.isValid():
        index, lines = tree.indexBelow(index), lines + 1
    return lines


def type_quantity(window, where, text):
    positions = window.positions
    index = positions.model.index(positions.model.row_of(where),
                                  positions.model.column_of("quantity"))
    positions.view.scrollTo(index)
    at = positions.view.visualRect(index).center()
    for press in (QTest.mouseClick, QTest.mouseDClick):
        press(positions.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    editor = next(w for w in positions.view.viewport().findChildren(QLineEdit) if w.isVisible())
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def settled(window):
    spin(0.05)
    wait_for(lambda: window.desk.is_current, "the figures")


def main(folder):
    app = application()
    window = MainWindow(Settings(folder / "settings"))
    window.opening.asking.file_to_save = lambda *_: folder / "review.crossmargin"
    window.opening.asking.unsaved = lambda name: "discard"
    window.setGeometry(0, 0, 1600, 1000)
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    sample = next(p for p in sample_books() if "macro" in p.stem)
    carried = drag_with_mouse(window, sample)
    if not carried:
        drop_by_event(window, sample)
    wait_for(lambda: window.desk.run is not None, "the sample book")
    settled(window)
    before = silo_total(window)
    print("dropped by", "pointer" if carried else "event", "- silos today", before)
    assert before == round(window.desk.run.silos.maintenance.amount)
    assert abs(silo_table_total(window) - before) <= len(window.desk.book.accounts)
    lines = expand_tree(window)
    print("explanation lines", lines)
    assert lines > len(window.desk.book.accounts) + len(window.desk.book.positions) / 2
    first = window.desk.book.positions[0]
    type_quantity(window, first.where, str(first.quantity * 3))
    settled(window)
    changed = silo_total(window)
    print("after tripling", first.instrument.symbol, changed)
    assert changed != before
    window.commands["edit.undo"].trigger()
    settled(window)
    assert silo_total(window) == before
    window.commands["edit.redo"].trigger()
    settled(window)
    run = window.desk.run
    window.commands["file.save"].trigger()
    saved = folder / "review.crossmargin"
    assert saved.exists(), window.banner.text()
    window.opening.open_path(sample)
    wait_for(lambda: window.desk.run is not None and window.desk.run != run, "the sample again")
    settled(window)
    assert silo_total(window) == before
    window.opening.open_path(saved)
    wait_for(lambda: window.desk.session.project_path == saved, "the saved review")
    wait_for(lambda: window.desk.run is not None, "its figures")
    assert window.desk.seconds is None, "a saved review is shown without computing it again"
    assert silo_total(window) == changed
    assert window.desk.run == run
    window.desk.recompute()
    settled(window)
    assert window.desk.run.silos == run.silos
    print("saved, reopened and recomputed", silo_total(window))
    assert window.close()
    app.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
