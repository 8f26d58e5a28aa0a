"""One analyst's day in the real window, by keyboard and pointer only; exits 0 if all was right.

python -m tests.ui.real_day FOLDER   (needs a display and xdotool)

A workbook in a layout of its own is opened, refused, previewed, its columns chosen and a cell
mended; the review is read, edited, tried in a what-if, stressed and cascaded; one person reviews
it, another approves it; the pack is written, and its figures are held against the `Run`.
"""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.ui import hand as hands
from tests.ui.read_pack import held_against
from workstation.ui import application

ROWS = (
    ("Harbour Point Capital LP",), ("Positions as of 13-Nov-2026",), (),
    ("Account", "Security", "Held", "Last", "Exposure USD", "Note"),
    ("HP-RT", "AAPL", 12000, 268.40, 3220800.0, "core"),
    ("HP-RT", "SPY", "(4,000)", 669.20, -2676800.0, ""),
    ("HP-RT", "AAPL  261218C00270000", "-6O", 9.35, -56100.0, "covered"),
    ("HP-RT", "MSFT", 3000, 510.10, 1530300.0, ""),
    ("HP-FUT", "ESZ6", 9, 6701.25, 3015562.5, "hedge"),
    ("HP-FUT", "ZNZ6", -40, 112.50, -4500000.0, ""),
    ("Total", None, None, None, 533762.5, ""),
)
HEADER, CALL = 4, 7
HELD, LAST, EXPOSURE = 2, 3, 4
"""Lines of the workbook as people count them, and its columns from 0."""


def foreign_workbook(path):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Holdings"
    for row in ROWS:
        sheet.append(row)
    book.save(path)


