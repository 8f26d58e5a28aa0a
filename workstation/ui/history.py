"""The History dock: every step since opening, to click back to, and the review's audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QLabel, QSplitter, QUndoView, QVBoxLayout, QWidget

from workstation.ui.docks.panes import TablePane

if TYPE_CHECKING:
    from workstation.projects.audit import AuditEntry
    from workstation.results.run import Run
    from workstation.results.table import Table
    from workstation.workspace.session import Session

AS_OPENED = "As opened"
ROOMY = 720
STEPS_WIDE = 160


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry of the audit trail as the table shows it."""

    at: str
    author: str
    action: str
    detail: str
    sha256: str


class HistoryDock(QWidget):
    """Steps beside the trail where there is room, above it where there is not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("History")
        self.steps = QUndoView()
        self.steps.setEmptyLabel(AS_OPENED)
        self.steps.setAccessibleName("Steps; choosing one goes back to it, or forward")
        self.trail = TablePane("Audit trail")
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(_titled("Steps since opening", self.steps))
        self.splitter.addWidget(_titled("Audit trail of the review", self.trail))
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([STEPS_WIDE, ROOMY])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.splitter)

    def follow_stack(self, stack: QUndoStack) -> None:
        """List the steps of the undo stack."""
        self.steps.setStack(stack)

    def show_session(self, session: Session | None) -> None:
        """List the audit trail of another review."""
        self.trail.show_table(audit_table(() if session is None else session.audit), refit=True,
                              seldom=("sha256",))

    def show_run(self, run: Run | None) -> None:
        """Do nothing: no figure of a run is shown here."""

    def resizeEvent(self, event: object) -> None:
        """Put the two lists beside each other where there is room."""
        wide = self.width() >= ROOMY
        self.splitter.setOrientation(Qt.Orientation.Horizontal if wide
                                     else Qt.Orientation.Vertical)


def audit_table(trail: tuple[AuditEntry, ...]) -> Table:
    """Return the audit trail, the newest entry first."""
    from workstation.results.formats import words
    from workstation.results.table import Table

    columns = (words("When", "at", "coordinated universal time"), words("Who", "author"),
               words("What", "action"), words("Detail", "detail"),
               words("Hash", "sha256", "hash over the entry and the one before it"))
    rows = tuple(AuditRow(f"{entry.at:%Y-%m-%d %H:%M}", entry.author, entry.action, entry.detail,
                          entry.sha256[:12]) for entry in reversed(trail))
    return Table("Audit trail", columns, rows, "What was done with the review, and by whom.")


def _titled(title: str, widget: QWidget) -> QWidget:
    whole = QWidget()
    label = QLabel(title)
    label.setProperty("role", "label")
    label.setContentsMargins(8, 4, 8, 4)
    label.setBuddy(widget)
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(label)
    column.addWidget(widget, 1)
    return whole
