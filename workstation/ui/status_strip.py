"""The status strip: which day, which editions, which design, which kernel, and what is running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from workstation.base.vocabulary import BASE
from workstation.ui.restyle import restyle

if TYPE_CHECKING:
    from workstation.results.run import Run

PERCENT = 100
SHOWN_EDITIONS = 3


class StatusStrip(QStatusBar):
    """Always true: what the figures stand on, and whether they are being computed."""

    cancelled = Signal()
    editions_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setAccessibleName("Status")
        self._branch, self._design_name = BASE, ""
        self._run: Run | None = None
        self.as_of = self._label("Data date")
        self.editions = QPushButton()
        self.editions.setProperty("role", "link")
        self.editions.clicked.connect(self.editions_asked)
        self.editions.setAccessibleName("Rule editions")
        self.addWidget(self.editions)
        self.design = self._label("Design")
        self.kernel = self._label("Kernel")
        self.state = self._label("Computation")
        self.doing = QLabel()
        self.doing.setProperty("role", "note")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.bar.setRange(0, PERCENT)
        self.bar.setAccessibleName("Progress")
        self.stop = QPushButton("Cancel")
        self.stop.setProperty("role", "link")
        self.stop.clicked.connect(self.cancelled)
        for widget in (self.doing, self.bar, self.stop):
            self.addPermanentWidget(widget)
        self.rest()
        self.show_run(None, "", None)

    def _label(self, name: str) -> QLabel:
        label = QLabel()
        label.setProperty("role", "note")
        label.setAccessibleName(name)
        label.setContentsMargins(8, 0, 8, 0)
        self.addWidget(label)
        return label

    def show_run(self, run: Run | None, design: str, seconds: float | None) -> None:
        """Say what the figures stand on; `seconds` is None for figures read from a file."""
        self.editions.setVisible(run is not None)
        self._show_design(run, design)
        if run is None:
            for label in (self.as_of, self.kernel, self.state):
                label.setText("")
            return
        self.as_of.setText(f"as of {run.as_of:%Y-%m-%d} close")
        self._show_editions(run)
        self.kernel.setText(f"kernel {run.kernel}")
        self.state.setText("as saved" if seconds is None else f"{seconds * 1000:,.0f} ms")

    def show_branch(self, name: str) -> None:
        """Say which branch the book shown is."""
        self._branch = name
        self._show_design(self._run, self._design_name)

    def _show_design(self, run: Run | None, design: str) -> None:
        self._run, self._design_name = run, design
        self.design.setText("" if run is None else f"design: {design} · branch: {self._branch}")
        restyle(self.design, "tone", "" if self._branch == BASE else "what-if")

    def _show_editions(self, run: Run) -> None:
        every = [f"{e.rule} {e.edition}" for e in run.editions]
        doubtful = sum(len(e.unverified) for e in run.editions)
        more = f" +{len(every) - SHOWN_EDITIONS}" if len(every) > SHOWN_EDITIONS else ""
        confirm = f" · {doubtful} to confirm" if doubtful else ""
        self.editions.setText(f"{len(every)} editions{confirm}" if more
                              else f"editions: {', '.join(every)}{confirm}")
        self.editions.setToolTip("\n".join(every))

    def show_stale(self, words: str) -> None:
        """Say that figures do not follow from the book."""
        self.state.setText(words)

    def show_progress(self, done: float, doing: str) -> None:
        """Show how far the running work is."""
        self.doing.setText(doing)
        self.bar.setValue(round(done * PERCENT))
        for widget in (self.doing, self.bar, self.stop):
            widget.show()

    def rest(self) -> None:
        """Show that nothing is running."""
        for widget in (self.doing, self.bar, self.stop):
            widget.hide()
