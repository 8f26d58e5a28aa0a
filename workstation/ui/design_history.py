"""What a design changes against its base, its words, and the versions that were kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workstation.harmonised.knobs import KNOBS
from workstation.ui.docks.panes import labelled

if TYPE_CHECKING:
    from workstation.harmonised.design import Design
    from workstation.workspace.session import Session

MOST_NAMED = 6
LABEL_WIDTH = 72


class DesignHistory(QWidget):
    """Shows differences, notes, citation and versions; announces what is wanted."""

    kept = Signal(str)
    """A version is to be kept, with this note."""
    restored = Signal(str)
    described = Signal(str, str)
    """Notes and citation as typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.differences = QLabel()
        self.differences.setProperty("role", "note")
        self.differences.setWordWrap(True)
        self.citation, self.notes = QLineEdit(), QLineEdit()
        self.versions, self.note = QComboBox(), QLineEdit()
        self.keep, self.restore = QPushButton("Keep"), QPushButton("Restore")
        for field, name in ((self.citation, "Citation"), (self.notes, "Notes"),
                            (self.note, "Note of the version to keep")):
            field.setAccessibleName(name)
            field.setPlaceholderText(name)
            field.textChanged.connect(field.setToolTip)
        self.versions.setAccessibleName("Versions of the design")
        self.keep.setAccessibleName("Keep this version")
        self.restore.setAccessibleName("Restore the chosen version")
        self._lay_out()
        self.keep.clicked.connect(self._keep)
        self.note.returnPressed.connect(self._keep)
        self.restore.clicked.connect(
            lambda: self.restored.emit(str(self.versions.currentData() or "")))
        for field in (self.citation, self.notes):
            field.editingFinished.connect(self._describe)
        self._said = ("", "")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.differences)
        for title, *parts in (("Source", self.citation), ("Notes", self.notes),
                              ("Version", self.versions, self.restore),
                              ("New version", self.note, self.keep)):
            row = QHBoxLayout()
            label = labelled(title, parts[0])
            label.setFixedWidth(LABEL_WIDTH)
            row.addWidget(label)
            row.setSpacing(8)
            for part in parts:
                row.addWidget(part, 0 if isinstance(part, QPushButton) else 1)
            column.addLayout(row)

    def show_design(self, session: Session, design: Design) -> None:
        """Show one design of a review."""
        from workstation.workspace.design_versions import base_of, changed_knobs, history

        base = base_of(design)
        changes = [f"{KNOBS[name].title}: {then} to {now}"
                   for name, then, now in changed_knobs(design)]
        shown = "; ".join(changes[:MOST_NAMED])
        more = f"; and {len(changes) - MOST_NAMED} more" if len(changes) > MOST_NAMED else ""
        against = "" if base is None else f"{base.name} {base.version}"
        self.differences.setText(f"Against {against}: {shown}{more}." if changes else (
            f"Unchanged from {against}." if against else "A design of its own."))
        self.differences.setToolTip("\n".join(changes))
        self._said = (design.notes, design.citation)
        for field, text in ((self.notes, design.notes), (self.citation, design.citation)):
            if not field.hasFocus():
                field.setText(text)
                field.setCursorPosition(0)
        with QSignalBlocker(self.versions):
            self.versions.clear()
            for version in reversed(history(session, design.name)):
                when = "" if version.at is None else f", {version.at:%Y-%m-%d %H:%M} UTC"
                who = f", {version.author}" if version.author else ""
                self.versions.addItem(
                    f"{version.design.version}: {version.note}{who}{when}",
                    version.design.version)
            self.versions.setCurrentIndex(max(0, self.versions.findData(design.version)))
        self.setEnabled(not design.repeats_silos)

    def _keep(self) -> None:
        text = self.note.text().strip()
        if text:
            self.kept.emit(text)
            self.note.clear()
        else:
            self.note.setFocus()

    def _describe(self) -> None:
        said = (self.notes.text().strip(), self.citation.text().strip())
        if said != self._said and said[1]:
            self.described.emit(*said)
