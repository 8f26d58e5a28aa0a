"""The Problems dock: what is left out, what is wrong with the input, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from workstation.ui.table_model import Mark, TableModel
from workstation.ui.table_view import TableView

if TYPE_CHECKING:
    from workstation.base.problem import Problem
    from workstation.book.book import Book, Exclusion
    from workstation.results.run import Run
    from workstation.results.table import Table
    from workstation.workspace.session import Session

NOTHING = "Nothing to mend: every row was read and every position was margined."
NO_BOOK = ("What is wrong with a file, and what mends it, appears here.\n"
           "Open a client file to read it (Ctrl+O).")
WHERE, WIDEST_WHERE = 1, 140
WHAT, LEAST_WHAT, LEAST_ROOM, WHAT_SHARE = 2, 120, 360, 0.6
REMEDY = 3
RANKS = {"excluded": 0, "error": 1, "warning": 2, "info": 3}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the list: an excluded position, or a problem with its severity."""

    severity: str
    where: str
    what: str
    remedy: str
    underlying: str = ""
    """The underlying whose price would mend it, where that is the remedy."""


class ProblemsModel(TableModel):
    """Findings; excluded positions carry the excluded mark."""

    def key(self, row: Finding) -> object:
        """Return what identifies a finding; several may share a cell."""
        return row

    def marks(self, source: int, column: int) -> Mark:
        """Mark the severity cell of what is left out of totals."""
        is_excluded = column == 0 and self.value(source, 0) == "excluded"
        return Mark.EXCLUDED if is_excluded else Mark.PLAIN


class ProblemsDock(QWidget):
    """Lists findings; choosing one leads to its position."""

    where_chosen = Signal(str)
    underlying_wanted = Signal(str)
    counted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ProblemsModel(parent=self)
        self.view = TableView(self.model, "Problems")
        self.view.horizontalHeader().setStretchLastSection(True)
        self.empty = QLabel(NO_BOOK)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("role", "empty")
        self.empty.setWordWrap(True)
        self.lacking = QToolButton()
        self.lacking.setProperty("role", "offer")
        self.lacking.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.lacking.clicked.connect(lambda: self.underlying_wanted.emit(self._lacks[0]))
        self._lacks: tuple[str, ...] = ()
        self.whole = QLabel()
        self.whole.setProperty("role", "note")
        self.whole.setAccessibleName("The finding in focus, in full")
        self.whole.setWordWrap(True)
        self.whole.setContentsMargins(8, 4, 8, 4)
        self.whole.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._has_remedy = False
        self.session: Session | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.lacking)
        column.addWidget(self.empty)
        column.addWidget(self.view, 1)
        column.addWidget(self.whole)
        self.view.selectionModel().currentRowChanged.connect(lambda index, _: self._spell(index))
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._mend)
        self.show_run(None)

    def show_session(self, session: Session | None) -> None:
        """Take the import report of another review."""
        self.session = session
        self.show_run(None if session is None else session.run)

    def show_run(self, run: Run | None) -> None:
        """List the findings of the import and of a run."""
        found = findings(self.session, run)
        table = as_table(found)
        self._has_remedy = any(finding.remedy for finding in found)
        self.model.show(table)
        self._offer_prices(found)
        self.view.setVisible(bool(found))
        self.empty.setVisible(not found)
        self.empty.setText(NO_BOOK if self.session is None and run is None else NOTHING)
        if not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.model.index(0, 0))
        self._spell(self.view.currentIndex())
        self._share_room()
        self.counted.emit(len(found))

    def _offer_prices(self, found: tuple[Finding, ...]) -> None:
        """Offer to type the price of an underlying that positions are left out for."""
        self._lacks = tuple(dict.fromkeys(f.underlying for f in found if f.underlying))
        self.lacking.setVisible(bool(self._lacks))
        if self._lacks:
            first, others = self._lacks[0], len(self._lacks) - 1
            further = f" (and {others} more)" if others else ""
            self.lacking.setText(f"Give the price of {first}{further}…")
            self.lacking.setToolTip("Options on it are left out for want of its price")

    def _share_room(self) -> None:
        """Give the sentences the room the short columns leave, the remedy where it fits."""
        self.view.setColumnWidth(WHERE, min(self.view.columnWidth(WHERE), WIDEST_WHERE))
        taken = self.view.columnWidth(0) + self.view.columnWidth(WHERE)
        room = max(self.view.viewport().width() - taken, LEAST_WHAT)
        fits = self._has_remedy and room > LEAST_ROOM
        self.view.setColumnHidden(REMEDY, not fits)
        what = round(room * WHAT_SHARE) if fits else room
        self.view.setColumnWidth(WHAT, what)
        if fits:
            self.view.setColumnWidth(REMEDY, room - what)

    def _spell(self, index: QModelIndex) -> None:
        """Write the finding in focus in full, since columns cut sentences short."""
        row = self.model.row_at(index.row()) if index.isValid() else None
        self.whole.setVisible(row is not None)
        if row is not None:
            self.whole.setText(". ".join(
                text.rstrip(".")[:1].upper() + text.rstrip(".")[1:]
                for text in (row.what, row.remedy) if text) + ".")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room out again."""
        super().resizeEvent(event)
        self._share_room()

    def _mend(self, index: QModelIndex) -> None:
        """Lead to where a finding can be mended: the price that is missing, else its position."""
        row = self.model.row_at(index.row())
        if row is not None and row.underlying:
            self.underlying_wanted.emit(row.underlying)
        else:
            self._choose(index)

    def _choose(self, index: QModelIndex) -> None:
        row = self.model.row_at(index.row())
        if row is not None and row.where:
            self.where_chosen.emit(row.where)


def findings(session: Session | None, run: Run | None) -> tuple[Finding, ...]:
    """Return exclusions first, then problems from errors down to notes, each once."""
    problems: list[Problem] = []
    excluded: tuple[Exclusion, ...] = ()
    if session is not None:
        problems += session.problems
        excluded = session.book.excluded
    if run is not None:
        from workstation.results.tables import all_problems

        problems += all_problems(run)
        excluded = run.excluded
    said = {(item.where, item.what) for item in excluded}
    lacking = {} if session is None else _unpriced(session.book)
    found = [*_excluded(excluded, lacking),
             *_problems(p for p in problems if (p.where, p.what) not in said)]
    return tuple(sorted(dict.fromkeys(found), key=lambda f: RANKS[f.severity]))


def _unpriced(book: Book) -> dict[str, str]:
    """Return the underlying of each position that is left out because nothing prices it."""
    from workstation.results.market_table import lacking

    without = frozenset(lacking(book))
    return {p.where: p.instrument.underlying for p in book.positions
            if p.instrument.option is not None and p.instrument.underlying in without}


def _excluded(excluded: Iterable[Exclusion], lacking: Mapping[str, str]) -> Iterable[Finding]:
    for item in excluded:
        yield Finding("excluded", item.where, item.what, item.remedy,
                      lacking.get(item.where, ""))


def _problems(problems: Iterable[Problem]) -> Iterable[Finding]:
    for problem in problems:
        yield Finding(problem.severity, problem.where, problem.what, problem.remedy)


def as_table(found: tuple[Finding, ...]) -> Table:
    """Return findings as a table."""
    from workstation.results.formats import words
    from workstation.results.table import Table

    columns = (words("Severity", "severity"), words("Where", "where"), words("What", "what"),
               words("Remedy", "remedy"))
    return Table("Problems", columns, found, "What is left out or wrong, and what mends it.")
