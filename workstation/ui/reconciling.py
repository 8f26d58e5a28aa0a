"""Reconcile in the window: choose the broker's file, see the breaks, write the dispute sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QPushButton, QWidget

from workstation.base.progress import Progress
from workstation.ui.banner import Banner
from workstation.ui.desk import Desk
from workstation.ui.opening import Opening
from workstation.ui.table_dialog import TableDialog
from workstation.ui.theme import scaled

if TYPE_CHECKING:
    from workstation.results.breaks import Reconciliation
    from workstation.results.run import Run

Answer = tuple["Run", "Reconciliation", str]
KINDS = "Stated margin (*.xlsx *.xls *.xlsb *.ods *.csv *.tsv *.txt);;All files (*)"
SIZE, CAUSE_WIDTH = (1320, 460), 420
AGREES = "Everything stated in {name} agrees with our figures."
DIFFERS = ("{open} of {count} figures differ; a difference is theirs less ours. Causes are tested: "
           "each is our figure under one changed assumption. A position's own figure is what it "
           "requires alone, before offsets.")


class Reconciling(QObject):
    """Compares the run on the desk with what a broker or clearing house states."""

    def __init__(self, window: QWidget, desk: Desk, opening: Opening, banner: Banner) -> None:
        super().__init__(window)
        self._window, self._desk, self._opening, self._banner = window, desk, opening, banner

    def ask(self) -> None:
        """Let the analyst choose the broker's file."""
        paths = self._opening.asking.files_to_load("Stated margin to reconcile with", KINDS)
        if paths:
            self.compare(paths[0])

    def compare(self, path: Path) -> None:
        """Compare in the background, and show the break list."""
        run, session = self._desk.run, self._desk.session
        if run is None or session is None or not self._desk.is_current:
            self._banner.error("There is no finished review to reconcile; wait for the figures, "
                               "or recompute with F5.")
            return
        overlays = session.overlays

        def work(progress: Progress) -> Answer:
            from workstation.workspace.reconciling import reconciled

            progress(0.0, f"Reading {path.name}")
            found, stated = reconciled(run, path, overlays)
            return run, found, stated.name

        self._opening.work(work, self._show)

    def _show(self, answer: Answer) -> None:
        BreakList(*answer, self._window).open()


class BreakList(TableDialog):
    """The break list, with the dispute sheet a press away."""

    def __init__(self, run: Run, found: Reconciliation, stated: str,
                 parent: QWidget | None = None) -> None:
        from workstation.results.breaks_table import breaks_table

        open_ = sum(each.status != "agrees" for each in found.breaks)
        words = AGREES.format(name=stated) if found.agrees else DIFFERS.format(
            open=open_, count=len(found.breaks))
        table = breaks_table(found)
        super().__init__(table, words, parent)
        self.resize(*SIZE)
        likely = next(n for n, column in enumerate(table.columns) if column.field == "likely")
        self.pane.view.setColumnWidth(likely, scaled(CAUSE_WIDTH))
        self._answer = run, found, stated
        button = QPushButton("Dispute sheet…")
        button.clicked.connect(lambda: self.ask_folder())
        for box in self.findChildren(QDialogButtonBox):
            box.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)

    def ask_folder(self) -> None:
        """Ask for a folder and write the dispute sheet and the break list into it."""
        name = QFileDialog.getExistingDirectory(self, "Write the dispute sheet to")
        if name:
            self.write(Path(name))

    def write(self, folder: Path) -> None:
        """Write the dispute sheet; what went wrong is said below the table."""
        from workstation.reports.dispute import write_dispute

        run, found, stated = self._answer
        try:
            written = write_dispute(run, found, stated, folder)
        except OSError as problem:
            self.said.setText(f"{folder} cannot be written to: {problem.strerror or problem}")
        else:
            self.said.setText("Saved " + ", ".join(path.name for path in written) + ".")
