"""The policy lab: designs compared on the open book by saving, coverage and what stress costs."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.base.money import accounting
from workstation.lab.basis import basis_table, draws
from workstation.lab.result import BookFindings, DesignFindings, Findings
from workstation.lab.tables import lab_tables, taken_up
from workstation.results.run import Run
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.lab_controls import LabControls
from workstation.ui.docks.panes import ChartAndTable, TablePane
from workstation.ui.docks.writing import attempt
from workstation.ui.plots import frontier
from workstation.ui.plots.canvas import Canvas
from workstation.ui.plots.figures import Figure, FigureStrip
from workstation.ui.table_model import TableModel
from workstation.ui.veil import Veil
from workstation.workspace.laboratory import lab_designs, lab_question

if TYPE_CHECKING:
    from workstation.workspace.laboratory import LabQuestion
    from workstation.workspace.session import Session

EMPTY = ("Designs compared by what they save and what that costs appear here.\n"
         "Open a client file with positions (Ctrl+O), then run the lab.")
IDLE = ("Choose designs and a stress, then run the lab: saving against amplification, coverage\n"
        "over history, margin under stress and liquidation dynamics for this book.")
OUTDATED = ("These findings are of an earlier state of the review. Run the lab again to compare "
            "it as it stands.")
SYNTHETIC = "synthetic sample history: the file brings none"
TABS = ("Frontier", "Coverage", "Under stress", "Dynamics", "Protection",
        "Published margin")
EVIDENCE = {".csv": "CSV (*.csv)", ".xlsx": "Excel workbook (*.xlsx)"}


class LabDock(Dock):
    """Designs, stress and days above; the frontier and the lab's tables below."""

    experiment_requested = Signal(object, str, int)
    """Names of designs, stress, days replayed."""
    experiment_cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Lab", EMPTY, parent)
        self.findings: Findings | None = None
        self._question: LabQuestion | None = None
        self._session: Session | None = None
        self.controls = LabControls(self)
        self.figures = FigureStrip("What the lab was asked")
        self.canvas = Canvas("Saving against amplification")
        self.tables = QTabWidget()
        self.panes = ChartAndTable(self.canvas, self.tables)
        self.tables_by_name = {name: TablePane(f"Lab, {name.lower()}")
                               for name in (*TABS, "Basis")}
        for name, pane in self.tables_by_name.items():
            self.tables.addTab(pane, name)
        self.tables.setDocumentMode(True)
        self._results = QStackedWidget()
        self._veil = Veil(self._results)
        self._lay_out()
        self.controls.requested.connect(self.experiment_requested)
        self.controls.cancelled.connect(self.experiment_cancelled)
        self.canvas.chosen.connect(self._choose)

    def _lay_out(self) -> None:
        idle = QLabel(IDLE)
        idle.setProperty("role", "empty")
        idle.setAlignment(Qt.AlignmentFlag.AlignCenter)
        idle.setWordWrap(True)
        self._results.addWidget(idle)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.figures)
        column.addWidget(self.panes, 1)
        self._results.addWidget(page)
        self.controls.stand_in(self.header)
        self.header.addStretch(1)
        self.header.addWidget(self.panes.toggle)
        self.export = self.export_button(*self._evidence_actions())
        self.header.addWidget(self.export)
        self.body.addWidget(self.controls.bar)
        self.body.addWidget(self._results, 1)
        self._show_findings()

    # What the lab works on ----------------------------------------------------------------

    def show_session(self, session: Session | None) -> None:
        """Offer the designs of a review; findings of another client are put away."""
        if session is not self._session:
            self._session = session
            self._question = self.findings = None
            self.controls.rest()
            self.say("")
            self._show_findings()
            if session is not None:
                self.controls.offer_designs([(d.name, d.title) for d in lab_designs(session)])
        self._check()

    def fill(self, run: Run) -> None:
        """Say whether the findings still are of this review."""
        self._check()

    def _check(self) -> None:
        """Dim findings that do not follow from the review as it stands."""
        question, session = self._question, self._session
        is_old = False
        if question is not None and session is not None:
            asked = question.settings
            names = [design.name for design in question.designs]
            is_old = lab_question(session, names, asked.stress, asked.days) != question
        self._veil.cover(is_old)
        if is_old:
            self.say(OUTDATED)
        elif self.notice.text() == OUTDATED:
            self.say("")

    # The lab's answers --------------------------------------------------------------------

    def show_working(self, done: float, doing: str) -> None:
        """Show how far the lab is."""
        self.controls.show_working(done, doing)

    def show_stopped(self, why: str) -> None:
        """Say that the lab ended without findings."""
        self.controls.rest()
        self.say(why or "Stopped; the lab found nothing.", "bad" if why else "")

    def show_findings(self, findings: Findings, question: LabQuestion) -> None:
        """Show what the lab found."""
        self.controls.rest()
        self.findings, self._question = findings, question
        self.say("; ".join(p.sentence() for book in findings.books for p in book.problems))
        self._show_findings()
        self._check()

    def _show_findings(self) -> None:
        found = self.findings
        for widget in (self.panes.toggle, self.export):
            widget.setVisible(found is not None)
        self._results.setCurrentIndex(int(found is not None))
        if found is None or self._question is None:
            return
        for name, table in zip((*TABS, "Basis"), (*lab_tables(found), basis_table(found)),
                               strict=True):
            self.tables_by_name[name].show_table(table, refit=True, seldom=("book",)
                                                 if name != "Basis" else ())
        book = found.books[0]
        self.figures.show_figures(_figures(book, self._question))
        chart = frontier.Frontier(tuple(map(_point, book.designs)), found.stress, book.currency)
        self.canvas.show_drawing(partial(frontier.draw, frontier=chart), frontier.summary(chart))

    def _choose(self, name: str) -> None:
        """Select a design's row, and compare with it everywhere."""
        self.tables_by_name[TABS[0]].select("design", name)
        if self.run is not None and self.run.design(name) is not None:
            self.design_chosen.emit(name)

    # Exports ------------------------------------------------------------------------------

    def shown_table(self) -> TableModel:
        """Return the table in front."""
        page = self.tables.currentWidget()
        pane = page if isinstance(page, TablePane) else self.tables_by_name[TABS[0]]
        return pane.model

    def chart(self) -> Canvas:
        """Return the frontier."""
        return self.canvas

    def _evidence_actions(self) -> tuple[QAction, ...]:
        actions = []
        for suffix, words in (("csv", "CSV"), ("xlsx", "workbook")):
            action = QAction(f"Export evidence as {words}…", self)
            action.triggered.connect(lambda _=False, s=f".{suffix}": self._ask_evidence(s))
            actions.append(action)
        return tuple(actions)

    def write_evidence(self, path: Path) -> None:
        """Write every figure with its topic, data window and seed, as .csv or .xlsx."""
        from workstation.reports.lab_workbook import write_evidence

        if self.findings is not None:
            write_evidence(self.findings, path)

    def _ask_evidence(self, suffix: str) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Export the evidence",
                                              f"lab-evidence{suffix}", EVIDENCE[suffix])
        if not name:
            return
        path = Path(name) if Path(name).suffix else Path(name + suffix)
        self.say(*attempt(self.write_evidence, path))


def _figures(book: BookFindings, question: LabQuestion) -> tuple[Figure, ...]:
    """Return what the findings rest on: book, stress, data window and seed."""
    synthetic = question.synthetic
    windows = dict.fromkeys(d.coverage.window for d in book.designs if d.coverage is not None)
    replays = ("; ".join(window for window in windows) or "nothing could be replayed").split(",")
    return (
        Figure(f"Today's silos, {book.currency}", accounting(book.silos)),
        Figure("Stress", question.settings.own.name if question.settings.own
               else question.settings.stress),
        Figure("Data window, synthetic" if synthetic else "Data window", book.history,
               tone="excluded" if synthetic else "text", note=SYNTHETIC if synthetic else ""),
        Figure("Replayed", replays[0], note="; ".join(windows)),
        Figure("Draws and seed", draws(book)),
    )


def _point(found: DesignFindings) -> frontier.Point:
    used = taken_up(found)
    grown = None if used is None or used.amplification is None else float(used.amplification)
    share = None if found.saving_share is None else float(found.saving_share)
    return frontier.Point(
        found.title or found.design, found.status, share, grown,
        Decimal(0) if used is None else used.uncovered, found.refusal, found.design)