class Day:
    """The window, the hand that drives it, and what was seen on the way."""

    def __init__(self, hand, folder):
        self.hand, self.folder = hand, folder
        self.window = hand.wait(lambda: next(
            (w for w in QApplication.topLevelWidgets()
             if type(w).__name__ == "MainWindow" and w.isVisible()), None), "the window")
        hand.focus(self.window)
        self.started = time.monotonic()

    def tell(self, words):
        print(f"{time.monotonic() - self.started:5.1f} s  {words}", flush=True)

    def settled(self):
        """Wait for figures that follow from the book."""
        time.sleep(0.05)
        self.hand.wait(lambda: self.window.desk.is_current and not self.window.opening.is_working,
                       "the figures")

    def silos(self):
        return self.hand.see(lambda: self.window.desk.run.silos.maintenance.amount)

    def banner(self, words):
        self.hand.wait(lambda: words in self.window.banner.text(), f"the words “{words}”")

    def file_dialog(self, path):
        """Type a path into the file dialog and accept it."""
        dialog = self.hand.dialog("QFileDialog")
        line = self.hand.see(lambda: dialog.findChild(QLineEdit, "fileNameEdit"))
        self.hand.click(line)
        self.hand.press("ctrl+a")
        self.hand.write(str(path))
        self.hand.press("Return")

    # The day ------------------------------------------------------------------------------

    def open_foreign(self):
        path = self.folder / "harbour.xlsx"
        foreign_workbook(path)
        self.hand.press("ctrl+o")
        self.file_dialog(path)
        self.banner("no position table")
        self.hand.click(self.window.banner.remedy)
        return self.hand.dialog("ImportWizard")

    def preview(self, wizard, steps):
        self.hand.wait(lambda: wizard.preview is not None and wizard.preview.recipe == wizard.recipe
                       and len(wizard.recipe.steps) == steps, f"a preview after {steps} steps")

    def map_columns(self):
        hand, wizard = self.hand, self.open_foreign()
        self.preview(wizard, 0)
        hand.click(wizard.header)
        hand.press("ctrl+a")
        hand.write(str(HEADER))
        hand.press("Tab")
        self.preview(wizard, 1)
        for steps, (column, words) in enumerate(
                ((HELD, "quantity"), (LAST, "price"), (EXPOSURE, "market value")), start=2):
            box = hand.see(lambda c=column: wizard.choosers.choosers()[c][0])
            hand.choose(box, words)
            self.preview(wizard, steps)
        hand.cell(wizard.view, CALL - 1, HELD, times=2)
        hand.press("ctrl+a")
        hand.write("-60")
        hand.press("Return")
        self.preview(wizard, 5)
        assert "every total agrees" in hand.see(wizard.summary.text), hand.see(wizard.summary.text)
        self.tell(f"mapped and mended: {hand.see(wizard.summary.text)}")
        hand.click(wizard.open_new)
        hand.focus(self.window)
        hand.wait(lambda: self.window.desk.run is not None, "the first figures")
        self.settled()
        held = hand.see(lambda: [p.quantity for p in self.window.desk.book.positions])
        assert held == [12000, -4000, -60, 3000, 9, -40], held

    def read_and_edit(self):
        hand, window = self.hand, self.window
        hand.press("ctrl+2")
        before = self.silos()
        hand.click(window.headline.buttons[0])
        panel = hand.wait(lambda: window.docks.existing().get("margin"), "the explanation")
        assert hand.see(lambda: panel.explain.selected().amount) == before
        column = hand.see(lambda: window.positions.model.column_of("quantity"))
        row = hand.see(lambda: window.positions.model.row_of(
            window.desk.book.positions[3].where))
        hand.cell(window.positions.view, row, column, times=2)
        hand.press("ctrl+a")
        hand.write("9000")
        hand.press("Return")
        self.settled()
        after = self.silos()
        assert after > before, (before, after)
        hand.press("ctrl+z")
        self.settled()
        assert self.silos() == before
        hand.press("ctrl+y")
        self.settled()
        assert self.silos() == after
        self.tell(f"edited: silos {before:,.2f} became {after:,.2f}, undone and made again")

    def what_if(self):
        hand, window = self.hand, self.window
        base = self.silos()
        hand.tab(window, "What-if")
        dock = hand.wait(lambda: window.docks.existing().get("what_if"), "the What-if dock")
        hand.click(dock.new)
        self.settled()
        hand.click(dock.change)
        hand.write("scale SPY by 50%")
        hand.press("Return")
        hand.wait(lambda: not dock.change.text(), "the change made")
        self.settled()
        assert "What-if" in hand.see(window.windowTitle)
        tried = self.silos()
        assert tried != base
        hand.choose(dock.branches, "Base")
        self.settled()
        assert self.silos() == base
        self.tell(f"what-if: {tried:,.2f} instead of {base:,.2f}; the base as it was")

    def stress(self):
        hand, window = self.hand, self.window
        hand.press("ctrl+3")
        dock = hand.wait(lambda: window.docks.existing().get("curves"), "the curves")
        if hand.see(lambda: dock.found is None):
            hand.click(dock.button)
        found = hand.wait(lambda: dock.found, "the curves computed")
        self.tell(f"stressed: {len(found.points)} curves")

    def cascade(self):
        hand, window = self.hand, self.window
        hand.press("ctrl+5")
        dock = hand.wait(lambda: window.docks.existing().get("cascade"), "the cascade")
        before = hand.see(lambda: window.desk.run.cascade)
        hand.click(dock.controls.multiplier)
        hand.press("ctrl+a")
        hand.write("1.5")
        hand.press("Tab")
        hand.click(dock.controls.button)
        hand.wait(lambda: window.desk.run.cascade.scenario != before.scenario, "the cascade run")
        self.settled()
        after = hand.see(lambda: window.desk.run.cascade)
        assert after.direct_loss > before.direct_loss
        self.tell(f"cascade {after.scenario}: loses {after.total_loss:,.0f}")

    def command(self, words):
        """Run a command by the search."""
        self.hand.press("ctrl+k")
        self.hand.dialog("Finder")
        self.hand.write(words)
        self.hand.press("Return")

    def decide(self, command, name):
        hand = self.hand
        self.command(command)
        dialog = hand.dialog("DecisionDialog")
        hand.click(dialog.name)
        hand.write(name)
        hand.press("Return")
        hand.wait(lambda: not dialog.isVisible(), "the decision taken")
        hand.focus(self.window)

    def approve(self):
        hand, window = self.hand, self.window
        saved = self.folder / "harbour.crossmargin"
        hand.press("ctrl+s")
        self.file_dialog(saved)
        hand.focus(window)
        self.banner("Saved")
        assert saved.exists()
        self.decide("mark as reviewed", "Ann Maker")
        self.banner("Reviewed by Ann Maker")
        self.decide("approve", "Ann Maker")
        self.banner("may not approve")
        self.decide("approve", "Ben Checker")
        self.banner("Approved by Ben Checker")
        self.tell("saved, reviewed by one, approved by another")

    def export(self):
        hand, window = self.hand, self.window
        target = self.folder / "pack"
        hand.press("ctrl+e")
        dialog = hand.dialog("ExportDialog")
        hand.click(dialog.folder.line)
        hand.press("ctrl+a")
        hand.write(str(target))
        hand.click(dialog.parts["explain.pdf"])
        hand.click(dialog.write)
        hand.focus(window)
        self.banner("Wrote")
        self.settled()
        run = hand.see(lambda: window.desk.run)
        standing = hand.see(lambda: window.desk.session.standing)
        checked = held_against(run, standing, target)
        self.tell(f"exported: {checked} figures of memo and workbook equal the run's")
        hand.press("ctrl+e")
        dialog = hand.dialog("ExportDialog")
        assert hand.see(dialog.folder.line.text) == str(target), "the folder is offered again"
        hand.press("Escape")
        hand.focus(window)

    def open_again(self):
        """Open the approved review from the list of recent files: it is shown, and read-only."""
        hand, window = self.hand, self.window
        run = hand.see(lambda: window.desk.run)
        menu = window.commands.menus["File"]
        hand.click(window.menuBar(), hand.see(lambda: window.menuBar().actionGeometry(
            window.menuBar().actions()[0]).center()))
        hand.wait(menu.isVisible, "the File menu")
        hand.entry(menu, "Open recent")
        hand.wait(window.commands.recent.isVisible, "the recent files")
        hand.entry(window.commands.recent, "harbour.crossmargin")
        hand.wait(lambda: window.desk.run is not None and window.desk.run is not run, "the review")
        self.banner("approved by Ben Checker")
        assert hand.see(lambda: window.desk.run) == run, "stored figures are shown as approved"
        row = hand.see(lambda: window.positions.model.row_of(run.book.positions[0].where))
        column = hand.see(lambda: window.positions.model.column_of("quantity"))
        hand.cell(window.positions.view, row, column, times=2)
        hand.press("ctrl+a")
        hand.write("1")
        hand.press("Return")
        self.banner("read-only")
        assert hand.see(lambda: window.desk.book) == run.book
        self.tell("opened again from the recent files: approved and read-only")

    def whole(self):
        for part in (self.map_columns, self.read_and_edit, self.what_if, self.stress,
                     self.cascade, self.approve, self.export, self.open_again):
            part()
        self.hand.press("ctrl+q", rest=False)
        self.tell("the whole day")


def main(folder):
    def open_window(begin):
        QTimer.singleShot(0, begin)
        return application.main(None)

    application.application()
    return hands.work(lambda hand: Day(hand, folder).whole(), open_window)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
